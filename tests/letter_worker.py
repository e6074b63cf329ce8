"""Sends letters as a worker does, until it is killed: `python -m tests.letter_worker DATABASE_URL SMTP_URL`."""

import asyncio
import sys
from datetime import timedelta

from connectors.mail.address import parse_smtp_url
from connectors.mail.smtp import SmtpMailer
from models.connection import connect
from workers.metrics import WorkerMetrics
from workers.reminders import send_letters


async def work(database_url: str, smtp_url: str) -> None:
    """Send what waits; whoever comes next may do so at once."""
    await connect(database_url, max_size=2)
    mailer = SmtpMailer(parse_smtp_url(smtp_url), "Sluice <sluice@example.com>")
    await send_letters(asyncio.Event(), WorkerMetrics(), mailer, lease=timedelta(0))


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
