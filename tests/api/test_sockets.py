"""Operations over WebSockets: the protocol graphql-transport-ws, and its limits."""

from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.asgi import Api
from app.sockets import socket as sockets
from domain.people import Role
from models import AuditEntry, LoginAttempts, Session, User
from services.clock import now
from tests.api.conftest import Client
from tests.api.talking import NAME, PROGRESS, Talk, opened, running_job, talking
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


async def test_queries_and_mutations_are_answered_and_completed(socket_address: str, client: Client, ada: User) -> None:
    async with talking(socket_address, await client.token(ada)) as talk:
        await talk.ask("1", NAME)
        assert await talk.hear() == {"type": "next", "id": "1", "payload": {"data": {"viewer": {"name": "Ada"}}}}
        assert await talk.hear() == {"type": "complete", "id": "1"}
        await talk.ask("1", 'mutation { customerCreate(input: {name: "Tea"}) { customer { name } } }')
        data = {"customerCreate": {"customer": {"name": "Tea"}}}
        assert await talk.hear() == {"type": "next", "id": "1", "payload": {"data": data}}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "BAD_REQUEST"),
        ({"query": "{ nothing }"}, "BAD_REQUEST"),
        ({"query": "query A { viewer { id } } query B { viewer { id } }"}, "BAD_REQUEST"),
        ({"query": 1}, "BAD_REQUEST"),
        ({"query": "{ " + "viewer { id } " * 201 + "}"}, "QUERY_TOO_COMPLEX"),
        ({"query": "query($n: Int!) { orders(first: $n) { totalCount } }"}, "INVALID_INPUT"),
    ],
)
async def test_an_operation_that_is_wrong_is_told_so_and_the_socket_goes_on(
    socket_address: str, client: Client, ada: User, payload: dict[str, Any], code: str
) -> None:
    async with talking(socket_address, await client.token(ada)) as talk:
        await talk.say("subscribe", "1", payload)
        heard = await talk.hear()
        assert (heard["type"], heard["id"], heard["payload"][0]["extensions"]["code"]) == ("error", "1", code)
        await talk.ask("1", NAME)
        assert (await talk.hear())["type"] == "next"


async def test_a_login_has_the_address_of_its_socket(socket_address: str, ada: User) -> None:
    login = 'mutation($email: String!) { login(input: {email: $email, password: "wrong"}) { errors { code } } }'
    async with talking(socket_address, None) as talk:
        await talk.ask("1", login, email=ada.email)
        assert (await talk.hear())["payload"]["data"]["login"]["errors"] == [{"code": "INVALID_CREDENTIALS"}]
    [failed] = await AuditEntry.all()
    assert (failed.action, failed.address) == ("SIGN_IN_FAILED", "127.0.0.0/24")
    assert failed.request_id
    assert await LoginAttempts.all().count() == 3, "of the account, of both, and of the client"


async def test_who_says_nothing_of_themselves_may_ask_for_little(socket_address: str) -> None:
    async with talking(socket_address, None) as talk:
        await talk.ask("1", "{ __typename }")
        assert (await talk.hear())["payload"] == {"data": {"__typename": "Query"}}
        await talk.hear()
        await talk.ask("2", NAME)
        assert (await talk.hear())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_pings_are_answered(socket_address: str) -> None:
    async with opened(socket_address) as talk:
        await talk.say("ping", payload={"at": 1})
        assert await talk.hear() == {"type": "pong", "payload": {"at": 1}}
        await talk.say("pong")
        await talk.say("connection_init")
        assert await talk.hear() == {"type": "connection_ack"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["nonsense"], 4400),
        (["[]"], 4400),
        (['{"type": "hello"}'], 4400),
        (['{"type": "subscribe", "payload": {"query": "{ __typename }"}}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        (['{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}'], 4401),
        (['{"type": "connection_init"}'] * 2, 4429),
        ([b"{}"], 4400),
        (['{"type": "connection_init", "payload": "' + "x" * (1 << 20) + '"}'], 1009),
    ],
)
async def test_what_breaks_the_protocol_closes_the_socket(socket_address: str, messages: list[Any], code: int) -> None:
    async with opened(socket_address) as talk:
        for message in messages:
            await talk.connection.send(message)
        assert await talk.closed() == code


async def test_another_protocol_is_not_spoken(socket_address: str) -> None:
    async with connect(socket_address) as connection:
        assert await Talk(connection).closed() == 4406


async def test_who_does_not_begin_in_time_is_closed(
    socket_address: str, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.runtime, "settings", app.runtime.settings.model_copy(update={"socket_init_timeout": 0.1}))
    async with opened(socket_address) as talk:
        assert await talk.closed() == 4408


async def test_an_id_is_for_one_operation_at_a_time(socket_address: str, client: Client, ada: User) -> None:
    job = await running_job(ada)
    async with talking(socket_address, await client.token(ada)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        await talk.ask("1", NAME)
        assert await talk.closed() == 4409


async def test_a_socket_carries_so_many_operations_and_a_process_so_many_sockets(
    socket_address: str, client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = app.runtime.settings.model_copy(update={"socket_operations": 2, "sockets": 1})
    monkeypatch.setattr(app.runtime, "settings", fewer)
    job = await running_job(ada)
    async with talking(socket_address, await client.token(ada)) as talk:
        for name in ("1", "2"):
            await talk.ask(name, PROGRESS, id=job)
            assert (await talk.hear())["type"] == "next"
        await talk.ask("3", NAME)
        heard = await talk.hear()
        assert (heard["type"], heard["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")
        async with opened(socket_address) as other:
            assert await other.closed() == 1013


async def test_the_socket_of_a_session_that_has_ended_is_closed(
    socket_address: str, client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SECONDS_BETWEEN_CHECKS", 0.05)
    async with talking(socket_address, await client.token(ada)) as talk:
        session = await Session.get(user_id=ada.id)
        await Session.filter(id=session.id).update(ended_at=now())
        app.runtime.connected.authenticator.viewers._answers.clear()  # type: ignore[union-attr]  # it is connected
        assert await talk.closed() == 4401


async def test_a_process_that_ends_says_goodbye(socket_address: str, client: Client, ada: User, app: Api) -> None:
    async with talking(socket_address, await client.token(ada)) as talk:
        await app.close()
        assert await talk.closed() == 1001
    app.sockets._closing = False
