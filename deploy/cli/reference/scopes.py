"""The scopes: what each opens."""

from shared.auth import PERSON_SCOPES, SCOPES

HEAD = """\
# Scopes

A scope opens a door; which hubs and groups it opens it for is decided by where the caller belongs. An API key is given
its scopes when it is made, never more than its maker has. A signed-in person has those marked here; one who is steward
of a hub also has `hub:admin` and `webhooks:manage`, for the hubs they are steward of and those below.
"""
OPENS = {
    "directory:read": "Read hubs, groups, people, organisations and memberships. Contact details stay under consent.",
    "members:sync": "For partners' member lists. Nothing asks for it yet.",
    "events:read": "Read events one may see, and one's own registrations.",
    "events:write": "Hold events in hubs and groups one looks after; register oneself.",
    "learning:read": "Read entries of the log that one may read.",
    "learning:write": "Share, revise and withdraw one's own entries.",
    "webhooks:manage": "Manage webhook endpoints of hubs one looks after; read deliveries and the log of messages.",
    "hub:admin": "Look after hubs: open hubs below and groups, add people and members, make API keys.",
    "community:admin": "Everything, everywhere. For operators.",
}


def scopes_page() -> str:
    """`docs/reference/scopes.md`. Raises KeyError for a scope nothing is said about."""
    lines = [
        HEAD,
        "| scope | opens | every person |",
        "|---|---|---|",
        *(f"| `{scope}` | {OPENS[scope]} | {'yes' if scope in PERSON_SCOPES else ''} |" for scope in SCOPES),
        "",
    ]
    return "\n".join(lines)
