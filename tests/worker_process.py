"""A real worker process for tests: `python -m tests.worker_process DATABASE_URL REDIS_URL`.

Its times are short, and its only runner takes steps: each makes a channel, in a transaction of its own. Parameters of
a job: `steps`, `pause` after each (seconds), `silent` to report no progress, `raises` to fail at the end.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.logs import configure_logs
from domain.job_messages import JobMessageCode, said
from domain.jobs import JobKind
from models import Channel
from services.jobs.leases import hold_lease
from services.transaction import transaction
from workers.context import JobContext, JobFailed, JobOutcome
from workers.main import run
from workers.settings import Timings

TIMINGS = Timings(lease=timedelta(seconds=1.5), sweep_seconds=1, drain=timedelta(seconds=1))
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    database_pool_size: int = 4
    database_timeout: float = 10
    company_currency: str = "GBP"
    company_zone: ZoneInfo = LONDON
    company_country: str | None = None
    sluice_home: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "sluice-tests")
    worker_concurrency: int = 5
    event_retention_days: int = 30
    files_kept_days: int = 1
    complete_after_days: int = 7
    rfm_days: int = 365
    smtp_url: str | None = None
    mail_sender: str | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None
    otel_exporter_otlp_endpoint: str | None = None


async def steps_of(job_id: int) -> int:
    """How many steps the job has taken."""
    return sum(code.startswith(f"{job_id}-") for code in await Channel.all().values_list("code", flat=True))


async def take_steps(context: JobContext, job_id: int) -> JobOutcome:
    """The runner: goes on after the last step that was taken."""
    steps = context.parameters["steps"]
    while (done := await steps_of(job_id)) < steps:
        async with transaction() as client:
            await hold_lease(client, job_id=job_id, attempt=context.attempt)
            await Channel.create(code=f"{job_id}-{done + 1}", name=f"in attempt {context.attempt}")
        if not context.parameters.get("silent"):
            await context.progress(done=done + 1, total=steps)
        await asyncio.sleep(context.parameters.get("pause", 0))
    match context.parameters.get("raises"):
        case "failure":
            raise JobFailed(said(JobMessageCode.FILE_EMPTY, file="a.csv"))
        case "fault":
            raise KeyError("secret")
    return JobOutcome(message=said(JobMessageCode.ROWS_EXPORTED, rows=steps))


if __name__ == "__main__":
    configure_logs("info", "console")
    database_url, redis_url = sys.argv[1:]
    asyncio.run(run(Settings(database_url, redis_url), runners={JobKind.ORDER_IMPORT: take_steps}, timings=TIMINGS))
