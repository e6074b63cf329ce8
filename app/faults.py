"""What clients are told of errors: refusals in their language, faults without what happened inside."""

import structlog
from graphql import GraphQLError

from app.outages import is_outage
from domain.errors import Refused
from domain.messages import message_of
from domain.words import Words, words_in
from reads.errors import Code, Limit, beyond, coded

RETRY_AFTER = 1
"""Seconds after which it is worth to try again."""
UNAVAILABLE = Words("Not available at the moment; try again shortly.", "暂时不可用，请稍后重试。")
_INTERNAL = Words("Something went wrong here; it was logged under this request id.", "服务器出错，已按此请求编号记录。")
log = structlog.get_logger(__name__)


def presentable(error: GraphQLError, *, language: str, request_id: str) -> GraphQLError:
    """The error as clients may see it, in their language, always with a code."""
    told = _told(error, language, request_id)
    told.message = words_in(told.message, language)
    return told


def _told(error: GraphQLError, language: str, request_id: str) -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, Refused):
        error.message = message_of(cause.errors[0], language)
        return error
    if error.extensions and "code" in error.extensions:
        return error
    if cause is None:
        error.extensions = {"code": Code.BAD_REQUEST}
        return error
    masked = masked_error(cause, request_id=request_id)
    return GraphQLError(masked.message, error.nodes, path=error.path, extensions=masked.extensions)


def masked_error(error: Exception, *, request_id: str) -> GraphQLError:
    """A fault, logged, as an error that says no more than where it was logged."""
    if is_outage(error):
        log.warning("unavailable", error=repr(error))
        return unavailable()
    log.error("failed", exc_info=error)
    internal = coded(_INTERNAL, Code.INTERNAL)
    internal.extensions = {"code": Code.INTERNAL, "requestId": request_id}
    return internal


def unavailable(language: str = "en") -> GraphQLError:
    """The database is away, or there is too much to do; come again after a second at first."""
    error = coded(UNAVAILABLE.in_(language), Code.UNAVAILABLE)
    error.extensions = {"code": Code.UNAVAILABLE, "retryAfter": RETRY_AFTER}
    return error


def busy(at_once: int) -> GraphQLError:
    """As many operations run and wait as may."""
    error = unavailable()
    error.extensions = {**(error.extensions or {}), "exceeded": Limit.OPERATIONS_AT_ONCE, "allowed": at_once}
    return error


def overdue(seconds: float) -> GraphQLError:
    """The operation took longer than any may."""
    words = Words(f"The operation was ended after {seconds:g} seconds.", f"操作在 {seconds:g} 秒后被终止。")
    return beyond(words, Limit.OPERATION_TIMEOUT, most=seconds, code=Code.TIMEOUT)
