"""An operation as operators see it, while it is under way and when it is done."""

import hashlib
import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SUCCEEDED = "OK"
CANCELLED = "CANCELLED"


class Statement(NamedTuple):
    """A statement that was run. `sql` has parameters in the place of values; `rows` is None where nobody counted."""

    pool: str
    sql: str
    seconds: float
    rows: int | None = None


@dataclass(slots=True, eq=False)
class Observed:
    """One operation. `code` is that of its first error, `refusals` those of the errors in payloads of mutations.

    Never its variables, nor who asks. `aside` are the seconds in which it only waited for something to happen. `over`:
    it has ended; tasks that it started may live on in its context.
    """

    kind: str = "unknown"
    name: str = ""
    document: str = ""
    points: int = 0
    code: str = CANCELLED
    refusals: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    aside: float = 0.0
    over: bool = False
    began: float = field(default_factory=time.perf_counter)
    span: Any = None

    def seconds(self) -> float:
        """How long it has worked until now."""
        return time.perf_counter() - self.began - self.aside


current: ContextVar[Observed | None] = ContextVar("observed", default=None)
"""The operation that is under way here."""


def note_refusals(codes: Sequence[str]) -> None:
    """The operation under way was refused by a rule, for these reasons."""
    seen = current.get()
    if seen is not None:
        seen.refusals += codes


def note_aside(seconds: float) -> None:
    """The operation under way has only waited, for so long."""
    seen = current.get()
    if seen is not None:
        seen.aside += seconds


def traceparent() -> str | None:
    """The span of the operation under way, as W3C's header names it; None without one."""
    seen = current.get()
    if seen is None or seen.span is None:
        return None
    span = seen.span.get_span_context()
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{span.trace_flags:02x}"


def short_hash(text: str) -> str:
    """What a document or a statement is called in logs and traces: the beginning of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
