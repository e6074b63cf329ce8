"""A worker starts when what it stands on is there."""

import asyncio

import asyncpg
import structlog
from arq import ArqRedis

from models.migrate import pending
from workers.queue import REDIS_FAULTS

_LOOK_AGAIN_AFTER = 2.0

_log = structlog.get_logger(__name__)


async def database_fits(database_url: str) -> None:
    """Wait until the database answers and has the tables of this code, however long that takes."""
    while waiting_for := await _lacking(database_url):
        _log.warning("waiting for the database", lacks=waiting_for)
        await asyncio.sleep(_LOOK_AGAIN_AFTER)


async def _lacking(database_url: str) -> str:
    try:
        return ", ".join(await pending(database_url))
    except (OSError, asyncpg.PostgresError) as fault:
        return repr(fault)


async def redis_answers(redis: ArqRedis, *, within: float) -> None:
    """Wait until Redis answers. Raises TimeoutError after `within` seconds."""
    async with asyncio.timeout(within):
        while not await _answers(redis):
            _log.warning("waiting for redis")
            await asyncio.sleep(_LOOK_AGAIN_AFTER)


async def _answers(redis: ArqRedis) -> bool:
    try:
        return bool(await redis.ping())
    except REDIS_FAULTS:
        return False
