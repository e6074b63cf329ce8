"""A file is made a piece at a time, and read a piece at a time, so that nobody holds all of it in memory."""

import asyncio
import hashlib
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.files import FileKind
from models.connection import TransactionClient, pool
from services.clock import now
from services.transaction import transaction

PIECE = 1 << 20
"""Bytes in a piece, and so in memory, at the most."""
UNFINISHED_FOR = timedelta(hours=1)
"""How long a file may take to come in."""

_BEGIN = """
INSERT INTO stored_file (kind, owner_id, name, media_type, size, secret, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
"""
_APPEND = "INSERT INTO stored_file_chunk (file_id, position, data) VALUES ($1, $2, $3)"
_COMPLETE = """
UPDATE stored_file SET size = $2, sha256 = $3, media_type = $4, completed_at = $5::timestamptz,
                       expires_at = $5 + $6::interval
WHERE id = $1
"""
_READ = "SELECT data FROM stored_file_chunk WHERE file_id = $1 AND position = $2"


async def begin_file(
    client: TransactionClient, *, kind: FileKind, owner_id: int | None, name: str, size: int, media_type: str = ""
) -> int:
    """Make room for a file of up to `size` bytes, in the transaction of `client`; its id."""
    moment = now()
    secret, expires_at = secrets.token_bytes(32), moment + UNFINISHED_FOR
    values = (kind, owner_id, name, media_type, size, secret, moment, expires_at)
    return int(await client.connection.fetchval(_BEGIN, *values))


class FileWriter:
    """Takes the content of the file `file_id`. Leaving its block without `complete` drops the file."""

    def __init__(self, file_id: int) -> None:
        self.file_id = file_id
        self.size = 0
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._position = 0
        self._complete = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._complete:
            await asyncio.shield(drop_file(self.file_id))

    async def write(self, data: bytes) -> None:
        """Append `data`."""
        self.size += len(data)
        self._buffer += data
        while len(self._buffer) >= PIECE:
            await self._flush()

    async def complete(self, client: TransactionClient, *, media_type: str, kept_for: timedelta) -> bytes:
        """End the file in the transaction of `client`, after `flush`; its SHA-256. It goes after `kept_for`."""
        digest = self._hash.digest()
        await client.connection.execute(_COMPLETE, self.file_id, self.size, digest, media_type, now(), kept_for)
        self._complete = True
        return digest

    async def flush(self) -> None:
        """Write down what is still in memory."""
        if self._buffer:
            await self._flush()

    async def _flush(self) -> None:
        piece = bytes(self._buffer[:PIECE])
        del self._buffer[:PIECE]
        self._hash.update(piece)
        await pool().execute(_APPEND, self.file_id, self._position, piece)
        self._position += 1


async def drop_file(file_id: int) -> None:
    """Remove a file and its content, if it is there."""
    await pool().execute("DELETE FROM stored_file WHERE id = $1", file_id)


async def store_file(
    path: Path, *, kind: FileKind, owner_id: int | None, name: str, media_type: str, kept_for: timedelta
) -> int:
    """Keep what is in the file at `path`; its id."""
    size = (await asyncio.to_thread(path.stat)).st_size
    async with transaction() as client:
        file_id = await begin_file(client, kind=kind, owner_id=owner_id, name=name, size=size)
    async with FileWriter(file_id) as writer:
        with path.open("rb") as source:
            while piece := await asyncio.to_thread(source.read, PIECE):
                await writer.write(piece)
        await writer.flush()
        async with transaction() as client:
            await writer.complete(client, media_type=media_type, kept_for=kept_for)
    return file_id


async def read_file(file_id: int) -> AsyncIterator[bytes]:
    """The content of a file, piece by piece, each by a statement of its own."""
    position = 0
    while (piece := await pool().fetchval(_READ, file_id, position)) is not None:
        yield piece
        position += 1


@asynccontextmanager
async def copied_out(file_id: int, folder: Path) -> AsyncIterator[Path]:
    """The file as one on the disk, below `folder`, for the length of the block."""
    with work_file(folder) as path:
        with path.open("wb") as target:
            async for piece in read_file(file_id):
                await asyncio.to_thread(target.write, piece)
        yield path


@contextmanager
def work_file(folder: Path) -> Iterator[Path]:
    """An empty file below `folder`, for the length of the block."""
    number, name = tempfile.mkstemp(dir=folder)
    os.close(number)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
