"""The compose file of this checkout, running as a project of its own beside whatever else the engine runs."""

import json
import os
import re
import secrets
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from deploy.cli.secrets import write_secrets
from deploy.local.ports import free_ports

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"
RECEIVER = ROOT / "tests" / "compose" / "receiver.py"
OF_OTHERS = re.compile(r"^(MYCELIUM_|COMPOSE_|RABBITMQ_|SITE_ADDRESS$|HTTPS?_PORT$|MAILPIT_PORT$)")
"""Variables of whoever runs the tests that would change what the compose file means."""


class Failed(AssertionError):
    """A command that ended with another code than 0: what it was, and what it wrote last."""


class Deployment:
    """One running project: its own image, ports, secrets and volumes. `remove` takes all of them away."""

    def __init__(self, folder: Path) -> None:
        self.name = f"mycelium-test-{secrets.token_hex(3)}"
        self.image = f"{self.name}:local"
        self.http_port, self.https_port, self.mailpit_port = free_ports(0, 0, 0)
        self.env_file = folder / "env"
        write_secrets(self.env_file)
        with self.env_file.open("a") as env:
            env.write(f"HTTP_PORT={self.http_port}\nHTTPS_PORT={self.https_port}\nMAILPIT_PORT={self.mailpit_port}\n")
            env.write(f"MYCELIUM_PUBLIC_URL={self.edge}\nMYCELIUM_SMTP_URL=smtp://mailpit:1025\n")
        self._override = folder / "override.json"
        self._override.write_text(json.dumps(_override(self.image)))
        self._environment = {name: value for name, value in os.environ.items() if not OF_OTHERS.match(name)}

    def set(self, name: str, value: str) -> None:
        """Change a line of the deployment's `.env`."""
        lines = [line for line in self.env_file.read_text().splitlines() if not line.startswith(f"{name}=")]
        self.env_file.write_text("\n".join([*lines, f"{name}={value}", ""]))

    @property
    def edge(self) -> str:
        """Where Caddy answers."""
        return f"http://127.0.0.1:{self.http_port}"

    def compose(self, *words: str, within: float = 300) -> str:
        """Run `docker compose` for this project; gives what it printed. Raises Failed when it does not end with 0."""
        files = ("--file", str(COMPOSE_FILE), "--file", str(self._override))
        return self.docker(
            "compose", "--project-name", self.name, "--env-file", str(self.env_file), *files, *words, within=within
        )

    def docker(self, *words: str, within: float = 60) -> str:
        """Run `docker`; gives what it printed. Raises Failed when it does not end with 0."""
        ran = subprocess.run(
            ["docker", *words], cwd=ROOT, env=self._environment, capture_output=True, text=True, timeout=within
        )
        if ran.returncode:
            raise Failed(
                f"docker {' '.join(words)} ended with {ran.returncode}:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
            )
        return ran.stdout

    def build(self) -> None:
        """Build the image as the guide does. The second name stays, so that the next run finds its layers."""
        tags = ("--tag", self.image, "--tag", "mycelium-test:last")
        self.docker("build", "--network=host", "--file", "deploy/Dockerfile", *tags, ".", within=900)

    def up(self, *words: str) -> None:
        """Start what is not running, and wait until all is well. Raises Failed, with log lines, when it is not."""
        try:
            self.compose("up", "--no-build", "--detach", "--wait", "--wait-timeout", "240", *words)
        except Failed as failed:
            raise Failed(f"{failed}\n{self.compose('ps', '--all')}\n{self.compose('logs', '--tail', '30')}") from None

    def tool(self, *words: str) -> str:
        """Run a `mycelium` command as the guide does."""
        return self.compose("run", "--rm", "--no-TTY", "tools", *words)

    def containers(self, *services: str) -> list[dict[str, Any]]:
        """What the engine knows of the running containers, of these services or of all."""
        ids = self.compose("ps", "--quiet", *services).split()
        found: list[dict[str, Any]] = json.loads(self.docker("inspect", *ids))
        return found

    def address(self, service: str, network: str) -> str:
        """The address of a service's container in one of the project's networks."""
        (container,) = self.containers(service)
        return str(container["NetworkSettings"]["Networks"][f"{self.name}_{network}"]["IPAddress"])

    def ask(self, key: str, query: str, **variables: Any) -> dict[str, Any]:
        """Send a GraphQL operation through the edge; gives its data. Raises AssertionError when there are errors."""
        request = urllib.request.Request(
            f"{self.edge}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"content-type": "application/json", "authorization": f"Bearer {key}"},
        )
        with urllib.request.urlopen(request, timeout=15) as response:
            answer: dict[str, Any] = json.load(response)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def received(self) -> list[dict[str, Any]]:
        """The requests the receiver was sent, oldest first."""
        (container,) = self.containers("receiver")
        return [json.loads(line) for line in self.docker("logs", container["Id"]).splitlines()]

    def remove(self) -> None:
        """Stop everything, and take away containers, networks, volumes and the image."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "10")
        self.docker("image", "rm", "--force", self.image)


def _override(image: str) -> dict[str, Any]:
    """What differs from the compose file: an image of the tests' own, and a receiver that notify may send to."""
    part = {"image": image}
    notify = {"environment": {"MYCELIUM_ENVIRONMENT": "test", "MYCELIUM_WEBHOOKS_ALLOW_PRIVATE": "true"}}
    ours = dict.fromkeys(("membership", "events", "learning", "gateway", "demo", "tools"), part)
    receiver = {"image": image, "entrypoint": ["python", "-c", RECEIVER.read_text()], "init": True}
    return {"services": {**ours, "notify": {**part, **notify}, "receiver": receiver}}
