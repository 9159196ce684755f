"""Serves the gateway: `python -m gateway --host 127.0.0.1 --port 8080`. As uvicorn does, with deadlines for callers."""

import argparse

import uvicorn

from gateway.connections import Connection, raise_file_limit


def main() -> None:
    """Serve until told to stop."""
    options = argparse.ArgumentParser(prog="python -m gateway", description="Serve the gateway.")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8080)
    given = options.parse_args()
    raise_file_limit()
    uvicorn.run(
        "gateway.app:create_app",
        factory=True,
        host=given.host,
        port=given.port,
        loop="uvloop",
        http=Connection,
        ws="none",
        access_log=False,
        timeout_graceful_shutdown=5,  # longer than any request but those that a service keeps waiting
    )


if __name__ == "__main__":
    main()
