"""One log line a request, and a request id in each line and answer of it."""

import os
import re
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.headers import header
from app.languages import preferred_language
from app.observing.observer import line
from services.origin import Origin, coming_from
from telemetry.tallies import Counts

log = structlog.get_logger("http")

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class RequestLog:
    """ASGI middleware; counts requests by status as well.

    An id that the caller sends as X-Request-ID is kept if it is plain, else one is made.
    """

    def __init__(self, app: ASGIApp, requests: Counts) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; other scopes pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = header(scope, b"x-request-id") or ""
        request_id = given if _ID.fullmatch(given) else os.urandom(16).hex()
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        # A request is a task of its own: what is bound here ends with it.
        structlog.contextvars.bind_contextvars(request_id=request_id)
        facts: dict[str, Any] = {}
        line.set(facts)
        try:
            with coming_from(origin_of(scope, request_id)):
                await self._app(scope, receive, send_with_id)
        finally:
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            self._requests.add(str(status))
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds, **facts)


def origin_of(scope: Scope, request_id: str) -> Origin:
    """Where an HTTP request, or the one that opens a WebSocket, comes from."""
    address = scope["client"][0] if scope.get("client") else None
    language = preferred_language(header(scope, b"accept-language"))
    return Origin(request_id=request_id, address=address, agent=header(scope, b"user-agent"), language=language)
