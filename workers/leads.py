"""Leads whose owners missed a deadline, and how members of pools perform, for as long as the worker lives."""

import asyncio

from services.leads.breaches import AT_ONCE, settle_breaches
from services.leads.giving import give_waiting
from services.leads.standings import measure_standings
from workers.metrics import WorkerMetrics
from workers.repeating import repeat

PAUSE = 1.0
GIVEN_EVERY = 30.0
MEASURED_EVERY = 300.0
"""Seconds between two looks: at deadlines, at what waits for somebody, and at performance."""


async def watch_leads(stopping: asyncio.Event, metrics: WorkerMetrics) -> None:
    """Settle missed deadlines again and again, until `stopping` is set. Several workers share the work.

    What came due while no worker lived is settled once one does, the oldest first.
    """

    async def settle(_paused: float) -> float:
        settled = await settle_breaches()
        metrics.breaches.add(amount=settled)
        return 0.0 if settled == AT_ONCE else PAUSE

    await repeat(settle, stopping, failed="deadlines of leads not looked at")


async def give_what_waits(stopping: asyncio.Event) -> None:
    """Give leads that wait in pools which give by themselves, again and again, until `stopping` is set.

    Whoever enters one gives it at once. This finds what nobody could have then, and what a crash left.
    """

    async def give(_paused: float) -> float:
        await give_waiting()
        return GIVEN_EVERY

    await repeat(give, stopping, failed="leads not given")


async def measure_members(stopping: asyncio.Event) -> None:
    """Measure how members of pools perform, again and again, until `stopping` is set."""

    async def measure(_paused: float) -> float:
        await measure_standings()
        return MEASURED_EVERY

    await repeat(measure, stopping, failed="members of pools not measured")
