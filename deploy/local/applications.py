"""The five applications: their names and ports, their processes and their secrets."""

import base64
import http.client
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.folder import read_json, write_json
from deploy.local.processes import Process, StartFailed


@dataclass(frozen=True)
class Application:
    """One ASGI application: `module` has a `create_app()`; `port` is used when it is free."""

    name: str
    module: str
    port: int


SERVICES = (
    Application("membership", "services.membership.app", 8101),
    Application("events", "services.events.app", 8102),
    Application("learning", "services.learning.app", 8103),
    Application("notify", "services.notify.app", 8104),
)
GATEWAY = Application("gateway", "gateway.app", 8080)


def process_of(application: Application, port: int, *, log: Path, env: Mapping[str, str], folder: Path) -> Process:
    """The process that serves an application on 127.0.0.1:`port`; `folder` contains its module."""
    if application is GATEWAY:
        command = [sys.executable, "-m", "gateway", "--host", "127.0.0.1", "--port", str(port)]
        return Process(application.name, command, log=log, env=env, folder=folder)
    command = [
        *(sys.executable, "-m", "uvicorn", f"{application.module}:create_app", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--http", "httptools"),
        # Clients keep subscriptions open without end; a shutdown does not wait for them.
        *("--no-access-log", "--timeout-graceful-shutdown", "5"),
    ]
    return Process(application.name, command, log=log, env=env, folder=folder)


def find_module(code: Path, module: str) -> Path | None:
    """The file of a module or a runnable package below `code`, or None."""
    path = code.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__main__.py") if each.exists()), None)


def is_ready(port: int) -> bool:
    """Whether `GET /readyz` on 127.0.0.1:`port` answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def load_secrets(path: Path) -> dict[str, str]:
    """This stack's secrets as environment variables. They are made once (32 random bytes each) and stored in `path`."""
    names = ("MYCELIUM_SECRET", "MYCELIUM_SIGNING_KEY")
    if not path.exists():
        write_json(path, {name: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() for name in names})
    stored = read_json(path)
    if not isinstance(stored, dict) or not all(isinstance(stored.get(name), str) for name in names):
        raise StartFailed(f"{path} is damaged: remove it, and new secrets are made (sign-ins end, keys stay).")
    return {name: stored[name] for name in names}
