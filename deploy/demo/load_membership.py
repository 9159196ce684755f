"""Loads hubs, groups, organisations, people and memberships with membership's commands."""

from functools import partial

from deploy.demo.community import group_hub
from deploy.demo.groups import GROUPS, PRACTICES
from deploy.demo.ledger import Made, once
from deploy.demo.loaded import OPERATOR, Loaded, few_at_once
from deploy.demo.people import PersonPlan
from deploy.demo.places import HUBS, NATIONAL, NOTE, SUMMARIES
from services.membership.groups.commands import create_group
from services.membership.hubs.commands import create_hub
from services.membership.memberships.commands import accept_membership, add_to_hub, join_group
from services.membership.organisations.commands import add_organisation
from services.membership.people.commands import add_person, change_person
from shared.contracts.membership.groups import NewGroup
from shared.contracts.membership.hubs import NewHub
from shared.contracts.membership.memberships import Role
from shared.contracts.membership.organisations import NewOrganisation
from shared.contracts.membership.people import ChangePerson, NewPerson


async def load_membership(loaded: Loaded) -> None:
    """Load everything but the members of groups, which `load_members` loads."""
    database, people = loaded.membership.database, loaded.community.people
    loaded.hubs = await once(database, "hubs", partial(_hubs, loaded))
    loaded.groups = await once(database, "groups", partial(_groups, loaded))
    loaded.organisations = await once(database, "organisations", partial(_organisations, loaded))
    loaded.people = await few_at_once(
        partial(once, database, f"person:{plan.number}", partial(_person, loaded, plan)) for plan in people
    )


async def load_members(loaded: Loaded) -> None:
    """Who is in which group, a group in each step. The regions side by side: nobody is in the groups of two of them."""
    regions = [hub.slug for hub in HUBS if hub is not NATIONAL]
    await few_at_once(partial(_members_of_hub, loaded, slug) for slug in regions)
    await _members_of_hub(loaded, NATIONAL.slug)


async def _members_of_hub(loaded: Loaded, slug: str) -> Made:
    made: Made = {}
    for number in (n for n in range(len(GROUPS)) if group_hub(n) == slug):
        step = partial(_members, loaded, number)
        made |= await once(loaded.membership.database, f"members:{number}", step)
    return made


async def _hubs(loaded: Loaded) -> Made:
    made: Made = {}
    for number, hub in enumerate(HUBS):
        new = NewHub.model_validate(
            {
                "slug": hub.slug,
                "name": hub.name,
                "kind": "national" if hub is NATIONAL else "regional",
                "summary": f"{SUMMARIES[hub.slug]} {NOTE}",
                "place": hub.spot.as_sent(),
                "parent_id": None if hub is NATIONAL else made[NATIONAL.slug],
            }
        )
        at = loaded.days_ago(1000 - number)
        made[hub.slug] = (await create_hub(loaded.membership.database, OPERATOR, new, now=at)).id
    return made


async def _groups(loaded: Loaded) -> Made:
    made: Made = {}
    towns = {hub.slug: hub.towns for hub in HUBS}
    for number, (slug, town, name, domain, themes) in enumerate(GROUPS):
        new = NewGroup.model_validate(
            {
                "slug": "-".join("".join(c if c.isalnum() else " " for c in name.lower().replace("'", "")).split()),
                "name": name,
                "domain": domain,
                "practice": PRACTICES[number % len(PRACTICES)],
                "hub_id": loaded.hubs[slug],
                "place": towns[slug][town].as_sent(),
                "themes": themes,
                "join_policy": ("open", "open", "open", "request", "invitation")[number % 5],
            }
        )
        at = loaded.days_ago(900 - number)
        made[str(number)] = (await create_group(loaded.membership.database, OPERATOR, new, now=at)).id
    return made


async def _organisations(loaded: Loaded) -> Made:
    made: Made = {}
    for number, plan in enumerate(loaded.community.organisations):
        new = NewOrganisation.model_validate(
            {
                "name": plan.name,
                "kind": plan.kind,
                "place": plan.town.as_sent(),
                "domains": plan.domains,
                "website": f"https://organisation-{number + 1}.example.org/",
                "hub_id": loaded.hubs[plan.hub.slug],
            }
        )
        at = loaded.days_ago(850 - number)
        made[str(number)] = (await add_organisation(loaded.membership.database, OPERATOR, new, now=at)).id
    return made


async def _person(loaded: Loaded, plan: PersonPlan) -> Made:
    """A person is added to their hub, accepts that, and chooses who may see each way to reach them."""
    database = loaded.membership.database
    at = loaded.days_ago(plan.days_here, 8 + plan.number % 9)
    hub_id = loaded.hubs[plan.hub.slug]
    new = NewPerson.model_validate({"name": plan.name, "email": plan.email, "hub_id": hub_id, **plan.profile})
    person = await add_person(database, OPERATOR, new, now=at)
    loaded.people[plan.email] = person.id
    joined = await add_to_hub(database, OPERATOR, hub_id, person.id, [Role(role) for role in plan.hub_roles], now=at)
    await accept_membership(database, loaded.acting_as(plan), joined.id, now=at)
    own: dict[str, object] = {"contacts": plan.contacts}
    if plan.organisation is not None:
        since = loaded.days_ago(plan.days_here + 400).date().isoformat()
        own["affiliations"] = [{"organisation_id": loaded.organisations[str(plan.organisation)], "since": since}]
    await change_person(database, loaded.acting_as(plan), person.id, ChangePerson.model_validate(own), now=at)
    return {plan.email: person.id}


async def _members(loaded: Loaded, number: int) -> Made:
    """The members of one group, its convener first: the others wait for the convener's invitation."""
    database, group_id, made = loaded.membership.database, loaded.groups[str(number)], {}
    members = [person for person in loaded.community.people if number in person.groups]
    members.sort(key=lambda person: "convener" not in person.groups[number])
    for person in members:
        inviting = OPERATOR if person is members[0] else loaded.acting_as(members[0])
        at = loaded.days_ago(person.days_here - 10 - number % 7, 10 + person.number % 8)
        roles = [Role(role) for role in person.groups[number]]
        joined = await join_group(database, inviting, group_id, loaded.people[person.email], roles, now=at)
        await accept_membership(database, loaded.acting_as(person), joined.id, now=at)
        made[f"{number}:{person.number}"] = joined.id
    return made
