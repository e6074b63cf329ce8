"""What accounts and the gate add to a request: the application without a network, with them and without, interleaved.

Limits on documents are checked once for each document, so that they are part of neither.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from app.asgi import Api, create_app
from app.auth.keys import token_keys
from app.embedded import Servers
from app.limits.accounts import Accounts, Balance
from app.limits.gate import Gate, Place
from app.logs import configure_logs
from app.settings import load_settings
from bench.contenders import environment_of
from bench.home import bench_home
from bench.viewers import sign_in
from bench.workloads import WORKLOADS

MEASURED = {("list", "rep"), ("list", "admin"), ("one", "rep")}
ROUNDS, REQUESTS, AT_ONCE = 15, 200, 4


class _Unlimited(Accounts):
    """Accounts that keep nothing."""

    def overdrawn(self, _: str) -> None:
        return None

    def charge(self, *_: object) -> Balance:
        return Balance(self.capacity)

    def debit(self, *_: object) -> None:
        return None


class _Open(Gate):
    """A gate that stands open."""

    def place(self, *, until: float = 0) -> Place:
        return _AnyPlace(self, until)


class _AnyPlace(Place):
    async def __aenter__(self) -> Place:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def belongs_to(self, who: str) -> None:
        """Nobody has a share of what is free."""


async def measure_limits(servers: Servers, database: str) -> dict[str, str]:
    """Microseconds of CPU that a request takes in the API process, with limits and without, by what is asked."""
    os.environ.update(environment_of(servers, database, bench_home()))
    people = await sign_in(servers, database)
    settings = load_settings()
    configure_logs("warning", "json")
    key = token_keys(settings.secret_key).access
    api = create_app(settings)
    await _start(api)
    found = {}
    for workload in WORKLOADS:
        if (workload.measure, workload.viewers) in MEASURED:
            requests = [
                _request(question.over_graphql(person.authorization(key)))
                for person in people[workload.viewers]
                for question in workload.ask(person)
            ]
            found[workload.name] = await _compare(api, requests)
    await api.runtime.stop()
    return found


async def _start(api: Api) -> None:
    await api.runtime.start()
    while api.runtime.connected is None:  # noqa: ASYNC110  # it connects when it can
        await asyncio.sleep(0.05)


async def _compare(api: Api, requests: Sequence[tuple[Mapping[str, Any], bytes]]) -> str:
    runtime = api.runtime
    usual = runtime.accounts, runtime.gate
    none = _Unlimited(usual[0].capacity, usual[0].per_second), _Open(1, 1)
    limited, unlimited = [], []
    for _ in range(ROUNDS + 1):
        runtime.accounts, runtime.gate = usual
        limited.append(await _cpu(api, requests))
        runtime.accounts, runtime.gate = none
        unlimited.append(await _cpu(api, requests))
    # The first of each fills caches.
    ours, bare = statistics.median(limited[1:]), statistics.median(unlimited[1:])
    return f"{ours:.0f} us with limits, {bare:.0f} us without: {ours / bare:.3f} times"


async def _cpu(api: Api, requests: Sequence[tuple[Mapping[str, Any], bytes]]) -> float:
    """Microseconds of this process a request."""
    left = iter(range(REQUESTS))

    async def client() -> None:
        for number in left:
            await _ask(api, *requests[number % len(requests)])

    began = time.process_time()
    await asyncio.gather(*(client() for _ in range(AT_ONCE)))
    return (time.process_time() - began) / REQUESTS * 1e6


async def _ask(api: Api, scope: Mapping[str, Any], body: bytes) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message.get("status", 200) != 200:
            raise RuntimeError(f"answered {message['status']}")

    await api({**scope}, receive, send)


def _request(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """The ASGI scope and the body of a request as it is written to a socket."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, path, _ = first.decode().split(" ")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    protocol = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": ""}
    ends = {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1)}
    asked = {"method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": headers}
    return {**protocol, **ends, **asked}, body
