"""The page about problems. It collects them from the code: problem classes, and codes where a problem is raised."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.errors import GRAPHQL_CODES
from shared import errors
from shared.errors import ProblemError
from shared.faults import CODES
from shared.problems import INTERNAL, NOT_JSON, TITLES

FOLDERS = ("shared", "services", "gateway")
HEAD = """\
# Problems

The errors that a caller can receive. `code` is stable; the sentence is for people; `path` names the field.

- A service answers `application/problem+json` (RFC 9457) with `code`, `title`, `request_id` and
  `problems: [{code, message, path}]`.
- GraphQL returns problems that you can correct in a mutation's payload, `problems: [{code, message, path}]`, and all
  others as top-level `errors` with `extensions.code` and `extensions.requestId`.
- `BAD_REQUEST` has `extensions.problems` when the value of an argument or a field is wrong, and for `asks_too_much`. It
  has none when the query itself cannot be used: a syntax error, a field or an argument that the schema does not
  have, too many aliases or levels.
- A value that cannot be used has one of the codes under "Values". They are the same for all fields, over HTTP and in
  GraphQL.
- JSON is read as RFC 8259 specifies, in UTF-8. When an object has two fields of the same name, the last one counts.
  For half of a surrogate pair (`not_unicode`) and a number beyond a double's range (`too_large_number`, `too_small`),
  `path` is the path of the value; in GraphQL it starts at the top of the body: `["variables", "input", "title"]`.
- The codes do not depend on libraries: updating a library changes none of them. New codes may be added.
"""
WHAT_TO_DO: dict[type[ProblemError], str] = {
    errors.Invalid: "Correct the field that `path` names, and send it again.",
    errors.NotSignedIn: "Sign in, refresh the session, or send a key that works.",
    errors.NotAllowed: "Do not repeat it. Ask somebody who has the right to do it, or who can give you that right.",
    errors.NotFound: "Check the id, and that you are signed in as somebody who may see the thing.",
    errors.Conflict: "Read the thing again, then decide again.",
    errors.Gone: "Do not repeat it. Start again from the beginning.",
    errors.TooLarge: "Send less.",
    errors.TooMany: "Wait for the seconds in `Retry-After` (`extensions.retryAfter`), then send it again.",
    errors.Unavailable: "Send it again after a moment, with the same `Idempotency-Key`.",
}


@dataclass(frozen=True, order=True)
class Problem:
    """A code, the kind of its problem, its sentence, and the part that raises it."""

    code: str
    kind: str
    sentence: str
    part: str


@dataclass(frozen=True)
class _Class:
    name: str
    bases: tuple[str, ...]
    code: str | None
    message: str | None
    part: str


def kinds() -> dict[str, type[ProblemError]]:
    """The kinds of problems by name."""
    return {cls.__name__: cls for cls in vars(errors).values() if isinstance(cls, type) and _is_kind(cls)}


def problems(root: Path) -> list[Problem]:
    """All problems in the code below `root`, sorted by code."""
    trees = [
        (_part(path.relative_to(root)), ast.parse(path.read_text()))
        for folder in FOLDERS
        for path in sorted(root.joinpath(folder).rglob("*.py"))
    ]
    classes = {one.name: one for part, tree in trees for one in _classes(part, tree)}
    found = {
        Problem(one.code, kind, one.message or kinds()[kind].message, one.part)
        for one in classes.values()
        if one.code and (kind := _kind(one.name, classes)) and kind != one.name
    }
    for part, tree in trees:
        for name, code, message in _raised(tree):
            if kind := _kind(name, classes):
                found.add(Problem(code, kind, message or kinds()[kind].message, part))
    return _together(found)


def problems_page(root: Path) -> str:
    """`docs/reference/problems.md`."""
    found = [one for one in problems(root) if one.code not in CODES]
    lines = [
        HEAD,
        "## Kinds",
        "",
        "| kind | HTTP status | `extensions.code` | code when nothing says more | what to do |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {cls.status} | `{GRAPHQL_CODES[cls]}` | `{cls.code}` | {WHAT_TO_DO[cls]} |"
            for name, cls in kinds().items()
        ),
        "",
        "## Values",
        "",
        "All of kind Invalid; `path` names the field.",
        "",
        "| code | what to do |",
        "|---|---|",
        *(f"| `{code}` | {what} |" for code, what in sorted(CODES.items())),
        "",
        "## Requests",
        "",
        "These refuse the whole request.",
        "",
        "| code | HTTP status | sentence |",
        "|---|---|---|",
        *(
            f"| `{code}` | {status} | {sentence} |"
            for status, (code, sentence) in sorted([*TITLES.items(), (422, NOT_JSON), (500, INTERNAL)])
        ),
        "",
        "## Rules",
        "",
        "The sentence says what is wrong; the table of kinds says what to do.",
        "",
        "| code | kind | said by | sentence |",
        "|---|---|---|---|",
        *(f"| `{one.code}` | {one.kind} | {one.part} | {one.sentence} |" for one in found),
        "",
    ]
    return "\n".join(lines)


def _together(found: Iterable[Problem]) -> list[Problem]:
    """One row for each code and kind, even if several parts raise it; it has the first one's sentence."""
    said: dict[tuple[str, str], list[Problem]] = {}
    for one in sorted(found):
        said.setdefault((one.code, one.kind), []).append(one)
    together = []
    for same in said.values():
        parts = sorted({one.part for one in same})
        together.append(replace(same[0], part="everyone" if "everyone" in parts else ", ".join(parts)))
    return together


def _is_kind(cls: type) -> bool:
    return issubclass(cls, ProblemError) and cls is not ProblemError


def _part(path: Path) -> str:
    """The part that raises it: a service, the gateway, or all parts if it is in `shared/`."""
    return path.parts[1] if path.parts[0] == "services" else "gateway" if path.parts[0] == "gateway" else "everyone"


def _kind(name: str, classes: dict[str, _Class]) -> str | None:
    """The kind of the problem class with this name; `None` for a class that is not a problem."""
    if name in kinds():
        return name
    one = classes.get(name)
    return next((kind for base in one.bases if (kind := _kind(base, classes))), None) if one else None


def _classes(part: str, tree: ast.AST) -> Iterator[_Class]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases)
            stated = {
                target.id: value
                for statement in node.body
                if isinstance(statement, ast.Assign) and (value := _text(statement.value)) is not None
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
            yield _Class(node.name, bases, stated.get("code"), stated.get("message"), part)


def _raised(tree: ast.AST) -> Iterator[tuple[str, str, str | None]]:
    """Each call with `code="…"`: the name of the class, the code, and the sentence if there is one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            arguments = {keyword.arg: _text(keyword.value) for keyword in node.keywords}
            if code := arguments.get("code"):
                yield ast.unparse(node.func).rpartition(".")[2], code, arguments.get("message")


def _text(value: ast.expr) -> str | None:
    """A string constant; placeholders are shown as `…`."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values)
    return None
