"""Notes what becomes of operations, for metrics, traces and logs at once."""

from collections.abc import Set
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog
from asyncpg.connection import LoggedQuery

from app.observing.metrics import ApiMetrics
from app.observing.names import Names
from app.settings import Settings
from reads.operations import Answer, Prepared
from telemetry.observed import SUCCEEDED, Observed, Statement, current, short_hash

if TYPE_CHECKING:
    from telemetry.tracing import Tracing

log = structlog.get_logger("operation")

MOST_STATEMENTS = 50
"""Of one operation are remembered."""

parent: ContextVar[Any] = ContextVar("parent", default=None)
"""The caller's span."""
line: ContextVar[dict[str, Any] | None] = ContextVar("line", default=None)
"""What the request's line in the log will say."""


class Observer:
    """Of one API process."""

    def __init__(self, settings: Settings, trusted: Set[str]) -> None:
        self.metrics = ApiMetrics()
        self.tracing = _tracing(settings.otel_exporter_otlp_endpoint)
        self._names = Names(trusted)
        self._slow = settings.slow_operation_seconds

    def begin(self) -> Observed:
        """An operation, or an event of a subscription, begins here."""
        seen = Observed()
        current.set(seen)
        if self.tracing:
            self.tracing.begin(seen, parent.get())
        return seen

    def prepared(self, prepared: Prepared, *, signed_in: bool, event: bool = False) -> None:
        """It is known what it is."""
        seen = current.get()
        if seen is None:
            return
        name = prepared.operation.name
        seen.kind = "event" if event else prepared.kind.value
        seen.name = name.value if name else ""
        seen.document = prepared.request.text
        if signed_in:
            self._names.learn(seen.name, seen.document)

    def charged(self, points: int, *, paid: bool) -> None:
        """It was charged for, or the caller had not as much."""
        seen = current.get()
        if seen is not None and paid:
            seen.points = points
        elif not paid:
            self.metrics.points_refused.add(amount=points)

    def answered(self, seen: Observed, answer: Answer) -> None:
        """There is an answer, fit to be sent."""
        seen.code = str((answer.errors[0].extensions or {}).get("code")) if answer.errors else SUCCEEDED

    def end(self, seen: Observed) -> None:
        """It has ended, whether there is an answer or not."""
        current.set(None)
        seen.over = True
        name, seconds, metrics = self._names.of(seen.name), seen.seconds(), self.metrics
        metrics.operations.of(seen.kind, name, seen.code).add(seconds)
        if seen.points:
            metrics.points.add(seen.kind, amount=seen.points)
        for code in seen.refusals:
            metrics.refusals.add(code)
        if self.tracing:
            self.tracing.end(seen, name)
        facts = line.get()
        if facts is not None:
            facts.update(operation=seen.name or None, code=seen.code, cost=seen.points)
        if seconds > self._slow:
            _log_slow(seen, seconds)

    def statement(self, statement: Statement) -> None:
        """A statement was run: by the operation under way here, if there is one."""
        self.metrics.statements.of(statement.pool).add(statement.seconds)
        seen = current.get()
        if seen is None or seen.over:
            return
        if len(seen.statements) < MOST_STATEMENTS:
            seen.statements.append(statement)
        if self.tracing:
            self.tracing.statement(seen, statement)

    async def listen(self, connection: asyncpg.Connection) -> None:
        """Be told of the statements of a connection for commands, whoever runs them."""

        def note(query: LoggedQuery) -> None:
            self.statement(Statement("commands", query.query, query.elapsed))

        connection.add_query_logger(note)

    async def close(self) -> None:
        """Send what was not sent yet."""
        if self.tracing:
            await self.tracing.close()


def _tracing(endpoint: str | None) -> "Tracing | None":
    if endpoint is None:
        return None
    from telemetry.tracing import Tracing

    return Tracing(endpoint)


def _log_slow(seen: Observed, seconds: float) -> None:
    log.warning(
        "slow operation",
        operation=seen.name or None,
        kind=seen.kind,
        document=short_hash(seen.document),
        code=seen.code,
        cost=seen.points,
        ms=_milliseconds(seconds),
        statements=[
            {"pool": each.pool, "shape": short_hash(each.sql), "rows": each.rows, "ms": _milliseconds(each.seconds)}
            for each in seen.statements
        ],
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
