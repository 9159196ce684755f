"""The topics developers may subscribe to."""

from typing import Any

from pydantic import Field

from shared.contracts.view import View


class TopicView(View):
    """A topic that webhooks bring; `schema` is the JSON Schema of the message's data. What is not `subscribable` comes
    to the one endpoint that it is about."""

    topic: str
    type: str
    subscribable: bool
    json_schema: dict[str, Any] = Field(serialization_alias="schema")
