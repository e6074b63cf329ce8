"""POST /files and the addresses of downloads: who may, what is taken, and what a client is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.asgi import Api
from app.limits.accounts import Accounts
from app.limits.gate import Gate
from domain.files import FileKind
from domain.people import Role
from models import AuditEntry, File, User
from models.connection import pool
from services.clock import now
from tests.api.conftest import Client
from tests.api.working import mutate, run_job, send, sent, started
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


DELETE = """mutation($id: ID!) {
    fileDelete(input: {id: $id}) { deletedId errors { __typename code path message } }
}"""


async def delete(client: Client, file: str, *, as_: User) -> dict[str, Any]:
    payload: dict[str, Any] = (await client.data(DELETE, {"id": file}, as_=as_))["fileDelete"]
    return payload


async def test_a_file_goes_by_its_owner_or_an_administrator_and_by_nobody_else(client: Client) -> None:
    user, other, admin = await make_user(Role.REP), await make_user(Role.MANAGER), await make_user(Role.ADMIN)
    mine, theirs = [await sent(client, content, as_=user) for content in (b"a,b", b"c,d")]
    assert [error["code"] for error in (await delete(client, mine, as_=other))["errors"]] == ["NOT_FOUND"]
    assert await File.all().count() == 2
    assert await delete(client, mine, as_=user) == {"deletedId": mine, "errors": []}
    assert await delete(client, theirs, as_=admin) == {"deletedId": theirs, "errors": []}
    assert [error["code"] for error in (await delete(client, mine, as_=user))["errors"]] == ["NOT_FOUND"]
    assert await pool().fetchval("SELECT count(*) FROM stored_file_chunk") == 0
    told = await AuditEntry.filter(action="FILE_DELETED").order_by("id").values_list("actor_id", "subject_id")
    assert told == [(user.id, mine), (admin.id, theirs)]


async def test_a_file_that_an_open_job_reads_stays_until_the_job_has_ended(client: Client) -> None:
    user = await make_user(Role.ADMIN)
    file = await sent(client, b"sku,name\nA,First\n", as_=user)
    given = {"files": [file], "columns": {"sku": "sku", "name": "name"}}
    job = await started(client, "productImport", given, as_=user)
    [error] = (await delete(client, file, as_=user))["errors"]
    assert (error["__typename"], error["path"]) == ("InUse", ["input", "id"])
    await run_job(job)
    assert (await delete(client, file, as_=user))["errors"] == []


async def test_a_job_and_a_removal_of_its_file_at_the_same_time_do_not_both_happen(client: Client) -> None:
    user = await make_user(Role.ADMIN)
    for _ in range(3):
        file = await sent(client, b"sku,name\nA,First\n", as_=user)
        given = {"files": [file], "columns": {"sku": "sku", "name": "name"}}
        removed, job = await asyncio.gather(
            delete(client, file, as_=user), mutate(client, "productImport", given, as_=user)
        )
        assert bool(removed["errors"]) != bool(job["errors"]), (removed, job)


async def test_a_file_waits_for_no_place_and_costs_by_its_size(
    client: Client, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await make_user(Role.REP)
    who, accounts = f"user:{user.id}", Accounts(1_000, 1)  # which nobody settles meanwhile
    monkeypatch.setattr(app.runtime, "accounts", accounts)
    await sent(client, b"a,b\n" * 25_000, as_=user)
    assert accounts.spent.pop(who) == 10 + 10

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(25):
            yield b"a,b\n" * 1_000

    headers = {"authorization": f"Bearer {await client.token(user)}"}
    response = await client.http.post("/files", content=unannounced(), headers=headers)
    assert (response.status_code, accounts.spent.pop(who)) == (201, 10 + 10)

    accounts.debit(who, accounts.capacity)
    response = await send(client, b"a,b", as_=user)
    assert (response.status_code, response.json()["code"]) == (429, "RATE_LIMITED")
    assert int(response.headers["retry-after"]) >= 1
    assert await File.all().count() == 2


async def test_a_file_is_turned_away_where_there_is_too_much_to_do_and_one_that_comes_slowly_takes_no_place(
    client: Client, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await make_user(Role.REP)
    gate = Gate(1, 0)
    monkeypatch.setattr(app.runtime, "gate", gate)
    async with gate.place():
        response = await send(client, b"a,b", as_=user)
        assert (response.status_code, response.json()["code"]) == (503, "UNAVAILABLE")
        assert response.headers["retry-after"] == "1"
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"a,b\n"
        begun.set()
        await go_on.wait()
        yield b"1,2\n"

    headers = {"authorization": f"Bearer {await client.token(user)}"}
    sending = asyncio.create_task(client.http.post("/files", content=slow(), headers=headers))
    await begun.wait()
    assert (await client.data("{ viewer { id } }", as_=user))["viewer"], "others go on meanwhile"
    go_on.set()
    assert (await sending).status_code == 201
