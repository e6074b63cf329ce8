"""What may be asked for at all, before anything is looked at that costs."""

from collections.abc import Mapping, Sequence, Set

from graphql import OperationDefinitionNode, OperationType

from domain.scopes import TokenScope
from domain.words import Words
from reads.errors import Code, Limit, WrongMethod, beyond, coded

SIGN_IN = frozenset({"login", "passwordSet", "tokenExchange", "tokenRefresh"})
"""Mutations for which nobody needs to be signed in; one at a time, since each is a guess at a password or token."""
INTROSPECTION = frozenset({"__schema", "__type"})
PUBLIC = SIGN_IN | INTROSPECTION | {"__typename"}
_NOT_STREAMED = Words(
    "Subscribe over a WebSocket, or accept text/event-stream.", "请通过 WebSocket 订阅，或接受 text/event-stream。"
)
_ONE_ROOT = Words("A subscription has one root field.", "一个订阅只能有一个根字段。")
MOST_ROOTS = 200
MOST_MUTATIONS = 10
MOST_INTROSPECTIONS = 2


def check_kind(operation: OperationDefinitionNode, *, only_queries: bool, subscribes: bool) -> None:
    """May an operation of this kind be asked for in this way? `only_queries`: as over GET."""
    if operation.operation is OperationType.SUBSCRIPTION and not subscribes:
        raise coded(_NOT_STREAMED, Code.BAD_REQUEST)
    if only_queries and operation.operation is not OperationType.QUERY:
        raise WrongMethod


def check_roots(operation: OperationDefinitionNode, names: Sequence[str]) -> None:
    """May so many of these root fields be asked for?"""
    if operation.operation is OperationType.SUBSCRIPTION and len(names) > 1:
        raise coded(_ONE_ROOT, Code.BAD_REQUEST)
    mutations = len(names) if operation.operation is OperationType.MUTATION else 0
    counts = (
        (
            len(names),
            MOST_ROOTS,
            Limit.ROOT_FIELDS,
            Words(f"An operation has at most {MOST_ROOTS} root fields.", f"一个操作最多有 {MOST_ROOTS} 个根字段。"),
        ),
        (
            mutations,
            MOST_MUTATIONS,
            Limit.MUTATIONS,
            Words(
                f"An operation makes at most {MOST_MUTATIONS} mutations.", f"一个操作最多执行 {MOST_MUTATIONS} 个变更。"
            ),
        ),
        (
            _among(names, SIGN_IN),
            1,
            Limit.SIGN_INS,
            Words("An operation signs in or refreshes once.", "一个操作只能登录或刷新一次。"),
        ),
        (
            names.count("changes"),
            1,
            Limit.CHANGES_READS,
            Words("An operation reads the feed of changes once.", "一个操作只能读取一次变更流。"),
        ),
        (
            _among(names, INTROSPECTION),
            MOST_INTROSPECTIONS,
            Limit.INTROSPECTIONS,
            Words(
                f"An operation asks at most {MOST_INTROSPECTIONS} times for the schema.",
                f"一个操作最多查询 {MOST_INTROSPECTIONS} 次模式。",
            ),
        ),
    )
    for found, most, limit, words in counts:
        if found > most:
            raise beyond(words, limit, most=most, got=found)


def check_scopes(names: Sequence[str], scopes: Set[TokenScope], needs: Mapping[str, Set[TokenScope]]) -> None:
    """May a token with `scopes` ask for these root fields? `needs` are the scopes that each needs."""
    for name in names:
        if name not in PUBLIC:
            _check_scopes(name, scopes, needs.get(name))


def _check_scopes(name: str, scopes: Set[TokenScope], needed: Set[TokenScope] | None) -> None:
    if needed is None:
        raise coded(
            Words(f"API tokens may not ask for {name}: sign in.", f"API 令牌不能请求 {name}：请登录。"), Code.FORBIDDEN
        )
    if missing := sorted(needed - scopes):
        lacking = ", ".join(missing)
        words = Words(
            f"This API token may not ask for {name}: it lacks {lacking}.",
            f"此 API 令牌不能请求 {name}：缺少 {lacking}。",
        )
        error = coded(words, Code.FORBIDDEN)
        error.extensions = {"code": Code.FORBIDDEN, "scopes": missing}
        raise error


def _among(names: Sequence[str], some: Set[str]) -> int:
    return sum(name in some for name in names)
