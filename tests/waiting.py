"""Waiting for what happens elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable


async def within(seconds: float, holds: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until `holds()` does. Raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not await _holds(holds):  # noqa: ASYNC110  # other processes set no events of ours
            await asyncio.sleep(0.02)


async def _holds(holds: Callable[[], Awaitable[bool] | bool]) -> bool:
    answer = holds()
    return answer if isinstance(answer, bool) else await answer
