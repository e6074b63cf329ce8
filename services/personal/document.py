"""The file that a person gets of what is held about them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from domain.files import FileKind
from domain.personal_data import Person
from services.files.store import store_file, work_file
from services.personal.collect import collect

KEPT_FOR = timedelta(days=3)
MEDIA_TYPE = "application/json"


async def write_document(
    person: Person, *, owner_id: int | None, home: Path, name: str, progress: Callable[[int], Awaitable[None]]
) -> tuple[int, int]:
    """Store a file with a list for each part; its id, and how many rows are in it. `progress` is told their number."""
    rows = 0
    with work_file(home) as path:
        with path.open("w", encoding="utf-8") as target:
            part = ""
            async for following, batch in collect(person):
                begin = _begin(part, following) if following != part else ",\n" if batch else ""
                await asyncio.to_thread(target.write, begin + ",\n".join(batch))
                part, rows = following, rows + len(batch)
                await progress(rows)
            target.write("]}\n")
        file_id = await store_file(
            path, kind=FileKind.RESULT, owner_id=owner_id, name=name, media_type=MEDIA_TYPE, kept_for=KEPT_FOR
        )
    return file_id, rows


def _begin(part: str, following: str) -> str:
    return f'{{"{following}": [' if not part else f'],\n"{following}": ['
