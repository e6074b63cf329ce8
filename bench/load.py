"""Load over raw connections, cheap enough not to be what is measured."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle

CONNECTIONS = 8
_HEAD_END = b"\r\n\r\n"


class BadAnswer(Exception):
    """Not the answer of a server that works."""


@dataclass
class Slice:
    """What came back: seconds of each request, and bytes in all."""

    seconds: list[float] = field(default_factory=list)
    bytes: int = 0
    elapsed: float = 0.0


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is complete, until the time is over."""

    def __init__(self, requests: Iterator[bytes], until: float, least: int, found: Slice) -> None:
        self.requests, self.until, self.least, self.found = requests, until, least, found
        self.buffer = b""
        self.sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, end, body = self.buffer.partition(_HEAD_END)
        if not end or len(body) < length_of(head):
            return
        now = time.perf_counter()
        self.buffer = b""
        self.found.seconds.append(now - self.sent_at)
        self.found.bytes += len(body)
        if not head.startswith(b"HTTP/1.1 200"):
            self._end(BadAnswer(f"{head!r} {body[:2000]!r}"))
        elif now < self.until or len(self.found.seconds) < self.least:
            self._send()
        else:
            self._end(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or BadAnswer("the server closed the connection"))

    def _send(self) -> None:
        self.sent_at = time.perf_counter()
        self.transport.write(next(self.requests))

    def _end(self, error: Exception | None) -> None:
        self.transport.close()
        if not self.done.done():
            self.done.set_exception(error) if error else self.done.set_result(None)


def length_of(head: bytes) -> int:
    """The length of the body that a head announces."""
    lower = head.lower()
    start = lower.index(b"content-length:") + len(b"content-length:")
    end = lower.find(b"\r\n", start)
    return int(lower[start : end if end >= 0 else None])


async def load(
    port: int, requests: Sequence[bytes], *, seconds: float, least: int = 0, connections: int = CONNECTIONS
) -> Slice:
    """Ask the server at `port` the `requests` over and over for `seconds`, and at least `least` of them.

    Raises BadAnswer for any answer but 200.
    """
    found, turn = Slice(), cycle(requests)
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Connection(turn, began + seconds, least, found), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    found.elapsed = time.perf_counter() - began
    return found


async def ask(port: int, request: bytes) -> bytes:
    """The body of one answer. Raises BadAnswer for any but 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(_HEAD_END)
    body = await reader.readexactly(length_of(head))
    writer.close()
    if not head.startswith(b"HTTP/1.1 200"):
        raise BadAnswer(f"{head!r} {body[:2000]!r}")
    return body
