"""The topics developers may subscribe to."""

from typing import Any

from pydantic import Field

from shared.contracts.view import View


class TopicView(View):
    """A topic developers may subscribe to; `schema` is the JSON Schema of the message's data."""

    topic: str
    type: str
    json_schema: dict[str, Any] = Field(serialization_alias="schema")
