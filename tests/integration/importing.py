"""What tests of imports share: files made by hand, and imports run as a worker runs them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.job_messages import job_texts
from models import Job
from models.connection import pool
from services.company import Company
from services.files.store import read_file
from services.imports.preset import Preset, load_preset
from services.imports.start_local import start_local_import
from services.jobs.endings import fail_job, finish_job
from services.jobs.leases import LeasedJob, lease_job, report_progress
from workers.context import JobContext, JobFailed
from workers.jobs.order_import import run_order_import

COMPANY = Company(currency="GBP", zone=ZoneInfo("Europe/London"))
KEPT_FOR = timedelta(days=1)
PRESET = load_preset("online-retail")
HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

Row = Mapping[str, str]


@dataclass(frozen=True)
class Ended:
    """An import that came to its end."""

    job: Job
    text: str
    """The report as it can be fetched; empty if there is none."""

    @property
    def message(self) -> str | None:
        """What became of it, in English."""
        return job_texts([(self.job.state, self.job.message_code, self.job.message_facts, None)], "en")[0]

    @property
    def report(self) -> list[list[str]]:
        """The rows of the report, without its header."""
        return list(csv.reader(io.StringIO(self.text)))[1:]


def row(invoice: str = "1", sku: str = "A", **cells: str) -> Row:
    """A row of a file in the shape of `online-retail`, a piece at 1.00 each; cells by the columns' names."""
    usual = {
        "Description": "THING",
        "Quantity": "1",
        "InvoiceDate": "2011-01-04 10:00:00",
        "UnitPrice": "1.00",
        "CustomerID": "17850.0",
        "Country": "United Kingdom",
    }
    return usual | {"InvoiceNo": invoice, "StockCode": sku} | cells


def write_rows(path: Path, rows: Iterable[Row], *, header: Sequence[str] = HEADER, delimiter: str = ",") -> Path:
    """A CSV file of `rows`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


async def run_import(
    home: Path, *files: Path, preset: Preset = PRESET, as_user: str | None = None, team: str | None = None
) -> Ended:
    """Import `files` to the end, whatever it is."""
    job_id = await start_local_import(files=files, preset=preset, as_user=as_user, team=team, kept_for=KEPT_FOR)
    return await run_job(home, job_id)


async def run_job(home: Path, job_id: int) -> Ended:
    """Run a queued import to its end."""
    job = await leased(job_id)
    try:
        outcome = await run_order_import(context(home, job), job_id)
    except JobFailed as failure:
        await fail_job(job, message=failure.message, report=failure.report)
    else:
        await finish_job(job, message=outcome.message, report=outcome.report)
    return await ended(job_id)


async def ended(job_id: int) -> Ended:
    """An import that has come to its end."""
    row = await Job.get(id=job_id)
    return Ended(row, (await content(row.report_file_id)).decode("utf-8-sig") if row.report_file_id else "")


async def content(file_id: int) -> bytes:
    """What is in a stored file."""
    return b"".join([piece async for piece in read_file(file_id)])


async def leased(job_id: int) -> LeasedJob:
    """The queued job in the hands of a worker."""
    job = await lease_job(job_id)
    assert job is not None
    return job


def context(home: Path, job: LeasedJob) -> JobContext:
    """What a worker gives a runner."""

    async def progress(*, done: int, failed: int = 0, unchanged: int = 0, total: int | None = None) -> None:
        await report_progress(job, done=done, failed=failed, unchanged=unchanged, total=total)

    return JobContext(
        attempt=job.attempt,
        parameters=job.parameters,
        started_by=job.started_by,
        company=COMPANY,
        home=home,
        kept_for=KEPT_FOR,
        progress=progress,
    )


async def orders() -> dict[str, dict[str, Any]]:
    """All orders by external id, with the names of what they refer to and with `lines` in their order."""
    found = {
        row["external_id"]: dict(row) | {"lines": []}
        for row in await pool().fetch(
            """SELECT o.*, channel.code AS channel, region.name AS region, customer.external_id AS customer
               FROM sales_order o LEFT JOIN channel ON channel.id = o.channel_id
               LEFT JOIN region ON region.id = o.region_id LEFT JOIN customer ON customer.id = o.customer_id
               ORDER BY o.id"""
        )
    }
    for line in await pool().fetch(
        """SELECT external_id, line.*, product.sku AS product
           FROM order_line line JOIN sales_order ON sales_order.id = order_id
           LEFT JOIN product ON product.id = product_id ORDER BY order_id, position"""
    ):
        found[line["external_id"]]["lines"].append(dict(line))
    return found


async def only_order() -> dict[str, Any]:
    """The only order that there is."""
    [order] = (await orders()).values()
    return order


async def everything() -> dict[str, tuple[int, str]]:
    """How many rows each table has that an import writes to, and what they hold, for comparisons."""
    tables = (
        *("sales_order", "order_line", "order_status_change", "outbox_event", "customer", "product"),
        *("region", "region_closure", "channel"),
    )
    found = {}
    for table in tables:
        [held] = await pool().fetch(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t")
        found[table] = (held[0], held[1])
    return found


def amounts(lines: Iterable[Mapping[str, Any]], column: str) -> list[Decimal]:
    """A column of some lines."""
    return [line[column] for line in lines]
