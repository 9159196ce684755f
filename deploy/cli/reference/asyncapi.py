"""An AsyncAPI 3.0 document: the exchange, all its messages, and the services that consume them."""

from typing import Any

from deploy.cli.reference.schemas import data_schema, envelope_schema, messages
from deploy.features import FEATURES
from shared.features import subscriptions_of
from shared.messaging.envelope import CONTENT_TYPE, Message
from shared.settings import SERVICES


def asyncapi() -> dict[str, Any]:
    """The whole document."""
    classes = messages()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Mycelium",
            "version": "1",
            "description": (
                "The messages that the services publish over RabbitMQ: facts, as CloudEvents 1.0 in JSON. "
                "Developers receive the public ones as the same bytes, by webhook and by polling."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"broker": {"host": "rabbitmq:5672", "protocol": "amqp", "protocolVersion": "0-9-1"}},
        "channels": {type_: _channel(cls) for type_, cls in classes.items()},
        "operations": _operations(classes),
        "components": {
            "messages": {type_: _message(cls) for type_, cls in classes.items()},
            "schemas": {
                "envelope": _placed(envelope_schema(), "envelope"),
                **{type_: _placed(data_schema(cls), type_) for type_, cls in classes.items()},
            },
        },
    }


def _channel(cls: type[Message]) -> dict[str, Any]:
    type_ = cls.type_name()
    return {
        "address": type_,
        "messages": {cls.__name__: {"$ref": f"#/components/messages/{type_}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": {"name": "mycelium", "type": "topic", "durable": True}},
        },
    }


def _message(cls: type[Message]) -> dict[str, Any]:
    type_ = cls.type_name()
    schema = {
        "allOf": [
            {"$ref": "#/components/schemas/envelope"},
            {"properties": {"type": {"const": type_}, "data": {"$ref": f"#/components/schemas/{type_}"}}},
        ]
    }
    return {
        "name": type_,
        "title": cls.__name__,
        "summary": data_schema(cls)["description"],
        "contentType": CONTENT_TYPE,
        "tags": [{"name": type_.split(".")[0]}, {"name": "public" if cls.public else "internal"}],
        "payload": schema,
    }


def _operations(classes: dict[str, type[Message]]) -> dict[str, Any]:
    """The operations: each service publishes its own messages, and consumes those that its features handle."""
    sent = {f"{type_.split('.')[0]}_sends_{type_}": _operation("send", type_, cls) for type_, cls in classes.items()}
    received = {
        f"{service}_receives_{type_}": _operation("receive", type_, classes[type_])
        for service in SERVICES
        for type_ in subscriptions_of(FEATURES[service]).binding_keys()
    }
    return sent | received


def _operation(action: str, type_: str, cls: type[Message]) -> dict[str, Any]:
    channel = f"#/channels/{type_}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{cls.__name__}"}],
    }


def _placed(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """The schema as a component, with its internal references adjusted to the new place."""
    assert schema["$id"].endswith(name)
    return dict(_moved({key: part for key, part in schema.items() if key not in {"$schema", "$id"}}, name))


def _moved(part: Any, name: str) -> Any:
    if isinstance(part, dict):
        return {key: _moved(value, name) for key, value in part.items()}
    if isinstance(part, list):
        return [_moved(value, name) for value in part]
    if isinstance(part, str) and part.startswith("#/$defs/"):
        return f"#/components/schemas/{name}/$defs/{part.removeprefix('#/$defs/')}"
    return part
