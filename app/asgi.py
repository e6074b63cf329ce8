"""The API as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.files.view import Files
from app.forms.view import Forms
from app.graphql_view import GraphQLView
from app.health import Health
from app.ide import assets
from app.languages import preferred_language
from app.pipeline import Pipeline
from app.request_log import RequestLog
from app.runtime import Runtime
from app.settings import Settings
from app.sockets.endpoint import Sockets
from domain.words import Words
from reads.errors import Code

_CODES = {404: "NOT_FOUND"}
_WORDS = {
    404: Words("Not Found.", "未找到。"),
    405: Words("Method Not Allowed.", "不允许此请求方法。"),
}


class Api(Starlette):
    """Starlette, with a short way to the endpoint that almost all requests are for."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        health, files, forms = Health(runtime), Files(runtime), Forms(runtime)
        pipeline = Pipeline(runtime)
        view = GraphQLView(runtime, pipeline)
        self.streams = view.streams
        metrics = runtime.observer.metrics
        self._graphql: ASGIApp = RequestLog(view, metrics.requests)
        self.sockets = Sockets(pipeline)
        self._sockets: ASGIApp = self.sockets
        metrics.watch_connections("websocket", lambda: len(self.sockets))
        metrics.watch_connections("event stream", lambda: len(self.streams))
        if runtime.observer.tracing:
            from app.observing.traced import Traced  # it brings a library that is not needed without

            self._graphql, self._sockets = Traced(self._graphql), Traced(self._sockets)

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            await runtime.start()
            yield
            await runtime.stop()

        routes: list[BaseRoute] = [
            Route("/healthz", health.live),
            Route("/readyz", health.ready),
            *files.routes(),
            *forms.routes(),
        ]
        if runtime.settings.ide:
            routes.append(assets())
        super().__init__(
            routes=routes,
            middleware=[Middleware(RequestLog, metrics.requests)],
            lifespan=lifespan,
            exception_handlers={HTTPException: _refused},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or the lifespan."""
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self._graphql(scope, receive, send)
        elif scope["type"] == "websocket" and scope["path"] == "/graphql":
            await self._sockets(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def close(self) -> None:
        """Tell those who wait, and those whose connections stay open, that the process ends."""
        self.runtime.let_go()
        self.streams.close()
        await self.sockets.close()


async def _refused(request: Request, error: Exception) -> JSONResponse:
    """A path or method that is not there, told as everything else is told outside of GraphQL."""
    assert isinstance(error, HTTPException)  # noqa: S101  # it handles no others
    code = _CODES.get(error.status_code, Code.BAD_REQUEST)
    words = _WORDS.get(error.status_code, Words(f"HTTP {error.status_code}.", f"HTTP {error.status_code}。"))
    told = {"code": code, "message": words.in_(preferred_language(request.headers.get("accept-language")))}
    return JSONResponse(told, error.status_code, headers=dict(error.headers or {}))


def create_app(settings: Settings) -> Api:
    """The application; it connects when it is started, and waits, unready, for a database that fits."""
    return Api(Runtime(settings))
