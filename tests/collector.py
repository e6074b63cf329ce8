"""A collector of traces, as OpenTelemetry's exporters find it."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.requests import Request
from starlette.responses import Response


class Collector:
    """An OTLP server that keeps what it is sent."""

    def __init__(self) -> None:
        self.received: list[ExportTraceServiceRequest] = []

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]  # an ASGI application
        request = Request(scope, receive)
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        assert request.url.path == "/v1/traces"
        self.received.append(ExportTraceServiceRequest.FromString(body))
        await Response(b"", media_type="application/x-protobuf")(scope, receive, send)

    def spans(self) -> list[Span]:
        """All spans until now."""
        resources = [resource for request in self.received for resource in request.resource_spans]
        return [span for resource in resources for scope in resource.scope_spans for span in scope.spans]


@asynccontextmanager
async def collecting(port: int) -> AsyncIterator[tuple[Collector, str]]:
    """A collector that listens at `port`, with its base address."""
    collector = Collector()
    server = uvicorn.Server(uvicorn.Config(collector, port=port, lifespan="off", log_config=None))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # pytest has its own
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # a moment
        await asyncio.sleep(0.01)
    yield collector, f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


def attributes(span: Span) -> dict[str, str]:
    """What a span says of itself."""
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}
