"""Where nobody has opened the guard, an endpoint cannot be pointed at a private place, however it is written."""

import pytest

from shared.settings import Settings
from tests.support.notify import Notify, a_hub_key


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """As in production: webhooks go to the public internet alone."""
    return settings.model_copy(update={"webhooks_allow_private": False})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/",
        "https://172.16.0.1/",
        "https://192.168.0.1/",
        "https://224.0.0.1/",
        "https://localhost/",
        "https://localhost./",
        "https://db.internal/",
        "https://example.org:22/",
        "https://name@example.org/",
        "https://example.org@127.0.0.1/",
        "https://exa mple.org/",
        "https://①②⑦.0.0.1/",
        "https://example.org/#fragment",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//example.org/",
        "https://",
        "https:///path",
        "https://example.org\\@127.0.0.1/",
        "https://example.org\r\nHost: other/",
    ],
)
async def test_a_hostile_address_is_refused_and_nothing_is_kept(notify: Notify, url: str) -> None:
    hub = await notify.a_hub()

    answer = await notify.by(a_hub_key(hub)).post("/endpoints", {"hub_id": hub, "url": url})

    assert answer.problem() == (422, "webhook_address_refused", ["url"])
    assert await notify.service.database["endpoints"].count_documents({"hub_id": hub}) == 0
