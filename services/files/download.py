"""A file is fetched by an address that is good for a few minutes, so that a browser or a phone can open it.

The address is made in SQL where a viewer reads the file (`rows.entities.FILE`), and checked here. Its key is made of
the file's own secret and the moment at which it ends, so one cannot be guessed and is good for one file.
"""

import re
from dataclasses import dataclass, fields
from hashlib import sha256
from hmac import compare_digest

from domain.files import FileKind
from models.connection import pool
from services.clock import now

_FIND = """
SELECT id, kind, name, media_type, size, secret FROM stored_file
WHERE id = $1 AND completed_at IS NOT NULL AND expires_at > $2
"""
_MOMENT = re.compile(r"[0-9]{1,11}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file that may be sent."""

    id: int
    kind: FileKind
    name: str
    media_type: str
    size: int


async def find_download(*, file_id: int, until: str, key: str) -> Download | None:
    """The file, if the address that has these parts is good now."""
    if not _MOMENT.fullmatch(until) or int(until) <= now().timestamp():
        return None
    row = await pool().fetchrow(_FIND, file_id, now())
    if row is None or not compare_digest(_key(row["secret"], until), key.encode()):
        return None
    return Download(**{field.name: row[field.name] for field in fields(Download)} | {"kind": FileKind(row["kind"])})


def _key(secret: bytes, until: str) -> bytes:
    """Hashed twice: the first alone could be lengthened by somebody who has seen one."""
    return sha256(secret + sha256(secret + until.encode()).digest()).hexdigest().encode()
