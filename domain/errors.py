"""What a person can do wrong, as values: each kind of refusal has a code, the input that it is about, and its facts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class ErrorCode(StrEnum):
    """The machine-readable kind of a refusal."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_EDITABLE = "NOT_EDITABLE"
    STEP_NOT_POSSIBLE = "STEP_NOT_POSSIBLE"
    STOCK_SHORT = "STOCK_SHORT"
    REFUND_EXCEEDS_PAID = "REFUND_EXCEEDS_PAID"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    VERSION_CONFLICT = "VERSION_CONFLICT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    IN_USE = "IN_USE"
    LAST_ADMIN = "LAST_ADMIN"
    RATE_MISSING = "RATE_MISSING"
    TOTAL_MISMATCH = "TOTAL_MISMATCH"
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    SESSION_ENDED = "SESSION_ENDED"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    JOB_ENDED = "JOB_ENDED"
    TOO_MANY_JOBS = "TOO_MANY_JOBS"
    ALREADY_CLAIMED = "ALREADY_CLAIMED"
    QUOTA_EXCEEDED = "QUOTA_EXCEEDED"
    HOLD_LIMIT_REACHED = "HOLD_LIMIT_REACHED"
    COOLING_DOWN = "COOLING_DOWN"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    HEAD_START = "HEAD_START"
    NOTHING_TO_CLAIM = "NOTHING_TO_CLAIM"


@dataclass(frozen=True, kw_only=True)
class DomainError:
    """One refusal. `path` leads to the input at fault, such as ("input", "lines", "0", "quantity")."""

    code: ClassVar[ErrorCode]
    path: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvalidInput(DomainError):
    """A value that is not allowed; `problem` is the key of a message, `limit` what would be allowed."""

    code = ErrorCode.INVALID_INPUT
    problem: str
    limit: str = ""


@dataclass(frozen=True, kw_only=True)
class NotFound(DomainError):
    """There is no such thing, or none that this viewer may see."""

    code = ErrorCode.NOT_FOUND


@dataclass(frozen=True, kw_only=True)
class NotPermitted(DomainError):
    """The viewer sees it, but no role of theirs may do this.

    `because` says why, by the key of a message, where they might if things were otherwise.
    """

    code = ErrorCode.NOT_PERMITTED
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class NotEditable(DomainError):
    """The order has come too far for this change."""

    code = ErrorCode.NOT_EDITABLE
    status: str


@dataclass(frozen=True, kw_only=True)
class StepNotPossible(DomainError):
    """The order does not stand where this step begins: it begins in one of `allowed_from`."""

    code = ErrorCode.STEP_NOT_POSSIBLE
    status: str
    allowed_from: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StockShort(DomainError):
    """Less of a product is available than is asked for, by a line of an order if there is `line_id`."""

    code = ErrorCode.STOCK_SHORT
    product_id: int
    sku: str
    line_id: int | None = None
    requested: Decimal
    available: Decimal


@dataclass(frozen=True, kw_only=True)
class RefundExceedsPaid(DomainError):
    """More would go back than is `left` of what was `paid` for the order, over all its returns together."""

    code = ErrorCode.REFUND_EXCEEDS_PAID
    asked: Decimal
    paid: Decimal
    left: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class AlreadyExists(DomainError):
    """Something unique is taken."""

    code = ErrorCode.ALREADY_EXISTS


@dataclass(frozen=True, kw_only=True)
class VersionConflict(DomainError):
    """Somebody else changed it first."""

    code = ErrorCode.VERSION_CONFLICT
    current_version: int


@dataclass(frozen=True, kw_only=True)
class IdempotencyKeyReused(DomainError):
    """The key came before with another input."""

    code = ErrorCode.IDEMPOTENCY_KEY_REUSED


@dataclass(frozen=True, kw_only=True)
class InUse(DomainError):
    """Something still refers to what should be removed."""

    code = ErrorCode.IN_USE


@dataclass(frozen=True, kw_only=True)
class LastAdmin(DomainError):
    """Nobody would be left who can administer."""

    code = ErrorCode.LAST_ADMIN


@dataclass(frozen=True, kw_only=True)
class RateMissing(DomainError):
    """No exchange rate on or before the day on which the order was placed."""

    code = ErrorCode.RATE_MISSING
    currency: str
    date: date


@dataclass(frozen=True, kw_only=True)
class TotalMismatch(DomainError):
    """The total that was typed is not the sum of the lines."""

    code = ErrorCode.TOTAL_MISMATCH
    given: Decimal
    computed: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class InvalidCredentials(DomainError):
    """No active user with this email and password."""

    code = ErrorCode.INVALID_CREDENTIALS


@dataclass(frozen=True, kw_only=True)
class SessionEnded(DomainError):
    """The refresh token is unknown, expired, used before, or its session was ended."""

    code = ErrorCode.SESSION_ENDED


@dataclass(frozen=True, kw_only=True)
class TooManyAttempts(DomainError):
    """So many attempts to sign in have failed, or are under way, that the next is looked at from `retry_at` on."""

    code = ErrorCode.TOO_MANY_ATTEMPTS
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class TooManyJobs(DomainError):
    """So many jobs of this person, `most`, wait or run that another one has to wait for their end."""

    code = ErrorCode.TOO_MANY_JOBS
    most: int


@dataclass(frozen=True, kw_only=True)
class JobEnded(DomainError):
    """The job is over, so that it cannot be stopped."""

    code = ErrorCode.JOB_ENDED
    state: str


class Refused(Exception):
    """Raised by a use case that changes nothing, with every reason that was found."""

    def __init__(self, *errors: DomainError) -> None:
        super().__init__(*errors)
        self.errors = errors


@dataclass(frozen=True, kw_only=True)
class AlreadyClaimed(DomainError):
    """Somebody else has the lead."""

    code = ErrorCode.ALREADY_CLAIMED


@dataclass(frozen=True, kw_only=True)
class QuotaExceeded(DomainError):
    """So many leads of a pool are claimed in its day, `quota`; the next day begins at `retry_at`."""

    code = ErrorCode.QUOTA_EXCEEDED
    quota: int
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class HoldLimitReached(DomainError):
    """Nobody holds more than `hold_limit` open leads of the pool."""

    code = ErrorCode.HOLD_LIMIT_REACHED
    hold_limit: int


@dataclass(frozen=True, kw_only=True)
class CoolingDown(DomainError):
    """Whoever missed a deadline of the lead may claim it again from `retry_at` on."""

    code = ErrorCode.COOLING_DOWN
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class NotEligible(DomainError):
    """Time changes nothing about it: `reason` is one of `domain.leads.lead.Ineligibility`."""

    code = ErrorCode.NOT_ELIGIBLE
    reason: str


@dataclass(frozen=True, kw_only=True)
class HeadStart(DomainError):
    """The lead is offered to the best performers alone until `retry_at`."""

    code = ErrorCode.HEAD_START
    retry_at: datetime


@dataclass(frozen=True, kw_only=True)
class NothingToClaim(DomainError):
    """No lead waits in the pools that were asked for."""

    code = ErrorCode.NOTHING_TO_CLAIM
