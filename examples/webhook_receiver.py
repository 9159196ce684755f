"""Receives webhooks: checks the signature, drops repeats, answers at once. Needs nothing but Python.

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
    """The request is not one of ours, or too old."""


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    """Check a Standard Webhooks signature (v1) over the raw body; gives the message's id. Raises Refused."""
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
    # While a secret is being rotated there are several signatures: one of them is by ours.
    if not any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures):
        raise Refused("no signature fits")
    return message_id


class Receiver(BaseHTTPRequestHandler):
    """Takes a message, answers, and only then would do anything that takes time."""

    secret = ""
    seen: set[str] = set()  # noqa: RUF012 shared on purpose; a real receiver keeps this in its database
    handled = 0

    def do_POST(self) -> None:
        """One webhook: 204 when it is good, also when it came before; 400 when it is not ours."""
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
        """Say nothing of each request."""


def main() -> int:
    """Receive until Ctrl-C, or until so many messages have come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=9009)
    parser.add_argument("--count", type=int, help="end after so many messages")
    asked = parser.parse_args()
    Receiver.secret = os.environ.get("WEBHOOK_SECRET", "")
    if not Receiver.secret.startswith("whsec_"):
        print("Set WEBHOOK_SECRET to the endpoint's secret: whsec_…", file=sys.stderr)
        return 2
    try:
        server = ThreadingHTTPServer(("127.0.0.1", asked.port), Receiver)
    except OSError as error:
        print(f"Port {asked.port} cannot be used ({error.strerror}): choose another with --port.", file=sys.stderr)
        return 2
    with server:
        server.timeout = 0.5
        print(f"listening on http://127.0.0.1:{asked.port}/", flush=True)
        while asked.count is None or Receiver.handled < asked.count:
            server.handle_request()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
