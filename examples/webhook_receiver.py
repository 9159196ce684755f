"""Receives webhooks: checks the signature, ignores repeats, answers at once. Needs only Python.

WEBHOOK_SECRET=whsec_… python3 examples/webhook_receiver.py --port 9009
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 5 * 60
LARGEST_BODY = 1024 * 1024


class Refused(Exception):
    """The request has no valid signature, or is too old."""


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """Check a Standard Webhooks signature (v1) over the raw body; return the message's id. Raises Refused."""
    try:
        message_id, timestamp = headers["webhook-id"], int(headers["webhook-timestamp"])
        signatures = headers["webhook-signature"].split()
    except (KeyError, ValueError):
        raise Refused("the signature's headers are missing") from None
    if abs(time.time() - timestamp) > TOLERANCE_SECONDS:
        raise Refused("too old, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    expected = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    # While a secret is being rotated there are several signatures; one of them is made with this secret.
    if not any(hmac.compare_digest(expected.encode(), signature.encode()) for signature in signatures):
        raise Refused("no signature fits")
    return message_id


class Receiver(BaseHTTPRequestHandler):
    """Handles a webhook: answers first, and only then does the work, which may take time."""

    secret = ""
    seen: set[str] = set()  # noqa: RUF012 shared on purpose; a real receiver stores this in its database
    handled = 0

    def do_POST(self) -> None:
        """Answer 204 to a valid message, also when it is a repeat, and 400 to any other request."""
        length = int(self.headers.get("content-length", 0))
        if length > LARGEST_BODY:
            self._answer(413)
            return
        body = self.rfile.read(length)
        try:
            message_id = verify({name.lower(): value for name, value in self.headers.items()}, body, self.secret)
        except Refused as refused:
            print(f"refused: {refused}", flush=True)
            self._answer(400)
            return
        self._answer(204)
        if message_id not in self.seen:
            self.seen.add(message_id)
            message = json.loads(body)
            print(f"{message['type']} {message['id']} {json.dumps(message['data'])}", flush=True)
            Receiver.handled += 1

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Do not log requests."""


def main() -> int:
    """Receive until Ctrl-C, or until `--count` messages have arrived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9009)
    parser.add_argument("--count", type=int, help="end after this many messages")
    arguments = parser.parse_args()
    Receiver.secret = os.environ.get("WEBHOOK_SECRET", "")
    if not Receiver.secret.startswith("whsec_"):
        print("Set WEBHOOK_SECRET to the endpoint's secret: whsec_…", file=sys.stderr)
        return 2
    try:
        server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Receiver)
    except OSError as error:
        print(f"Port {arguments.port} cannot be used ({error.strerror}): choose another with --port.", file=sys.stderr)
        return 2
    with server:
        server.timeout = 0.5
        print(f"listening on http://127.0.0.1:{arguments.port}/", flush=True)
        while arguments.count is None or Receiver.handled < arguments.count:
            server.handle_request()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
