"""Loads the log with learning's commands: each entry is shared by its author."""

from collections.abc import Sequence
from functools import partial

from deploy.demo.community import EntryPlan
from deploy.demo.ledger import Made, once
from deploy.demo.loaded import Loaded
from services.learning.authorship.model import Marks
from services.learning.entries.commands import share_entry
from shared.contracts.learning.entries import ShareEntry

IN_A_STEP = 15


async def load_entries(loaded: Loaded, *, about_events: bool) -> None:
    """Load the entries about events (the events must be loaded first), or else all other entries."""
    wanted = [entry for entry in loaded.community.entries if (entry.event is not None) == about_events]
    name = "entries-about-events" if about_events else "entries"
    for start in range(0, len(wanted), IN_A_STEP):
        some = wanted[start : start + IN_A_STEP]
        await once(loaded.learning.database, f"{name}:{start}", partial(_entries, loaded, some))


async def _entries(loaded: Loaded, plans: Sequence[EntryPlan]) -> Made:
    """Share these entries. Their ids are not recorded: together with the plan they would reveal anonymous authors."""
    database, marks = loaded.learning.database, Marks(loaded.learning.secret)
    for plan in plans:
        author = loaded.community.people[plan.author]
        fields = dict(plan.fields)
        if plan.group is not None:
            fields["group_id"] = loaded.groups[str(plan.group)]
        elif plan.hub is not None:
            fields["hub_id"] = loaded.hubs[plan.hub]
        if plan.event is not None:
            fields["event_id"] = loaded.happenings[plan.event]
        if fields["attribution"] == "organisation":
            fields["organisation_id"] = loaded.organisations[str(author.organisation)]
        at = loaded.days_ago(plan.days_ago, 7 + len(plan.key) % 12, len(str(fields["body"])) % 60)
        await share_entry(database, loaded.acting_as(author), ShareEntry.model_validate(fields), marks=marks, now=at)
    return {}
