"""The demo's three hundred people and sixty organisations, made with a seeded random generator: always the same."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from deploy.demo import names
from deploy.demo.groups import GROUPS
from deploy.demo.organisations import BY_KIND, FIELDS
from deploy.demo.places import HUBS, NATIONAL, REGIONS, HubPlan, Spot
from shared.enums import Theme

IN_A_REGION, IN_ALL = 23, 300
THEMES = [theme.value for theme in Theme]
KINDS = ("delivery_organisation", "public_commissioner", "charitable_funder", "public_agency", "network_body",
         "researcher", "lived_experience", "elected_representative")  # fmt: skip
HOW_MANY = (34, 16, 12, 12, 9, 7, 7, 3)
AUDIENCES = ("nobody", "introductions", "my_groups", "my_hubs", "community")


@dataclass(frozen=True)
class OrganisationPlan:
    """An organisation of the demo."""

    name: str
    kind: str
    hub: HubPlan
    town: Spot
    domains: tuple[str, ...]


@dataclass
class PersonPlan:
    """A person of the demo. `groups` maps the number of a group to their roles in it."""

    number: int
    name: str
    hub: HubPlan
    town: Spot
    kind: str
    organisation: int | None
    profile: dict[str, Any]
    contacts: list[dict[str, str]]
    days_here: int
    hub_roles: tuple[str, ...] = ()
    groups: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """The address for sign-in codes, at example.org: mail to it reaches nobody."""
        return self.name.lower().replace(" ", ".") + "@example.org"


def all_organisations() -> list[OrganisationPlan]:
    """Sixty organisations of every kind."""
    chance = Random("demo organisations")
    hubs = {hub.slug: hub for hub in HUBS}
    return [
        OrganisationPlan(
            name=name,
            kind=kind,
            hub=hubs[slug],
            town=chance.choice(hubs[slug].towns),
            domains=tuple(chance.sample(FIELDS, chance.randint(1, 3))),
        )
        for kind, listed in BY_KIND.items()
        for name, slug in listed
    ]


def all_people(organisations: list[OrganisationPlan]) -> list[PersonPlan]:
    """Three hundred people; in each hub, its stewards and conveners come first."""
    chance = Random("demo people")
    pairs = [(first, last) for first in names.FIRST for last in names.LAST if first != last]
    named = chance.sample(pairs, IN_ALL)
    homes = [hub for hub in REGIONS for _ in range(IN_A_REGION)]
    homes += [NATIONAL] * (IN_ALL - len(homes))
    people = [
        _person(number, f"{first} {last}", hub, organisations, chance)
        for number, ((first, last), hub) in enumerate(zip(named, homes, strict=True))
    ]
    _give_roles(people, chance)
    return people


def _person(number: int, name: str, hub: HubPlan, organisations: list[OrganisationPlan], chance: Random) -> PersonPlan:
    kind = chance.choices(KINDS, HOW_MANY)[0]
    town = chance.choice(hub.towns)
    near = [n for n, one in enumerate(organisations) if one.kind == kind and one.hub in (hub, NATIONAL)]
    anywhere = [n for n, one in enumerate(organisations) if one.kind == kind]
    organisation = chance.choice(near or anywhere) if chance.random() < 0.85 else None
    bio = chance.choice(names.BIOS).format(town=town.name, years=chance.randint(3, 31))
    profile = {
        "pronouns": chance.choice(names.PRONOUNS),
        "headline": chance.choice(names.HEADLINES[kind]),
        "bio": f"{bio} {names.INVENTED}",
        "place": town.as_sent(),
        "themes": chance.sample(THEMES, chance.randint(1, 3)),
        "actor_kinds": [kind] if chance.random() < 0.85 else sorted({kind, chance.choice(KINDS)}),
        "languages": ["en", *(chance.sample(names.LANGUAGES, 1) if chance.random() < 0.25 else [])],
        "offers": chance.sample(names.OFFERS, chance.randint(0, 2)),
        "seeks": chance.sample(names.SEEKS, chance.randint(0, 2)),
    }
    address = name.lower().replace(" ", ".") + "@example.org"
    contacts = [{"kind": "email", "value": address, "audience": chance.choices(AUDIENCES, (30, 20, 25, 15, 10))[0]}]
    if chance.random() < 0.3:  # the regulator reserves these numbers for fiction
        phone = f"01632 960{chance.randint(0, 999):03d}"
        contacts.append({"kind": "phone", "value": phone, "audience": chance.choices(AUDIENCES, (40, 30, 20, 8, 2))[0]})
    return PersonPlan(
        number, name, hub, town, kind, organisation, profile, contacts, days_here=chance.randint(320, 720)
    )


def _give_roles(people: list[PersonPlan], chance: Random) -> None:
    """Two stewards a hub; in each group a convener, a mediator, a catalyst, and members."""
    at_home = {hub.slug: [person for person in people if person.hub is hub] for hub in HUBS}
    for hub in HUBS:
        for person in at_home[hub.slug][:2]:
            person.hub_roles = ("steward",)
    for number, (slug, *_) in enumerate(GROUPS):
        if slug == NATIONAL.slug:
            elsewhere = [person for person in people if person.hub is not NATIONAL]
            members = chance.sample(at_home[slug], 6) + chance.sample(elsewhere, 24)
        else:
            members = chance.sample(at_home[slug][1:], chance.randint(8, 13))
        chance.shuffle(members)
        for position, person in enumerate(members):
            roles = ("convener", "mediator", "catalyst")
            person.groups[number] = (roles[position],) if position < len(roles) else ()
    # a person to sign in as: steward of the North East and convener of its first group
    steward = at_home["north-east"][0]
    for person in people:
        if person.groups.get(0) == ("convener",):
            person.groups[0] = ()
    steward.groups[0] = ("convener",)
