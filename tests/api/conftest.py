"""The application in this process, on the module's database, and a client that asks it as any user."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from app.asgi import create_app
from app.auth.keys import token_keys
from app.embedded import Servers
from app.settings import Settings
from models import Session, User
from services.clock import now
from services.sessions.tokens import token_pair

SECRET = "a secret of the tests, long enough"


@pytest.fixture(scope="module")
def settings(servers: Servers, database_url: str, database_read_url: str, database_read_generic_url: str) -> Settings:
    """Those of the application; its company counts in GBP and lives in London."""
    return Settings(
        database_url=database_url,
        database_read_url=database_read_url,
        database_read_generic_url=database_read_generic_url,
        redis_url=servers.redis_url,
        secret_key=SECRET,
        company_currency="GBP",
        company_zone=ZoneInfo("Europe/London"),
        introspection=True,
        caller_points=1_000_000_000,  # the users of a module share their numbers, and so their accounts
        file_size_limit=3_000_000,
    )


@pytest.fixture(scope="module")
async def app(settings: Settings) -> AsyncIterator[Starlette]:
    """The application, started."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="module")
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that is ready."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sluice.test", timeout=60) as client:
        await _ready(client)
        yield client


@pytest.fixture(scope="module")
async def module_database(http: httpx.AsyncClient, database_url: str) -> str:
    """Tortoise connected to the module's database, by the application itself; the address."""
    assert http
    return database_url


@pytest.fixture(scope="module")
async def socket_address(module_database: str, app: Starlette) -> AsyncIterator[str]:
    """The endpoint over a real port, for sockets."""
    assert module_database
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws_max_size=1 << 20)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn sets no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/graphql"
    server.should_exit = True
    await serving


async def _ready(client: httpx.AsyncClient) -> None:
    for _ in range(500):
        if (await client.get("/readyz")).status_code == 200:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError((await client.get("/readyz")).text)


class Client:
    """Asks the application as any user. Tokens are made on first use."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self._tokens: dict[int, str] = {}

    async def token(self, user: User | int) -> str:
        """An access token of a session of the user."""
        user_id = user if isinstance(user, int) else user.id
        if user_id not in self._tokens:
            session = await Session.create(
                id=uuid4(), user_id=user_id, token_hash=b"", rotations=[], expires_at=now() + timedelta(days=1)
            )
            pair = token_pair(token_keys(SECRET), user_id=user_id, session_id=session.id, generation=1, now=now())
            self._tokens[user_id] = pair.access_token
        return self._tokens[user_id]

    async def post(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        as_: User | int | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> httpx.Response:
        """The response to a request; `members` go beside `query` and `variables`."""
        bearer = {"authorization": f"Bearer {await self.token(as_)}"} if as_ is not None else {}
        body = {"query": document, "variables": dict(variables or {}), **members}
        # Escaped, so that JSON can hold what UTF-8 cannot.
        content = json.dumps(body, ensure_ascii=True)
        headers = {"content-type": "application/json", **bearer, **(headers or {})}
        return await self.http.post("/graphql", content=content, headers=headers)

    async def query(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        as_: User | int | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> dict[str, Any]:
        """The JSON of the response."""
        response = await self.post(document, variables, as_=as_, headers=headers, **members)
        answer: dict[str, Any] = response.json()
        return answer

    async def data(
        self, document: str, variables: Mapping[str, Any] | None = None, *, as_: User | int, **headers: str
    ) -> dict[str, Any]:
        """`data` of an answer that has no errors."""
        answer = await self.query(document, variables, as_=as_, headers=headers)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def error(
        self,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        as_: User | int | None = None,
        **members: Any,
    ) -> dict[str, Any]:
        """`extensions` of the only error of an answer."""
        answer = await self.query(document, variables, as_=as_, **members)
        [error] = answer["errors"]
        extensions: dict[str, Any] = error["extensions"]
        return extensions


@pytest.fixture
def client(http: httpx.AsyncClient) -> Client:
    """A client whose tokens are of this test alone."""
    return Client(http)


@pytest.fixture(scope="module")
def asking(http: httpx.AsyncClient) -> Client:
    """A client whose tokens last for the module, for those who ask much of rows that stay."""
    return Client(http)
