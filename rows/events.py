"""What events are about, and who could see that before and after each of them.

An event repeats those columns of its row that grounds of visibility look at, as they were before and as they are after
it. So `rows.visibility` is asked of the event as it is of the row.
"""

from dataclasses import dataclass

from domain.events import Aggregate
from domain.people import Role
from rows import visibility
from rows.declare import Entity
from rows.entities import CUSTOMER, LEAD, LEAD_POOL, ORDER, PRODUCT, STOCK_LEVEL, TEAM, USER
from rows.lead_seats import POOLS_OF_ME
from rows.sql import Compiler

FACTS = {
    "owner_id": "bigint",
    "team_id": "bigint",
    "status": "text",
    "reviewed_by_id": "bigint",
    "pool_id": "bigint",
}
"""The columns that grounds look at, of all kinds of rows together, with their types; the id comes beside them."""


@dataclass(frozen=True)
class Subject:
    """The rows that events of one aggregate are about, and which of FACTS they have."""

    entity: Entity
    facts: tuple[str, ...]


SUBJECTS = {
    Aggregate.ORDER: Subject(ORDER, ("owner_id", "team_id", "status", "reviewed_by_id")),
    Aggregate.CUSTOMER: Subject(CUSTOMER, ("owner_id", "team_id")),
    Aggregate.PRODUCT: Subject(PRODUCT, ()),
    Aggregate.STOCK: Subject(STOCK_LEVEL, ()),
    Aggregate.LEAD: Subject(LEAD, ("owner_id", "team_id", "status", "pool_id")),
}


NAMED = {
    "by": USER,
    "owner": USER,
    "fromOwner": USER,
    "team": TEAM,
    "fromTeam": TEAM,
    "pool": LEAD_POOL,
    "fromPool": LEAD_POOL,
}
"""What numbers in payloads name, by their keys: everybody may see that such a row is there."""

_SHARES = (("order_share", "order_id"), ("customer_share", "customer_id"), ("lead_share", "lead_id"))
"""The tables that grounds find rows by beside the row itself, and what they name."""


def row_at(event: str, side: str) -> str:
    """The row that event `event` is about as it was on one `side`, "before" or "after": a row of a FROM."""
    facts = ", ".join(f"{event}.{side}_{name} AS {name}" for name in FACTS)
    return f"LATERAL (SELECT {event}.aggregate_id AS id, {facts})"


def seen(compiler: Compiler, event: str, row: str) -> str:
    """Whether the viewer could see `row`, a `row_at` of `event`. True or false, never null."""
    cases = " ".join(
        f"WHEN '{aggregate}' THEN {compiler.visible(subject.entity, row) or 'true'}"
        for aggregate, subject in SUBJECTS.items()
    )
    return f"(CASE {event}.aggregate {cases} END) IS TRUE"


def seen_now(compiler: Compiler, event: str) -> str:
    """Whether the viewer sees the row that `event` is about as it is now. True or false, never null."""
    cases = " ".join(
        f"WHEN '{aggregate}' THEN {_exists(compiler, event, each)}" for aggregate, each in SUBJECTS.items()
    )
    return f"(CASE {event}.aggregate {cases} END) IS TRUE"


def _exists(compiler: Compiler, event: str, subject: Subject) -> str:
    row = compiler.alias()
    visible = compiler.visible(subject.entity, row)
    if not visible:
        return "true"
    return f"EXISTS (SELECT 1 FROM {subject.entity.table} {row} WHERE {row}.id = {event}.aggregate_id AND {visible})"


def shares(compiler: Compiler) -> str:
    """A text that is another one when other rows are shared with the viewer, or they belong to other pools."""
    me = compiler.parameters.me()
    marks = [_mark(column, f"{table} WHERE user_id = {me}") for table, column in _SHARES]
    if compiler.shape.roles & {Role.REP, Role.MANAGER}:
        marks.append(_mark("DISTINCT pool_id", f"({POOLS_OF_ME.format(me=me)}) p"))
    if Role.MANAGER in compiler.shape.roles:
        pools = visibility.POOLS_OF_TEAMS.format(teams=compiler.parameters.teams())
        marks.append(_mark("DISTINCT pool_id", f"({pools}) p"))
    return " || ' ' || ".join(marks)


def _mark(ids: str, rows: str) -> str:
    """A text that is another one when there are others among the `ids` of `rows`."""
    found = f"SELECT {ids} AS id FROM {rows}"
    return f"(SELECT count(*) || ':' || coalesce(bit_xor(hashint8extended(id, 0)), 0) FROM ({found}) i)"
