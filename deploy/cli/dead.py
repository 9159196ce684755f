"""`mycelium dead`: lists and shows parked messages, replays them, or drops them for good."""

import asyncio
import base64
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import orjson
import typer
from pydantic import ValidationError

from deploy.cli.place import Place
from deploy.cli.screen import AsJson, fail, show_json, show_table
from shared.clock import iso
from shared.faults import code_and_sentence
from shared.messaging import dead
from shared.messaging.broker import Lost
from shared.messaging.dead import Parked
from shared.messaging.envelope import Envelope

T = TypeVar("T")
app = typer.Typer(help="Parked messages: list, show, replay, drop.", no_args_is_help=True)

NAMED = "each service has a queue of its own name (`notify`), some have more (`notify.mail`)"
Service = Annotated[str | None, typer.Option(help=f"Only messages of this queue: {NAMED}.")]
Limit = Annotated[int, typer.Option(min=1, help="At most this many of each queue.")]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids of messages: msg_…", show_default=False)]
MoreIds = Annotated[list[str] | None, typer.Option("--id", help="An id of a message; may be repeated.")]


@app.command("list")
def list_parked(context: typer.Context, service: Service = None, limit: Limit = 1000, as_json: AsJson = False) -> None:
    """List parked messages, for each queue the oldest first. Nothing is removed."""
    found = asyncio.run(_parked(context.obj, service, limit))
    if as_json:
        show_json([_summary(one) for _, one in found])
    elif found:
        rows = ([one.id, name, one.type, one.reason, str(one.attempts), _at(one), _error(one)] for name, one in found)
        show_table(["id", "service", "type", "reason", "tries", "parked at", "error"], rows)
    else:
        typer.echo("Nothing is parked.")


@app.command("show")
def show(
    context: typer.Context, ids: Ids = None, more: MoreIds = None, service: Service = None, as_json: AsJson = False
) -> None:
    """Show parked messages with their bodies."""
    wanted = _wanted(ids, more)
    found = [one for _, one in asyncio.run(_parked(context.obj, service, 100_000)) if one.id in wanted]
    if as_json:
        show_json([_summary(one) | _body(one) for one in found])
    else:
        for one in found:
            for name, value in _summary(one).items():
                typer.echo(f"{name:<12} {value}")
            body = next(iter(_body(one).values()))
            typer.echo(body if isinstance(body, str) else orjson.dumps(body, option=orjson.OPT_INDENT_2).decode())
            typer.echo()
    _all_found(wanted, {one.id for one in found})


@app.command("replay")
def replay(
    context: typer.Context,
    ids: Ids = None,
    more: MoreIds = None,
    everything: Annotated[bool, typer.Option("--all", help="All readable messages.")] = False,
    service: Service = None,
    as_json: AsJson = False,
) -> None:
    """Replay parked messages. Fix first what made them fail. A malformed message stays parked."""
    if everything and (ids or more):
        raise typer.BadParameter("Give ids or --all, not both.")
    wanted = None if everything else _wanted(ids, more)
    sent = asyncio.run(_replay(context.obj, service, wanted))
    if as_json:
        show_json(sent)
    else:
        for id_ in sent:
            typer.echo(id_)
        typer.echo(f"Replayed: {len(sent)}.", err=True)
        if everything:
            for name, count in asyncio.run(_malformed(context.obj, service)).items():
                how = f"`mycelium dead drop {name} --malformed`"
                typer.echo(f"Still parked for {name}, because they are malformed: {count}. To drop: {how}.", err=True)
    _all_found(wanted or set(), set(sent))


@app.command("drop")
def drop(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help=f"The queue: {NAMED}.", show_default=False)],
    ids: Ids = None,
    more: MoreIds = None,
    malformed: Annotated[bool, typer.Option("--malformed", help="All that cannot be read as messages.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Drop them. Without this, they are only listed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Drop parked messages of one queue for good, and print what they were (with --json in full).

    A dropped message never takes effect in that service. Use replay for messages whose cause of failure can be fixed.
    """
    if malformed and (ids or more):
        raise typer.BadParameter("Give ids or --malformed, not both.")
    wanted = set() if malformed else _wanted(ids, more)

    def is_wanted(one: Parked) -> bool:
        return not one.is_readable if malformed else one.id in wanted

    (name,) = _services(service)
    if yes:
        found = asyncio.run(_drop(context.obj, name, is_wanted))
    else:
        found = [one for _, one in asyncio.run(_parked(context.obj, name, 100_000)) if is_wanted(one)]
    if as_json:
        show_json([_summary(one) | _body(one) for one in found])
    else:
        for one in found:
            typer.echo(f"{one.id} {one.type} {one.reason}")
    if not found:
        raise fail(f"Nothing was dropped: no such message is parked for {name}.")
    if not yes:
        raise fail(f"Nothing was dropped. With --yes, these are dropped for good: {len(found)}.")
    typer.echo(f"Dropped for good: {len(found)}.", err=True)
    _all_found(wanted, {one.id for one in found})


async def _parked(place: Place, service: str | None, limit: int) -> list[tuple[str, Parked]]:
    url = place.url("amqp_url")
    found: list[tuple[str, Parked]] = []
    for name in _services(service):
        found += [(name, one) for one in await _reach(dead.parked(url, place.names(name), limit))]
    return found


async def _replay(place: Place, service: str | None, wanted: set[str] | None) -> list[str]:
    url = place.url("amqp_url")
    sent: list[str] = []
    for name in _services(service):
        sent += await _reach(dead.replay(url, place.names(name), lambda one: wanted is None or one.id in wanted))
    return sent


async def _malformed(place: Place, service: str | None) -> Counter[str]:
    return Counter(name for name, one in await _parked(place, service, 100_000) if not one.is_readable)


async def _drop(place: Place, service: str, is_wanted: Callable[[Parked], bool]) -> list[Parked]:
    return await _reach(dead.drop(place.url("amqp_url"), place.names(service), is_wanted))


async def _reach(asking: Awaitable[T]) -> T:
    try:
        return await asking
    except Lost as error:
        raise fail(f"RabbitMQ does not answer: {error or type(error).__name__}.") from None


def _services(service: str | None) -> tuple[str, ...]:
    from deploy.features import queues  # imported here, because it imports all services

    known = queues()
    if service is not None and service not in known:
        raise typer.BadParameter(f"There is no queue {service}; the queues are {', '.join(known)}.")
    return known if service is None else (service,)


def _wanted(ids: list[str] | None, more: list[str] | None) -> set[str]:
    wanted = {*(ids or ()), *(more or ())}
    if not wanted:
        raise typer.BadParameter("Give the ids of messages (`mycelium dead list` shows them).")
    return wanted


def _all_found(wanted: set[str], found: set[str]) -> None:
    if missing := sorted(wanted - found):
        raise fail(f"Not parked, or not readable: {', '.join(missing)}.")


def _summary(one: Parked) -> dict[str, Any]:
    return {
        "id": one.id,
        "service": one.service,
        "type": one.type,
        "reason": one.reason,
        "error": _error(one),
        "tries": one.attempts,
        "parked_at": _at(one) or None,
        "readable": one.is_readable,
    }


def _error(one: Parked) -> str:
    """Why it was parked; for a body that is not a message, what is wrong with its fields."""
    if one.is_readable:
        return one.error
    try:
        Envelope.model_validate(orjson.loads(one.body))
    except orjson.JSONDecodeError:
        return "This is not JSON."
    except ValidationError as error:
        faults = error.errors()
        sentences = [
            f"{'.'.join(map(str, fault['loc'])) or 'message'}: {code_and_sentence(fault)[1]}" for fault in faults[:3]
        ]
        return " ".join([*sentences, *(["…"] if len(faults) > 3 else [])])
    return one.error


def _body(one: Parked) -> dict[str, Any]:
    """The message as JSON, or the bytes in base64 when it is not JSON."""
    try:
        return {"message": orjson.loads(one.body)}
    except orjson.JSONDecodeError:
        return {"base64": base64.b64encode(one.body).decode()}


def _at(one: Parked) -> str:
    return iso(one.parked_at) if one.parked_at else ""
