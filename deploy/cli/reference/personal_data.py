"""What is held on a person: where, why, for how long, and what becomes of it when the person is erased."""

from collections.abc import Iterator
from datetime import timedelta

from deploy.features import FEATURES
from shared.personal_data import PersonalData

HEAD = """\
# What is held on a person

Generated from what each feature declares of its collections. *Exported*: a person's export holds it. Messages and
webhooks hold ids only, never a name or an address; logs hold ids, never names, addresses or codes.
"""


def personal_data_page() -> str:
    """`docs/reference/personal-data.md`."""
    return "\n".join([HEAD, *_rows(), ""])


def _rows() -> Iterator[str]:
    yield "| service | collection | what | why | kept | exported | when the person is erased |"
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
        _length(held.kept) if held.kept is not None else "as long as the person" if held.person else "without end",
        "yes" if held.exported else "no",
        held.erasure.value,
    ]


def _length(kept: timedelta) -> str:
    if kept < timedelta(hours=2):
        return f"{int(kept.total_seconds() // 60)} minutes"
    return f"{int(kept.total_seconds() // 3600)} hours" if kept < timedelta(days=2) else f"{kept.days} days"
