"""Long texts are Markdown. Each has a second field with the text as HTML that a site can show as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from strawberry.types.base import StrawberryOptional
from strawberry.utils.str_converters import to_camel_case

from gateway.graph.declared import Declared, Info, Resolve, declare

ABOUT = (
    "`{name}`, which is Markdown (CommonMark), as HTML that a page can show as it is: raw HTML is shown as text, "
    "images are links, and scripts are not possible."
)


def html_fields(texts: Iterable[tuple[str, str]], types: Mapping[str, type[Any]]) -> dict[str, list[Declared]]:
    """The `…Html` fields by type. `texts`: for each text the name of its type and its name there."""
    fields: dict[str, list[Declared]] = {}
    for type_name, key in texts:
        definition: Any = types[type_name].__dict__["__strawberry_definition__"]
        text = next(each for each in definition.fields if each.python_name == key)
        is_nullable = isinstance(text.type, StrawberryOptional)
        name = to_camel_case(key)
        about = ABOUT.format(name=name) + (f" Null when `{name}` is." if is_nullable else "")
        type_: Any = str | None if is_nullable else str
        fields.setdefault(type_name, []).append(declare(f"{name}Html", type_, _html_of(key), description=about))
    return fields


def _html_of(key: str) -> Resolve:
    async def resolve(source: dict[str, Any], info: Info) -> str | None:
        text = source.get(key)
        if not text:
            return text
        context = info.context
        made = await context.renderer.html(text, context.rendering)
        context.spend(0, len(made.encode()))
        return made

    return resolve
