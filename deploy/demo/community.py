"""The plan of the demo community: people, events, registrations, entries. Random, but with a fixed seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from deploy.demo.events import Happening, all_happenings
from deploy.demo.groups import GROUPS
from deploy.demo.people import OrganisationPlan, PersonPlan, all_organisations, all_people
from deploy.demo.places import HUBS, NATIONAL, REGIONS
from deploy.demo.sketches import AFTER, CLOSINGS, REPORT, SKETCHES
from deploy.demo.stories import FEATURED, Story

ENTRIES = 150
AUDIENCES = ("community", "hub", "group", "public", "me", "buddy")
HOW_MANY = (42, 20, 20, 12, 4, 2)


@dataclass(frozen=True)
class EntryPlan:
    """An entry of the demo: the number of its author, and the fields of the request without ids."""

    key: str
    author: int
    fields: dict[str, Any]
    hub: str | None
    group: int | None
    event: str | None
    days_ago: int


@dataclass(frozen=True)
class Community:
    """Everything that is loaded. People, groups and organisations are identified by their numbers."""

    organisations: list[OrganisationPlan]
    people: list[PersonPlan]
    happenings: list[Happening]
    entries: list[EntryPlan]

    def organiser(self, happening: Happening) -> PersonPlan:
        """The organiser of an event: the convener of its group, else a steward of its hub."""
        if happening.group is not None:
            return next(p for p in self.people if "convener" in p.groups.get(happening.group, ()))
        return next(p for p in self.people if p.hub.slug == happening.hub and p.hub_roles)

    def comers(self, happening: Happening) -> list[PersonPlan]:
        """The people who register, in order."""
        chance = Random(f"demo comers {happening.key}")
        organiser = self.organiser(happening)
        if happening.group is not None:
            able = [p for p in self.people if happening.group in p.groups]
        elif happening.visibility == "hub":
            able = [p for p in self.people if p.hub.slug == happening.hub]
        else:
            able = list(self.people)
        chance.shuffle(able)
        if happening.hub != NATIONAL.slug:
            able.sort(key=lambda p: p.hub.slug != happening.hub)
        return [p for p in able if p is not organiser][: happening.come]


def compose(today: date) -> Community:
    """The plan for a load on this day. The same day gives the same plan; another day only moves the dates."""
    organisations = all_organisations()
    people = all_people(organisations)
    happenings = all_happenings(today)
    whole = Community(organisations, people, happenings, [])
    written = [*_featured(people), *_after_events(whole, today)]
    return Community(organisations, people, happenings, [*written, *_sketched(people, ENTRIES - len(written))])


def _featured(people: Sequence[PersonPlan]) -> list[EntryPlan]:
    return [_entry_of(story, people, Random(f"demo story {story.key}")) for story in FEATURED]


def _entry_of(story: Story, people: Sequence[PersonPlan], chance: Random) -> EntryPlan:
    hub = next(hub for hub in HUBS if hub.slug == story.hub)
    able = [p for p in people if p.hub is hub]
    if story.group is not None:
        able = [p for p in people if "convener" in p.groups.get(story.group, ())]
    if story.attribution == "organisation":
        able = [p for p in able if p.organisation is not None]
    fields = {
        "kind": story.kind,
        "title": story.title,
        "body": story.body,
        "context": {
            "place": hub.towns[story.town].as_sent(),
            "system": story.system,
            **({"what_was_tried": story.tried} if story.tried else {}),
            **({"what_happened": story.happened} if story.happened else {}),
        },
        "themes": list(story.themes),
        "audience": story.audience,
        "attribution": story.attribution,
    }
    author = chance.choice(able)
    hub_slug = None if story.audience in ("me", "buddy") else story.hub
    return EntryPlan(story.key, author.number, fields, hub_slug, story.group, story.event, story.days_ago)


def _after_events(whole: Community, today: date) -> list[EntryPlan]:
    """For eight past events: a report by the organiser, and two reflections by people who came."""
    entries: list[EntryPlan] = []
    past = [h for h in whole.happenings if h.ending == "completed" and h.kind != "national_conversation"]
    for number, happening in enumerate([h for h in past if h.group is None][:7] + [h for h in past if h.group][:1]):
        days_ago = max(2, (today - happening.day).days - 3)
        audience = "group" if happening.group is not None else "community"
        texts = [("report", "reflection", *REPORT), *(("after", *AFTER[(number + n) % len(AFTER)]) for n in range(2))]
        authors = [whole.organiser(happening), *whole.comers(happening)[:2]]
        for position, ((what, kind, title, body), author) in enumerate(zip(texts, authors, strict=True)):
            fields = {
                "kind": kind,
                "title": title.format(event=happening.title)[:200],
                "body": body.format(event=happening.title, count=happening.come),
                "context": {"system": "An event"},
                "themes": list(happening.themes),
                "audience": audience,
                "attribution": "anonymous" if position == 2 and number % 2 else "named",
            }
            key = f"{what}-{happening.key}-{position}"
            hub = happening.hub if author.hub.slug == happening.hub or happening.hub == NATIONAL.slug else None
            entries.append(EntryPlan(key, author.number, fields, hub, happening.group, happening.key, days_ago))
    return entries


def _sketched(people: Sequence[PersonPlan], count: int) -> list[EntryPlan]:
    """Entries made from the templates, each with a different title."""
    towns = [(hub, town) for hub in REGIONS for town in hub.towns]
    entries: list[EntryPlan] = []
    for number in range(count):
        chance = Random(f"demo entry {number}")
        sketch = SKETCHES[number % len(SKETCHES)]
        hub, town = towns[(number * 7 + number // len(SKETCHES)) % len(towns)]
        author = chance.choice([p for p in people if p.hub is hub])
        slots = {name: chance.choice(ways) for name, ways in sketch.ways.items()}
        body = sketch.body.format(town=town.name, **slots)
        audience = chance.choices(AUDIENCES, HOW_MANY)[0]
        attribution = _attribution(sketch.kind, author, chance)
        group = chance.choice(sorted(author.groups)) if author.groups else None
        if audience == "group" and group is None:
            audience = "hub"
        fields = {
            "kind": sketch.kind,
            "title": sketch.title.format(town=town.name, **slots),
            "body": f"{body}\n\n{chance.choice(CLOSINGS)}" if chance.random() < 0.6 else body,
            "context": {
                "place": town.as_sent(),
                "system": sketch.system,
                **({"what_was_tried": sketch.tried} if sketch.tried else {}),
                **({"what_happened": sketch.happened} if sketch.happened else {}),
            },
            "themes": list(sketch.themes),
            "audience": audience,
            "attribution": attribution,
        }
        in_group = group if audience == "group" or (audience == "community" and chance.random() < 0.4) else None
        hub_slug = None if audience in ("me", "buddy") or in_group is not None else hub.slug
        days_ago = chance.randint(2, 300)
        entries.append(EntryPlan(f"sketch-{number}", author.number, fields, hub_slug, in_group, None, days_ago))
    return entries


def _attribution(kind: str, author: PersonPlan, chance: Random) -> str:
    anonymous = 0.45 if kind == "mistake" else 0.12
    draw = chance.random()
    if draw < anonymous:
        return "anonymous"
    return "organisation" if draw > 0.87 and author.organisation is not None else "named"


def group_hub(number: int) -> str:
    """The slug of a group's hub."""
    return GROUPS[number][0]
