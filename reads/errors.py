"""What the top level of a response says of a request that is wrong or failed: always with a code."""

import re
from collections.abc import Sequence
from dataclasses import replace

from graphql import GraphQLError

from domain.errors import InvalidInput, Refused
from domain.messages import PROBLEMS
from domain.problems import Problem
from domain.words import Words


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
        super().__init__(
            Words("Only queries may be asked by GET.", "GET 只能用于查询。"), extensions={"code": Code.BAD_REQUEST}
        )


def coded(message: Words, code: str, *, path: Sequence[str] = ()) -> GraphQLError:
    """An error with its code and, in `extensions.path`, the way to the input that it is about."""
    extensions: dict[str, object] = {"code": code}
    if path:
        extensions["path"] = list(path)
    return GraphQLError(message, extensions=extensions)


class Limit:
    """The limits by which operations are refused: `extensions.exceeded`. Those that are settings have their names."""

    REQUEST_BYTES = "REQUEST_BYTES"
    TOKENS = "TOKENS"
    FIELDS = "FIELDS"
    ROW_LEVELS = "ROW_LEVELS"
    SELECTION_LEVELS = "SELECTION_LEVELS"
    ALIASES = "ALIASES"
    DIRECTIVES = "DIRECTIVES"
    ROOT_FIELDS = "ROOT_FIELDS"
    MUTATIONS = "MUTATIONS"
    SIGN_INS = "SIGN_INS"
    INTROSPECTIONS = "INTROSPECTIONS"
    CHANGES_READS = "CHANGES_READS"
    COMPARISONS = "COMPARISONS"
    ARGUMENT_VALUES = "ARGUMENT_VALUES"
    STATEMENT = "STATEMENT"
    OPERATION_POINTS = "OPERATION_POINTS"
    CALLER_POINTS = "CALLER_POINTS"
    OPERATION_TIMEOUT = "OPERATION_TIMEOUT"
    OPERATIONS_AT_ONCE = "OPERATIONS_AT_ONCE"
    SOCKET_OPERATIONS = "SOCKET_OPERATIONS"


_SIGN_IN = Words(
    "Sign in first: send a valid access token as `Authorization: Bearer ...`.",
    "请先登录，并以 `Authorization: Bearer ...` 发送有效的访问令牌。",
)
_LACKS = re.compile(r"Expected value of type '\w+!?' to include required field '(?P<field>\w+)',")
_LARGEST = 1_000_000_000
"""What a small document unfolds into is a number of any length, which JSON clients cannot hold."""


def beyond(
    message: Words,
    limit: str,
    *,
    most: float | None = None,
    got: float | None = None,
    code: str = Code.QUERY_TOO_COMPLEX,
) -> GraphQLError:
    """What is beyond `limit`: in `extensions` its name, the `most` that is allowed and what was asked for, if known."""
    numbers = {"allowed": most, "got": None if got is None else min(got, _LARGEST)}
    told = {name: number for name, number in numbers.items() if number is not None}
    return GraphQLError(message, extensions={"code": code, "exceeded": limit, **told})


def explained(error: GraphQLError) -> str:
    """What is wrong with a value: in the words of its scalar, where that one refused it."""
    return str(error.original_error) if isinstance(error.original_error, ValueError) else error.message


def invalid_input(error: InvalidInput, *, prefix: Sequence[str] = ()) -> GraphQLError:
    """`error` about an argument, `prefix` leading to the argument. Who answers puts it into words, in a language."""
    refused = replace(error, path=(*prefix, *error.path))
    extensions = _facts(refused.path, refused.problem)
    if refused.limit:
        extensions["limit"] = refused.limit
    return GraphQLError(error.problem, extensions=extensions, original_error=Refused(refused))


def malformed(message: str, path: Sequence[str] = ()) -> GraphQLError:
    """A value that is none of its type, at `path` from its argument or variable on."""
    told = Words(message, f"{'.'.join(path)} {PROBLEMS[Problem.MALFORMED][1]}".strip())
    return GraphQLError(told, extensions=_facts(path, Problem.MALFORMED))


def wrong_value(error: GraphQLError, path: Sequence[str], *, before: str = "") -> GraphQLError:
    """An error of graphql-core's about the value at `path`; one that lacks a field is about that field.

    `before` is what the message begins with.
    """
    if lacks := _LACKS.match(error.message):
        return invalid_input(InvalidInput(path=(*path, lacks["field"]), problem=Problem.MISSING))
    return malformed(f"{before}{explained(error)}", path)


def _facts(path: Sequence[str], problem: str) -> dict[str, object]:
    return {"code": Code.INVALID_INPUT, "path": list(path), "problem": problem}


def unauthenticated(reason: str = "") -> GraphQLError:
    """Nobody is signed in; `reason` is why the credentials that were sent are not good, as a stable key."""
    error = coded(_SIGN_IN, Code.UNAUTHENTICATED)
    if reason:
        error.extensions = {"code": Code.UNAUTHENTICATED, "reason": reason}
    return error
