"""POST and GET /graphql: GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/)."""

import math
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.callers import circumstances
from app.event_stream import EventStreams
from app.faults import RETRY_AFTER, unavailable
from app.graphql_request import BadRequest, read_request
from app.headers import header
from app.ide import page, wants_page
from app.media_types import EVENTS, JSON, RESPONSE, negotiated, wants_events
from app.pipeline import Pipeline
from app.runtime import Runtime
from domain.words import Words, words_in
from reads.errors import Code, WrongMethod
from reads.operations import Answer

_MEDIA = Words(f"The answer is {RESPONSE}, {JSON} or {EVENTS}.", f"响应类型为 {RESPONSE}、{JSON} 或 {EVENTS}。")
_STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.TIMEOUT: 504,
}
_EVEN_IN_JSON = frozenset({Code.UNAVAILABLE})
"""Told by the status to clients that know only application/json, too, as those in between act on it."""


class GraphQLView:
    """The endpoint of one process."""

    def __init__(self, runtime: Runtime, pipeline: Pipeline) -> None:
        self._runtime = runtime
        self._pipeline = pipeline
        self.streams = EventStreams(pipeline)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; never raises."""
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        settings = self._runtime.settings
        if settings.ide and wants_page(request):
            return page()
        accept = header(request.scope, b"accept")
        media = negotiated(accept)
        try:
            if media is None and not wants_events(accept):
                raise BadRequest(_MEDIA, 406)
            asked = await read_request(request, largest=settings.request_bytes)
        except BadRequest as error:
            error.error.message = words_in(error.error.message, circumstances(request).language)
            answer = Answer(None, [error.error])
            return _response(answer, media or JSON, status=error.status)
        if wants_events(accept):
            return await self.streams.response(asked, circumstances(request)) or _response(
                Answer(None, [unavailable(circumstances(request).language)]), JSON
            )
        return _response(await self._pipeline.answer(asked, circumstances(request)), media or JSON)


def _response(answer: Answer, media: str, *, status: int | None = None) -> Response:
    status = status or _status(answer, media)
    body = orjson.dumps(answer.formatted)
    return Response(body, status, _headers(answer, status), media_type=f"{media}; charset=utf-8")


def _status(answer: Answer, media: str) -> int:
    if answer.data is not None or not answer.errors:
        return 200
    if isinstance(answer.errors[0], WrongMethod):
        return 405
    code = _first(answer, "code")
    if media == JSON and code not in _EVEN_IN_JSON:
        return 200
    return _STATUS.get(str(code), 400)


def _headers(answer: Answer, status: int) -> dict[str, str] | None:
    if status == 405:
        return {"allow": "GET, POST"}
    if status == 503:
        return {"retry-after": str(RETRY_AFTER)}
    if answer.data is None and answer.errors and _first(answer, "code") == Code.RATE_LIMITED:
        return {"retry-after": str(math.ceil(_first(answer, "retryAfter")))}
    return None


def _first(answer: Answer, fact: str) -> Any:
    return (answer.errors[0].extensions or {}).get(fact)
