"""The caller's span, from W3C's headers of a request."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.observing.observer import parent
from telemetry.tracing import parent_of


class Traced:
    """ASGI middleware: operations of a request, or of a WebSocket, continue the trace that it names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        headers = Headers(scope=scope)
        parent.set(parent_of(headers.get("traceparent"), headers.get("tracestate")))
        await self._app(scope, receive, send)
