"""Imports repeated, interrupted, raced: nothing happens twice, nothing is lost, nothing is overwritten."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.jobs import JobState
from models import Order, Product
from models.connection import pool
from services.imports import applying, batches, staging
from services.imports.batches import Batch
from services.imports.making import make_regions
from services.imports.staging import StagingLost
from services.imports.start_local import start_local_import
from services.jobs.leases import LeaseLost
from services.jobs.sweep import take_forgotten_jobs
from tests.factories import make_channel, make_order
from tests.integration.importing import (
    KEPT_FOR,
    PRESET,
    Row,
    context,
    everything,
    leased,
    only_order,
    orders,
    row,
    run_import,
    run_job,
    write_rows,
)
from workers.jobs.order_import import run_order_import

pytestmark = pytest.mark.usefixtures("database")

DIFFERS = "differs from what was imported before: left as it is"


class Killed(Exception):
    """The worker ends here."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LINES_AT_ONCE", 3)
    monkeypatch.setattr(batches, "LINES_AT_ONCE", 4)


def invoices(count: int) -> list[Row]:
    """As many invoices of two lines, all their second lines coming after all their first ones, and one bad row."""
    numbers = [str(100 + i) for i in range(count)]
    seconds = [row(number, "B", CustomerID=number) for number in numbers]
    return [*(row(number, "A", CustomerID=number) for number in numbers), row("bad", UnitPrice="0"), *seconds]


async def start(*files: Path) -> int:
    return await start_local_import(files=files, preset=PRESET, as_user=None, team=None, kept_for=KEPT_FOR)


async def lose_lease(job_id: int) -> None:
    """The worker has fallen silent, and the job is queued again."""
    await pool().execute("UPDATE job SET heartbeat_at = now() - interval '1 h' WHERE id = $1", job_id)
    assert await take_forgotten_jobs(silent_for=timedelta(seconds=30)) == [job_id]


async def run_with(home: Path, job_id: int, on_batch: Callable[[int], Awaitable[None]]) -> None:
    """Run the job, with `on_batch` told how many lines are done after each batch."""

    async def progress(*, done: int, failed: int = 0, **_: object) -> None:
        if done > failed:
            await on_batch(done)

    await run_order_import(replace(context(home, await leased(job_id)), progress=progress), job_id)


async def test_an_import_repeated_changes_nothing(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", invoices(9))
    await run_import(tmp_path, file)
    before = await everything()
    number = await pool().fetchval("SELECT last_value FROM order_number")
    ended = await run_import(tmp_path, file)
    assert await everything() == before
    assert await pool().fetchval("SELECT last_value FROM order_number") == number
    assert ended.message == "Orders made: 0; returns made: 0; there already: 9; lines not imported: 1."


async def test_rows_in_another_order_are_no_difference(tmp_path: Path) -> None:
    lines = [row("1", "A"), row("1", "B"), row("1", "A", UnitPrice="1.50")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", lines))
    same = [*reversed(lines[:2]), row("1", "A", UnitPrice="1.5")]
    ended = await run_import(tmp_path, write_rows(tmp_path / "b.csv", same))
    assert ended.report == []


@pytest.mark.parametrize(
    "change",
    [
        {"UnitPrice": "2.00"},
        {"Quantity": "2"},
        {"StockCode": "new sku"},
        {"Description": "OTHER"},
        {"InvoiceDate": "2011-01-04 10:00:01"},
        {"CustomerID": "new customer"},
        {"Country": "new country"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_content_that_differs_is_reported_and_not_written(tmp_path: Path, change: Row) -> None:
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1")]))
    before = await everything()
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", [{**row("1"), **change}]))
    assert ended.report == [["a.csv", "2", "1", DIFFERS]]
    assert await everything() == before


async def test_an_invoice_in_parts_is_not_put_together_over_several_imports(tmp_path: Path) -> None:
    january = write_rows(tmp_path / "1.csv", [row("1", "A")])
    february = write_rows(tmp_path / "2.csv", [row("1", "B"), row("2", "B")])
    await run_import(tmp_path, january)
    ended = await run_import(tmp_path, february)
    assert ended.report == [["2.csv", "2", "1", DIFFERS]]
    ended = await run_import(tmp_path, january, february)
    assert [line[:3] for line in ended.report] == [["1.csv", "2", "1"], ["2.csv", "2", "1"]]
    assert [line["sku"] for line in (await orders())["1"]["lines"]] == ["A"]


async def test_an_order_that_was_not_imported_is_left_alone(tmp_path: Path) -> None:
    await make_order(channel=await make_channel("online-retail"), external_id="1")
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1")]))
    assert ended.report == [["a.csv", "2", "1", "exists already, and was not imported: left as it is"]]
    assert (await only_order())["lines"] == []


async def test_the_same_invoice_in_another_channel_is_another_order(tmp_path: Path) -> None:
    await make_order(channel=await make_channel("elsewhere"), external_id="1")
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1")]))
    assert ended.report == []
    assert await Order.filter(external_id="1").count() == 2


async def test_an_import_that_was_killed_is_completed_by_the_next_run(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", invoices(9))
    job_id = await start(file)

    async def die_half_way(done: int) -> None:
        if done > 9:
            raise Killed

    with pytest.raises(Killed):
        await run_with(tmp_path, job_id, die_half_way)
    made = await Order.all().count()
    assert 0 < made < 9
    await lose_lease(job_id)
    ended = await run_job(tmp_path, job_id)
    assert [len(order["lines"]) for order in (await orders()).values()] == [2] * 9
    assert (ended.job.total, ended.job.done, ended.job.failed) == (19, 19, 1)
    assert ended.message == (f"Orders made: {9 - made}; returns made: 0; there already: {made}; lines not imported: 1.")


async def test_a_run_that_lost_its_lease_writes_nothing_more(tmp_path: Path) -> None:
    job_id = await start(write_rows(tmp_path / "a.csv", invoices(9)))
    written: list[object] = []

    async def let_another_worker_do_it(_done: int) -> None:
        await lose_lease(job_id)
        await run_job(tmp_path, job_id)
        written.append(await everything())

    with pytest.raises(LeaseLost):
        await run_with(tmp_path, job_id, let_another_worker_do_it)
    assert written == [await everything()]
    assert [len(order["lines"]) for order in (await orders()).values()] == [2] * 9


@pytest.mark.parametrize("when", ["first batch", "last batch"])
async def test_staged_lines_lost_in_a_crash_of_the_database_are_read_again(tmp_path: Path, when: str) -> None:
    job_id = await start(write_rows(tmp_path / "a.csv", invoices(9)))

    async def crash(done: int) -> None:
        if when == "first batch" or done == 19:
            await pool().execute("TRUNCATE import_line, import_order")

    with pytest.raises(StagingLost):
        await run_with(tmp_path, job_id, crash)
    await lose_lease(job_id)
    ended = await run_job(tmp_path, job_id)
    assert len(ended.report) == 1
    assert [len(order["lines"]) for order in (await orders()).values()] == [2] * 9


async def test_imports_of_one_file_at_the_same_time_make_each_order_once(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", invoices(12))
    ended = await asyncio.gather(*(run_import(tmp_path, file) for _ in range(3)))
    assert {each.job.state for each in ended} == {JobState.SUCCEEDED}
    assert [len(each.report) for each in ended] == [1, 1, 1]
    found = await orders()
    assert [len(order["lines"]) for order in found.values()] == [2] * 12
    assert await Product.all().count() == 2
    assert await pool().fetchval("SELECT count(*) FROM outbox_event WHERE aggregate = 'order'") == 12


async def test_who_writes_an_order_between_check_and_write_is_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_rows(tmp_path / "a.csv", [row("1", "A"), row("2", "A")])
    rival = write_rows(tmp_path / "b.csv", [row("1", "A"), row("2", "B")])
    outside = contextvars.copy_context()  # of the transaction in which the rival comes

    async def make_regions_after_the_rival(batch: Batch) -> None:
        monkeypatch.undo()
        await asyncio.create_task(run_import(tmp_path, rival), context=outside)
        await make_regions(batch)

    monkeypatch.setattr(applying, "make_regions", make_regions_after_the_rival)
    ended = await run_import(tmp_path, file)
    assert ended.message == "Orders made: 0; returns made: 0; there already: 1; lines not imported: 1."
    assert ended.report == [["a.csv", "3", "2", DIFFERS]]
    assert [line["sku"] for order in (await orders()).values() for line in order["lines"]] == ["A", "B"]


async def test_staged_rows_of_imports_that_are_over_are_removed_by_the_next_one(tmp_path: Path) -> None:
    given_up = await start(write_rows(tmp_path / "a.csv", [row("1")]))
    waiting = await start(write_rows(tmp_path / "b.csv", [row("2")]))
    for job_id in (given_up, waiting):
        await pool().execute("INSERT INTO import_line (job_id, file, line, problem) VALUES ($1, 0, 2, 'x')", job_id)
        await pool().execute(
            """INSERT INTO import_order (job_id, external_id, is_return, lines, placed_at, total, content_hash)
               VALUES ($1, '1', false, 1, now(), 1, '')""",
            job_id,
        )
    await pool().execute("UPDATE job SET state = 'FAILED' WHERE id = $1", given_up)
    await start(write_rows(tmp_path / "c.csv", [row("3")]))
    for table in ("import_line", "import_order"):
        assert [found["job_id"] for found in await pool().fetch(f"SELECT job_id FROM {table}")] == [waiting]
