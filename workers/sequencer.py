"""Gives events their positions, for as long as the worker lives."""

import asyncio

from services.feed.positions import BATCH, position_events
from workers.metrics import WorkerMetrics
from workers.repeating import repeat

SHORTEST_PAUSE = 0.02
LONGEST_PAUSE = 0.2
"""Seconds between two looks at the outbox: while events come in, and when none have come for a while."""
_LONGER = 1.5


async def give_positions(stopping: asyncio.Event, metrics: WorkerMetrics) -> None:
    """Look for events again and again, until `stopping` is set. Of several workers, one at a time gets to work.

    A look that finds nothing costs PostgreSQL a tenth of a millisecond, so nobody has to be woken: writers owe Redis
    nothing, and Redis can lose nothing.
    """

    async def give(paused: float) -> float:
        moved = await position_events()
        metrics.positioned.add(amount=moved or 0)
        if moved:
            return 0.0 if moved == BATCH else SHORTEST_PAUSE
        return min(max(paused, SHORTEST_PAUSE) * _LONGER, LONGEST_PAUSE)

    await repeat(give, stopping, failed="no positions given")
