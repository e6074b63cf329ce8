"""Work that outlives a request: the states of a job, and what becomes of a forgotten one."""

from datetime import timedelta
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does."""

    ORDER_IMPORT = "ORDER_IMPORT"
    CUSTOM_FIELD_INDEX = "CUSTOM_FIELD_INDEX"
    CUSTOMER_IMPORT = "CUSTOMER_IMPORT"
    PRODUCT_IMPORT = "PRODUCT_IMPORT"
    CHANNEL_PRICE_IMPORT = "CHANNEL_PRICE_IMPORT"
    ORDER_EXPORT = "ORDER_EXPORT"
    CUSTOMER_EXPORT = "CUSTOMER_EXPORT"
    PRODUCT_EXPORT = "PRODUCT_EXPORT"
    LEAD_IMPORT = "LEAD_IMPORT"
    LEAD_EXPORT = "LEAD_EXPORT"
    PERSONAL_DATA_EXPORT = "PERSONAL_DATA_EXPORT"
    PERSONAL_DATA_TRACES = "PERSONAL_DATA_TRACES"
    TIER_RULES = "TIER_RULES"
    WORKING_TIME = "WORKING_TIME"


class JobState(StrEnum):
    """How far a job has come; the last three are final."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


_S = JobState

TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    _S.QUEUED: frozenset({_S.RUNNING, _S.CANCELLED}),
    _S.RUNNING: frozenset({_S.QUEUED, _S.SUCCEEDED, _S.FAILED, _S.CANCELLED}),
    _S.SUCCEEDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}

FINAL = frozenset(state for state, later in TRANSITIONS.items() if not later)

# From its first step on, however many workers it took. What takes longer is in the way of the others.
DEADLINES: dict[JobKind, timedelta] = {
    JobKind.ORDER_IMPORT: timedelta(hours=12),
    JobKind.CUSTOM_FIELD_INDEX: timedelta(hours=12),
    JobKind.CUSTOMER_IMPORT: timedelta(hours=6),
    JobKind.PRODUCT_IMPORT: timedelta(hours=6),
    JobKind.CHANNEL_PRICE_IMPORT: timedelta(hours=6),
    JobKind.ORDER_EXPORT: timedelta(hours=1),  # it holds a snapshot of the database
    JobKind.CUSTOMER_EXPORT: timedelta(hours=1),
    JobKind.PRODUCT_EXPORT: timedelta(hours=1),
    JobKind.LEAD_IMPORT: timedelta(hours=6),
    JobKind.LEAD_EXPORT: timedelta(hours=1),
    JobKind.PERSONAL_DATA_EXPORT: timedelta(hours=1),
    JobKind.TIER_RULES: timedelta(hours=12),
    JobKind.WORKING_TIME: timedelta(hours=12),
}

OWED = frozenset({JobKind.PERSONAL_DATA_TRACES})
"""What somebody has a right to: nobody stops it, and it is neither given up nor late, but goes on until it is done."""

MOST_OPEN = 20
"""Jobs of one person that wait or run at a time: nobody's work should stand behind hundreds of somebody else's."""

# A job that takes its worker with it each time must not do so for ever.
MAX_ATTEMPTS = 10


def states_before(state: JobState) -> frozenset[JobState]:
    """The states from which a job may come into `state`."""
    return frozenset(earlier for earlier, later in TRANSITIONS.items() if state in later)


def after_silence(kind: JobKind, state: JobState, attempts: int, *, cancel_asked: bool) -> JobState:
    """What becomes of an open job that nobody has taken notice of for too long, and that was begun `attempts` times.

    One that waits goes on waiting; one that runs has lost its worker, and ends if it was to stop anyway.
    """
    if kind in OWED:
        return _S.QUEUED
    if cancel_asked:
        return _S.CANCELLED
    return _S.FAILED if state is _S.RUNNING and attempts >= MAX_ATTEMPTS else _S.QUEUED
