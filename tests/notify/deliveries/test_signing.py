"""Webhook signatures, verified by the Standard Webhooks project's own package."""

import base64
from datetime import UTC, datetime

import pytest
import standardwebhooks

from services.notify.deliveries.signing import (
    WebhookSecretInvalid,
    check_secret,
    make_secret,
    signature_headers,
)
from shared.clock import now

BODY = '{"specversion":"1.0","data":{"word":"Myzel – ✓"}}\n'.encode()
MESSAGE = "msg_06f3j2m8k5w7r9t1x3z5b7d9gh"


def verify(secret: str, body: bytes, headers: dict[str, str]) -> None:
    standardwebhooks.Webhook(secret).verify(body, headers)


def test_the_reference_package_accepts_what_we_sign() -> None:
    secret = make_secret()
    verify(secret, BODY, signature_headers(MESSAGE, now(), BODY, [secret]))


def test_the_specifications_example_comes_out_to_the_letter() -> None:
    headers = signature_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_during_rotation_both_secrets_verify_and_a_third_does_not() -> None:
    old, new, other = make_secret(), make_secret(), make_secret()
    headers = signature_headers(MESSAGE, now(), BODY, [new, old])
    assert len(headers["webhook-signature"].split(" ")) == 2
    verify(new, BODY, headers)
    verify(old, BODY, headers)
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verify(other, BODY, headers)


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_a_changed_header_no_longer_verifies(header: str) -> None:
    secret = make_secret()
    headers = signature_headers(MESSAGE, now(), BODY, [secret])
    changed = {"webhook-id": "msg_other", "webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verify(secret, BODY, headers | {header: changed[header]})


def test_a_changed_body_no_longer_verifies() -> None:
    secret = make_secret()
    headers = signature_headers(MESSAGE, now(), BODY, [secret])
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        verify(secret, BODY + b" ", headers)


def test_made_secrets_are_long_enough_and_differ() -> None:
    secrets = {make_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(24 <= len(base64.b64decode(check_secret(each).removeprefix("whsec_"))) <= 64 for each in secrets)


def of_length(length: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * length).decode()


@pytest.mark.parametrize("length", [24, 32, 64])
def test_keys_of_24_to_64_bytes_are_taken(length: int) -> None:
    verify(of_length(length), BODY, signature_headers(MESSAGE, now(), BODY, [of_length(length)]))


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec",
        of_length(23),
        of_length(65),
        "whsec_not base64 at all!!!!!!!!!!!!!!!!!!!",
        "whsec_" + "ä" * 32,
        of_length(24).removeprefix("whsec_"),
        of_length(24).replace("whsec_", "WHSEC_"),
        of_length(24).replace("whsec_", "whpk_"),
    ],
)
def test_a_malformed_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(WebhookSecretInvalid) as refused:
        check_secret(secret)
    assert refused.value.code == "webhook_secret_invalid"
    assert refused.value.path == ("secret",)
    assert not secret or secret in {"whsec_", "whsec"} or secret not in str(refused.value)


def test_a_webhook_is_never_sent_unsigned() -> None:
    with pytest.raises(ValueError, match="at least one secret"):
        signature_headers(MESSAGE, now(), BODY, [])


@pytest.mark.parametrize("message_id", ["", "msg.1", "msg 1", "msg\r\nx: y", "msg_é"])
def test_an_id_that_would_make_the_signed_content_ambiguous_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        signature_headers(message_id, now(), BODY, [make_secret()])


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        signature_headers(MESSAGE, now().replace(tzinfo=None), BODY, [make_secret()])
