"""What operators see of operations: metrics, log lines and traces, and never anybody's data."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import structlog
from prometheus_client import generate_latest

from app.asgi import Api
from app.limits.accounts import Accounts
from app.observing import observer
from domain.people import Role
from models import User
from telemetry.process import ProcessMetrics
from telemetry.serving import served
from tests.api.conftest import Client
from tests.factories import make_team, make_user

NUMBERS = "query Numbers($first: Int!) { orders(first: $first) { edges { node { number } } } }"
SECRET = "a secret of somebody"


@pytest.fixture
async def rep(database: str) -> User:  # noqa: ARG001 - emptied before
    return await make_user(Role.REP, team=await make_team())


def told(app: Api, name: str, **labels: str) -> float:
    """The value of a metric now; 0 while there is none."""
    found = app.runtime.observer.metrics.registry.get_sample_value(name, labels)
    return found or 0.0


@contextmanager
def grows(app: Api, name: str, by: float = 1, **labels: str) -> Iterator[None]:
    before = told(app, name, **labels)
    yield
    assert told(app, name, **labels) - before == by


async def test_an_operation_is_counted_by_kind_name_and_code(app: Api, client: Client, rep: User) -> None:
    one = {"kind": "query", "operation": "Numbers", "code": "OK"}
    with (
        grows(app, "sluice_operation_seconds_count", **one),
        grows(app, "sluice_statement_seconds_count", pool="generic"),
    ):
        await client.data(NUMBERS, {"first": 1}, as_=rep)
    with grows(app, "sluice_operation_seconds_count", **one | {"code": "INVALID_INPUT"}):
        await client.query(NUMBERS, {"first": -1}, as_=rep)


async def test_a_document_that_is_wrong_and_a_caller_who_is_unknown_are_counted(
    app: Api, client: Client, rep: User
) -> None:
    unknown = {"kind": "unknown", "operation": "unnamed"}
    with grows(app, "sluice_operation_seconds_count", **unknown, code="BAD_REQUEST"):
        await client.query("{ nothing }", as_=rep)
    with grows(app, "sluice_operation_seconds_count", **unknown, code="UNAUTHENTICATED"):
        await client.query(NUMBERS, {"first": 1})


async def test_strangers_give_no_names_to_series(app: Api, client: Client, rep: User) -> None:
    assert rep
    login = 'mutation Evil { login(input: {email: "a@b.example", password: "x"}) { errors { code } } }'
    other = {"kind": "mutation", "operation": "other", "code": "OK"}
    failed = {"code": "INVALID_CREDENTIALS"}
    with grows(app, "sluice_operation_seconds_count", **other), grows(app, "sluice_refusals_total", **failed):
        await client.query(login)


async def test_points_are_counted_that_were_spent_and_that_were_not_there(
    app: Api, client: Client, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cost = (await client.query(NUMBERS, {"first": 1}, as_=rep, extensions={"cost": True}))["extensions"]["cost"]
    with grows(app, "sluice_points_spent_total", by=cost["requested"], kind="query"):
        await client.data(NUMBERS, {"first": 1}, as_=rep)
    poor = Accounts(200_000, 1)
    poor.learn({f"user:{rep.id}": 1.0})
    monkeypatch.setattr(app.runtime, "accounts", poor)
    with grows(app, "sluice_points_refused_total", by=cost["requested"]):
        await client.query(NUMBERS, {"first": 1}, as_=rep)


@pytest.mark.parametrize(
    ("first", "found"), [(1, {"documents", "prepared"}), (2, {"documents", "plans", "statements"})]
)
async def test_the_second_time_a_document_is_found_with_what_was_made_of_it(
    app: Api, client: Client, rep: User, first: int, found: set[str]
) -> None:
    def hits(cache: str) -> float:
        return told(app, "sluice_cache_lookups_total", cache=cache, result="hit")

    await client.data(NUMBERS, {"first": 1}, as_=rep)
    caches = ("documents", "prepared", "plans", "statements")
    before = {cache: hits(cache) for cache in caches}
    await client.data(NUMBERS, {"first": first}, as_=rep)
    assert {cache for cache in caches if hits(cache) == before[cache] + 1} == found


async def test_the_api_does_not_serve_its_metrics(http: httpx.AsyncClient) -> None:
    assert (await http.get("/metrics")).status_code == 404


async def test_metrics_are_served_on_a_port_of_their_own(app: Api) -> None:
    port = free_port()
    async with served(app.runtime.observer.metrics, host="127.0.0.1", port=port), httpx.AsyncClient() as prometheus:
        response = await prometheus.get(f"http://127.0.0.1:{port}/metrics")
    assert response.text.count("sluice_pool_limit{") == 3
    assert "sluice_operation_seconds_bucket" in response.text
    assert "process_resident_memory_bytes" in response.text


async def test_a_port_that_is_taken_costs_the_metrics_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with served(ProcessMetrics(), host="127.0.0.1", port=taken.getsockname()[1]):
            pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


async def test_the_line_of_a_request_names_the_operation_with_its_code_and_cost(client: Client, rep: User) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.data(NUMBERS, {"first": 3}, as_=rep)
    [line] = [line for line in lines if line["event"] == "request"]
    assert (line["operation"], line["code"], line["status"]) == ("Numbers", "OK", 200)
    assert line["cost"] > 0


async def test_a_slow_operation_is_logged_with_its_statements_and_without_values(
    app: Api, client: Client, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.runtime.observer, "_slow", 0.0)
    document = (
        "query Named($name: String!) { orders(first: 1, filter: {customer: {name: {eq: $name}}}) { totalCount } }"
    )
    with structlog.testing.capture_logs() as lines:
        await client.data(document, {"name": SECRET}, as_=rep)
    [line] = [line for line in lines if line["event"] == "slow operation"]
    assert (line["operation"], line["kind"], line["code"]) == ("Named", "query", "OK")
    [statement] = line["statements"]
    assert (statement["pool"], statement["rows"]) == ("custom", 1)
    assert len(line["document"]) == len(statement["shape"]) == 16
    assert SECRET not in json.dumps(lines, default=str)


async def test_what_an_operation_leaves_behind_is_not_its_own(app: Api, client: Client, rep: User) -> None:
    """A task that an operation started lives on in its context, and may run statements for ever."""
    seen = app.runtime.observer.begin()
    later = asyncio.create_task(_read_later(app))
    app.runtime.observer.end(seen)
    await later
    assert client
    assert rep
    assert seen.statements == []


async def _read_later(app: Api) -> None:
    assert observer.current.get() is not None
    await asyncio.sleep(0)
    assert app.runtime.connected is not None
    await app.runtime.connected.pools.fetch("SELECT 1", [], selective=False)


async def test_nothing_that_is_told_holds_what_clients_sent(app: Api, client: Client, rep: User) -> None:
    document = "query Named($name: String!) { orders(first: 1, filter: {number: {eq: $name}}) { totalCount } }"
    await client.data(document, {"name": SECRET}, as_=rep)
    assert SECRET.encode() not in generate_latest(app.runtime.observer.metrics.registry)
    assert rep.email.encode() not in generate_latest(app.runtime.observer.metrics.registry)
