"""A subscription over sockets and event streams, what it costs, and clients that do not read."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from app import event_stream
from app.asgi import Api
from app.callers import Circumstances
from app.limits.accounts import Accounts
from app.pipeline import Pipeline
from app.sockets import socket as sockets
from domain.jobs import JobKind, JobState
from domain.people import Role
from models import Job, User
from reads.operations import Request
from services.clock import now
from services.jobs import watching
from tests.api.conftest import Client
from tests.api.talking import NAME, PROGRESS, Talk, running_job, talking
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


async def test_a_job_is_told_as_it_goes_on_until_it_has_ended(
    socket_address: str, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.02)
    job = await running_job(ada)
    by = {"name": "Ada"}
    async with talking(socket_address, await client.token(ada)) as talk:
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
    socket_address: str, client: Client, ada: User, which: str
) -> None:
    bob = await make_user(Role.REP, name="Bob")
    job = {"somebody else's": await running_job(ada), "none": "job_99", "nonsense": "x"}[which]
    async with talking(socket_address, await client.token(bob)) as talk:
        await talk.ask("1", PROGRESS, id=job)
        assert (await talk.hear())["payload"] == {"data": {"jobProgress": None}}
        assert await talk.hear() == {"type": "complete", "id": "1"}


async def test_who_completes_an_operation_hears_no_more_of_it(
    socket_address: str, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "EVERY", 0.02)
    job = await running_job(ada)
    async with talking(socket_address, await client.token(ada)) as talk:
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
