"""An event's life over HTTP."""

from tests.support.events import a_draft, a_person, a_steward, an_event, register
from tests.support.serving import Client


async def test_thin_path(events: Client) -> None:
    event = await an_event(events, capacity=1, online_url="https://meet.example.org/x")
    first = await register(events, event["id"], person := a_person())
    assert first["status"] == "confirmed"
    second = await register(events, event["id"])
    assert (second["status"], second["position"]) == ("waitlisted", 1)
    listed = await events.acting_as(person).get("/events", params={"hub": event["hub_id"]})
    assert listed.status == 200, listed.body
    assert [node["id"] for node in listed.body["nodes"]] == [event["id"]]
    assert listed.body["nodes"][0]["online_url"] == "https://meet.example.org/x"
    by_ids = await events.acting_as(a_person()).post("/events/by-ids", {"ids": [event["id"], "nonsense"]})
    assert by_ids.status == 200, by_ids.body
    assert by_ids.body[0]["confirmed_count"] == 1
    assert by_ids.body[0]["online_url"] is None
    gone = await events.acting_as(person).post(f"/registrations/{first['id']}/cancel")
    assert gone.body["status"] == "cancelled"
    regs = await events.acting_as(a_steward()).get("/registrations", params={"event": event["id"]})
    assert [r["status"] for r in regs.body["nodes"]] == ["cancelled", "confirmed"]
    await a_draft(events)
