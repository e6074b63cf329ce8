"""What tier rules cost: classification beside a write, new rules over all that is open, previews, and work queues.

Rules are those of the demo, and the same without a frequency. What is timed is what use cases and reads call.
"""

import statistics
import time
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from app.demo.tiers import RULES
from app.embedded import Servers
from bench.tier_writes import added_to_writes
from domain.orders.work import WORK
from domain.people import Role
from domain.tiers import NewTierRule
from models.connection import connect, disconnect, pool
from reads.pools import ReadPools
from reads.tiers import MOST_PREVIEWED, preview_rules
from reads.work import work_queue
from rows.parameters import Context
from rows.sql import ViewerShape
from rows.viewer import Viewer
from services.tiers.classify import classify_moved
from services.tiers.edit import edit_draft
from services.tiers.publish import publish_rules
from services.tiers.reclassify import reclassify_orders
from services.transaction import transaction

WRITES = 300
_Rule: TypeAlias = tuple[str, str, int, int, Mapping[str, Any]]
_SOME = "SELECT id FROM sales_order WHERE customer_id IS NOT NULL ORDER BY hashint8(id) LIMIT $1"
_LAST = "SELECT placed_at FROM sales_order ORDER BY placed_at DESC OFFSET $1 LIMIT 1"
_SOMEBODY = """
SELECT u.id, u.team_id, coalesce((SELECT array_agg(descendant_id ORDER BY descendant_id) FROM team_closure
                                  WHERE ancestor_id = u.team_id), '{}') AS teams
FROM app_user u ORDER BY $1 = ANY (u.roles) DESC, u.id LIMIT 1
"""


async def measure_tiers(servers: Servers, database: str) -> dict[str, str]:
    """What was found, in words, by what was measured. The database is left with other tiers and rules."""
    address = servers.postgres.url(database=database)
    await connect(address)
    reads = await ReadPools.connect(address, address, size=1, generic_size=1, seconds=60)
    found: dict[str, str] = {}
    try:
        admin = await _viewer(Role.ADMIN)
        for name, rules in _rule_sets():
            rule_set = await _publish(admin, rules)
            begin = await pool().fetchval(_LAST, MOST_PREVIEWED - 1_000)
            seconds = await _timed(preview_rules(reads, rule_set, begin, None, digits=2))
            found[f"{name}: a preview of {MOST_PREVIEWED:,} orders"] = f"{seconds:.1f} s"
            began = time.perf_counter()
            done, moved = await reclassify_orders(progress=_unwatched)
            rate = done / (time.perf_counter() - began)
            found[f"{name}: published, {done:,} open orders, {moved:,} moved"] = f"{rate:,.0f} orders a second"
            found[f"{name}: beside a write"] = f"{await _beside_a_write():.2f} ms"
            found[f"{name}: an order entered or changed"] = await added_to_writes(servers, admin)
        for role in (Role.ADMIN, Role.MANAGER, Role.REP, Role.REVIEWER, Role.FULFILMENT):
            found[f"work queue, {role.value.lower()}"] = f"{await _queue(reads, await _viewer(role)):.1f} ms"
    finally:
        await reads.close()
        await disconnect()
    return found


def _rule_sets() -> Iterator[tuple[str, Sequence[_Rule]]]:
    sizeable: Mapping[str, Any] = {"baseTotal": {"gte": "1000"}}
    plain = [(*rule[:4], sizeable if "frequency" in str(rule[4]) else rule[4]) for rule in RULES]
    yield "without a frequency", plain
    yield "with a frequency", RULES


async def _publish(admin: Viewer, rules: Sequence[_Rule]) -> int:
    tiers = {row["code"]: row["id"] for row in await pool().fetch("SELECT id, code FROM tier")}
    given = [
        NewTierRule(name=name, tier_id=tiers[code], priority=priority, response_minutes=minutes, filter=raw)
        for code, name, priority, minutes, raw in rules
    ]
    draft = await edit_draft(viewer=admin, rules=given, expected_version=None)
    await publish_rules(viewer=admin, rule_set_id=draft, expected_version=1)
    await pool().execute("UPDATE job SET state = 'CANCELLED' WHERE kind = 'TIER_RULES'")
    return draft


async def _beside_a_write() -> float:
    """Median milliseconds of classifying one order in its writer's transaction."""
    times = []
    for row in await pool().fetch(_SOME, WRITES):
        async with transaction() as client:
            await client.connection.execute("SELECT FROM sales_order WHERE id = $1 FOR UPDATE", row["id"])
            began = time.perf_counter()
            await classify_moved(client, [row["id"]])
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


async def _queue(reads: ReadPools, viewer: Viewer) -> float:
    """Median milliseconds of a first page."""
    context, shape = Context(viewer, "GBP", 2, "UTC", date.min), ViewerShape(viewer.roles, 0)

    def first_page() -> Awaitable[object]:
        return work_queue(reads, context, shape, today=date(2026, 1, 1), size=51, after=None, reasons=WORK.keys())

    return statistics.median([await _timed(first_page()) for _ in range(9)]) * 1000


async def _timed(asked: Awaitable[object]) -> float:
    began = time.perf_counter()
    await asked
    return time.perf_counter() - began


async def _viewer(role: Role) -> Viewer:
    [row] = await pool().fetch(_SOMEBODY, role.value)
    return Viewer(user_id=row["id"], roles=frozenset({role}), team_id=row["team_id"], team_ids=tuple(row["teams"]))


async def _unwatched(**_: Any) -> None:
    """Nobody watches."""
