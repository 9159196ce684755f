"""The demo's eighty events: conversations, first-Tuesday calls, launches, workshops, trainings, meetings.

Dates are relative to the day of loading, so that there are always past and coming events.
"""

# ruff: noqa: E501  prose

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from deploy.demo.groups import GROUPS
from deploy.demo.places import HUBS, REGIONS

ZONE = ZoneInfo("Europe/London")
ACCESS = (
    "Step-free from the street and an accessible toilet on the same floor. A hearing loop in the main room, a quiet room "
    "next to it, and BSL interpreting if you ask two weeks ahead. Tell us what you need and we will arrange it."
)
Ending = Literal["open", "completed", "cancelled", "draft"]


@dataclass(frozen=True)
class Happening:
    """One event of the demo. `come`: how many people register; `give_up`: how many of the first ones cancel again."""

    key: str
    title: str
    kind: str
    hub: str
    day: date
    begins: time
    hours: float
    come: int
    ending: Ending
    summary: str
    description: str
    group: int | None = None
    town: int | None = None
    capacity: int | None = None
    visibility: str = "community"
    access: str | None = None
    themes: tuple[str, ...] = ()
    give_up: int = 0
    reason: str | None = None
    languages: tuple[str, ...] = ("en",)

    @property
    def starts_at(self) -> datetime:
        """When it begins, in British time."""
        return datetime.combine(self.day, self.begins, ZONE)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(hours=self.hours)


def all_happenings(today: date) -> list[Happening]:
    """The demo's eighty events, with dates relative to `today`."""
    made = [*_calls(today), *_conversations(today), *_launches(today), *_workshops(today)]
    return [*made, *_trainings(today), *_meetings(today), *_online(today), *_drafts(today)]


def first_tuesdays(today: date, past: int, coming: int) -> list[date]:
    """The first Tuesdays of months: the last `past` ones before this day and the next `coming` ones after it."""
    months = [divmod(today.year * 12 + today.month - 1 + n, 12) for n in range(-past - 1, coming + 2)]
    firsts = [date(year, month + 1, 1) for year, month in months]
    tuesdays = [first + timedelta(days=(1 - first.weekday()) % 7) for first in firsts]
    before, after = [d for d in tuesdays if d < today], [d for d in tuesdays if d > today]
    return [*before[-past:], *after[:coming]]


def _day(today: date, days: int) -> date:
    """The day `days` from today; a weekend day is moved to the next working day, away from today."""
    day = today + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1 if days > 0 else -1)
    return day


def _ending(days: int) -> Ending:
    return "completed" if days < 0 else "open"


_CALLS = (
    "Ending a contract kindly", "What we stopped measuring", "Mistakes hour", "Funding people to learn",
    "Commissioners and providers swap chairs", "Who is missing from this call?", "Stories as evidence",
    "Power at the table", "Learning partners: what do they do all day?", "When the money runs out",
    "Neighbourhood teams, two years on", "Letting go of the plan",
)  # fmt: skip


def _calls(today: date) -> Iterator[Happening]:
    for number, (day, topic) in enumerate(zip(first_tuesdays(today, 4, 8), _CALLS, strict=True)):
        past = day < today
        yield Happening(
            key=f"first-tuesday-{number + 1}",
            title=f"First Tuesday: {topic}",
            kind="national_conversation",
            hub="national",
            day=day,
            begins=time(12, 30),
            hours=1.25,
            come=34 - number if past else 30 - 2 * number,
            ending="completed" if past else "open",
            summary="The monthly call for everybody, on the first Tuesday.",
            description=f"This month: {topic.lower()}. Two people begin with what they tried; then rooms of five, and ten "
            "minutes at the end for what nobody has an answer to. No recording; a note without names goes into the log.",
            visibility="public",
            themes=("learning_systems",),
        )


_CONVERSATIONS = (24, 66, -45, 31, -80, 52, -20, 73, -110, 87, -60, 45)


def _conversations(today: date) -> Iterator[Happening]:
    for number, (hub, days) in enumerate(zip(REGIONS, _CONVERSATIONS, strict=True)):
        town, is_newcastle = hub.towns[0].name, hub.slug == "north-east"
        yield Happening(
            key=f"conversation-{hub.slug}",
            title=f"{hub.name} conversation, {town}",
            kind="regional_conversation",
            hub=hub.slug,
            day=_day(today, days),
            begins=time(12, 30),
            hours=4,
            come=33 if is_newcastle else 14 + number,
            give_up=2 if number % 3 == 0 else 0,
            ending=_ending(days),
            summary=f"A half-day for everybody in {hub.name} who wants to work differently. Lunch first.",
            description="We begin with lunch because people talk. Then three short stories from the region, one of them "
            "about a mistake, and an open hour in which whoever has a question gets a table. We close with what each of "
            "us will do in the next month and who will ask us about it.",
            town=0,
            capacity=24 if is_newcastle else 60,
            visibility="public" if is_newcastle else "community",
            themes=("places_as_systems", "trust"),
            access=ACCESS,
            languages=("cy", "en") if hub.slug == "wales" else ("en",),
        )
    yield Happening(
        key="conversation-national",
        title="National conversation: what does a healthy system look like?",
        kind="national_conversation",
        hub="national",
        day=_day(today, 96),
        begins=time(10, 0),
        hours=5.5,
        come=58,
        ending="open",
        summary="Every hub sends its questions; we spend a day with them.",
        description="An inquiry for the year: what does a healthy system look like, and how would we know? Each hub brings "
        "two entries of its log. There are no speeches.",
        town=1,
        capacity=150,
        access=ACCESS,
        themes=("creating_system_change", "learning_systems"),
    )


def _launches(today: date) -> Iterator[Happening]:
    launches = (
        ("launch-london", "Launch: A Guide to Contracts that Learn", "london", 38, 120, 134, 0),
        ("launch-edinburgh", "Launch: Answering Both Ways", "scotland", -33, 40, 32, 0),
        ("launch-cardiff", "Lansiad / Launch: Dysgu mewn Dwy Iaith", "wales", 59, 50, 26, 0),
        ("launch-online", "Launch of the year's learning, online", "national", -70, 250, 118, None),
    )
    for key, title, hub, days, capacity, come, town in launches:
        yield Happening(
            key=key,
            title=title,
            kind="launch",
            hub=hub,
            day=_day(today, days),
            begins=time(17, 0),
            hours=2,
            come=come,
            give_up=3 if key == "launch-london" else 0,
            ending=_ending(days),
            summary="Short readings from the people in it, and an evening to talk.",
            description="Those whose stories are in the guide read from it. After that there is time, food and no panel. "
            "Free; if it is full, join the waiting list, people do give seats back.",
            town=town,
            capacity=capacity,
            visibility="public",
            access=ACCESS,
            themes=("learning_systems",),
            languages=("cy", "en") if hub == "wales" else ("en",),
        )


_WORKSHOPS = (
    ("How does it feel? An afternoon with images", 17, None),
    ("What do we wish for? Wishes for working differently", 40, None),
    ("Which three matter most?", -25, None),
    ("How will we treat one another? Drafting rules of engagement", 54, None),
    ("Mapping who is missing", -38, None),
    ("From targets to questions", 12, "Two of the three hosts are ill. We will find another day and tell you first."),
    ("Writing a vignette in an hour", -9, None),
    ("Budgets that follow people", 62, None),
    ("The art of the difficult meeting", 29, None),
    ("Making sense of feedback together", -52, None),
    ("Theory of change, on one side of paper", 21, "The building has lost its heating. Cancelled, with apologies."),
    ("Peer research from the beginning", 76, None),
    ("A day in somebody else's office", -91, None),
)


def _workshops(today: date) -> Iterator[Happening]:
    for number, ((title, days, reason), hub) in enumerate(zip(_WORKSHOPS, HUBS, strict=True)):
        is_small = number in (0, 8)
        yield Happening(
            key=f"workshop-{number + 1}",
            title=title,
            kind="workshop",
            hub=hub.slug,
            day=_day(today, days),
            begins=time(13, 30),
            hours=3,
            come=13 if is_small else 7 + number % 5,
            give_up=1 if is_small else 0,
            ending="cancelled" if reason else _ending(days),
            reason=reason,
            summary="Hands on, small, and nobody takes minutes.",
            description="A workshop in three parts: a warm-up in pairs, one long piece of work in fours, and a round to "
            "close. Bring a real case; leave with something to try on Monday.",
            town=number % len(hub.towns),
            capacity=10 if is_small else 16,
            visibility="hub" if number % 4 == 2 else "community",
            themes=("co_production",) if number % 2 else ("leadership_and_culture_change",),
        )


_TRAININGS = (
    ("Facilitating with care: a day for new conveners", -17),
    ("Mediation basics for people who share a budget", 34),
    ("Being a learning partner", 48),
    ("Plain words: writing what happened", -63),
    ("Trauma-aware meetings", 69),
    ("Measures that help us learn", 19),
    ("Co-production without burning anybody out", -28),
    ("Stewarding a hub: settings, keys and kindness", 82),
)


def _trainings(today: date) -> Iterator[Happening]:
    for number, (title, days) in enumerate(_TRAININGS):
        hub = REGIONS[number * 3 % len(REGIONS)]
        yield Happening(
            key=f"training-{number + 1}",
            title=title,
            kind="training",
            hub=hub.slug,
            day=_day(today, days),
            begins=time(9, 45),
            hours=6,
            come=15 if number == 5 else 9 + number % 3,
            ending=_ending(days),
            summary="A whole day with a trainer who does the work as well.",
            description="Morning: the ideas and where they come from. Afternoon: practice, with feedback in threes. We ask "
            "everybody about access and food beforehand and forget the answers thirty days after.",
            town=1,
            capacity=12 if number == 5 else 20,
            access=ACCESS,
            themes=("leadership_and_culture_change", "learning_systems"),
        )


def _meetings(today: date) -> Iterator[Happening]:
    for number in range(24):
        group = number * 7 % len(GROUPS)
        hub, town, name, domain, themes = GROUPS[group]
        days = -6 - 9 * number if number % 2 else 8 + 4 * number
        yield Happening(
            key=f"meeting-{number + 1}",
            title=f"{name}: members' meeting",
            kind="workshop",
            hub=hub,
            group=group,
            day=_day(today, days),
            begins=time(14, 0),
            hours=2,
            come=9,
            ending=_ending(days),
            summary=f"Members only. We are working on: {domain.lower()}.",
            description="One live case, one report back, and ten minutes for how we are with one another.",
            town=town,
            visibility="group",
            themes=themes,
        )


_ONLINE = (
    ("Coffee across the regions", "national", 6),
    ("Ask a commissioner anything", "south-west", 27),
    ("Data clinic: bring your spreadsheet", "east-of-england", -13),
    ("Lunch and learn: a ten-year alliance", "south-west", -41),
)


def _online(today: date) -> Iterator[Happening]:
    for number, (title, hub, days) in enumerate(_ONLINE):
        yield Happening(
            key=f"online-{number + 1}",
            title=title,
            kind="online",
            hub=hub,
            day=_day(today, days),
            begins=time(12, 0),
            hours=1,
            come=18 + 3 * number,
            ending=_ending(days),
            summary="One hour, cameras optional, questions welcome.",
            description="Come late or leave early. Somebody writes down the questions; the answers can wait.",
            visibility="public",
            themes=("data_and_evidence",) if "Data" in title else ("trust",),
        )


def _drafts(today: date) -> Iterator[Happening]:
    drafts = (("Summer gathering (date to be agreed)", "north-east", 150), ("Residential for conveners", "wales", 170))
    for number, (title, hub, days) in enumerate(drafts):
        yield Happening(
            key=f"draft-{number + 1}",
            title=title,
            kind="workshop",
            hub=hub,
            day=_day(today, days),
            begins=time(10, 0),
            hours=7,
            come=0,
            ending="draft",
            summary="Not announced yet.",
            description="We are still looking for a place.",
            town=0,
        )
