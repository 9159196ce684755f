"""The page about personal data: what is stored, where, why, how long, and what happens when the person is erased."""

from collections.abc import Iterator
from datetime import timedelta

from deploy.features import FEATURES
from shared.personal_data import PersonalData

HEAD = """\
# Personal data

Each feature declares the personal data in its collections. *Exported*: a person's export contains it. Messages and
webhooks contain only ids, never a name or an address. Logs contain only ids, never names, addresses or codes.
"""


def personal_data_page() -> str:
    """`docs/reference/personal-data.md`."""
    return "\n".join([HEAD, *_rows(), ""])


def _rows() -> Iterator[str]:
    yield "| service | collection | fields | purpose | stored for | exported | when the person is erased |"
    yield "|---|---|---|---|---|---|---|"
    for service, features in FEATURES.items():
        for feature in features:
            for held in feature.personal_data:
                yield f"| {service} | {' | '.join(_cells(held))} |"


def _cells(held: PersonalData) -> list[str]:
    return [
        f"`{held.collection}`",
        ", ".join(f"`{field}`" for field in held.fields),
        held.purpose,
        _length(held.kept) if held.kept is not None else "until the person is erased" if held.person else "without end",
        "yes" if held.exported else "no",
        held.erasure.value,
    ]


def _length(kept: timedelta) -> str:
    if kept < timedelta(hours=2):
        return f"{int(kept.total_seconds() // 60)} minutes"
    return f"{int(kept.total_seconds() // 3600)} hours" if kept < timedelta(days=2) else f"{kept.days} days"
