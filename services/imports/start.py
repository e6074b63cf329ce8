"""An import is started: checked, copied, and stored as a job for a worker."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.jobs import JobKind
from services.clock import now
from services.imports.copies import keep_copies, remove_copies
from services.imports.lines import read_lines
from services.imports.preset import Preset
from services.imports.run import ImportParameters, ImportRefused
from services.imports.staging import clear_staging_of_ended
from services.jobs.create import create_job
from services.teams import find_team
from services.transaction import transaction

_USER = "SELECT id, team_id FROM app_user WHERE email = lower($1) AND active"
_NEEDED = """
SELECT file ->> 'copy_at' FROM job, jsonb_array_elements(parameters -> 'files') file
WHERE kind = $1 AND state IN ('QUEUED', 'RUNNING')
"""


@dataclass(frozen=True, kw_only=True)
class _Ownership:
    user_id: int | None
    team_id: int | None


async def start_order_import(
    *, home: Path, files: Sequence[Path], preset: Preset, as_user: str | None, team: str | None
) -> int:
    """Store a job that imports `files`, and give its id; whoever calls wakes a worker.

    `as_user` is the email address of the user who owns what is made, `team` the name of the owning team, by default
    the user's. What earlier imports left behind is removed. Raises ImportRefused, TeamNotFound, or FileUnreadable when
    a file is not what the preset says.
    """
    ownership = await _find_ownership(as_user, team)
    for file in files:
        await asyncio.to_thread(read_lines, file, preset, name=file.name, now=now())  # raises for a wrong header
    await clear_staging_of_ended()
    kept = await asyncio.to_thread(keep_copies, home, files)
    parameters = ImportParameters(files=kept, preset=preset, owner_id=ownership.user_id, team_id=ownership.team_id)
    async with transaction() as client:
        job_id = await create_job(
            client,
            kind=JobKind.ORDER_IMPORT,
            started_by=ownership.user_id,
            parameters=parameters.model_dump(mode="json"),
        )
        needed = await client.connection.fetch(_NEEDED, JobKind.ORDER_IMPORT)
    await asyncio.to_thread(remove_copies, home, needed={row[0] for row in needed})
    return job_id


async def _find_ownership(as_user: str | None, team: str | None) -> _Ownership:
    async with transaction() as client:
        team_id = await find_team(client, team) if team else None
        if as_user is None:
            return _Ownership(user_id=None, team_id=team_id)
        user = await client.connection.fetchrow(_USER, as_user)
    if user is None:
        raise ImportRefused(f"there is no active user {as_user}")
    if team_id is None and user["team_id"] is None:
        raise ImportRefused(f"{as_user} has no team: name the one that is to own the orders")
    return _Ownership(user_id=user["id"], team_id=team_id or user["team_id"])
