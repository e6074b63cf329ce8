"""What waits to be done, for those who operate Sluice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

_JOBS = """
SELECT kind, state, count(*) AS jobs,
       max(now() - created_at) FILTER (WHERE state = 'QUEUED' AND attempts = 0) AS oldest
FROM job WHERE state IN ('QUEUED', 'RUNNING') GROUP BY kind, state
"""
# Each of them is one look at the end of an index.
_OVERDUE = """
SELECT greatest(now() - (SELECT min(expires_at) FROM session), '0') AS sessions,
       greatest(now() - (SELECT min(expires_at) FROM stored_file), '0') AS files
"""
_NONE = timedelta()


@dataclass(frozen=True, kw_only=True)
class WaitingJobs:
    """How many jobs of each kind are in which open state, and how long the oldest has waited that nobody has begun."""

    counts: Sequence[tuple[str, str, int]]
    oldest: timedelta


async def waiting_jobs(connections: asyncpg.Pool) -> WaitingJobs:
    """The open jobs at this moment."""
    rows = await connections.fetch(_JOBS)
    counts = [(row["kind"], row["state"], row["jobs"]) for row in rows]
    return WaitingJobs(counts=counts, oldest=max((row["oldest"] for row in rows if row["oldest"]), default=_NONE))


async def overdue_rows(connections: asyncpg.Pool) -> Mapping[str, timedelta]:
    """Of sessions and files, how long the one that expired first should have been gone; sweeps remove them hourly."""
    [row] = await connections.fetch(_OVERDUE)
    return {name: age or _NONE for name, age in row.items()}
