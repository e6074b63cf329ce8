"""Measures customers whose completed orders changed, for as long as the worker lives."""

import asyncio

from services.company import Company
from services.rfm.measure import BATCH, measure_stale
from services.rfm.scale import cut_scores, move_window
from workers.repeating import repeat

PAUSE = 1.0


async def measure_customers(stopping: asyncio.Event, company: Company, *, days: int) -> None:
    """Measure by the orders of the last `days`, again and again, until `stopping` is set.

    Of several workers, one at a time gets to work.
    """

    async def measure(_paused: float) -> float:
        await move_window(company, days=days)
        measured = await measure_stale(company)
        if measured == 0 and await cut_scores(company):
            return 0.0
        return 0.0 if measured is not None and measured >= BATCH else PAUSE

    await repeat(measure, stopping, failed="customers not measured")
