"""Operations over WebSockets: the protocol graphql-transport-ws, its limits, and a subscription."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from app import event_stream
from app.asgi import Api
from app.callers import Circumstances
from app.limits.accounts import Accounts
from app.pipeline import Pipeline
from app.sockets import socket as sockets
from domain.jobs import JobKind, JobState
from domain.people import Role
from models import AuditEntry, Job, LoginAttempts, Session, User
from reads.operations import Request
from services.clock import now
from services.jobs import watching
from tests.api.conftest import Client
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

NAME = "{ viewer { name } }"
PROGRESS = "subscription($id: ID!) { jobProgress(id: $id) { state done startedBy { name } } }"


@pytest.fixture(scope="module")
async def address(client_module: str, app: Api) -> AsyncIterator[str]:
    """The endpoint over a real port."""
    assert client_module
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws_max_size=1 << 20)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn sets no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/graphql"
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
def client_module(module_database: str) -> str:
    """The application is ready."""
    return module_database


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


class Talk:
    """A client's side of a socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, kind: str, name: str = "", payload: Any = None) -> None:
        message = {"type": kind, **({"id": name} if name else {}), **({"payload": payload} if payload else {})}
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(10):
            message: dict[str, Any] = json.loads(await self.connection.recv())
        return message

    async def ask(self, name: str, document: str, **variables: Any) -> None:
        await self.say("subscribe", name, {"query": document, "variables": variables})

    async def closed(self) -> int | None:
        """The code by which the server closes the socket; what it says before is passed over."""
        async with asyncio.timeout(10):
            while True:
                try:
                    await self.connection.recv()
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else None


@asynccontextmanager
async def opened(address: str, *protocols: str) -> AsyncIterator[Talk]:
    """A socket that has said nothing."""
    subprotocols: Any = protocols or ["graphql-transport-ws"]
    async with connect(address, subprotocols=subprotocols) as connection:
        yield Talk(connection)


@asynccontextmanager
async def talking(address: str, token: str | None) -> AsyncIterator[Talk]:
    """A socket that is acknowledged."""
    async with opened(address) as talk:
        await talk.say("connection_init", payload={"authorization": f"Bearer {token}"} if token else None)
        assert (await talk.hear())["type"] == "connection_ack"
        yield talk


async def test_queries_and_mutations_are_answered_and_completed(address: str, client: Client, ada: User) -> None:
    async with talking(address, await client.token(ada)) as talk:
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
    address: str, client: Client, ada: User, payload: dict[str, Any], code: str
) -> None:
    async with talking(address, await client.token(ada)) as talk:
        await talk.say("subscribe", "1", payload)
        heard = await talk.hear()
        assert (heard["type"], heard["id"], heard["payload"][0]["extensions"]["code"]) == ("error", "1", code)
        await talk.ask("1", NAME)
        assert (await talk.hear())["type"] == "next"


async def test_a_login_has_the_address_of_its_socket(address: str, ada: User) -> None:
    login = 'mutation($email: String!) { login(input: {email: $email, password: "wrong"}) { errors { code } } }'
    async with talking(address, None) as talk:
        await talk.ask("1", login, email=ada.email)
        assert (await talk.hear())["payload"]["data"]["login"]["errors"] == [{"code": "INVALID_CREDENTIALS"}]
    [failed] = await AuditEntry.all()
    assert (failed.action, failed.address) == ("SIGN_IN_FAILED", "127.0.0.0/24")
    assert failed.request_id
    assert await LoginAttempts.all().count() == 3, "of the account, of both, and of the client"


async def test_who_says_nothing_of_themselves_may_ask_for_little(address: str) -> None:
    async with talking(address, None) as talk:
        await talk.ask("1", "{ __typename }")
        assert (await talk.hear())["payload"] == {"data": {"__typename": "Query"}}
        await talk.hear()
        await talk.ask("2", NAME)
        assert (await talk.hear())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_pings_are_answered(address: str) -> None:
    async with opened(address) as talk:
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
async def test_what_breaks_the_protocol_closes_the_socket(address: str, messages: list[Any], code: int) -> None:
    async with opened(address) as talk:
        for message in messages:
            await talk.connection.send(message)
        assert await talk.closed() == code


async def test_another_protocol_is_not_spoken(address: str) -> None:
    async with connect(address) as connection:
        assert await Talk(connection).closed() == 4406


async def test_who_does_not_begin_in_time_is_closed(address: str, app: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.runtime, "settings", app.runtime.settings.model_copy(update={"socket_init_timeout": 0.1}))
    async with opened(address) as talk:
        assert await talk.closed() == 4408


async def test_an_id_is_for_one_operation_at_a_time(address: str, client: Client, ada: User) -> None:
    job = await running_job(ada)
    async with talking(address, await client.token(ada)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        await talk.ask("1", NAME)
        assert await talk.closed() == 4409


async def test_a_socket_carries_so_many_operations_and_a_process_so_many_sockets(
    address: str, client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    fewer = app.runtime.settings.model_copy(update={"socket_operations": 2, "sockets": 1})
    monkeypatch.setattr(app.runtime, "settings", fewer)
    job = await running_job(ada)
    async with talking(address, await client.token(ada)) as talk:
        for name in ("1", "2"):
            await talk.ask(name, PROGRESS, id=job)
            assert (await talk.hear())["type"] == "next"
        await talk.ask("3", NAME)
        heard = await talk.hear()
        assert (heard["type"], heard["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")
        async with opened(address) as other:
            assert await other.closed() == 1013


async def test_the_socket_of_a_session_that_has_ended_is_closed(
    address: str, client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SECONDS_BETWEEN_CHECKS", 0.05)
    async with talking(address, await client.token(ada)) as talk:
        session = await Session.get(user_id=ada.id)
        await Session.filter(id=session.id).update(ended_at=now())
        app.runtime.connected.authenticator.viewers._answers.clear()  # type: ignore[union-attr]  # it is connected
        assert await talk.closed() == 4401


async def test_a_process_that_ends_says_goodbye(address: str, client: Client, ada: User, app: Api) -> None:
    async with talking(address, await client.token(ada)) as talk:
        await app.close()
        assert await talk.closed() == 1001
    app.sockets._closing = False


async def running_job(by: User) -> str:
    """The id of a job that somebody has begun."""
    job = await Job.create(kind=JobKind.ORDER_IMPORT, state=JobState.RUNNING, parameters={}, started_by=by)
    return f"job_{job.id}"


async def test_a_job_is_told_as_it_goes_on_until_it_has_ended(
    address: str, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.02)
    job = await running_job(ada)
    by = {"name": "Ada"}
    async with talking(address, await client.token(ada)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        told = (await talk.hear())["payload"]["data"]["jobProgress"]
        assert told == {"state": "RUNNING", "done": 0, "startedBy": by}
        await Job.all().update(heartbeat_at=now())
        await Job.all().update(done=7)
        told = (await talk.hear())["payload"]["data"]["jobProgress"]
        assert told == {"state": "RUNNING", "done": 7, "startedBy": by}
        await Job.all().update(state=JobState.SUCCEEDED, finished_at=now())
        assert (await talk.hear())["payload"]["data"]["jobProgress"]["state"] == "SUCCEEDED"
        assert await talk.hear() == {"type": "complete", "id": "1"}


@pytest.mark.parametrize("which", ["somebody else's", "none", "nonsense"])
async def test_a_job_that_is_not_seen_is_null_and_nothing_more(
    address: str, client: Client, ada: User, which: str
) -> None:
    bob = await make_user(Role.REP, name="Bob")
    job = {"somebody else's": await running_job(ada), "none": "job_99", "nonsense": "x"}[which]
    async with talking(address, await client.token(bob)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        assert (await talk.hear())["payload"] == {"data": {"jobProgress": None}}
        assert await talk.hear() == {"type": "complete", "id": "1"}


async def test_who_completes_an_operation_hears_no_more_of_it(
    address: str, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.02)
    job = await running_job(ada)
    async with talking(address, await client.token(ada)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        await talk.hear()
        await talk.say("complete", "1")
        await talk.say("ping")
        assert (await talk.hear())["type"] == "pong"
        await Job.all().update(done=7)
        await talk.ask("1", NAME)
        assert (await talk.hear())["payload"] == {"data": {"viewer": {"name": "Ada"}}}


async def test_a_job_can_be_followed_by_events(client: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.02)
    monkeypatch.setattr(event_stream, "SECONDS_BETWEEN_SIGNS", 0.01)
    await Job.create(kind=JobKind.ORDER_IMPORT, state=JobState.RUNNING, parameters={}, started_by=ada)
    headers = {"accept": "text/event-stream"}
    asking = asyncio.create_task(client.post(PROGRESS, {"id": "job_1"}, as_=ada, headers=headers))
    await asyncio.sleep(0.3)
    await Job.all().update(state=JobState.FAILED, finished_at=now())
    response = await asking
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [event for event in response.text.split("\n\n") if event and event != ":"]
    first, last = (json.loads(event.removeprefix("event: next\ndata: ")) for event in events[:-1])
    assert first == {"data": {"jobProgress": {"state": "RUNNING", "done": 0, "startedBy": {"name": "Ada"}}}}
    assert last["data"]["jobProgress"]["state"] == "FAILED"
    assert events[-1] == "event: complete\ndata:"
    assert ":\n\n" in response.text


async def test_queries_and_errors_are_events_too(client: Client, ada: User) -> None:
    headers = {"accept": "text/event-stream"}
    response = await client.post(NAME, as_=ada, headers=headers)
    assert response.text == 'event: next\ndata: {"data":{"viewer":{"name":"Ada"}}}\n\nevent: complete\ndata:\n\n'
    assert "BAD_REQUEST" in (await client.post("{", as_=ada, headers=headers)).text


async def test_a_subscription_over_plain_http_is_refused(client: Client, ada: User) -> None:
    assert await client.error(PROGRESS, {"id": "job_1"}, as_=ada) == {"code": "BAD_REQUEST"}


# An answer that does not fit into the buffers between two machines, and that costs the database nothing.
LOTS = "{ __schema { types { description fields { name description } enumValues { name description } } } }"


@asynccontextmanager
async def small_buffers(app: Api) -> AsyncIterator[tuple[str, int]]:
    """The application behind a port whose connections buffer hardly anything: its host and port."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, ws_max_size=1 << 20))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110  # uvicorn sets no event
        await asyncio.sleep(0.01)
    yield listening.getsockname()
    server.force_exit = server.should_exit = True
    await serving


def deaf_socket(address: tuple[str, int]) -> socket.socket:
    """A connection that takes hardly anything."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.connect(address)
    client.setblocking(False)
    return client


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  # nothing tells
            await asyncio.sleep(0.01)


async def test_a_socket_whose_client_does_not_read_is_closed(
    app: Api, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SECONDS_TO_SEND", 0.2)
    async with small_buffers(app) as (host, port):
        deaf = deaf_socket((host, port))
        uri, protocols = f"ws://{host}:{port}/graphql", [Subprotocol("graphql-transport-ws")]
        async with connect(uri, sock=deaf, subprotocols=protocols, max_queue=1, close_timeout=0.1) as connection:
            talk = Talk(connection)
            await talk.say("connection_init", payload={"authorization": f"Bearer {await client.token(ada)}"})
            assert (await talk.hear())["type"] == "connection_ack"
            for number in range(4):
                await talk.ask(str(number), LOTS)
            await until(lambda: len(app.sockets) == 1)
            await until(lambda: len(app.sockets) == 0)


async def test_a_stream_whose_client_does_not_read_ends(
    app: Api, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "SECONDS_TO_SEND", 0.2)
    async with small_buffers(app) as address:
        deaf = deaf_socket(address)
        content = json.dumps({"query": LOTS})
        headers = {
            "host": "test",
            "content-type": "application/json",
            "accept": "text/event-stream",
            "authorization": f"Bearer {await client.token(ada)}",
            "content-length": str(len(content)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(deaf, f"POST /graphql HTTP/1.1\r\n{head}\r\n{content}".encode())
        await until(lambda: len(app.streams) == 1)
        await until(lambda: len(app.streams) == 0)
        deaf.close()


async def test_each_event_is_charged_and_comes_when_there_is_enough_to_be_charged(
    client: Client, app: Api, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.01)
    monkeypatch.setattr(app.runtime, "accounts", Accounts(100, 1_000))
    job = await running_job(ada)
    spent = app.runtime.accounts.spent
    who = f"user:{ada.id}"
    request = Request(PROGRESS, {"id": job}, subscribes=True)
    given = Circumstances(f"Bearer {await client.token(ada)}", "en", "127.0.0.1", "r")
    async with aclosing(Pipeline(app.runtime).answers(request, given)) as answers:
        await anext(answers)
        first = spent[who]
        app.runtime.accounts.debit(who, 150)  # something else was dear
        await Job.all().update(done=1)
        assert (await anext(answers)).data is not None
    assert (first, spent[who]) == (13, 13 + 150 + 3), "an event costs as much as the operation, without beginning"
