"""The topics developers may subscribe to."""

from typing import Any

from shared.contracts.view import View


class TopicView(View):
    """A topic that webhooks bring; `json_schema` is that of the message's data. A topic that is not `subscribable` is
    sent only to the endpoint that it is about."""

    topic: str
    type: str
    subscribable: bool
    json_schema: dict[str, Any]
