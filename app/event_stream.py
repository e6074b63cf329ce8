"""Operations as server-sent events: graphql-sse with distinct connections.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

import orjson
import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from app.auth.bearer import Unauthenticated
from app.callers import Circumstances
from app.media_types import EVENTS
from app.pipeline import Pipeline
from reads.operations import Answer, Request

SECONDS_BETWEEN_SIGNS = 10.0
"""How often a silent stream shows that it lives, and is looked at whether it still may."""

SECONDS_TO_SEND = 10.0
"""How long a client may take to read what it is sent."""

log = structlog.get_logger(__name__)

_SIGN_OF_LIFE = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"


class EventStreams:
    """The streams of one process."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._open: set[asyncio.Event] = set()

    async def response(self, request: Request, given: Circumstances) -> Response | None:
        """A stream of the answers to `request`; None where there are as many streams as may be."""
        if len(self._open) >= self._pipeline.runtime.settings.sockets:
            return None
        return _EventResponse(self._events(replace(request, subscribes=True), await self._lasting(given)))

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    def close(self) -> None:
        """End all streams, since the process ends."""
        for ending in self._open:
            ending.set()

    async def _lasting(self, given: Circumstances) -> Circumstances:
        """As long as the session and not the access token lasts, if the token is good now."""
        with suppress(Unauthenticated):
            credential = await self._pipeline.credential(given.authorization)
            return replace(given, authorization=None, credential=credential)
        return given

    async def _events(self, request: Request, given: Circumstances) -> AsyncGenerator[bytes, None]:
        ending = asyncio.Event()
        self._open.add(ending)
        try:
            async with aclosing(self._pipeline.answers(request, given)) as answers:
                async for event in self._until(ending, answers, given):
                    yield event
            yield _COMPLETE
        finally:
            self._open.discard(ending)

    async def _until(
        self, ending: asyncio.Event, answers: AsyncGenerator[Answer, None], given: Circumstances
    ) -> AsyncGenerator[bytes, None]:
        """An event for each answer, and signs of life between, until `ending` or the session has ended."""
        ended: asyncio.Task[Any] = asyncio.create_task(ending.wait())
        coming: asyncio.Task[Answer | None] = asyncio.create_task(_next(answers))
        try:
            while True:
                await asyncio.wait([ended, coming], timeout=SECONDS_BETWEEN_SIGNS, return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    if (answer := coming.result()) is None:
                        return
                    yield b"event: next\ndata: " + orjson.dumps(answer.formatted) + b"\n\n"
                    coming = asyncio.create_task(_next(answers))
                elif ended.done() or not await self._pipeline.stands(given.credential):
                    return
                else:
                    yield _SIGN_OF_LIFE
        finally:
            for task in (ended, coming):
                task.cancel()
            await asyncio.gather(ended, coming, return_exceptions=True)


class _EventResponse(StreamingResponse):
    """Sends `events` until they end, the client goes, or it does not read what it is sent for too long."""

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(events, headers=headers, media_type=EVENTS)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SECONDS_TO_SEND):
                await send(message)

        async with aclosing(self._events):
            try:
                await super().__call__(scope, receive, send_in_time)
            except (OSError, ClientDisconnect):
                log.info("a stream is cut off whose client does not read")


async def _next(answers: AsyncGenerator[Answer, None]) -> Answer | None:
    return await anext(answers, None)
