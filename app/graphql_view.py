"""POST and GET /graphql: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/)."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
import structlog
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.auth.authenticator import Caller
from app.auth.bearer import Unauthenticated
from app.ide import page, wants_page
from app.languages import preferred_language
from app.outages import is_outage
from app.runtime import Connected, Runtime
from domain.errors import Refused
from reads import operations
from reads.engine import Asked, spread_of
from reads.errors import Code, WrongMethod, coded
from reads.operations import Answer
from resolvers.context import RequestContext, asked_by
from schema.messages import message_of

log = structlog.get_logger(__name__)

LARGEST_BODY = 1 << 20
_OURS = "application/graphql-response+json"
_PLAIN = "application/json"
_HEADERS = {405: {"allow": "GET, POST"}, 503: {"retry-after": "1"}}
_STATUS = {Code.UNAUTHENTICATED: 401, Code.FORBIDDEN: 403, Code.UNAVAILABLE: 503, Code.INTERNAL: 500}


class BadRequest(Exception):
    """Not a GraphQL request; `status` is the answer's."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class GraphQLView:
    """The endpoint of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never raises."""
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        media = _media_type(request.headers.get("accept"))
        if self._runtime.settings.ide and wants_page(request):
            return page()
        try:
            asked = await _read_request(request)
        except BadRequest as error:
            answer = Answer(None, [coded(str(error), Code.BAD_REQUEST)])
            return _response(answer, media, status=error.status)
        if self._runtime.connected is None:
            return _response(Answer(None, [_unavailable()]), media, status=503)
        try:
            answer = await self._answer(request, asked, self._runtime.connected)
        except Exception as error:
            answer = Answer(None, [_masked(error, request)])
        errors = [_presentable(error, request) for error in answer.errors]
        return _response(Answer(answer.data, errors), media)

    async def _answer(self, request: Request, asked: operations.Request, connected: Connected) -> Answer:
        language = preferred_language(request.headers.get("accept-language"))
        runtime = self._runtime
        caller, refusal = None, ""

        async def find_caller() -> Caller | None:
            return await connected.authenticator.caller(request.headers.get("authorization"))

        async def ask_again() -> Asked | None:
            with suppress(Unauthenticated):
                again = await find_caller()
                return self._asked(again, connected, language) if again else None
            return None

        try:
            caller = await find_caller()
        except Unauthenticated as error:
            # Clients send along what they have: a token that has run out must not keep them from getting a new one.
            refusal = error.reason
        context = RequestContext(
            language=language,
            company=runtime.company,
            keys=runtime.keys,
            viewers=connected.authenticator.viewers,
            custom_fields=connected.custom_fields,
            asked=self._asked(caller, connected, language) if caller else None,
            session_id=caller.session_id if caller else None,
            feed=connected.feed,
            tail=connected.tail,
            again=ask_again,
            refusal=refusal,
            wake=runtime.wake,
        )
        return await connected.operations.run(asked, context, context.asked)

    def _asked(self, caller: Caller, connected: Connected, language: str) -> Asked:
        runtime, viewer = self._runtime, caller.viewer
        return asked_by(
            viewer,
            company=runtime.company,
            digits=runtime.currency_digits,
            language=language,
            spread=spread_of(viewer, connected.team_weights),
            custom_fields=connected.custom_fields.current,
        )


def _media_type(accept: str | None) -> str:
    """The media type of the answer: ours where it is asked for, else plain JSON."""
    return _OURS if accept and _OURS in accept else _PLAIN


async def _read_request(request: Request) -> operations.Request:
    if request.method == "GET":
        query = request.query_params
        given: dict[str, Any] = {name: query[name] for name in ("query", "operationName") if name in query}
        given |= {name: _json(query[name].encode()) for name in ("variables", "extensions") if query.get(name)}
        return _request(given, only_queries=True)
    if request.method != "POST":
        raise BadRequest("Use POST, or GET for a query.", 405)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PLAIN:
        raise BadRequest("Send the request as application/json.", 415)
    return _request(_json(await _body(request)), only_queries=False)


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise BadRequest(f"The request is larger than {LARGEST_BODY} bytes.", 413)
    except ClientDisconnect as error:
        raise BadRequest("The request ended early.") from error
    return bytes(body)


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Lone surrogates are JSON all the same; they are refused later, with the path to them.
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The request is not JSON.") from error


def _request(given: Any, *, only_queries: bool) -> operations.Request:
    if not isinstance(given, dict):
        raise BadRequest("The request is not an object with a query.")
    text, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    if not isinstance(text, str) or not text:
        raise BadRequest("`query` is missing or not a text.")
    if variables is not None and not isinstance(variables, Mapping):
        raise BadRequest("`variables` is not an object.")
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` is not a text.")
    if given.get("extensions") is not None and not isinstance(given["extensions"], Mapping):
        raise BadRequest("`extensions` is not an object.")
    return operations.Request(text, variables or {}, name or None, only_queries)


def _presentable(error: GraphQLError, request: Request) -> GraphQLError:
    """The error as clients may see it: refusals in their language, faults without what happened inside."""
    cause = error.original_error
    if isinstance(cause, Refused):
        error.message = message_of(cause.errors[0], preferred_language(request.headers.get("accept-language")))
        return error
    if error.extensions and "code" in error.extensions:
        return error
    if cause is None:
        error.extensions = {"code": Code.BAD_REQUEST}
        return error
    masked = _masked(cause, request)
    return GraphQLError(masked.message, error.nodes, path=error.path, extensions=masked.extensions)


def _masked(error: Exception, request: Request) -> GraphQLError:
    if is_outage(error):
        log.warning("unavailable", error=repr(error))
        return _unavailable()
    log.error("failed", exc_info=error)
    internal = coded("Something went wrong here; it was logged under this request id.", Code.INTERNAL)
    internal.extensions = {"code": Code.INTERNAL, "requestId": request.scope["state"]["request_id"]}
    return internal


def _unavailable() -> GraphQLError:
    return coded("Not available at the moment; try again shortly.", Code.UNAVAILABLE)


def _response(answer: Answer, media: str, *, status: int | None = None) -> Response:
    body: dict[str, Any] = {}
    if answer.errors:
        body["errors"] = [error.formatted for error in answer.errors]
    if answer.data is not None:
        body["data"] = answer.data
    status = status or _status(answer, media)
    headers = _HEADERS.get(status)
    return Response(orjson.dumps(body), status, headers, media_type=f"{media}; charset=utf-8")


def _status(answer: Answer, media: str) -> int:
    if answer.data is not None or not answer.errors:
        return 200
    if isinstance(answer.errors[0], WrongMethod):
        return 405
    code = str((answer.errors[0].extensions or {}).get("code"))
    if media == _PLAIN:
        return 503 if code == Code.UNAVAILABLE else 200
    return _STATUS.get(code, 400)
