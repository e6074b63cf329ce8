"""Accounts in Redis: what callers spend in one process is told to all, some times a second and behind the requests.

So no request waits for Redis. Several processes may let a caller spend more than is left for as long as they have not
told each other; the shared account is in debt then, and all of them refuse until it has filled up. Without Redis each
process keeps its own accounts; it tries Redis again ever more seldom, and goes on with it when it is back.
"""

import asyncio
from collections.abc import Mapping

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.limits.accounts import Accounts

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 0.05
SECONDS_TO_ANSWER = 0.5
LONGEST_PAUSE = 5.0
MOST_AT_ONCE = 500
_PREFIX = "sluice:points:"
_FAULTS = (RedisError, OSError, TimeoutError)

_SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local capacity, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local levels = {}
for i, key in ipairs(KEYS) do
  local known = redis.call('HMGET', key, 'level', 'at')
  local level = capacity
  if known[1] then
    level = math.min(capacity, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) * per_second)
  end
  level = level - tonumber(ARGV[i + 2])
  redis.call('HSET', key, 'level', string.format('%.3f', level), 'at', string.format('%.6f', now))
  redis.call('PEXPIRE', key, math.ceil((capacity - level) / per_second * 1000) + 1000)
  levels[i] = string.format('%.3f', level)
end
return levels
"""


class Settling:
    """Tells Redis what was spent in `accounts`, and `accounts` what is left. `run` does so for ever."""

    def __init__(self, redis_url: str, accounts: Accounts) -> None:
        self._redis: Redis = Redis.from_url(
            redis_url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
        )
        self._script = self._redis.register_script(_SCRIPT)
        self._accounts = accounts
        self._pause = SECONDS_BETWEEN

    async def run(self) -> None:
        """Settle again and again, until cancelled."""
        while not _is_cancelled():  # redis-py swallows a cancellation while it connects
            await asyncio.sleep(self._pause)
            try:
                await self.settle()
                self._pause = SECONDS_BETWEEN
            except _FAULTS as error:
                if self._pause == SECONDS_BETWEEN:
                    log.warning("each process limits alone", error=type(error).__name__)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def settle(self) -> None:
        """Tell what was spent since the last time. What cannot be told never is: it will have leaked away."""
        spent = list(self._accounts.take_spent().items())
        for start in range(0, len(spent), MOST_AT_ONCE):
            await self._tell(dict(spent[start : start + MOST_AT_ONCE]))

    async def _tell(self, spent: Mapping[str, int]) -> None:
        keys = [_PREFIX + who for who in spent]
        rules = [self._accounts.capacity, self._accounts.per_second]
        async with asyncio.timeout(SECONDS_TO_ANSWER):
            levels = await self._script(keys=keys, args=[*rules, *spent.values()])
        self._accounts.learn({who: float(level) for who, level in zip(spent, levels, strict=True)})

    async def close(self) -> None:
        """Close the connection."""
        await self._redis.aclose()


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
