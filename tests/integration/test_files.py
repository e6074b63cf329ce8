"""Files in the database: kept whole or not at all, within a quota, and gone in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.files import FileKind, Upload
from domain.jobs import JobKind
from domain.people import Role
from models import File, User
from models.connection import pool
from rows.viewer import Viewer
from services.clock import clock_set_to, now
from services.files import store
from services.files.purge import purge_file, purge_reports
from services.files.store import store_file
from services.files.upload import FileTooLarge, QuotaExceeded, Uploaded, UploadRefused, upload_file
from services.jobs.create import create_job
from services.jobs.reporting import add_to_report
from services.transaction import transaction
from tests.factories import make_user
from tests.integration.importing import content

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)
ROOM = Upload(largest=100, quota=150)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def upload(
    user: User, *parts: bytes, name: str = "a.csv", announced: int | None = None, allowed: Upload = ROOM
) -> Uploaded:
    viewer = Viewer(user_id=user.id, roles=frozenset())
    return await upload_file(
        viewer=viewer, name=name, pieces=pieces(*parts), announced=announced, allowed=allowed, kept_for=DAY
    )


async def kept() -> int:
    """How many files and pieces there are."""
    count = "SELECT (SELECT count(*) FROM stored_file) + (SELECT count(*) FROM stored_file_chunk)"
    return int(await pool().fetchval(count))


async def test_a_file_is_read_as_it_was_sent_however_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PIECE", 7)
    sent = bytes(range(32, 127)) * 1
    kept_file = await upload(await make_user(), sent[:3], sent[3:50], sent[50:])
    assert await content(kept_file.id) == sent
    assert (kept_file.size, kept_file.media_type) == (95, "text/csv; charset=utf-8")
    assert await pool().fetchval("SELECT max(length(data)) FROM stored_file_chunk") == 7


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([b"x" * 60, b"x" * 60], FileTooLarge),
        ([b"\x89PNG\r\n\x00"], UploadRefused),
        ([b"PK\x03\x04" + b"\0" * 26 + b"virus.exe"], UploadRefused),
        ([], UploadRefused),
    ],
)
async def test_a_file_that_is_refused_leaves_nothing(parts: list[bytes], error: type[UploadRefused]) -> None:
    user = await make_user()
    with pytest.raises(error):
        await upload(user, *parts)
    assert await kept() == 0


async def test_a_client_that_goes_away_leaves_nothing() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a,b\n" * 10
        raise ConnectionResetError

    viewer = Viewer(user_id=(await make_user()).id, roles=frozenset())
    with pytest.raises(ConnectionResetError):
        await upload_file(viewer=viewer, name="", pieces=broken(), announced=None, allowed=ROOM, kept_for=DAY)
    assert await kept() == 0


async def test_uploads_at_the_same_time_share_one_quota() -> None:
    user, other = await make_user(), await make_user()
    sent = [b"%d" % number + b"x" * 79 for number in range(4)]
    ended = await asyncio.gather(*(upload(user, part, announced=80) for part in sent), return_exceptions=True)
    assert sorted(type(each).__name__ for each in ended) == ["QuotaExceeded"] * 3 + ["Uploaded"]
    await upload(other, sent[0], announced=80)


async def test_what_comes_in_without_a_length_counts_as_it_turns_out() -> None:
    user = await make_user()
    await upload(user, b"x" * 70)
    with pytest.raises(QuotaExceeded):
        await upload(user, b"y")  # it may become 100
    await upload(user, b"y", announced=1)


async def test_files_go_when_their_time_is_over_but_for_those_that_a_job_needs() -> None:
    user = await make_user(Role.REP)
    old, needed = await upload(user, b"old"), await upload(user, b"needed", announced=6)
    parameters = {"files": [{"name": "a.csv", "file_id": needed.id}]}
    async with transaction() as client:
        job_id = await create_job(client, kind=JobKind.ORDER_IMPORT, started_by=user.id, parameters=parameters)
        await add_to_report(client, job_id=job_id, after=0, refusals=[("a.csv", 1, None, '[{"problem": "malformed"}]')])
    with clock_set_to(now() + DAY + timedelta(seconds=1)):
        new = await upload(user, b"new", announced=3)
        assert await purge_file() == 1
        assert await purge_file() == 0
        assert [file.id for file in await File.all().order_by("id")] == [needed.id, new.id]
        assert await purge_reports(kept_for=DAY) == 0
        await pool().execute("UPDATE job SET state = 'FAILED', finished_at = now() - interval '1 h'")
        assert await purge_file() == 1
        assert await purge_reports(kept_for=DAY) == 1
    assert old.id != needed.id


async def test_files_are_purged_one_in_a_transaction() -> None:
    user = await make_user()
    for _ in range(2):
        await upload(user, b"old", announced=3)
    with clock_set_to(now() + 2 * DAY):
        assert [await purge_file() for _ in range(3)] == [1, 1, 0]


async def test_a_file_of_this_machine_is_kept_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    file_id = await store_file(
        path, kind=FileKind.RESULT, owner_id=None, name="a.csv", media_type="text/csv", kept_for=DAY
    )
    assert await content(file_id) == b""
    file = await File.get(id=file_id)
    assert (file.size, file.completed_at is not None) == (0, True)
