"""Traces as a collector receives them, by OTLP over HTTP."""

import asyncio
import gzip
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.requests import Request
from starlette.responses import Response

from app.asgi import Api
from app.observing.traced import Traced
from domain.people import Role
from models import User
from telemetry.tracing import Tracing
from tests.api.conftest import Client
from tests.factories import make_team, make_user

NAMED = "query Named($name: String!) { orders(first: 1, filter: {number: {eq: $name}}) { totalCount } }"
SECRET = "a secret of somebody"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


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


@pytest.fixture
async def collector(unused_tcp_port: int) -> AsyncIterator[tuple[Collector, str]]:
    collector = Collector()
    server = uvicorn.Server(uvicorn.Config(collector, port=unused_tcp_port, lifespan="off", log_config=None))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # pytest has its own
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # a moment
        await asyncio.sleep(0.01)
    yield collector, f"http://127.0.0.1:{unused_tcp_port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001 - emptied before
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def tracing(app: Api, collector: tuple[Collector, str], monkeypatch: pytest.MonkeyPatch) -> Tracing:
    tracing = Tracing(collector[1])
    monkeypatch.setattr(app.runtime.observer, "tracing", tracing)
    monkeypatch.setattr(app, "_graphql", Traced(app._graphql))
    return tracing


def attributes(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


async def test_an_operation_and_its_statements_are_spans_of_the_callers_trace(
    client: Client, rep: User, tracing: Tracing, collector: tuple[Collector, str]
) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
    await client.data(NAMED, {"name": SECRET}, as_=rep, **headers)
    await tracing.close()
    [operation] = [span for span in collector[0].spans() if span.name == "query Named"]
    [statement] = [span for span in collector[0].spans() if span.name == "statement"]
    assert (operation.trace_id.hex(), operation.parent_span_id.hex()) == (TRACE, PARENT)
    assert (statement.trace_id.hex(), statement.parent_span_id) == (TRACE, operation.span_id)
    assert operation.start_time_unix_nano <= statement.start_time_unix_nano
    told = attributes(operation)
    assert (told["graphql.operation.type"], told["sluice.code"]) == ("query", "OK")
    assert int(told["sluice.points"]) > 0
    assert len(told["graphql.document.hash"]) == len(attributes(statement)["sluice.statement.hash"]) == 16
    assert attributes(statement)["db.response.returned_rows"] == "1"


async def test_spans_hold_no_values_and_nobody(
    client: Client, rep: User, tracing: Tracing, collector: tuple[Collector, str]
) -> None:
    await client.data(NAMED, {"name": SECRET}, as_=rep)
    await tracing.close()
    sent = str(collector[0].received)
    assert "query Named" in sent
    assert SECRET not in sent
    assert rep.email not in sent


async def test_a_collector_that_is_away_delays_nobody(
    app: Api, client: Client, rep: User, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    tracing = Tracing(f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.setattr(app.runtime.observer, "tracing", tracing)
    answers = await asyncio.gather(*(client.query(NAMED, {"name": "x"}, as_=rep) for _ in range(20)))
    assert all("errors" not in answer for answer in answers)
    await tracing.close()


def test_without_the_setting_the_library_is_not_loaded() -> None:
    code = (
        "import sys, app.asgi, workers.main; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_traceparent_that_is_none_begins_a_trace(
    client: Client, rep: User, tracing: Tracing, collector: tuple[Collector, str]
) -> None:
    await client.data(NAMED, {"name": "x"}, as_=rep, traceparent="nonsense")
    await tracing.close()
    [operation] = [span for span in collector[0].spans() if span.name == "query Named"]
    assert operation.parent_span_id == b""
