"""Refusals as clients see them: one type for each kind, with its facts, behind one interface."""

import datetime
from decimal import Decimal
from typing import Any

import strawberry

from domain import errors
from domain.errors import DomainError
from domain.messages import message_of
from domain.numbers import plain
from rows.entities import ORDER_LINE, PRODUCT
from rows.ids import global_id
from schema.describe import interface, object_type, text
from schema.enums import ErrorCode, Ineligibility, JobState, OrderStatus
from schema.scalars import CurrencyCode
from schema.types.base import Money


@interface
class UserError:
    """Something that the user can put right; the mutation changed nothing."""

    code: ErrorCode = text("What kind of error it is.")
    message: str = text("The error in words, in the language of the request.")
    path: list[str] = text('The way to the input at fault, such as ["input", "lines", "0", "quantity"].')


@object_type
class InvalidInput(UserError):
    """A value is not allowed."""

    problem: str = text("What is wrong with it: a stable key, such as too_long.")
    limit: str | None = text("What would be allowed, where that can be said.")


@object_type
class NotFound(UserError):
    """There is no such thing, or none that the viewer may see."""


@object_type
class NotPermitted(UserError):
    """The viewer sees it, but no role of theirs may do this."""

    because: str | None = text("Why not, where their role may do it otherwise: a stable key, such as findings_open.")


@object_type
class NotEditable(UserError):
    """The order has come too far for this change."""

    status: OrderStatus = text("Where the order stands.")


@object_type
class StepNotPossible(UserError):
    """The order stands where this step does not begin."""

    status: OrderStatus = text("Where the order stands.")
    allowed_from: list[OrderStatus] = text("Where the step begins.")


@object_type
class StockShort(UserError):
    """Less of a product is available than is asked for: one error for each line of an order that is short."""

    product_id: strawberry.ID = text("The product.")
    sku: str = text("Its code.")
    line_id: strawberry.ID | None = text("The line of the order; null where people move stock.")
    requested: Decimal = text("How many are asked for.")
    available: Decimal = text("How many there are for it.")


@object_type
class RefundExceedsPaid(UserError):
    """More would go back than is left of what was paid for the order, over all its returns together."""

    asked: Money = text("What would go back.")
    paid: Money = text("What was paid.")
    left: Money = text("What of that has not gone back yet.")


@object_type
class AlreadyExists(UserError):
    """Something unique is taken."""


@object_type
class VersionConflict(UserError):
    """Somebody else changed it first: read it again, and decide again."""

    current_version: int = text("Its version now.")


@object_type
class IdempotencyKeyReused(UserError):
    """The idempotency key came before with another input."""


@object_type
class InUse(UserError):
    """Something still refers to what should be removed."""


@object_type
class LastAdmin(UserError):
    """Nobody would be left who can administer."""


@object_type
class RateMissing(UserError):
    """There is no exchange rate on or before the day of placement."""

    currency: CurrencyCode = text("The currency without a rate.")
    date: datetime.date = text("The day of placement, in the company's zone.")


@object_type
class TotalMismatch(UserError):
    """The total that was given is not the sum of the lines."""

    given: Money = text("The total that was given.")
    computed: Money = text("The sum of the lines.")


@object_type
class InvalidCredentials(UserError):
    """No active user has this email and password."""


@object_type
class TooManyAttempts(UserError):
    """Too many attempts to sign in have failed, or are under way; one before `retryAt` is not looked at."""

    retry_at: datetime.datetime = text("When the next attempt is looked at.")


@object_type
class SessionEnded(UserError):
    """The refresh token is not good, or not any more: sign in again."""


@object_type
class TooManyJobs(UserError):
    """So many of your jobs wait or run that another one has to wait for their end."""

    most: int = text("How many may wait or run.")


@object_type
class JobEnded(UserError):
    """The job is over, so that it cannot be stopped."""

    state: JobState = text("How it ended.")


@object_type
class AlreadyClaimed(UserError):
    """Somebody else has the lead."""


@object_type
class QuotaExceeded(UserError):
    """So many leads as one may claim in a day of the pool's are claimed."""

    quota: int = text("How many one may claim a day.")
    retry_at: datetime.datetime = text("When the next day begins.")


@object_type
class HoldLimitReached(UserError):
    """So many open leads as one may hold from the pool are held."""

    hold_limit: int = text("How many one may hold.")


@object_type
class CoolingDown(UserError):
    """Who missed a deadline of a lead has to wait before claiming that lead again."""

    retry_at: datetime.datetime = text("When it can be claimed again.")


@object_type
class NotEligible(UserError):
    """The lead cannot be had, whatever one waits for."""

    reason: Ineligibility = text("Why not.")


@object_type
class HeadStart(UserError):
    """The lead is offered to the best performers alone, for now."""

    retry_at: datetime.datetime = text("When it is offered to all.")


@object_type
class NothingToClaim(UserError):
    """No lead waits in the pools that were asked for."""


ERROR_TYPES: dict[type[DomainError], type[UserError]] = {
    errors.InvalidInput: InvalidInput,
    errors.NotFound: NotFound,
    errors.NotPermitted: NotPermitted,
    errors.NotEditable: NotEditable,
    errors.StepNotPossible: StepNotPossible,
    errors.StockShort: StockShort,
    errors.RefundExceedsPaid: RefundExceedsPaid,
    errors.AlreadyExists: AlreadyExists,
    errors.VersionConflict: VersionConflict,
    errors.IdempotencyKeyReused: IdempotencyKeyReused,
    errors.InUse: InUse,
    errors.LastAdmin: LastAdmin,
    errors.RateMissing: RateMissing,
    errors.TotalMismatch: TotalMismatch,
    errors.InvalidCredentials: InvalidCredentials,
    errors.SessionEnded: SessionEnded,
    errors.TooManyAttempts: TooManyAttempts,
    errors.TooManyJobs: TooManyJobs,
    errors.JobEnded: JobEnded,
    errors.AlreadyClaimed: AlreadyClaimed,
    errors.QuotaExceeded: QuotaExceeded,
    errors.HoldLimitReached: HoldLimitReached,
    errors.CoolingDown: CoolingDown,
    errors.NotEligible: NotEligible,
    errors.HeadStart: HeadStart,
    errors.NothingToClaim: NothingToClaim,
}


def user_error(error: DomainError, language: str) -> UserError:
    """`error` with its message in `language`."""
    return ERROR_TYPES[type(error)](
        code=error.code, message=message_of(error, language), path=list(error.path), **_facts(error)
    )


def _facts(error: DomainError) -> dict[str, Any]:
    match error:
        case errors.InvalidInput(problem=problem, limit=limit):
            return {"problem": problem, "limit": limit or None}
        case errors.NotPermitted(because=because):
            return {"because": because or None}
        case errors.NotEditable(status=status):
            return {"status": OrderStatus(status)}
        case errors.StepNotPossible(status=status, allowed_from=allowed):
            return {"status": OrderStatus(status), "allowed_from": [OrderStatus(each) for each in allowed]}
        case errors.StockShort(product_id=product, sku=sku, line_id=line, requested=requested, available=available):
            return {
                "product_id": strawberry.ID(global_id(PRODUCT, product)),
                "sku": sku,
                "line_id": strawberry.ID(global_id(ORDER_LINE, line)) if line else None,
                "requested": plain(requested),
                "available": plain(available),
            }
        case errors.RefundExceedsPaid(asked=asked, paid=paid, left=left, currency=currency):
            return {
                name: _money(amount, currency) for name, amount in (("asked", asked), ("paid", paid), ("left", left))
            }
        case (
            errors.TooManyAttempts(retry_at=moment)
            | errors.CoolingDown(retry_at=moment)
            | errors.HeadStart(retry_at=moment)
        ):
            return {"retry_at": moment}
        case errors.QuotaExceeded(quota=quota, retry_at=moment):
            return {"quota": quota, "retry_at": moment}
        case errors.HoldLimitReached(hold_limit=limit):
            return {"hold_limit": limit}
        case errors.NotEligible(reason=reason):
            return {"reason": Ineligibility(reason)}
        case errors.TooManyJobs(most=most):
            return {"most": most}
        case errors.JobEnded(state=state):
            return {"state": JobState(state)}
        case errors.VersionConflict(current_version=version):
            return {"current_version": version}
        case errors.RateMissing(currency=currency, date=day):
            return {"currency": CurrencyCode(currency), "date": day}
        case errors.TotalMismatch(given=given, computed=computed, currency=currency):
            return {"given": _money(given, currency), "computed": _money(computed, currency)}
        case _:
            return {}


def _money(amount: Any, currency: Any) -> Money:
    return Money(amount=amount, currency=currency)
