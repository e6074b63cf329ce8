"""POST /files and the addresses of downloads: who may, what is taken, and what a client is told."""

from typing import Any

import pytest

from domain.files import FileKind
from domain.people import Role
from models import AuditEntry, File, User
from models.connection import pool
from services.clock import now
from tests.api.conftest import Client
from tests.api.working import send, sent
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

FILES = "{ files { nodes { id kind name mediaType size sha256 url } } }"


async def files(client: Client, user: User) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.data(FILES, as_=user))["files"]["nodes"]
    return found


@pytest.mark.parametrize("form", [True, False], ids=["form", "body"])
async def test_a_file_is_kept_and_fetched_as_it_was_sent(client: Client, form: bool) -> None:
    user = await make_user(Role.REP)
    content = b"a,b\r\n1,2\r\n" * 20_000
    response = await send(client, content, as_=user, name='C:\\folder\\订单 "1".csv', form=form)
    assert response.status_code == 201
    told = response.json()
    [file] = await files(client, user)
    assert {name: file[name] for name in told} == told
    assert (told["name"], told["size"], told["mediaType"]) == (
        '订单 "1".csv' if not form else told["name"],
        len(content),
        "text/csv; charset=utf-8",
    )
    fetched = await client.http.get(file["url"])
    assert (fetched.status_code, fetched.content) == (200, content)
    assert fetched.headers["x-content-type-options"] == "nosniff"
    assert fetched.headers["content-disposition"].startswith('attachment; filename="')
    assert fetched.headers["content-length"] == str(len(content))


async def test_a_stranger_keeps_nothing(client: Client) -> None:
    response = await send(client, b"a,b")
    assert (response.status_code, response.json()["code"]) == (401, "UNAUTHENTICATED")
    assert await File.all().count() == 0


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"MZ\x90\x00\x03", 415, "INVALID_FILE"),
        (b"", 415, "INVALID_FILE"),
        (b"x" * 3_000_001, 413, "FILE_TOO_LARGE"),
    ],
    ids=["program", "nothing", "too large"],
)
async def test_what_is_not_taken_is_told_by_status_and_code(
    client: Client, content: bytes, status: int, code: str
) -> None:
    user = await make_user(Role.REP)
    for form in (True, False):
        response = await send(client, content, as_=user, form=form)
        assert (response.status_code, response.json()["code"]) == (status, code)
    assert await File.all().count() == 0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"garbage"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n1,2',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n1,2\r\n' * 2 + b"--x--\r\n",
        ),
    ],
    ids=["no boundary", "empty", "garbage", "no file", "cut off", "two files"],
)
async def test_a_form_that_is_not_one_file_is_refused(client: Client, kind: str, body: bytes) -> None:
    bearer = f"Bearer {await client.token(await make_user(Role.REP))}"
    response = await client.http.post("/files", content=body, headers={"content-type": kind, "authorization": bearer})
    assert (response.status_code, response.json()["code"]) == (400, "BAD_REQUEST")
    assert await File.all().count() == 0


async def test_files_are_their_owners_and_administrators_see_all(client: Client) -> None:
    owner, other, admin = await make_user(Role.REP), await make_user(Role.MANAGER), await make_user(Role.ADMIN)
    file_id = await sent(client, b"a,b", as_=owner)
    await File.create(kind=FileKind.UPLOAD, owner=owner, name="", media_type="", size=9, secret=b"", expires_at=now())
    node = "query($id: ID!) { node(id: $id) { id } }"
    seen = [(await client.data(node, {"id": file_id}, as_=user))["node"] for user in (owner, other, admin)]
    assert seen == [{"id": file_id}, None, {"id": file_id}]
    assert [len(await files(client, user)) for user in (owner, other, admin)] == [1, 0, 1]


async def test_an_address_is_good_for_one_file_and_ten_minutes(client: Client) -> None:
    user = await make_user(Role.REP)
    await sent(client, b"first,1", as_=user)
    await sent(client, b"second,2", as_=user)
    second, first = (file["url"] for file in await files(client, user))
    assert (await client.http.get(first)).text == "first,1"
    path, _, query = first.partition("?")
    until, key = (part.partition("=")[2] for part in query.split("&"))
    wrong = [
        second.partition("?")[0] + "?" + query,
        f"{path}?until={int(until) + 1}&key={key}",
        f"{path}?until={until}&key={key[:-1]}0" if not key.endswith("0") else f"{path}?until={until}&key={key[:-1]}1",
        f"{path}?until={until}&key={'é' * 64}",
        f"{path}?until=٩{until}&key={key}",
        path,
        "/files/usr_1?" + query,
        "/files/..%2f..%2fetc%2fpasswd?" + query,
    ]
    for address in wrong:
        assert (await client.http.get(address)).status_code == 404, address
    offset = int(until) - int(now().timestamp())
    assert 595 <= offset <= 600
    await pool().execute("UPDATE stored_file SET expires_at = now() - interval '1 s' WHERE name = 'a.csv'")
    assert (await client.http.get(first)).status_code == 404


async def test_the_download_of_a_result_is_kept_in_the_audit(client: Client) -> None:
    user = await make_user(Role.REP)
    await sent(client, b"a,b", as_=user)
    [file] = await files(client, user)
    await client.http.get(file["url"])
    assert await AuditEntry.filter(action="EXPORT_DOWNLOADED").count() == 0
    await pool().execute("UPDATE stored_file SET kind = 'RESULT'")
    await client.http.get(file["url"])
    assert await AuditEntry.filter(action="EXPORT_DOWNLOADED").count() == 1
