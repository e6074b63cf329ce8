"""Folds what writes have changed of counts into the counters, for as long as the worker lives."""

import asyncio

from services.counting.fold import BATCH, fold_counts
from workers.metrics import WorkerMetrics
from workers.repeating import repeat

PAUSE = 1.0
SHORT_PAUSE = 0.2
"""Seconds between two looks at the deltas: usually, and while there are MANY."""
MANY = 500


async def fold_counters(stopping: asyncio.Event, metrics: WorkerMetrics) -> None:
    """Fold again and again, until `stopping` is set. Of several workers, one at a time gets to work.

    Readers add up what is pending, so a worker that is late makes counts slower, never wrong: nobody has to be woken.
    """

    async def fold(_paused: float) -> float:
        folded = await fold_counts()
        if folded is None:
            return PAUSE
        metrics.folded.add(amount=folded)
        metrics.folded_at.set_to_current_time()
        if folded < MANY:
            return PAUSE
        return 0.0 if folded == BATCH else SHORT_PAUSE

    await repeat(fold, stopping, failed="counts not folded")
