"""The API as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from app.graphql_view import GraphQLView
from app.health import Health
from app.request_log import RequestLog
from app.runtime import Runtime
from app.settings import Settings


def create_app(settings: Settings) -> Starlette:
    """The application; it connects when it is started, and waits, unready, for a database that fits."""
    runtime = Runtime(settings)
    health = Health(runtime)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await runtime.start()
        yield
        await runtime.stop()

    return Starlette(
        routes=[
            Route("/graphql", GraphQLView(runtime), methods=["GET", "POST"]),
            Route("/healthz", health.live),
            Route("/readyz", health.ready),
        ],
        middleware=[Middleware(RequestLog)],
        lifespan=lifespan,
    )
