"""GET /metrics, on a port of its own: what it tells is for operators, and a public port is never theirs by accident."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import start_http_server

from telemetry.process import ProcessMetrics

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def served(metrics: ProcessMetrics, *, host: str, port: int | None) -> AsyncIterator[None]:
    """Serve the metrics for the length of the block, by a thread; not at all without a port.

    A port that is taken is logged and costs the metrics alone: what is watched goes on unwatched.
    """
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port, addr=host, registry=metrics.registry)
    except OSError as fault:
        _log.error("no metrics", host=host, port=port, fault=repr(fault))
        yield
        return
    watching = asyncio.create_task(metrics.watch_loop())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.to_thread(server.shutdown)
        server.server_close()
        thread.join()
