"""WebSockets at /graphql."""

import asyncio
import os
from contextlib import suppress

import structlog
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.callers import circumstances
from app.pipeline import Pipeline
from app.request_log import origin_of
from app.sockets import messages
from app.sockets.messages import Close
from app.sockets.socket import Socket
from services.origin import coming_from

SECONDS_TO_CLOSE = 2.0


class Sockets:
    """The sockets of one process."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._open: set[Socket] = set()
        self._closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it is closed."""
        request_id = os.urandom(16).hex()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        websocket = WebSocket(scope, receive, send)
        if refusal := self._refusal(websocket):
            await websocket.accept()
            await websocket.close(refusal.code, refusal.reason)
            return
        await websocket.accept(messages.PROTOCOL)
        socket = Socket(websocket, self._pipeline, circumstances(websocket))
        self._open.add(socket)
        try:
            with coming_from(origin_of(scope, request_id)):  # the socket's tasks begin inside and take it along
                await socket.run()
        finally:
            self._open.discard(socket)

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    async def close(self) -> None:
        """Close all sockets, since the process ends; returns when they are closed, or soon."""
        self._closing = True
        for socket in self._open:
            socket.close(Close(messages.GOING_AWAY, "Going away"))
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_CLOSE):
                while self._open:  # noqa: ASYNC110  # a moment, once in a process's life
                    await asyncio.sleep(0.01)

    def _refusal(self, websocket: WebSocket) -> Close | None:
        if messages.PROTOCOL not in websocket.scope["subprotocols"]:
            return Close(messages.BAD_SUBPROTOCOL, "Subprotocol not acceptable")
        if self._closing or len(self._open) >= self._pipeline.runtime.settings.sockets:
            return Close(messages.TRY_AGAIN, "Try again later")
        return None
