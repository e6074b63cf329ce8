"""The server: `python -m bench.naive.app`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

import models
from app.auth.keys import token_keys
from bench.naive.claims import LeadClaimPayload, claim_lead
from bench.naive.context import Context
from bench.naive.orders import OrderConnection, list_orders
from bench.naive.types import Order
from bench.naive.viewer import load_viewer, visible_orders
from bench.serving import serve
from models.connection import connect, disconnect
from schema.scalars import SCALARS

KEY = token_keys(os.environ["SECRET_KEY"]).access


@strawberry.type
class Query:
    """What can be read."""

    orders: OrderConnection = strawberry.field(resolver=list_orders)

    @strawberry.field
    async def order(self, info: Info[Context, None], id: strawberry.ID) -> Order | None:  # noqa: A002  # as in the schema
        """An order by its id."""
        visible = visible_orders(info.context.viewer)
        row = await models.Order.filter(visible, id=int(id.removeprefix("ord_"))).first()
        return Order.of(row) if row else None


@strawberry.type
class Mutation:
    """What can be done."""

    lead_claim: LeadClaimPayload = strawberry.field(resolver=claim_lead)


class View(GraphQL[Context, None]):
    """The endpoint."""

    async def get_context(self, request: Request | WebSocket, response: Any) -> Context:  # noqa: ARG002  # Strawberry's
        """The viewer and the loaders."""
        assert isinstance(request, Request)
        return Context(await load_viewer(request, KEY))


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Connected to the database."""
    await connect(os.environ["DATABASE_URL"], max_size=10)
    yield
    await disconnect()


async def ready(_request: Request) -> Response:
    """200."""
    return Response()


schema = strawberry.Schema(query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=SCALARS))

if __name__ == "__main__":
    view = View(schema)
    serve(Starlette(routes=[Route("/graphql", view, methods=["POST"]), Route("/readyz", ready)], lifespan=lifespan))
