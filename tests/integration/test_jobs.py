"""Jobs are leased to one worker at a time, and found again when it falls silent."""

import asyncio
import io
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest

from app.commands import job_progress
from domain.errors import Refused, TooManyJobs
from domain.files import FileKind
from domain.job_messages import JobMessageCode, said
from domain.jobs import MAX_ATTEMPTS, MOST_OPEN, JobKind, JobState
from domain.people import Role
from models import Job
from models.connection import pool
from services.files.store import begin_file
from services.jobs.create import create_job
from services.jobs.endings import fail_job, finish_job
from services.jobs.leases import LeasedJob, LeaseLost, hand_back, hold_lease, lease_job, renew_lease, report_progress
from services.jobs.sweep import take_forgotten_jobs
from services.transaction import transaction
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

LEASE = timedelta(seconds=30)
DONE = said(JobMessageCode.ROWS_EXPORTED, rows=1)


async def make_job(**parameters: Any) -> int:
    async with transaction() as client:
        return await create_job(client, kind=JobKind.ORDER_IMPORT, started_by=None, parameters=parameters)


async def leased(job_id: int) -> LeasedJob:
    job = await lease_job(job_id)
    assert job is not None
    return job


async def silence(job_id: int, *, seconds: float) -> None:
    """Let the last sign of life be so old."""
    await pool().execute("UPDATE job SET heartbeat_at = now() - $2 * interval '1 s' WHERE id = $1", job_id, seconds)


async def lose(job: LeasedJob) -> LeasedJob:
    """The job in the hands of the next worker."""
    await silence(job.id, seconds=31)
    assert await take_forgotten_jobs(silent_for=LEASE) == [job.id]
    return await leased(job.id)


async def test_a_job_is_queued_and_a_lease_tells_what_it_was_created_with() -> None:
    user = await make_user(Role.REP)
    async with transaction() as client:
        job_id = await create_job(
            client, kind=JobKind.ORDER_IMPORT, started_by=user.id, parameters={"files": ["a.csv"], "名": 1}
        )
    assert (await Job.get(id=job_id)).state == JobState.QUEUED
    job = await leased(job_id)
    assert (job.attempt, job.started_by, job.parameters) == (1, user.id, {"files": ["a.csv"], "名": 1})
    assert (await Job.get(id=job_id)).state == JobState.RUNNING


async def test_a_job_of_a_transaction_that_fails_does_not_exist() -> None:
    with pytest.raises(ZeroDivisionError):
        await create_and_fail()
    assert await Job.all().count() == 0


async def create_and_fail() -> None:
    async with transaction() as client:
        await create_job(client, kind=JobKind.ORDER_IMPORT, started_by=None, parameters={})
        raise ZeroDivisionError


async def test_of_workers_that_race_for_a_job_one_gets_it() -> None:
    job_id = await make_job()
    leases = await asyncio.gather(*(lease_job(job_id) for _ in range(10)))
    assert len([lease for lease in leases if lease]) == 1


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.QUEUED])
async def test_only_a_queued_job_is_leased(state: JobState) -> None:
    job_id = await make_job()
    await Job.filter(id=job_id).update(state=state)
    assert await lease_job(job_id) is None
    assert await lease_job(job_id + 1) is None


async def test_progress_is_stored_and_is_a_sign_of_life() -> None:
    job = await leased(await make_job())
    await silence(job.id, seconds=31)
    await report_progress(job, done=5, failed=2, total=9)
    row = await Job.get(id=job.id)
    assert (row.done, row.failed, row.total) == (5, 2, 9)
    await report_progress(job, done=6, failed=2, unchanged=1, total=None)
    row = await Job.get(id=job.id)
    assert (row.done, row.unchanged, row.total) == (6, 1, 9)
    assert await take_forgotten_jobs(silent_for=LEASE) == []


async def test_whoever_lost_a_lease_changes_nothing_more() -> None:
    lost = await leased(await make_job())
    await lose(lost)
    for change in (
        renew_lease(lost),
        report_progress(lost, done=1, failed=0, total=None),
        hand_back(lost),
        finish_job(lost, message=DONE, report=None),
        fail_job(lost, message=DONE, report=None),
        hold(lost),
    ):
        with pytest.raises(LeaseLost):
            await change
    row = await Job.get(id=lost.id)
    assert row.state == JobState.RUNNING
    assert (row.attempts, row.done) == (2, 0)
    assert row.message_code is None


async def hold(job: LeasedJob) -> None:
    async with transaction() as client:
        await hold_lease(client, job_id=job.id, attempt=job.attempt)


async def test_a_job_that_is_held_is_not_taken_until_the_transaction_ends() -> None:
    job = await leased(await make_job())
    await silence(job.id, seconds=31)
    async with pool().acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM job WHERE id = $1 FOR UPDATE", job.id)  # as hold_lease does
        async with asyncio.timeout(5):  # a sweep does not wait for it either
            assert await take_forgotten_jobs(silent_for=LEASE) == []
    assert await take_forgotten_jobs(silent_for=LEASE) == [job.id]


async def test_a_cancelled_job_is_lost_to_its_worker() -> None:
    job = await leased(await make_job())
    await Job.filter(id=job.id).update(state=JobState.CANCELLED)
    with pytest.raises(LeaseLost):
        await report_progress(job, done=1, failed=0, total=None)


async def test_a_job_that_was_handed_back_can_be_leased_at_once() -> None:
    job = await leased(await make_job())
    await hand_back(job)
    assert (await leased(job.id)).attempt == 2


async def test_a_job_ends_with_what_it_has_to_say() -> None:
    done, failed = await leased(await make_job()), await leased(await make_job())
    report, result = await stored_file(), await stored_file()
    await finish_job(done, message=DONE, report=report, result=result)
    await fail_job(failed, message=None, report=None)
    rows = [
        (job.state, job.message_code, job.report_file_id, job.result_file_id) for job in await Job.all().order_by("id")
    ]
    assert rows == [
        (JobState.SUCCEEDED, "ROWS_EXPORTED", report, result),
        (JobState.FAILED, None, None, None),
    ]

    assert await Job.filter(finished_at=None).count() == 0


async def stored_file() -> int:
    async with transaction() as client:
        return await begin_file(client, kind=FileKind.RESULT, owner_id=None, name="a.csv", size=1)


async def test_a_job_that_nobody_was_woken_for_is_given_out_once_in_a_while() -> None:
    job_id = await make_job()
    assert await take_forgotten_jobs(silent_for=LEASE) == [job_id]
    assert await take_forgotten_jobs(silent_for=LEASE) == []
    await silence(job_id, seconds=31)
    assert await take_forgotten_jobs(silent_for=LEASE) == [job_id]


async def test_a_running_job_is_forgotten_after_its_lease_and_not_before() -> None:
    job = await leased(await make_job())
    await silence(job.id, seconds=29)
    assert await take_forgotten_jobs(silent_for=LEASE) == []
    await silence(job.id, seconds=31)
    assert await take_forgotten_jobs(silent_for=LEASE) == [job.id]
    assert (await Job.get(id=job.id)).state == JobState.QUEUED


async def test_sweeps_that_run_together_share_the_jobs() -> None:
    job_ids = [await make_job() for _ in range(20)]
    given_out = await asyncio.gather(*(take_forgotten_jobs(silent_for=LEASE) for _ in range(5)))
    assert sorted(chain.from_iterable(given_out)) == job_ids


async def test_a_job_that_takes_its_worker_with_it_each_time_is_given_up() -> None:
    job = await leased(await make_job())
    for _ in range(MAX_ATTEMPTS - 1):
        job = await lose(job)
    await silence(job.id, seconds=31)
    assert await take_forgotten_jobs(silent_for=LEASE) == []
    row = await Job.get(id=job.id)
    assert row.state == JobState.FAILED
    assert (row.message_code, row.message_facts) == ("GIVEN_UP", {"attempts": 10})
    assert row.finished_at is not None


async def test_a_job_that_has_ended_is_left_alone() -> None:
    job = await leased(await make_job())
    await finish_job(job, message=None, report=None)
    await silence(job.id, seconds=1000)
    assert await take_forgotten_jobs(silent_for=LEASE) == []


async def test_nobody_has_more_than_twenty_jobs_waiting_and_others_are_not_kept_from_theirs() -> None:
    greedy, other = await make_user(Role.ADMIN), await make_user(Role.ADMIN)

    async def start(user_id: int) -> int:
        async with transaction() as client:
            return await create_job(client, kind=JobKind.ORDER_EXPORT, started_by=user_id, parameters={})

    for _ in range(MOST_OPEN):
        last = await start(greedy.id)
    with pytest.raises(Refused) as refused:
        await start(greedy.id)
    assert refused.value.errors == (TooManyJobs(most=MOST_OPEN),)
    await start(other.id)
    await Job.filter(id=last).update(state=JobState.SUCCEEDED)
    await start(greedy.id)


async def test_whoever_follows_a_job_ends_though_a_driver_forgot_that_it_was_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job_id = await make_job()
    look = job_progress._look

    async def forgetful(job_id: int) -> job_progress.JobView | None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            return await look(job_id)
        return None

    monkeypatch.setattr(job_progress, "_look", forgetful)
    following = asyncio.create_task(job_progress.follow_job(job_id, io.StringIO()))
    await asyncio.sleep(0)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(following, 5)
