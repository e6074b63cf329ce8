"""Customers, leads and orders change hands: set-based, with a row of history and an event for each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg

from domain.events import Aggregate, EventType
from domain.leads.lead import LeadMove
from domain.ownership import Ownership
from domain.users import MOST_TRANSFERRED
from models.connection import TransactionClient
from rows.events import SUBJECTS
from rows.lead_seats import OPEN_STATUSES
from services.clock import now
from services.outbox import events_of
from services.records.open import NOT_OVER
from services.tiers.classify import classify_moved, customers_changed

_PAYLOAD = """jsonb_build_object(
    'version', t.version, 'fromOwner', moved.from_owner, 'fromTeam', moved.from_team,
    'owner', t.owner_id, 'team', t.team_id, 'by', $4::bigint
)"""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The rows of `owner_id`: those of `ids`, else all that is not over; of `teams` alone, if given."""

    owner_id: int
    ids: Sequence[int] | None = None
    teams: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A table of rows that have owners, and where their history and events go.

    `also` is set in the rows beside owner and team, and `move` is what their history calls it, where it has names.
    """

    table: str
    history: str
    column: str
    not_over: str
    aggregate: Aggregate
    event: EventType
    also: str = ""
    move: str = ""

    @property
    def events(self) -> str:
        """A statement that writes an event for each row that was moved."""
        facts = {name: f"t.{name}" for name in SUBJECTS[self.aggregate].facts}
        before = facts | {"owner_id": "moved.from_owner", "team_id": "moved.from_team"}
        moved = "unnest($1::bigint[], $2::bigint[], $3::bigint[]) moved (id, from_owner, from_team)"
        rows = f"{moved} JOIN {self.table} t USING (id) ORDER BY t.id"
        return events_of(self.aggregate, self.event, rows=rows, payload=_PAYLOAD, at="$5::timestamptz", before=before)


CUSTOMERS = Kind(
    table="customer",
    history="customer_owner_change",
    column="customer_id",
    not_over="true",
    aggregate=Aggregate.CUSTOMER,
    event=EventType.CUSTOMER_ASSIGNED,
)
LEADS = Kind(
    table="lead",
    history="lead_assignment",
    column="lead_id",
    not_over=f"status IN ({OPEN_STATUSES})",
    aggregate=Aggregate.LEAD,
    event=EventType.LEAD_ASSIGNED,
    also=", assigned_at = $7",
    move=LeadMove.ASSIGNED,
)
ORDERS = Kind(
    table="sales_order",
    history="order_owner_change",
    column="order_id",
    not_over=NOT_OVER,
    aggregate=Aggregate.ORDER,
    event=EventType.ORDER_ASSIGNED,
)

_MOVE = """
WITH picked AS (
    SELECT id, owner_id, team_id FROM {table}
    WHERE owner_id = $1 AND (id = ANY ($2::bigint[]) OR ($2 IS NULL AND {not_over}))
      AND ($3::bigint[] IS NULL OR team_id = ANY ($3)) AND (owner_id, team_id) IS DISTINCT FROM ($4::bigint, $5::bigint)
    ORDER BY id LIMIT $6 FOR NO KEY UPDATE
)
UPDATE {table} t SET owner_id = $4, team_id = $5, last_seq = t.last_seq + 1, updated_at = $7{also}
FROM picked WHERE t.id = picked.id
RETURNING t.id, picked.owner_id AS from_owner, picked.team_id AS from_team
"""
_HISTORY = """
INSERT INTO {history} ({column}, from_owner_id, from_team_id, to_owner_id, to_team_id, by_id, reason, at{named})
SELECT moved.id, moved.from_owner, moved.from_team, $4, $5, $6, $7, $8{moves}
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) moved (id, from_owner, from_team) ORDER BY moved.id
"""
_OWNS = "SELECT EXISTS (SELECT FROM {table} WHERE owner_id = $1 AND {not_over})"


async def move_all(
    client: TransactionClient, chosen: Chosen, to: Ownership, *, by: int, reason: str | None = None
) -> dict[str, int]:
    """Give customers, and leads and orders that are not over, to `to`, up to `MOST_TRANSFERRED` of each; how many."""
    every = replace(chosen, ids=None)
    customers = await move_rows(client, CUSTOMERS, every, to, by=by, reason=reason)
    leads = await move_rows(client, LEADS, every, to, by=by, reason=reason)
    orders = await move_rows(client, ORDERS, every, to, by=by, reason=reason)
    return {"customers": len(customers), "leads": len(leads), "orders": len(orders)}


async def move_rows(
    client: TransactionClient, kind: Kind, chosen: Chosen, to: Ownership, *, by: int, reason: str | None
) -> list[int]:
    """Give the rows to `to`, the first `MOST_TRANSFERRED` by id; their ids. What is there already is left alone.

    Customers come before leads, and these before orders, since locks are taken in that order.
    """
    moment = now()
    moved = await client.connection.fetch(
        _of(kind, _MOVE),
        chosen.owner_id,
        chosen.ids,
        chosen.teams,
        to.owner_id,
        to.team_id,
        MOST_TRANSFERRED,
        moment,
    )
    before = _columns(moved)
    await client.connection.execute(_of(kind, _HISTORY), *before, to.owner_id, to.team_id, by, reason, moment)
    await client.connection.execute(kind.events, *before, by, moment)
    if kind is CUSTOMERS:
        await customers_changed(client, before[0])
    elif kind is ORDERS:
        await classify_moved(client, before[0])
    return before[0]


async def owns_any(client: TransactionClient, user_id: int) -> bool:
    """Whether the user looks after customers, or leads or orders that are not over."""
    return any([await client.connection.fetchval(_of(kind, _OWNS), user_id) for kind in (CUSTOMERS, LEADS, ORDERS)])


def _columns(moved: Sequence[asyncpg.Record]) -> tuple[list[int], list[int], list[int | None]]:
    return (
        [row["id"] for row in moved],
        [row["from_owner"] for row in moved],
        [row["from_team"] for row in moved],
    )


def _of(kind: Kind, statement: str) -> str:
    named = {"named": ", move" if kind.move else "", "moves": f", '{kind.move}'" if kind.move else ""}
    return statement.format(**vars(kind), **named)
