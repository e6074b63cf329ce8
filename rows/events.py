"""What events are about, and who could see that before and after each of them.

An event repeats those columns of its row that grounds of visibility look at, as they were before and as they are after
it. So `rows.visibility` is asked of the event as it is of the row.
"""

from dataclasses import dataclass

from domain.events import Aggregate
from rows.declare import Entity
from rows.entities import CUSTOMER, ORDER, PRODUCT, STOCK_LEVEL, TEAM, USER
from rows.sql import Compiler

FACTS = {"owner_id": "bigint", "team_id": "bigint", "status": "text", "reviewed_by_id": "bigint"}
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
}


NAMED = {"by": USER, "owner": USER, "fromOwner": USER, "team": TEAM, "fromTeam": TEAM}
"""What numbers in payloads name, by their keys: everybody may see that such a row is there."""

_SHARES = (("order_share", "order_id"), ("customer_share", "customer_id"))
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
    """A text that is another one when other rows are shared with the viewer."""
    me = compiler.parameters.me()
    marks = (
        f"(SELECT count(*) || ':' || coalesce(bit_xor(hashint8extended({column}, 0)), 0)"
        f" FROM {table} WHERE user_id = {me})"
        for table, column in _SHARES
    )
    return " || ' ' || ".join(marks)
