"""One client's WebSocket: it says who it is, then asks, until one of both has enough."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLFormattedError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.auth.bearer import Unauthenticated
from app.callers import Circumstances
from app.graphql_request import BadRequest, asked_for
from app.pipeline import Pipeline
from app.sockets import messages
from app.sockets.messages import Close, Message, read_message, written
from domain.words import Words, words_in
from reads.errors import Code, Limit, beyond
from reads.operations import Request

log = structlog.get_logger(__name__)

SECONDS_TO_SEND = 10.0
"""How long a client may take to read what it is sent."""
SECONDS_BETWEEN_CHECKS = 5.0
"""How soon the socket of a session that has ended is closed."""


class Socket:
    """A socket that is open. `run` returns when it is closed; `close` closes it from our side."""

    def __init__(self, websocket: WebSocket, pipeline: Pipeline, given: Circumstances) -> None:
        self._websocket = websocket
        self._pipeline = pipeline
        self._given = given
        self._settings = pipeline.runtime.settings
        self._begun = False
        self._asked: dict[str, asyncio.Task[None]] = {}
        self._sending = asyncio.Lock()
        self._ending: asyncio.Future[Close] = asyncio.get_running_loop().create_future()

    def close(self, why: Close) -> None:
        """Close the socket, as soon as may be."""
        if not self._ending.done():
            self._ending.set_result(why)

    async def run(self) -> None:
        """Answer until it is closed; never raises but when cancelled."""
        reading, checking = asyncio.create_task(self._read()), asyncio.create_task(self._check())
        try:
            ends: list[asyncio.Future[Any]] = [reading, checking, self._ending]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks = [reading, checking, *self._asked.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._ending.done():
            await self._say_goodbye(self._ending.result())

    async def _say_goodbye(self, why: Close) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            try:
                async with asyncio.timeout(SECONDS_TO_SEND):
                    await self._websocket.close(why.code, why.reason)
            except (OSError, RuntimeError, WebSocketDisconnect):
                log.debug("the client was gone already")

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._settings.socket_init_timeout) as init:
                while True:
                    message = read_message(await self._text())
                    await self._handle(message)
                    if self._begun:
                        init.reschedule(None)
        except Close as why:
            self.close(why)
        except TimeoutError:
            self.close(Close(messages.INIT_TIMEOUT, "Connection initialisation timeout"))
        except WebSocketDisconnect:
            return

    async def _text(self) -> str:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        text = event.get("text")
        if text is None:
            raise Close(messages.BAD_MESSAGE, "Messages are texts")
        if len(text) > self._settings.request_bytes:
            raise Close(messages.TOO_LARGE, "The message is too large")
        return str(text)

    async def _handle(self, message: Message) -> None:
        match message.type:
            case "connection_init":
                await self._begin(message)
            case "ping":
                await self._send(written("pong", payload=message.payload))
            case "pong":
                return
            case "subscribe":
                self._ask(message)
            case "complete":
                if task := self._asked.pop(message.id, None):
                    task.cancel()
            case _:
                raise Close(messages.BAD_MESSAGE, "The type of the message is unknown")

    async def _begin(self, message: Message) -> None:
        if self._begun:
            raise Close(messages.TOO_MANY_INITS, "Too many initialisation requests")
        self._begun = True
        given = _authorization(message) or self._given.authorization
        try:
            credential = await self._pipeline.credential(given)
        except Unauthenticated:
            raise Close(messages.UNAUTHORISED, "Unauthorized") from None
        self._given = replace(self._given, authorization=None, credential=credential)
        if not await self._stands():
            raise Close(messages.UNAUTHORISED, "Unauthorized")
        await self._send(written("connection_ack"))

    async def _stands(self) -> bool:
        """Whether the session, or the API token, by which the socket was opened is good still."""
        return await self._pipeline.stands(self._given.credential)

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
            if self._begun and not await self._stands():
                self.close(Close(messages.UNAUTHORISED, "Unauthorized"))

    def _ask(self, message: Message) -> None:
        if not self._begun:
            raise Close(messages.UNAUTHORISED, "Unauthorized")
        if message.id in self._asked:
            raise Close(messages.DUPLICATE, f"Subscriber for {message.id[:50]} already exists")
        self._asked[message.id] = asyncio.create_task(self._answer(message, full=self._is_full()))

    def _is_full(self) -> bool:
        return len(self._asked) >= self._settings.socket_operations

    async def _answer(self, message: Message, *, full: bool) -> None:
        try:
            if full:
                most = self._settings.socket_operations
                words = Words(
                    f"A socket carries at most {most} operations at once.", f"一个连接最多同时执行 {most} 个操作。"
                )
                raise _Refused(beyond(words, Limit.SOCKET_OPERATIONS, most=most, got=most + 1, code=Code.RATE_LIMITED))
            await self._tell(message.id, _request(message))
            await self._send(written("complete", message.id), of=message.id)
        except _Refused as refused:
            await self._send(
                written("error", message.id, [_said(error, self._given.language) for error in refused.errors]),
                of=message.id,
            )
        except Close as why:
            self.close(why)

    async def _tell(self, name: str, request: Request) -> None:
        async with aclosing(self._pipeline.answers(request, self._given)) as answers:
            first = True
            async for answer in answers:
                if first and answer.data is None and answer.errors:
                    raise _Refused(*answer.errors)
                first = False
                await self._send(written("next", name, answer.formatted))

    async def _send(self, text: str, *, of: str = "") -> None:
        """Send a message, the last one of operation `of`. Raises Close for a client that does not read."""
        async with self._sending:
            if of:
                self._asked.pop(of, None)
            async with _in_time():
                await self._websocket.send_text(text)


def _said(error: GraphQLError, language: str) -> GraphQLFormattedError:
    formatted = error.formatted
    formatted["message"] = words_in(error.message, language)
    return formatted


class _Refused(Exception):
    """An operation that was not begun."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__()
        self.errors = errors


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            yield
    except (TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
        raise Close(messages.TRY_AGAIN, "The client does not read") from None


def _authorization(message: Message) -> str | None:
    """The bearer token in the payload of connection_init, under the name of the header."""
    payload: Any = message.payload or {}
    given = payload.get("Authorization", payload.get("authorization"))
    return given if isinstance(given, str) else None


def _request(message: Message) -> Request:
    try:
        return asked_for(message.payload, subscribes=True)
    except BadRequest as error:
        raise _Refused(error.error) from None
