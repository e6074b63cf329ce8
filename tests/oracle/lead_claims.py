"""Whether somebody could claim a lead, by the rules as people tell them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.visibility import Viewer
from tests.oracle.world import Row

WORKING = {"ADMIN", "REP", "MANAGER"}
OPEN = {"NEW", "CONTACTED", "QUALIFIED"}


def can_claim(viewer: Viewer, lead: Row) -> dict[str, Any]:
    """What the lead's `canClaim` is. All moments of the world are long ago, so that nothing cools down or is new."""
    if lead.columns["owner_id"] == viewer.user.id and viewer.roles & WORKING:
        return {"ok": True, "reason": None, "from": None}
    pool = viewer.world.get("LeadPool", lead.columns["pool_id"])
    reason = _reason(viewer, lead, pool)
    until = _tomorrow(viewer, pool) if reason == "QUOTA_EXCEEDED" and pool else None
    return {"ok": reason is None, "reason": reason, "from": until}


def _reason(viewer: Viewer, lead: Row, pool: Row | None) -> str | None:
    if not viewer.roles & WORKING:
        return "NOT_PERMITTED"
    if lead.columns["owner_id"] is not None:
        return "ALREADY_CLAIMED"
    if (
        lead.columns["status"] not in OPEN
        or pool is None
        or not pool.columns["active"]
        or lead.columns["duplicate_of_id"] is not None
        or not viewer.belongs_to(pool.id)
        or viewer.user.columns["team_id"] is None
    ):
        return "NOT_ELIGIBLE"
    if pool.columns["claim_quota"] == 0:
        return "QUOTA_EXCEEDED"
    mine = [each for each in viewer.world.having("Lead", "pool_id", pool.id) if _held(viewer, each)]
    limit = pool.columns["hold_limit"]
    return "HOLD_LIMIT_REACHED" if limit is not None and len(mine) >= limit else None


def _held(viewer: Viewer, lead: Row) -> bool:
    return lead.columns["owner_id"] == viewer.user.id and lead.columns["status"] in OPEN


def _tomorrow(viewer: Viewer, pool: Row) -> str:
    """When the next day begins by the pool's calendar, or the company's, or its clock."""
    calendars = viewer.world.of("BusinessCalendar")
    of_pool = [each for each in calendars if each.id == pool.columns["calendar_id"]]
    of_company = [each for each in calendars if each.columns["company_default"]]
    zone = ZoneInfo(next((each.columns["time_zone"] for each in (*of_pool, *of_company)), viewer.world.zone))
    day = datetime.now(zone).date() + timedelta(days=1)
    moment = datetime.combine(day, time(), zone).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
