"""Traces by OTLP over HTTP. This module is imported only where they are asked for: the library takes 5 MB.

Spans are sent by a thread, in batches; where they cannot be sent in time, they are dropped, and nobody waits.
Headers, sampling and the service's name are set by the variables of OpenTelemetry (OTEL_EXPORTER_OTLP_HEADERS ...).
"""

import asyncio
import time
from importlib.metadata import version
from typing import Any

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from telemetry.observed import Observed, Statement, short_hash

NANOSECONDS = 1_000_000_000
FAULTS = frozenset({"INTERNAL", "UNAVAILABLE", "TIMEOUT"})
"""Codes of errors that are the server's."""
JOB_FAULT = "fault"
"""And how a job ends for such a reason."""
_PROPAGATOR = TraceContextTextMapPropagator()


class Tracing:
    """Sends spans to `endpoint`, the base address of a collector, until it is closed.

    They come from `service`, unless OpenTelemetry's variables name another one.
    """

    def __init__(self, endpoint: str, *, service: str = "sluice") -> None:
        resource = Resource.create({"service.version": version("sluice")})
        if resource.attributes.get("service.name", "").startswith("unknown_service"):  # type: ignore[union-attr]  # a name is a text
            resource = resource.merge(Resource({"service.name": service}))
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("sluice")

    def begin(self, seen: Observed, parent: Any) -> None:
        """An operation begins; `parent` is what `parent_of` gave, or None."""
        seen.span = self._tracer.start_span("GraphQL operation", parent or context.Context(), SpanKind.SERVER)

    def end(self, seen: Observed, name: str) -> None:
        """It has ended; `name` is one of few."""
        span = seen.span
        span.update_name(f"{seen.kind} {name}")
        span.set_attributes(
            {
                "graphql.operation.type": seen.kind,
                "graphql.operation.name": name,
                "graphql.document.hash": short_hash(seen.document) if seen.document else "",
                "sluice.points": seen.points,
                "sluice.code": seen.code,
            }
        )
        if seen.code in FAULTS:
            span.set_status(StatusCode.ERROR, seen.code)
        span.end()

    def begin_job(self, seen: Observed, asked_by: str | None, *, job_id: int, attempt: int) -> None:
        """A run of a job begins; `asked_by` is the `traceparent` of the operation that made it, where it is known."""
        asking = trace.get_current_span(parent_of(asked_by, None)).get_span_context()
        seen.span = self._tracer.start_span(
            f"job {seen.kind}",
            context.Context(),
            SpanKind.CONSUMER,
            attributes={"sluice.job.kind": seen.kind, "sluice.job.id": job_id, "sluice.job.attempt": attempt},
            links=[trace.Link(asking)] if asking.is_valid else [],
        )

    def end_job(self, seen: Observed) -> None:
        """It has ended: as `seen.code`."""
        seen.span.set_attribute("sluice.job.end", seen.code)
        if seen.code == JOB_FAULT:
            seen.span.set_status(StatusCode.ERROR, seen.code)
        seen.span.end()

    def statement(self, seen: Observed, statement: Statement) -> None:
        """A statement of the operation has just ended."""
        if seen.span is None:
            return
        now = time.time_ns()
        attributes: dict[str, str | int] = {
            "db.system.name": "postgresql",
            "sluice.statement.hash": short_hash(statement.sql),
            "sluice.pool": statement.pool,
        }
        if statement.rows is not None:
            attributes["db.response.returned_rows"] = statement.rows
        span = self._tracer.start_span(
            "statement",
            trace.set_span_in_context(seen.span, context.Context()),
            SpanKind.CLIENT,
            attributes=attributes,
            start_time=now - int(statement.seconds * NANOSECONDS),
        )
        span.end(now)

    async def close(self) -> None:
        """Send what is left; a collector that does not answer is waited for as long as its time-out says."""
        await asyncio.to_thread(self._provider.shutdown)


def parent_of(traceparent: str | None, tracestate: str | None) -> Any:
    """The caller's span, by W3C's headers; None where there is none, or none that is right."""
    if traceparent is None:
        return None
    carrier = {"traceparent": traceparent} | ({"tracestate": tracestate} if tracestate else {})
    return _PROPAGATOR.extract(carrier, context.Context())
