"""A webhook receiver for a container of its own: prints each request as a line of JSON. The standard library alone."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 to whatever is posted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        print(json.dumps({"headers": headers, "body": body.decode()}), flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing but the requests is printed."""


if __name__ == "__main__":
    HTTPServer(("", 9009), Receiver).serve_forever()
