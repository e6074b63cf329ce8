"""Rules were published, or a tree was changed: open orders are classified, in chunks that hold up nobody for long.

Who wrote an order by what was so before may not have committed yet. So the orders are walked twice: at once, and when
every transaction has ended that had a number when the first walk began. After a publication, what is classified by the
rules in force already is passed over, so that a job that is begun again goes on where it stopped.
"""

import time
from dataclasses import dataclass

from models.connection import pool
from rows.entities import ENTITIES
from services.jobs.progress import Progress
from services.jobs.walking import FIRST_CHUNK, everybody_under_way, next_size, wait_for
from services.records.open import NOT_OVER
from services.tiers.classify import classify_again
from services.transaction import retrying, transaction

_OUTDATED = "o.tier_version IS DISTINCT FROM (SELECT number FROM tier_rule_set WHERE state = 'PUBLISHED')"
_SUBTREE = "ANY (ARRAY(SELECT descendant_id FROM {tree} WHERE ancestor_id = $3))"
_BELOW = f"""(
    o.{{column}} = {_SUBTREE}
    OR EXISTS (SELECT FROM customer c WHERE c.id = o.customer_id AND c.{{column}} = {_SUBTREE})
)"""
_LEFT_ALONE = "o.tier_override_id IS NOT NULL"
_NEXT = f"""
SELECT o.id, o.customer_id FROM sales_order o
WHERE o.id > $1 AND o.{NOT_OVER} AND NOT ({_LEFT_ALONE}) AND {{wanted}} ORDER BY o.id LIMIT $2
"""  # noqa: S608  # of our own making
_COUNT = f"""
SELECT count(*) AS total, count(*) FILTER (WHERE {_LEFT_ALONE} OR NOT ({_OUTDATED})) AS passed_over
FROM sales_order o WHERE o.{NOT_OVER}
"""  # noqa: S608  # as above
_HOLD = "SELECT id FROM customer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR SHARE"
_LOCK = "SELECT id FROM sales_order WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"


@dataclass(frozen=True)
class Below:
    """What is in the region or team `node`, or below it, by itself or by its customer; `entity` says which it is."""

    entity: str
    node: int

    @property
    def condition(self) -> str:
        """A test of the order o; the node is $3."""
        return _BELOW.format(column=f"{self.entity.lower()}_id", tree=ENTITIES[self.entity].tree)


async def reclassify_orders(below: Below | None = None, *, progress: Progress) -> tuple[int, int]:
    """Classify all open orders, or those `below` a node; how many were looked at, and how many of them moved.

    `progress` is told of each chunk before it is begun; what it raises, such as CancelAsked, leaves the rest undone. Of
    all open orders, those whose tier somebody overrides, and those that have it by these rules, are done from the
    start; in the end, all are.
    """
    counted = None if below else await pool().fetchrow(_COUNT)
    total, passed_over = counted or (0, 0)
    begun = await everybody_under_way()
    done = moved = 0

    async def tell() -> None:
        await progress(done=passed_over + done, total=max(total, passed_over + done))

    for walk in (1, 2):
        if walk == 2:
            await wait_for(begun, tell)
        last, size, began = 0, FIRST_CHUNK, time.monotonic()
        while chunk := await _classify_chunk(last, size, below):
            last, looked_at, told = chunk
            size = next_size(size, time.monotonic() - began)
            done, moved = done + looked_at, moved + told
            await tell()
            began = time.monotonic()
    total = 0  # some may be over by now, and others have come
    await tell()
    return done, moved


@retrying
async def _classify_chunk(after: int, size: int, below: Below | None) -> tuple[int, int, int] | None:
    """The last order of the chunk behind `after`, how many it has, and how many moved; None when there are no more."""
    wanted, node = (below.condition, [below.node]) if below else (_OUTDATED, [])
    async with transaction() as client:
        rows = await client.connection.fetch(_NEXT.format(wanted=wanted), after, size, *node)
        if not rows:
            return None
        customers = [row["customer_id"] for row in rows if row["customer_id"] is not None]
        await client.connection.execute(_HOLD, customers)
        ids = [row["id"] for row in rows]
        await client.connection.execute(_LOCK, ids)
        return ids[-1], len(ids), await classify_again(client, ids)
