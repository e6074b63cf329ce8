"""What may be asked for at all, before anything is looked at that costs."""

from collections.abc import Mapping, Sequence, Set

from graphql import OperationDefinitionNode, OperationType

from domain.scopes import TokenScope
from reads.errors import Code, Limit, WrongMethod, beyond, coded

SIGN_IN = frozenset({"login", "passwordSet", "tokenExchange", "tokenRefresh"})
"""Mutations for which nobody needs to be signed in; one at a time, since each is a guess at a password or token."""
INTROSPECTION = frozenset({"__schema", "__type"})
PUBLIC = SIGN_IN | INTROSPECTION | {"__typename"}
MOST_ROOTS = 200
MOST_MUTATIONS = 10
MOST_INTROSPECTIONS = 2


def check_kind(operation: OperationDefinitionNode, *, only_queries: bool, subscribes: bool) -> None:
    """May an operation of this kind be asked for in this way? `only_queries`: as over GET."""
    if operation.operation is OperationType.SUBSCRIPTION and not subscribes:
        raise coded("Subscribe over a WebSocket, or accept text/event-stream.", Code.BAD_REQUEST)
    if only_queries and operation.operation is not OperationType.QUERY:
        raise WrongMethod


def check_roots(operation: OperationDefinitionNode, names: Sequence[str]) -> None:
    """May so many of these root fields be asked for?"""
    if operation.operation is OperationType.SUBSCRIPTION and len(names) > 1:
        raise coded("A subscription has one root field.", Code.BAD_REQUEST)
    mutations = len(names) if operation.operation is OperationType.MUTATION else 0
    counts = (
        (len(names), MOST_ROOTS, Limit.ROOT_FIELDS, "has at most {} root fields"),
        (mutations, MOST_MUTATIONS, Limit.MUTATIONS, "makes at most {} mutations"),
        (_among(names, SIGN_IN), 1, Limit.SIGN_INS, "signs in or refreshes once"),
        (names.count("changes"), 1, Limit.CHANGES_READS, "reads the feed of changes once"),
        (
            _among(names, INTROSPECTION),
            MOST_INTROSPECTIONS,
            Limit.INTROSPECTIONS,
            "asks at most {} times for the schema",
        ),
    )
    for found, most, limit, words in counts:
        if found > most:
            raise beyond(f"An operation {words.format(most)}.", limit, most=most, got=found)


def check_scopes(names: Sequence[str], scopes: Set[TokenScope], needs: Mapping[str, Set[TokenScope]]) -> None:
    """May a token with `scopes` ask for these root fields? `needs` are the scopes that each needs."""
    for name in names:
        if name not in PUBLIC:
            _check_scopes(name, scopes, needs.get(name))


def _check_scopes(name: str, scopes: Set[TokenScope], needed: Set[TokenScope] | None) -> None:
    if needed is None:
        raise coded(f"API tokens may not ask for {name}: sign in.", Code.FORBIDDEN)
    if missing := sorted(needed - scopes):
        error = coded(f"This API token may not ask for {name}: it lacks {', '.join(missing)}.", Code.FORBIDDEN)
        error.extensions = {"code": Code.FORBIDDEN, "scopes": missing}
        raise error


def _among(names: Sequence[str], some: Set[str]) -> int:
    return sum(name in some for name in names)
