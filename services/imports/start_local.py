"""An import of files of this machine is started, as by the command line."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from domain.errors import Refused
from domain.files import FileKind, media_type_of
from domain.jobs import JobKind
from domain.ownership import Ownership
from services.clock import now
from services.files.store import PIECE, store_file
from services.imports.cell_reader import CellReader
from services.imports.custom_cells import NO_CUSTOM_CELLS
from services.imports.lines import read_lines
from services.imports.preset import Preset
from services.imports.run import ImportParameters, ImportRefused, KeptFile
from services.imports.staging import clear_staging_of_ended
from services.jobs.create import create_job
from services.teams import find_team
from services.transaction import transaction

_USER = "SELECT id, team_id FROM app_user WHERE email = lower($1) AND active"


async def start_local_import(
    *, files: Sequence[Path], preset: Preset, as_user: str | None, team: str | None, kept_for: timedelta
) -> int:
    """Store a job that imports `files` of this machine, and give its id; whoever calls wakes a worker.

    `as_user` is the email address of the user who owns what is made, `team` the name of the owning team, by default
    the user's. The files are copied, and the copies `kept_for` so long. Raises ImportRefused, TeamNotFound, or
    FileUnreadable when a file is not what the preset says.
    """
    ownership = await _find_ownership(as_user, team)
    await asyncio.to_thread(_check_files, files, preset)
    await clear_staging_of_ended()
    kept = [await _keep_copy(file, owner_id=ownership.owner_id, kept_for=kept_for) for file in files]
    parameters = ImportParameters(
        files=tuple(kept), preset=preset, owner_id=ownership.owner_id, team_id=ownership.team_id
    )
    try:
        async with transaction() as client:
            return await create_job(
                client,
                kind=JobKind.ORDER_IMPORT,
                started_by=ownership.owner_id,
                parameters=parameters.model_dump(mode="json"),
            )
    except Refused as refused:
        raise ImportRefused("too many jobs of this user wait or run: let one of them end first") from refused


def _check_files(files: Sequence[Path], preset: Preset) -> None:
    """Raises FileUnreadable for a wrong header, ImportRefused for files of the same content, which would double each
    line."""
    seen: dict[str, str] = {}
    cells = CellReader(preset, now=now())
    for file in files:
        read_lines(file, preset, cells, NO_CUSTOM_CELLS, name=file.name)
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
        if content in seen:
            raise ImportRefused(f"{seen[content]} and {file.name} have the same content")
        seen[content] = file.name


async def _keep_copy(file: Path, *, owner_id: int | None, kept_for: timedelta) -> KeptFile:
    with file.open("rb") as opened:
        media_type = media_type_of(await asyncio.to_thread(opened.read, PIECE)) or "application/octet-stream"
    file_id = await store_file(
        file, kind=FileKind.UPLOAD, owner_id=owner_id, name=file.name, media_type=media_type, kept_for=kept_for
    )
    return KeptFile(name=file.name, file_id=file_id)


async def _find_ownership(as_user: str | None, team: str | None) -> Ownership:
    async with transaction() as client:
        team_id = await find_team(client, team) if team else None
        if as_user is None:
            return Ownership(owner_id=None, team_id=team_id)
        user = await client.connection.fetchrow(_USER, as_user)
    if user is None:
        raise ImportRefused(f"there is no active user {as_user}")
    if team_id is None and user["team_id"] is None:
        raise ImportRefused(f"{as_user} has no team: name the one that is to own the orders")
    return Ownership(owner_id=user["id"], team_id=team_id or user["team_id"])
