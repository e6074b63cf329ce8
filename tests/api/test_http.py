"""GraphQL over HTTP: requests, media types, status codes, and what is said of faults."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from app.auth.keys import token_keys
from domain.people import Role
from models import Order, Session, User
from reads.pools import ReadPools
from services.clock import now
from services.sessions.tokens import token_pair
from tests.api.conftest import Client
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

OURS = "application/graphql-response+json"
PLAIN = "application/json"
STREAM = "text/event-stream"
NAME = "{ viewer { name } }"


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


async def bearer(client: Client, user: User) -> dict[str, str]:
    return {"authorization": f"Bearer {await client.token(user)}"}


@pytest.mark.parametrize("media", [PLAIN, f"{PLAIN}; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
async def test_a_request_is_json(client: Client, ada: User, media: str) -> None:
    headers = {**await bearer(client, ada), "content-type": media}
    response = await client.http.post("/graphql", content=json.dumps({"query": NAME}), headers=headers)
    assert response.json() == {"data": {"viewer": {"name": "Ada"}}}


@pytest.mark.parametrize(
    "media", ["text/plain", "application/graphql", "multipart/form-data", f"{PLAIN}; charset=latin1", "", None]
)
async def test_another_media_type_of_a_request_is_refused(client: Client, media: str | None) -> None:
    headers = {"content-type": media} if media is not None else {}
    response = await client.http.post("/graphql", content=json.dumps({"query": NAME}), headers=headers)
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[]", "null", "1", '"{}"', "{}", '{"query": null}', '{"query": ""}', '{"query": 1}', "\ufeff"),
        *('{"query": ["{ viewer { id } }"]}', '{"query": "{ viewer { id } }", "variables": []}'),
        *('{"query": "{ viewer { id } }", "variables": "{}"}', '{"query": "{ viewer { id } }", "operationName": 1}'),
        *('{"query": "{ viewer { id } }", "extensions": 1}', '[{"query": "{ viewer { id } }"}]', "[" * 100_000),
    ],
)
@pytest.mark.parametrize("accept", [PLAIN, OURS])
async def test_a_malformed_request_is_refused(client: Client, body: str, accept: str) -> None:
    response = await client.http.post("/graphql", content=body, headers={"content-type": PLAIN, "accept": accept})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert "data" not in response.json()


async def test_bytes_that_are_no_text_are_refused(client: Client) -> None:
    response = await client.http.post("/graphql", content=b'{"query": "\xff"}', headers={"content-type": PLAIN})
    assert response.status_code == 400


@pytest.mark.parametrize("null", ["variables", "operationName", "extensions"])
async def test_null_stands_for_what_is_left_out(client: Client, ada: User, null: str) -> None:
    headers = {**await bearer(client, ada), "content-type": PLAIN}
    response = await client.http.post("/graphql", content=json.dumps({"query": NAME, null: None}), headers=headers)
    assert response.json() == {"data": {"viewer": {"name": "Ada"}}}


async def test_a_request_of_more_than_a_megabyte_is_refused(client: Client, ada: User) -> None:
    headers = {**await bearer(client, ada), "content-type": PLAIN}
    size = (1 << 20) - len(json.dumps({"query": NAME + "#"}))
    fits = json.dumps({"query": NAME + "#" + "x" * size})
    assert (await client.http.post("/graphql", content=fits, headers=headers)).json()["data"]["viewer"]
    response = await client.http.post("/graphql", content=fits + " ", headers=headers)
    assert response.status_code == 413
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST", "exceeded": "REQUEST_BYTES", "allowed": 1 << 20}


async def test_a_request_without_an_end_is_refused_at_a_megabyte(client: Client) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100 << 20:
            sent += 1 << 16
            yield b" " * (1 << 16)

    response = await client.http.post("/graphql", content=endless(), headers={"content-type": PLAIN})
    assert response.status_code == 413


async def test_a_query_can_be_asked_by_get(client: Client, ada: User) -> None:
    document = "query Q($id: ID!) { node(id: $id) { id } } query Other { viewer { name } }"
    query = {"query": document, "variables": json.dumps({"id": f"usr_{ada.id}"}), "operationName": "Q"}
    response = await client.http.get("/graphql", params=query, headers=await bearer(client, ada))
    assert response.json() == {"data": {"node": {"id": f"usr_{ada.id}"}}}


@pytest.mark.parametrize("accept", [PLAIN, OURS])
async def test_a_mutation_by_get_is_refused_and_changes_nothing(client: Client, ada: User, accept: str) -> None:
    document = """mutation { orderCreate(input: {idempotencyKey: "a", currency: "GBP", lines: []}) { order { id } } }"""
    query = {"query": document}
    response = await client.http.get("/graphql", params=query, headers={**await bearer(client, ada), "accept": accept})
    assert response.json()["errors"][0]["extensions"]["code"] in {"BAD_REQUEST", "INVALID_INPUT"}
    assert "data" not in response.json()
    assert await Order.all().count() == 0


async def test_logout_by_get_is_refused(client: Client, ada: User) -> None:
    headers = await bearer(client, ada)
    response = await client.http.get("/graphql", params={"query": "mutation { logout { ended } }"}, headers=headers)
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert (await client.query(NAME, as_=ada))["data"]


@pytest.mark.parametrize(
    "query", [{}, {"query": ""}, {"query": NAME, "variables": "{"}, {"query": NAME, "variables": "1"}]
)
async def test_a_malformed_get_is_refused(client: Client, query: dict[str, str]) -> None:
    response = await client.http.get("/graphql", params=query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    assert (await client.http.request(method, "/graphql")).status_code == 405


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (OURS, OURS),
        (f"{OURS}; charset=utf-8, {PLAIN}; charset=utf-8", OURS),
        (f"{PLAIN}, {OURS};q=0.5", PLAIN),
        (f"{PLAIN};q=0.9, {OURS}", OURS),
        (f"{PLAIN}, {OURS}", OURS),
        (f"{OURS.upper()} ; Q=1", OURS),
        (f"{PLAIN};q=0, */*", OURS),
        ("text/html, */*;q=0.1", PLAIN),
        (PLAIN, PLAIN),
        ("*/*", PLAIN),
        ("application/*", PLAIN),
        (f"{OURS}, {PLAIN}, {STREAM}, multipart/mixed", OURS),
        (f"{STREAM}, {PLAIN}", PLAIN),
        (f"{STREAM}, {PLAIN};q=0.9", STREAM),
        (None, PLAIN),
    ],
)
async def test_the_answer_has_the_media_type_that_was_asked_for(
    client: Client, ada: User, accept: str | None, media: str
) -> None:
    response = await client.post(NAME, as_=ada, headers={"accept": accept} if accept else {})
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert response.status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "image/*", f"{PLAIN};q=0", "text/event-stream;q=0", "nonsense"])
async def test_who_accepts_nothing_that_can_be_had_is_told_so(client: Client, ada: User, accept: str) -> None:
    response = await client.post(NAME, as_=ada, headers={"accept": accept})
    assert response.status_code == 406
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize(
    ("document", "status"), [("{", 400), ("{ nothing }", 400), ("query($v: Int!) { viewer { id } }", 400), (NAME, 401)]
)
async def test_requests_that_are_not_begun_have_a_status_of_their_own_in_the_new_media_type(
    client: Client, document: str, status: int
) -> None:
    assert (await client.post(document, headers={"accept": OURS})).status_code == status
    assert (await client.post(document, headers={"accept": PLAIN})).status_code == 200


@pytest.mark.parametrize("accept", [PLAIN, OURS])
async def test_an_answer_with_data_and_errors_is_a_success(client: Client, ada: User, accept: str) -> None:
    response = await client.post("{ orders(first: 251) { totalCount } }", as_=ada, headers={"accept": accept})
    assert response.status_code == 200
    assert response.json()["data"] == {"orders": None}


async def test_who_has_no_token_may_ask_for_nothing(client: Client, ada: User) -> None:
    error = {"code": "UNAUTHENTICATED"}
    for document in (
        NAME,
        '{ node(id: "usr_1") { id } }',
        "{ __typename viewer { id } }",
        "mutation { logout { ended } }",
    ):
        assert await client.error(document) == error
    assert ada


async def test_the_schema_is_for_everybody(client: Client) -> None:
    assert (await client.query("{ __typename __schema { queryType { name } } }"))["data"]["__typename"] == "Query"


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer x", "Bearer x.y.z", "Basic YTpi", "x", ""])
async def test_what_is_no_token_is_as_none(client: Client, authorization: str) -> None:
    answer = await client.query(NAME, headers={"authorization": authorization})
    assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "data" not in answer


async def test_a_token_of_another_key_is_as_none(client: Client, ada: User) -> None:
    await client.token(ada)
    session = await Session.get(user_id=ada.id)
    forged = token_pair(
        token_keys("another secret of the tests, as long"),
        user_id=ada.id,
        session_id=session.id,
        generation=1,
        now=now(),
    )
    answer = await client.query(NAME, headers={"authorization": f"Bearer {forged.access_token}"})
    assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize("change", [{"ended_at": True}, {"expires_at": True}])
async def test_a_session_that_is_over_is_as_none(client: Client, ada: User, change: dict[str, Any]) -> None:
    await client.token(ada)
    await Session.filter(user_id=ada.id).update(**dict.fromkeys(change, now() - timedelta(seconds=1)))
    assert await client.error(NAME, as_=ada) == {"code": "UNAUTHENTICATED"}


async def test_a_user_who_is_not_active_is_nobody(client: Client, ada: User) -> None:
    await User.filter(id=ada.id).update(active=False)
    assert await client.error(NAME, as_=ada) == {"code": "UNAUTHENTICATED"}


async def fails(*_: Any, **__: Any) -> asyncpg.Record:
    raise asyncpg.UndefinedColumnError('column t1.secret of "SELECT secret FROM app_user" does not exist')


async def test_a_fault_says_nothing_but_where_it_was_logged(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.query(NAME, as_=ada)
    monkeypatch.setattr(ReadPools, "fetchrow", fails)
    for accept, status in ((PLAIN, 200), (OURS, 500)):
        response = await client.post(NAME, as_=ada, headers={"accept": accept, "x-request-id": "my-request"})
        assert response.status_code == status
        assert response.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": "my-request"}
        assert "secret" not in response.text
        assert "SELECT" not in response.text


async def test_a_database_that_does_not_answer_is_told_as_unavailable(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(*_: Any, **__: Any) -> asyncpg.Record:
        raise TimeoutError

    await client.query(NAME, as_=ada)
    monkeypatch.setattr(ReadPools, "fetchrow", late)
    response = await client.post(NAME, as_=ada)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 1}


async def test_every_answer_has_a_request_id(client: Client) -> None:
    ids = [(await client.http.get("/healthz")).headers["x-request-id"] for _ in range(2)]
    assert len(set(ids)) == 2
    assert all(len(each) == 32 for each in ids)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a-B_1.2", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("a\tb", False), ("", False)],
)
async def test_a_plain_request_id_is_kept_and_another_is_not(client: Client, given: str, kept: bool) -> None:
    response = await client.post("{", headers={"x-request-id": given})
    assert (response.headers["x-request-id"] == given) == kept


async def test_the_language_of_an_answer_is_the_requests(client: Client, ada: User) -> None:
    await Order.create(currency="GBP", discount=0, net_total=0, tax_total=0, total=0, base_total=0, placed_at=now())
    document = "{ orders { nodes { statusLabel } } }"
    for header, label in (("zh-CN,zh;q=0.9", "草稿"), ("de, en;q=0.5", "Draft"), ("fr", "Draft")):
        found = await client.data(document, None, as_=ada, **{"accept-language": header})
        assert found["orders"]["nodes"] == [{"statusLabel": label}]


async def test_an_unknown_address_is_not_found(client: Client) -> None:
    assert (await client.http.get("/nothing")).status_code == 404


async def test_the_process_tells_that_it_lives_and_is_ready(client: Client) -> None:
    assert (await client.http.get("/healthz")).json() == {"status": "alive"}
    assert (await client.http.get("/readyz")).json() == {"status": "ready"}


async def test_a_path_that_is_not_there_is_told_in_json(client: Client) -> None:
    for method, path, status, code in (("GET", "/nope", 404, "NOT_FOUND"), ("PUT", "/files", 405, "BAD_REQUEST")):
        response = await client.http.request(method, path)
        assert (response.status_code, response.headers["content-type"]) == (status, "application/json")
        assert (response.json()["code"], set(response.json())) == (code, {"code", "message"})
