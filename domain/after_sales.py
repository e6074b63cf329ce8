"""What customers say of an order that was delivered: feedback once, and complaints, each with a deadline of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import AlreadyExists, DomainError, InvalidInput, StepNotPossible
from domain.moments import write_moment
from domain.orders.life_cycle import OrderStatus
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import many_lines

SCORES = range(1, 6)
ANSWERED_WITHIN = timedelta(days=3)
"""When a complaint has to be closed, unless whoever opens it says otherwise."""


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    RESOLVED = "RESOLVED"
    REJECTED = "REJECTED"


_C = ComplaintState
CLOSED = frozenset({_C.RESOLVED, _C.REJECTED})
LEADS_TO: Mapping[ComplaintState, frozenset[ComplaintState]] = {
    _C.OPEN: frozenset({_C.IN_PROGRESS, *CLOSED}),
    _C.IN_PROGRESS: frozenset({_C.OPEN, *CLOSED}),
    _C.RESOLVED: frozenset({_C.IN_PROGRESS}),
    _C.REJECTED: frozenset({_C.IN_PROGRESS}),
}


@dataclass(frozen=True, kw_only=True)
class NewFeedback:
    """What the customer thinks of an order: a `score` from 1, the worst, to 5, and perhaps words."""

    order_id: int
    score: int
    comment: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewComplaint:
    """What is wrong with an order, as the customer says it; `respond_by` defaults to ANSWERED_WITHIN from now."""

    order_id: int
    reason_id: int
    description: str
    respond_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ComplaintStep:
    """What is done about a complaint: it comes to `state`, or gets another deadline, and why (`note`)."""

    state: ComplaintState | None = None
    respond_by: datetime | None = None
    note: str | None = None


def hearing_problems(status: OrderStatus, *, heard: bool) -> Iterator[DomainError]:
    """Why an order that stands at `status`, and of which feedback was entered or not, cannot have feedback now."""
    path = (*INPUT, "orderId")
    if heard:
        yield AlreadyExists(path=path)
    elif status is not OrderStatus.COMPLETED:
        yield StepNotPossible(path=path, status=status, allowed_from=(OrderStatus.COMPLETED,))


def feedback_problems(feedback: NewFeedback) -> Iterator[DomainError]:
    """What is wrong with feedback by itself."""
    if feedback.score not in SCORES:
        limit = f"{SCORES.start}..{SCORES.stop - 1}"
        yield InvalidInput(path=(*INPUT, "score"), problem=Problem.OUT_OF_RANGE, limit=limit)
    yield from many_lines((*INPUT, "comment"), feedback.comment)


def complaint_problems(complaint: NewComplaint, *, now: datetime) -> Iterator[InvalidInput]:
    """What is wrong with a complaint by itself."""
    yield from many_lines((*INPUT, "description"), complaint.description)
    yield from _deadline_problems(complaint.respond_by, now=now)


def complaint_step_problems(step: ComplaintStep, state: ComplaintState, *, now: datetime) -> Iterator[InvalidInput]:
    """Why this cannot be done about a complaint in `state`."""
    path = (*INPUT, "state")
    if step.state is None and step.respond_by is None:
        yield InvalidInput(path=path, problem=Problem.MISSING)
    elif step.state is not None and step.state not in LEADS_TO[state]:
        limit = ", ".join(sorted(LEADS_TO[state]))
        yield InvalidInput(path=path, problem=Problem.NOT_A_STATE_NEXT, limit=limit)
    if step.state in CLOSED and not step.note:
        yield InvalidInput(path=(*INPUT, "note"), problem=Problem.MISSING)
    yield from many_lines((*INPUT, "note"), step.note)
    yield from _deadline_problems(step.respond_by, now=now)


def _deadline_problems(respond_by: datetime | None, *, now: datetime) -> Iterator[InvalidInput]:
    if respond_by is not None and respond_by <= now:
        yield InvalidInput(path=(*INPUT, "respondBy"), problem=Problem.TOO_EARLY, limit=write_moment(now))
