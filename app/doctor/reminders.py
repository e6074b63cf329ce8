"""Reminders that are late, and letters that do not arrive."""

from datetime import timedelta

import asyncpg

from app.doctor.findings import Finding, warning
from services.backlog import due_letters, due_reminders, parked_letters


async def check_reminders(connection: asyncpg.Connection, *, late: timedelta) -> list[Finding]:
    """Findings about what should have been told longer ago than `late`, and about letters that were given up."""
    found = []
    for backlog, what, log in (
        (await due_reminders(connection), "reminders", "reminders not fired"),
        (await due_letters(connection), "letters", "letters not sent"),
    ):
        if backlog.oldest > late:
            found.append(
                warning(
                    f"{backlog.waiting:,} {what} are due, the first since {backlog.oldest.total_seconds():.0f} seconds",
                    f"see that sluice worker runs; its log line `{log}` says why not",
                )
            )
    if parked := await parked_letters(connection):
        found.append(
            warning(
                f"{parked:,} letters were given up after many tries",
                "see last_error in the table reminder_delivery: addresses that are wrong, or SMTP_URL and MAIL_SENDER",
            )
        )
    return found
