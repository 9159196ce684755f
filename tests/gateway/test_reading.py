"""What can be read through the graph."""

from tests.gateway.community import Community


async def test_an_event_shows_its_host_and_its_organisers(community: Community) -> None:
    sam = community.people["sam"]
    event = await community.an_event(sam.token, title="Trust, slowly", themes=["TRUST"], capacity=20)
    query = """query($id: ID!) { event(id: $id) {
        id title startsAt endsAt capacity confirmedCount themes host { id name slug } organisers { id name headline }
    } }"""
    data = await community.data(query, {"id": event}, key=community.keys["north"])
    assert data["event"]["host"] == {"id": community.hubs["north"], "name": "North", "slug": "north"}
    assert data["event"]["organisers"] == [{"id": sam.id, "name": "Sam", "headline": None}]
    assert data["event"]["themes"] == ["TRUST"]
