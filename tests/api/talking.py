"""A client's side of a socket that speaks graphql-transport-ws, and what it follows."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from domain.jobs import JobKind, JobState
from models import Job, User

NAME = "{ viewer { name } }"
PROGRESS = "subscription($id: ID!) { jobProgress(id: $id) { state done startedBy { name } } }"


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


async def running_job(by: User) -> str:
    """The id of a job that somebody has begun."""
    job = await Job.create(kind=JobKind.ORDER_IMPORT, state=JobState.RUNNING, parameters={}, started_by=by)
    return f"job_{job.id}"
