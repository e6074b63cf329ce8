"""A claim with the same rules, as a good team writes it at first: a transaction, locks, and the ORM."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import strawberry
from strawberry.types import Info

from bench.naive.context import Context
from domain.leads.lead import OPEN, LeadMove
from models import Lead, LeadAssignment, LeadPool, LeadPoolMember, LeadPoolStanding, OutboxEvent, TeamClosure, User
from services.transaction import transaction

ZONE = ZoneInfo("Europe/London")


@strawberry.type
class ClaimedLead:
    """The lead."""

    id: strawberry.ID


@strawberry.type
class ClaimError:
    """Why not."""

    code: str


@strawberry.type
class LeadClaimPayload:
    """The lead, or why not."""

    lead: ClaimedLead | None
    errors: list[ClaimError]


@strawberry.input
class LeadClaimInput:
    """Which lead."""

    id: strawberry.ID


async def claim_lead(info: Info[Context, None], input: LeadClaimInput) -> LeadClaimPayload:  # noqa: A002  # as in the schema
    """Claim a lead."""
    refused = await _claim(info.context.viewer.user_id, int(input.id.removeprefix("lea_")))
    if refused:
        return LeadClaimPayload(lead=None, errors=[ClaimError(code=refused)])
    return LeadClaimPayload(lead=ClaimedLead(id=input.id), errors=[])


async def _claim(user_id: int, lead_id: int) -> str | None:
    now = datetime.now(UTC)
    async with transaction():
        user = await User.select_for_update().get(id=user_id)
        lead = await Lead.select_for_update().get_or_none(id=lead_id)
        if lead is None or lead.pool_id is None:
            return "NOT_FOUND"
        pool = await LeadPool.get(id=lead.pool_id)
        above = await TeamClosure.filter(descendant_id=user.team_id).values_list("ancestor_id", flat=True)
        member = await LeadPoolMember.filter(pool_id=pool.id, team_id__in=list(above)).exists()
        if not member and not await LeadPoolMember.filter(pool_id=pool.id, user_id=user.id).exists():
            return "NOT_FOUND"
        if refused := await _in_the_way(user, lead, pool, now):
            return refused
        await _write(user, lead, pool, now)
    return None


async def _in_the_way(user: User, lead: Lead, pool: LeadPool, now: datetime) -> str | None:
    if lead.owner_id is not None:
        return "ALREADY_CLAIMED"
    if lead.status not in OPEN:
        return "NOT_ELIGIBLE"
    standing = await LeadPoolStanding.get_or_none(pool_id=pool.id, user_id=user.id)
    if lead.head_start_until and now < lead.head_start_until and not (standing and standing.best):
        return "HEAD_START"
    lost = LeadAssignment.filter(lead_id=lead.id, from_owner_id=user.id, by_id=None, move=LeadMove.RECYCLED)
    last = await lost.order_by("-at").first()
    if last and pool.cool_down_minutes and now < last.at + timedelta(minutes=pool.cool_down_minutes):
        return "COOLING_DOWN"
    day = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    claims = LeadAssignment.filter(to_owner_id=user.id, from_pool_id=pool.id, move=LeadMove.CLAIMED)
    today = len([row for row in await claims.order_by("-at").limit(1) if row.at >= day]) and await claims.count()
    if pool.claim_quota is not None and today >= pool.claim_quota:
        return "QUOTA_EXCEEDED"
    held = await Lead.filter(owner_id=user.id, pool_id=pool.id, status__in=list(OPEN)).count()
    if pool.hold_limit is not None and held >= pool.hold_limit:
        return "HOLD_LIMIT_REACHED"
    return None


async def _write(user: User, lead: Lead, pool: LeadPool, now: datetime) -> None:
    lead.owner_id, lead.team_id, lead.assigned_at = user.id, user.team_id, now
    lead.contact_by = now + timedelta(minutes=pool.first_contact_minutes or 0)
    lead.convert_by = now + timedelta(minutes=pool.convert_minutes or 0)
    lead.last_seq += 1
    await lead.save()
    await LeadAssignment.create(
        lead_id=lead.id,
        move=LeadMove.CLAIMED,
        from_pool_id=pool.id,
        to_owner_id=user.id,
        to_team_id=user.team_id,
        to_pool_id=pool.id,
        by_id=user.id,
        worth=lead.expected_value,
        at=now,
    )
    await OutboxEvent.create(
        aggregate="lead",
        aggregate_id=lead.id,
        seq=lead.last_seq,
        type="lead.claimed",
        payload={"by": user.id, "owner": user.id},
        after_owner_id=user.id,
        after_team_id=user.team_id,
        after_status=lead.status,
        created_at=now,
    )
