"""`mycelium doctor`: checks every part, and says what to do about each problem."""

import asyncio
import re
from dataclasses import asdict, dataclass

import aiohttp
import typer

from deploy.cli.place import Place
from deploy.cli.screen import show_json, show_table
from shared.messaging import dead
from shared.messaging.broker import Lost
from shared.mongo import Mongo, PyMongoError
from shared.settings import SERVICES

WAITING_TOO_LONG = 60.0  # seconds; the relay's sweep is every second


@dataclass(frozen=True)
class Finding:
    """The result of checking one part: whether it is `well`, and a sentence."""

    part: str
    well: bool
    says: str


def report(place: Place, *, as_json: bool) -> None:
    """Check everything and print the findings; end the command with exit code 1 when a check fails."""
    place.url("mongo_url")
    findings = asyncio.run(examine(place))
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        typer.echo(f"Addresses from {place.found}.\n")
        rows = ([finding.part, "well" if finding.well else "ILL", finding.says] for finding in findings)
        show_table(["part", "", ""], rows)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


async def examine(place: Place) -> list[Finding]:
    """Check every part, concurrently; return the findings in a fixed order."""
    checks = [
        _mongo(place),
        _rabbitmq(place),
        *(_ready(place, name, f"{name}_url") for name in SERVICES),
        _ready(place, "gateway", "public_url"),
    ]
    return [finding for findings in await asyncio.gather(*checks) for finding in findings]


async def _mongo(place: Place) -> list[Finding]:
    mongo = Mongo(place.url("mongo_url"), place.driver)
    try:
        hello = await mongo.client.admin.command("hello")
        build = await mongo.client.admin.command("buildInfo")
    except PyMongoError as error:
        return [Finding("mongodb", False, f"does not answer ({type(error).__name__}): is it up, is the address right?")]
    finally:
        await mongo.close()
    version = build["version"]
    if hello.get("msg") == "isdbgrid":
        return [Finding("mongodb", True, f"{version}, a sharded cluster.")]
    if "setName" not in hello:
        return [Finding("mongodb", False, f"{version} runs alone: start it with --replSet and call rs.initiate().")]
    if not hello.get("isWritablePrimary"):
        return [Finding("mongodb", False, f"replica set {hello['setName']} has no primary that can be reached.")]
    return [Finding("mongodb", True, f"{version}, replica set {hello['setName']}, {len(hello['hosts'])} node(s).")]


async def _rabbitmq(place: Place) -> list[Finding]:
    try:
        from deploy.features import queues  # imported here, because it imports all services

        counted = [(name, await dead.depths(place.url("amqp_url"), place.names(name))) for name in queues()]
    except Lost as error:
        return [Finding("rabbitmq", False, f"does not answer: {error or type(error).__name__}.")]
    findings = [Finding("rabbitmq", True, "answers.")]
    for name, depths in counted:
        if depths.waiting is None:
            service = name.partition(".")[0]
            findings.append(Finding(f"{name} queue", False, f"is not there: has {service} ever been connected?"))
        elif depths.parked:
            says = f"{depths.parked} parked: see `mycelium dead list --service {name}`."
            findings.append(Finding(f"{name} queue", False, says))
        else:
            findings.append(Finding(f"{name} queue", True, f"{depths.waiting} waiting, none parked."))
    return findings


async def _ready(place: Place, name: str, setting: str) -> list[Finding]:
    url = place.url(setting).rstrip("/")
    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http:
            async with http.get(f"{url}/readyz") as response:
                answer = await response.json(content_type=None)
            if not (isinstance(answer, dict) and answer.get("ready")):
                missing = (
                    ", ".join(answer.get("missing", ())) if isinstance(answer, dict) else f"status {response.status}"
                )
                return [Finding(name, False, f"is up at {url}, but is missing: {missing}.")]
            async with http.get(f"{url}/metrics") as response:
                metrics = await response.text()
            ill = [Finding(name, False, f"ready at {url}, but {says}") for says in _troubles(metrics)]
            return ill or [Finding(name, True, f"ready at {url}.")]
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return [Finding(name, False, f"does not answer at {url} ({type(error).__name__}).")]


def _troubles(metrics: str) -> list[str]:
    """The problems that an application's metrics show."""
    return [says for says in (outbox_trouble(metrics), mail_trouble(metrics)) if says is not None]


def outbox_trouble(metrics: str) -> str | None:
    """A sentence if messages have waited too long to be published, else `None`."""
    age = _number(metrics, "mycelium_outbox_age_seconds")
    return f"a message has waited {age:.0f} s in its outbox." if age > WAITING_TOO_LONG else None


def mail_trouble(metrics: str) -> str | None:
    """A sentence if sign-in mails cannot be sent, else `None`."""
    age, failed = _number(metrics, "mycelium_mail_age_seconds"), _number(metrics, "mycelium_mail_failed")
    if failed:
        says = f"{failed:.0f} sign-in mail(s) could not be sent in the last hour"
    elif age > WAITING_TOO_LONG:
        says = f"a sign-in mail has waited {age:.0f} s"
    else:
        return None
    return f"{says}: is MYCELIUM_SMTP_URL right, does that server take mail, does membership answer?"


def _number(metrics: str, name: str) -> float:
    """The value of a gauge; 0 if the metrics do not contain it."""
    found = re.search(rf"^{name} (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0
