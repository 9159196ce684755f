"""Serves the gateway with uvicorn and deadlines for callers: `python -m gateway --host 127.0.0.1 --port 8080`."""

import argparse

import uvicorn

from gateway.connections import Connection, raise_file_limit


def main() -> None:
    """Serve until the process is told to stop."""
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
        timeout_graceful_shutdown=5,  # longer than a request takes unless a service stalls
    )


if __name__ == "__main__":
    main()
