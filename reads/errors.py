"""What the top level of a response says of a request that is wrong or failed: always with a code."""

from collections.abc import Sequence
from dataclasses import replace

from graphql import GraphQLError

from domain.errors import InvalidInput, Refused


class Code:
    """The codes of top-level errors."""

    INVALID_INPUT = "INVALID_INPUT"
    INVALID_CURSOR = "INVALID_CURSOR"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    BAD_REQUEST = "BAD_REQUEST"
    RATE_LIMITED = "RATE_LIMITED"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    TIMEOUT = "TIMEOUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class WrongMethod(GraphQLError):
    """A mutation asked for by GET, which may be repeated and cached by whatever lies in between."""

    def __init__(self) -> None:
        super().__init__("Only queries may be asked by GET.", extensions={"code": Code.BAD_REQUEST})


def coded(message: str, code: str, *, path: Sequence[str] = ()) -> GraphQLError:
    """An error with its code and, in `extensions.path`, the way to the input that it is about."""
    extensions: dict[str, object] = {"code": code}
    if path:
        extensions["path"] = list(path)
    return GraphQLError(message, extensions=extensions)


def explained(error: GraphQLError) -> str:
    """What is wrong with a value: in the words of its scalar, where that one refused it."""
    return str(error.original_error) if isinstance(error.original_error, ValueError) else error.message


def invalid_input(error: InvalidInput, *, prefix: Sequence[str] = ()) -> GraphQLError:
    """`error` about an argument, `prefix` leading to the argument. Who answers puts it into words, in a language."""
    refused = replace(error, path=(*prefix, *error.path))
    extensions = {"code": Code.INVALID_INPUT, "path": list(refused.path)}
    return GraphQLError(error.problem, extensions=extensions, original_error=Refused(refused))


def unauthenticated(reason: str = "") -> GraphQLError:
    """Nobody is signed in; `reason` is why the credentials that were sent are not good, as a stable key."""
    error = coded("Sign in first: send a valid access token as `Authorization: Bearer ...`.", Code.UNAUTHENTICATED)
    if reason:
        error.extensions = {"code": Code.UNAUTHENTICATED, "reason": reason}
    return error
