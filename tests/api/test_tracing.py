"""Traces as a collector receives them, by OTLP over HTTP."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from app.asgi import Api
from app.observing.traced import Traced
from domain.people import Role
from models import User
from models.connection import pool
from telemetry.tracing import Tracing
from tests.api.conftest import Client
from tests.api.working import run_job
from tests.collector import Collector, attributes, collecting
from tests.factories import make_team, make_user
from workers.names import QueueName
from workers.queue import connect_redis
from workers.traces import JobTraces

NAMED = "query Named($name: String!) { orders(first: 1, filter: {number: {eq: $name}}) { totalCount } }"
EXPORT = 'mutation Export { orderExport(input: {format: CSV, columns: ["id"]}) { job { id } errors { message } } }'
SECRET = "a secret of somebody"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
async def collector(unused_tcp_port: int) -> AsyncIterator[tuple[Collector, str]]:
    async with collecting(unused_tcp_port) as found:
        yield found


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001 - emptied before
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def tracing(app: Api, collector: tuple[Collector, str], monkeypatch: pytest.MonkeyPatch) -> Tracing:
    tracing = Tracing(collector[1])
    monkeypatch.setattr(app.runtime.observer, "tracing", tracing)
    monkeypatch.setattr(app, "_graphql", Traced(app._graphql))
    return tracing


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


async def test_a_job_and_its_statements_are_spans_and_linked_to_the_operation_that_asked_for_it(
    app: Api, client: Client, rep: User, tracing: Tracing, collector: tuple[Collector, str]
) -> None:
    redis = connect_redis(app.runtime.settings.redis_url)
    await redis.delete(QueueName.LONG.value)  # of what other tests left
    await client.data(EXPORT, {}, as_=rep, traceparent=f"00-{TRACE}-{PARENT}-01")
    [wake_up] = await redis.queued_jobs(queue_name=QueueName.LONG.value)
    await redis.aclose(close_connection_pool=True)
    traces = JobTraces(collector[1])
    async with pool().acquire() as connection:
        await traces.listen(connection)
    await run_job(*wake_up.args, **wake_up.kwargs, traces=traces)
    await run_job(*wake_up.args, traces=traces)  # has ended
    for each in (traces, tracing):
        await each.close()
    [operation] = [span for span in collector[0].spans() if span.name.startswith("mutation")]
    [job] = [span for span in collector[0].spans() if span.name == "job ORDER_EXPORT"]
    [link] = job.links
    assert (link.trace_id.hex(), link.span_id) == (TRACE, operation.span_id)
    assert job.trace_id != link.trace_id
    assert (attributes(job)["sluice.job.end"], attributes(job)["sluice.job.attempt"]) == ("succeeded", "1")
    assert len([span for span in collector[0].spans() if span.parent_span_id == job.span_id]) > 3
