"""Somebody gives an order another tier than rules do, until a moment, or until somebody ends it."""

from typing import Any

from domain.audit import AuditAction
from domain.errors import DomainError, InvalidInput, NotFound, Refused
from domain.events import Aggregate, EventType
from domain.orders.actions import OrderAction
from domain.orders.life_cycle import OVER
from domain.paths import INPUT
from domain.problems import Problem
from domain.tiers import NewOverride, override_problems
from models import Order, OrderTierOverride, Tier
from models.connection import TransactionClient, pool
from rows.entities import ORDER, TIER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.orders.locking import check_place, lock_order_for
from services.outbox import append
from services.tiers.classify import classify_moved
from services.transaction import retrying, transaction

BATCH = 100
"""Overrides that are ended at once."""
_EXPIRED = "SELECT order_id FROM order_tier_override WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY 1 LIMIT $2"
_HOLD = "SELECT FROM customer WHERE id = (SELECT customer_id FROM sales_order WHERE id = $1) FOR SHARE"
_LOCK = "SELECT FROM sales_order WHERE id = $1 FOR UPDATE"
_BY_RULES: dict[str, Any] = dict.fromkeys(
    ("tier_override_id", "tier_id", "tier_rule_id", "tier_version", "priority", "response_minutes", "respond_by")
)


@retrying
async def override_tier(
    *, viewer: Viewer, order_id: int, override: NewOverride, idempotency_key: str | None = None
) -> int:
    """Give the order the tier; its id. One that somebody gave before ends. Its deadline stays, and so does its priority
    if the override says none.

    Raises Refused with NotFound, NotPermitted, NotEditable (the order is over), InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": order_id, "override": override}
    request = Request(principal=viewer.user_id, mutation="orderTierOverride", key=idempotency_key, asked=asked)

    async def give() -> int:
        order = await lock_order_for(client, viewer, order_id, OrderAction.OVERRIDE_TIER)
        check_place(order, OrderAction.OVERRIDE_TIER)
        if problems := [*override_problems(override, now=now()), *await _tier_problems(client, override.tier_id)]:
            raise Refused(*problems)
        await _give(client, viewer, order, override)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, give)
    return outcome.settle()


@retrying
async def end_override(*, viewer: Viewer, order_id: int, idempotency_key: str | None = None) -> int:
    """Let rules give the order its tier again; its id. Where nothing is overridden, nothing happens.

    Raises Refused with NotFound, NotPermitted or IdempotencyKeyReused.
    """
    request = Request(
        principal=viewer.user_id, mutation="orderTierOverrideEnd", key=idempotency_key, asked={"id": order_id}
    )

    async def end() -> int:
        order = await lock_order_for(client, viewer, order_id, OrderAction.END_TIER_OVERRIDE)
        await _end(client, order, by=viewer.user_id)
        return order_id

    async with transaction() as client:
        outcome = await once(client, request, end)
    return outcome.settle()


async def end_expired() -> int:
    """End overrides whose time is over, up to BATCH; how many were looked at. Any number of workers may do so."""
    rows = await pool().fetch(_EXPIRED, now(), BATCH)
    for row in rows:
        await _end_expired(row["order_id"])
    return len(rows)


@retrying
async def _end_expired(order_id: int) -> None:
    async with transaction() as client:
        await client.connection.execute(_HOLD, order_id)
        await client.connection.execute(_LOCK, order_id)
        order = await Order.get(id=order_id, using_db=client)
        await _end(client, order, by=None, expired=True)


async def _tier_problems(client: TransactionClient, tier_id: int) -> list[DomainError]:
    tier = await Tier.get_or_none(id=tier_id, using_db=client)
    if tier is None:
        return [NotFound(path=(*INPUT, "tierId"))]
    return [] if tier.active else [InvalidInput(path=(*INPUT, "tierId"), problem=Problem.TIER_INACTIVE)]


async def _give(client: TransactionClient, viewer: Viewer, order: Order, override: NewOverride) -> None:
    moment = now()
    await _mark_ended(client, order, by=viewer.user_id)
    made = await OrderTierOverride.create(
        using_db=client,
        order_id=order.id,
        tier_id=override.tier_id,
        priority=override.priority,
        reason=override.reason,
        at=moment,
        expires_at=override.expires_at,
        by_id=viewer.user_id,
    )
    await _write(
        client,
        order,
        {"tier_override_id": made.id, "tier_id": override.tier_id, "tier_rule_id": None}
        | ({"priority": override.priority} if override.priority else {}),
    )
    facts = {
        "tier": global_id(TIER, override.tier_id),
        "priority": override.priority,
        "expiresAt": override.expires_at.isoformat(),
    }
    await _tell(client, order, EventType.ORDER_TIER_OVERRIDDEN, AuditAction.OVERRIDE_SET, facts, by=viewer.user_id)


async def _end(client: TransactionClient, order: Order, *, by: int | None, expired: bool = False) -> None:
    """End the override of the order, which is locked, if there is one and, where it has to be, it is `expired`."""
    if not await _mark_ended(client, order, by=by, expired=expired):
        return
    if order.status in OVER:
        await _write(client, order, {})
    else:
        await _write(client, order, _BY_RULES)
        await classify_moved(client, [order.id])
    facts = {"expired": expired}
    await _tell(client, order, EventType.ORDER_TIER_OVERRIDE_ENDED, AuditAction.OVERRIDE_WITHDRAWN, facts, by=by)


async def _mark_ended(client: TransactionClient, order: Order, *, by: int | None, expired: bool = False) -> bool:
    """Whether there was an override, and is none any more."""
    holding = OrderTierOverride.filter(id=order.tier_override_id, ended_at__isnull=True).using_db(client)
    if expired:
        holding = holding.filter(expires_at__lte=now())
    return await holding.update(ended_at=now(), ended_by_id=by) > 0


async def _write(client: TransactionClient, order: Order, changed: dict[str, Any]) -> None:
    """The order's version stays: nobody edits it by this."""
    await Order.filter(id=order.id).using_db(client).update(**changed, last_seq=order.last_seq + 1, updated_at=now())


async def _tell(
    client: TransactionClient,
    order: Order,
    event: EventType,
    action: AuditAction,
    facts: dict[str, Any],
    *,
    by: int | None,
) -> None:
    await record(client, actor=by, action=action, subject=(ORDER, order.id), facts=facts)
    payload = {"version": order.version} | ({"by": by} if by else {})
    await append(client, aggregate=Aggregate.ORDER, aggregate_id=order.id, type=event, before=order, payload=payload)
