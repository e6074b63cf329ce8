"""arq's worker, made to outlast Redis and to stop in good order."""

import asyncio
from datetime import timedelta

import structlog
from arq import Worker
from arq.constants import in_progress_key_prefix, job_key_prefix

from workers.queue import REDIS_FAULTS

HOPELESS_AFTER = 300.0  # seconds

_log = structlog.get_logger(__name__)


class QueueWorker(Worker):
    """Takes jobs from one queue. An outage of Redis, which would end arq's own, is waited out for five minutes."""

    _out_of_reach_since: float | None = None

    async def _poll_iteration(self) -> None:
        try:
            await super()._poll_iteration()
        except REDIS_FAULTS as fault:
            if self._is_hopeless():
                raise
            _log.warning("redis is out of reach", queue=self.queue_name, fault=repr(fault))
            await self._free_lost_slots()
        else:
            self._out_of_reach_since = None

    async def start_jobs(self, job_ids: list[bytes]) -> None:
        """As arq's; what cannot be a job, since somebody else put it there, is removed instead of ending the worker."""
        for job_id in job_ids:
            try:
                await super().start_jobs([job_id])
            except REDIS_FAULTS:
                raise
            except Exception as fault:
                _log.warning("not a job", queue=self.queue_name, fault=repr(fault))
                await self.pool.zrem(self.queue_name, job_id)
                await self._free_lost_slots()

    async def run_job(self, job_id: str, score: int) -> None:
        """As arq's, which lets through what it stumbles over before the job's function runs: that job is removed."""
        try:
            await super().run_job(job_id, score)
        except REDIS_FAULTS:
            raise
        except Exception as fault:
            _log.warning("not a job", queue=self.queue_name, fault=repr(fault))
            await self.pool.zrem(self.queue_name, job_id)
            await self.pool.delete(job_key_prefix + job_id, in_progress_key_prefix + job_id)

    async def drain(self, within: timedelta) -> None:
        """Take no more jobs, let those that run go on for a time, cancel what is left, and end."""
        self.allow_pick_jobs = False
        running = list(self.tasks.values())
        if running:
            await asyncio.wait(running, timeout=within.total_seconds())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if self.main_task:
            self.main_task.cancel()

    def _is_hopeless(self) -> bool:
        moment = self.loop.time()
        if self._out_of_reach_since is None:
            self._out_of_reach_since = moment
        return moment - self._out_of_reach_since > HOPELESS_AFTER

    async def _free_lost_slots(self) -> None:
        """arq takes a slot, then asks Redis for the job: if that fails, the slot is taken for ever."""
        await asyncio.sleep(0)  # jobs that have just ended give their slots back first
        lost = self.job_counter - sum(not task.done() for task in self.tasks.values())
        for _ in range(lost):
            self._release_sem_dec_counter_on_complete()
