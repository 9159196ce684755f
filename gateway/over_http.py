"""GraphQL over HTTP: reads a request, runs its operation, writes the answer in the form the client asked for.

It follows the GraphQL over HTTP specification (draft of 2025). Requests are POST with `application/json`. An answer in
`application/graphql-response+json` has a status that tells whether the request succeeded; in `application/json` the
status is 200 for every request that can be read. A request holds one operation. Other media types are refused, so that
a page of another origin cannot send a request without a CORS preflight.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Request, Response
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    OperationType,
    execute,
    get_operation_ast,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.utils.await_maybe import await_maybe

from gateway.auth import CredentialRefused, Credentials, credential_of
from gateway.context import caller_for, new_context
from gateway.documents import Document, Documents
from gateway.errors import BAD_REQUEST, AsksTooMuch, format_errors, masked_error, problem_error
from gateway.estimate import check_cost
from gateway.graph.executor import executor_for
from gateway.graph.schema import MUTATIONS, executable
from gateway.rendering import Renderer
from gateway.services import Caller, Services
from gateway.sizes import has_too_many_marks, too_large
from gateway.values import wrong_variables
from shared.auth import ANONYMOUS
from shared.context import current_cause
from shared.errors import Invalid, NotSignedIn, ProblemError
from shared.idempotency import check_key
from shared.json_body import read_json
from shared.keys import looks_like_key
from shared.logging import log

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
_TAKE_EXPIRED = frozenset({"__typename", *(each.name for each in MUTATIONS if each.takes_expired)})


@dataclass(frozen=True)
class Operation:
    """The GraphQL request of a client."""

    query: str
    variables: dict[str, Any]
    name: str | None


class Unreadable(Exception):
    """The request is not a GraphQL request. `status` is the HTTP status of the answer in every media type."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)


class GraphQLOverHTTP:
    """Answers `POST /graphql`."""

    def __init__(self, services: Services, credentials: Credentials, renderer: Renderer) -> None:
        self._services = services
        self._credentials = credentials
        self._renderer = renderer
        self._schema = executable()
        self._executor = executor_for(self._schema)
        self._documents = Documents(self._schema)

    async def __call__(self, request: Request) -> Response:
        """The answer to one request. Nothing that a client sends makes it raise."""
        media = accepted(request.headers.get("accept"))
        try:
            operation = read_operation(request.headers.get("content-type"), await request.body())
            if media is None:
                raise Unreadable(406, f"Answers are {GRAPHQL_RESPONSE} or {JSON}: accept one of them.")
        except Invalid as problem:
            return _answer({"errors": [problem_error(problem)]}, media or JSON, 400)
        except Unreadable as error:
            told = {"message": error.message, "extensions": _plain_extensions()}
            return _answer({"errors": [told]}, media or JSON, error.status)
        try:
            result = await self._run(request, operation)
        except ProblemError as problem:
            response = _answer({"errors": [problem_error(problem)]}, media, _status_of(problem, media))
            if isinstance(problem, NotSignedIn):
                response.headers["www-authenticate"] = "Bearer"
            if problem.retry_after is not None:
                response.headers["retry-after"] = str(problem.retry_after)
            return response
        except Exception:  # noqa: BLE001 even then the answer is one of GraphQL
            log.exception("unforeseen_error")
            return _answer({"errors": [masked_error()]}, media, 500)
        if isinstance(result, list):
            return _answer({"errors": format_errors(result)}, media, 400 if media == GRAPHQL_RESPONSE else 200)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body = {"errors": format_errors(result.errors), **body}
        return _answer(body, media, 200)

    async def _run(self, request: Request, operation: Operation) -> ExecutionResult | list[GraphQLError]:
        """The result of the operation, or the errors in the document. Raises problems of the request as a whole."""
        headers = request.headers
        document = self._documents.prepare(operation.query)
        if not isinstance(document, Document):
            return document
        check_cost(self._schema, document.tree, operation.name, operation.variables)
        key = headers.get("idempotency-key")
        credential = credential_of(headers)
        caller = await self._caller(credential, operation)
        context = new_context(
            self._services,
            self._credentials,
            caller,
            self._renderer,
            credential=credential,
            has_expired=credential is not None and caller.principal.kind == "anonymous",
            idempotency_key=None if key is None else check_key(key),
        )
        result: ExecutionResult = await await_maybe(
            execute(
                self._schema,
                document.tree,
                context_value=context,
                variable_values=operation.variables,
                operation_name=operation.name,
                executor_class=self._executor,
                max_coercion_errors=1,
                hide_suggestions=True,  # `values.py` makes ours; graphql-core's are slow for long names
                is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # says bool, means TypeGuard
            )
        )
        if context.is_overspent and not context.mutations:
            raise AsksTooMuch  # instead of an answer with many nulls and an error for each
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            wrong = wrong_variables(self._schema, document.tree, operation.name, operation.variables)
            return [wrong] if wrong else result.errors
        return result

    async def _caller(self, credential: str | None, operation: Operation) -> Caller:
        """The caller. With an access token that is not valid any more the caller is anonymous if the operation needs no
        valid token. Otherwise raises `CredentialRefused`."""
        try:
            return await caller_for(self._services, self._credentials, credential)
        except CredentialRefused:
            if looks_like_key(credential or ""):
                raise
            document = self._documents.prepare(operation.query)
            if not isinstance(document, Document) or not takes_expired(document.tree, operation.name):
                raise
            return Caller(ANONYMOUS, self._services.tokens)


def takes_expired(tree: DocumentNode, name: str | None) -> bool:
    """Whether all fields of an operation are served with an expired access token too, such as `refreshSession`."""
    asked = get_operation_ast(tree, name)
    if asked is None or asked.operation is not OperationType.MUTATION:
        return False
    fields = asked.selection_set.selections
    return all(isinstance(field, FieldNode) and field.name.value in _TAKE_EXPIRED for field in fields)


def read_operation(content_type: str | None, body: bytes) -> Operation:
    """The operation in a request's body. Raises `Unreadable`, or `Invalid` for a value that cannot be used."""
    media, _, parameters = (content_type or "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() != JSON or charset not in {"", "utf-8", "utf8"}:
        raise Unreadable(415, f"Send the request as {JSON}, in UTF-8.")
    if has_too_many_marks(body):
        raise Unreadable(400, "The body holds too many values.")
    try:
        given = read_json(body)
    except orjson.JSONDecodeError:
        raise Unreadable(400, "The body is not JSON in UTF-8.") from None
    if isinstance(given, list):
        raise Unreadable(400, "Send one operation at a time, not a list of them.")
    if not isinstance(given, dict):
        raise Unreadable(400, "Send an object with `query`.")
    query, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Unreadable(400, "`query` is the text of a GraphQL document.")
    if variables is not None and not isinstance(variables, dict):
        raise Unreadable(400, "`variables` is an object, or null.")
    if too_much := too_large(variables or {}):
        raise Unreadable(400, too_much)
    if name is not None and not isinstance(name, str):
        raise Unreadable(400, "`operationName` is a string, or null.")
    if not isinstance(given.get("extensions"), dict | None):
        raise Unreadable(400, "`extensions` is an object, or null.")
    return Operation(query, variables or {}, name or None)


def accepted(accept: str | None) -> str | None:
    """The media type for the answer, by an `Accept` header (RFC 9110, section 12.5.1); None if neither is accepted."""
    if accept is None or not accept.strip():
        return JSON
    offers: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept.split(",")):
        kind, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = 1.0
        for each in parameters:
            if each.startswith("q="):
                try:
                    quality = float(each[2:])
                except ValueError:
                    quality = 0.0
        media = {GRAPHQL_RESPONSE: GRAPHQL_RESPONSE, JSON: JSON, "application/*": JSON, "*/*": JSON}.get(kind)
        if media is not None and quality > 0:
            offers.append((-quality, position, media))
    return min(offers)[2] if offers else None


def _status_of(problem: ProblemError, media: str) -> int:
    if media == JSON:
        return 200
    return 400 if isinstance(problem, Invalid) else problem.status


def _plain_extensions() -> dict[str, Any]:
    return {"code": BAD_REQUEST, "requestId": current_cause().correlation}


def _answer(body: dict[str, Any], media: str, status: int) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(body), status, headers, media_type=f"{media}; charset=utf-8")
