"""The server: `python -m bench.handwritten.app`."""

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.auth.keys import token_keys
from bench.handwritten.statements import Sight, Statement, one, page, sight_of, totals
from bench.handwritten.viewers import Viewers
from bench.serving import serve

Values = dict[str, Any]


class Endpoint:
    """Orders as JSON: a page, one, or totals. An ASGI application, so that nothing lies between it and uvicorn."""

    pool: asyncpg.Pool
    viewers: Viewers

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a GET."""
        header = next(value for name, value in scope["headers"] if name == b"authorization")
        viewer = await self.viewers.viewer(header)
        given: Values = dict(parse_qsl(scope["query_string"].decode()))
        values = {"me": viewer.user_id, "teams": viewer.team_ids, **given}
        statement = self._statement(sight_of(viewer), scope["path_params"].get("id"), values)
        text: str = await self.pool.fetchval(statement.sql, *[values[name] for name in statement.names])
        body = text.encode()
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _statement(self, sight: Sight, order: str | None, values: Values) -> Statement:
        """The statement for what is given, whose `values` are made of their types."""
        if order == "totals":
            return totals(sight)
        if order:
            values["id"] = int(order.removeprefix("ord_"))
            return one(sight)
        values["first"] = int(values["first"])
        after, filtered = values.get("after"), "level" in values
        if after:
            values["moment"], values["number"] = _place(after)
        if filtered:
            values["region"] = int(values["region"].removeprefix("reg_"))
        return page(sight, edges="edges" in values, after=after is not None, filtered=filtered)


def _place(cursor: str) -> tuple[datetime, int]:
    _, number, moment = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(",", 2)
    return datetime.fromisoformat(moment.removeprefix("=")), int(number)


endpoint = Endpoint()


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Connected to the database."""
    async with asyncpg.create_pool(
        os.environ["DATABASE_READ_GENERIC_URL"], min_size=1, max_size=10, reset=_leave
    ) as pool:
        endpoint.pool, endpoint.viewers = pool, Viewers(pool, token_keys(os.environ["SECRET_KEY"]).access)
        yield


async def _leave(_connection: Any) -> None:
    """Instead of RESET: reads leave nothing behind."""


async def ready(_request: Request) -> Response:
    """200."""
    return Response()


if __name__ == "__main__":
    routes = [Route("/orders", endpoint), Route("/orders/{id}", endpoint), Route("/readyz", ready)]
    serve(Starlette(routes=routes, lifespan=lifespan))
