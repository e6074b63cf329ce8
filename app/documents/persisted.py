"""Automatic persisted queries: documents that clients have sent once, kept in this process and in Redis by their hash.

Redis holds at most `SLOTS` of them, each in the place that its hash gives it: whoever sends many pushes out others,
which are sent again then, and fills nothing. While Redis does not answer it is left alone, so that nobody waits for it.
"""

import asyncio
import hashlib
import re
import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from reads.cache import Cache
from reads.documents import LONGEST_KEPT, MOST_KEPT

log = structlog.get_logger(__name__)

SLOTS = 4_096
SECONDS_TO_ANSWER = 0.2
SECONDS_TO_REST = 5.0
SECONDS_KEPT = 7 * 24 * 3_600
HASH = re.compile("[0-9a-f]{64}")
_PREFIX = "sluice:document:"
_FAULTS = (RedisError, OSError, TimeoutError)


def hash_of(text: str) -> str:
    """The name of a document, as clients make it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class PersistedDocuments:
    """The documents that are known by their hash."""

    def __init__(self, redis_url: str) -> None:
        self._redis: Redis = Redis.from_url(
            redis_url,
            socket_timeout=SECONDS_TO_ANSWER,
            socket_connect_timeout=SECONDS_TO_ANSWER,
            decode_responses=True,
            encoding_errors="replace",
        )
        self._known: Cache[str, str] = Cache(MOST_KEPT)
        self._resting_until = 0.0
        self._telling: set[asyncio.Task[None]] = set()

    async def text(self, name: str) -> str | None:
        """The document of this hash, or None."""
        if (known := self._known.get(name)) is not None:
            return known
        found = await self._in_redis(name) if HASH.fullmatch(name) else None
        # What is in Redis is believed for its hash alone.
        if found is None or hash_of(found) != name:
            return None
        return self._known.put(name, found, weight=len(found))

    def keep(self, name: str, text: str) -> None:
        """Know this document from now on; Redis is told behind the request."""
        if len(text) > LONGEST_KEPT or self._known.get(name) is not None:
            return
        self._known.put(name, text, weight=len(text))
        task = asyncio.create_task(self._tell(name, text))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def close(self) -> None:
        """Close the connection."""
        await asyncio.gather(*self._telling, return_exceptions=True)
        await self._redis.aclose()

    async def _in_redis(self, name: str) -> str | None:
        if time.monotonic() < self._resting_until:
            return None
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                found = await self._redis.get(_slot(name))
        except _FAULTS as error:
            self._rest(error)
            return None
        return found if isinstance(found, str) else None

    async def _tell(self, name: str, text: str) -> None:
        try:
            async with asyncio.timeout(SECONDS_TO_ANSWER):
                await self._redis.set(_slot(name), text, ex=SECONDS_KEPT)
        except (*_FAULTS, UnicodeError) as error:
            self._rest(error)

    def _rest(self, error: Exception) -> None:
        self._resting_until = time.monotonic() + SECONDS_TO_REST
        log.warning("documents are kept in this process alone", error=type(error).__name__)


def _slot(name: str) -> str:
    return f"{_PREFIX}{int(name[:8], 16) % SLOTS}"
