"""A user uploads a file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from domain.files import SNIFFED, FileKind, Upload, media_type_of, plain_name
from domain.words import Words
from models.connection import TransactionClient
from rows.viewer import Viewer
from services.files.store import FileWriter, begin_file
from services.transaction import transaction

# The user's row is locked, so that two uploads at a time do not both find the last of the room.
_LOCK = "SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE"
_USED = "SELECT coalesce(sum(size), 0)::bigint FROM stored_file WHERE owner_id = $1 AND id <> $2"


_UNREADABLE = Words(
    "The file is neither CSV (UTF-8, UTF-16 or GB18030), plain or gzip, nor XLSX.",
    "文件既不是 CSV（UTF-8、UTF-16 或 GB18030，可用 gzip 压缩），也不是 XLSX。",
)


def too_large(most: int) -> Words:
    """What is told of a file with more than `most` bytes."""
    return Words(f"The file has more than {most} bytes.", f"文件超过 {most} 字节。")


def _no_room(left: int) -> Words:
    return Words(f"There is room for {left} bytes more of your files.", f"您的文件空间还剩 {left} 字节。")


class UploadRefused(Exception):
    """The file is not kept; `code` is for programs, the message for people."""

    code = "INVALID_FILE"

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class FileTooLarge(UploadRefused):
    """More bytes than one file may have."""

    code = "FILE_TOO_LARGE"


class QuotaExceeded(UploadRefused):
    """More bytes than the user has left."""

    code = "QUOTA_EXCEEDED"


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A file that is kept."""

    id: int
    name: str
    size: int
    media_type: str
    sha256: str


async def upload_file(
    *,
    viewer: Viewer,
    name: str,
    pieces: AsyncIterator[bytes],
    announced: int | None,
    allowed: Upload,
    kept_for: timedelta,
) -> Uploaded:
    """Keep `pieces` as a file of the viewer's.

    `announced` is how many bytes are to come at the most, None if nobody said. Raises UploadRefused, in which case
    nothing is kept.
    """
    size = allowed.largest if announced is None else min(announced, allowed.largest)
    shown = plain_name(name)
    async with transaction() as client:
        await _make_room(client, viewer, size, allowed)
        file_id = await begin_file(client, kind=FileKind.UPLOAD, owner_id=viewer.user_id, name=shown, size=size)
    async with FileWriter(file_id) as writer:
        media_type = await _take(writer, pieces, allowed)
        async with transaction() as client:
            await _make_room(client, viewer, writer.size, allowed, besides=file_id)
            digest = await writer.complete(client, media_type=media_type, kept_for=kept_for)
    return Uploaded(id=file_id, name=shown, size=writer.size, media_type=media_type, sha256=digest.hex())


async def _take(writer: FileWriter, pieces: AsyncIterator[bytes], allowed: Upload) -> str:
    """Write down all `pieces`; their media type."""
    beginning = bytearray()
    media_type = None
    async for piece in pieces:
        if writer.size + len(piece) > allowed.largest:
            raise FileTooLarge(too_large(allowed.largest))
        if media_type is None:
            beginning += piece
            media_type = media_type_of(bytes(beginning[:SNIFFED])) if len(beginning) >= SNIFFED else None
            _refuse_unknown(media_type, undecided=len(beginning) < SNIFFED)
        await writer.write(piece)
    media_type = media_type or media_type_of(bytes(beginning))
    _refuse_unknown(media_type)
    await writer.flush()
    return media_type or ""


def _refuse_unknown(media_type: str | None, *, undecided: bool = False) -> None:
    if media_type is None and not undecided:
        raise UploadRefused(_UNREADABLE)


async def _make_room(
    client: TransactionClient, viewer: Viewer, size: int, allowed: Upload, *, besides: int = 0
) -> None:
    """Raises QuotaExceeded if `size` bytes are more than the viewer has left."""
    await client.connection.execute(_LOCK, viewer.user_id)
    used = await client.connection.fetchval(_USED, viewer.user_id, besides)
    if used + size > allowed.quota:
        raise QuotaExceeded(_no_room(max(allowed.quota - used, 0)))
