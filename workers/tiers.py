"""Classifies orders whose customers changed, and ends overrides of tiers, for as long as the worker lives.

Workers share what there is to do. The two do not wait for each other.
"""

import asyncio

from services.tiers.override import BATCH as MOST_ENDED
from services.tiers.override import end_expired
from services.tiers.stale import BATCH, classify_stale
from workers.repeating import repeat

PAUSE = 1.0


async def classify_orders(stopping: asyncio.Event) -> None:
    """Classify again and again, until `stopping` is set."""

    async def classify(_paused: float) -> float:
        return 0.0 if await classify_stale() >= BATCH else PAUSE

    await repeat(classify, stopping, failed="orders not classified")


async def end_overrides(stopping: asyncio.Event) -> None:
    """End what has expired again and again, until `stopping` is set."""

    async def end(_paused: float) -> float:
        return 0.0 if await end_expired() >= MOST_ENDED else PAUSE

    await repeat(end, stopping, failed="overrides not ended")
