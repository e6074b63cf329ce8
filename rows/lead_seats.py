"""How somebody stands in a pool of leads, in SQL: what claims are decided by, and what buttons are shown by."""

from domain.leads.lead import OPEN, LeadMove
from domain.people import Role

OPEN_STATUSES = ", ".join(f"'{status}'" for status in OPEN)

LOST_TO_DEADLINES = f"move IN ('{LeadMove.RECYCLED}', '{LeadMove.REASSIGNED}') AND by_id IS NULL"
"""Which rows of a lead's history say that a deadline was missed."""

POOLS_OF_ME = (
    "SELECT m.pool_id FROM lead_pool_member m WHERE m.user_id = {me}"
    " UNION ALL SELECT m.pool_id FROM app_user i JOIN team_closure c ON c.descendant_id = i.team_id"
    " JOIN lead_pool_member m ON m.team_id = c.ancestor_id WHERE i.id = {me}"
)
"""The pools that somebody belongs to, themselves or by their team or one above it."""

MEMBER = f"p.id IN ({POOLS_OF_ME.format(me='u.id')})"
"""Whether user `u` belongs to pool `p`, by themselves or by their team or one above it."""

RECEIVERS = f"""lead_pool_member m JOIN app_user u
  ON u.active AND '{Role.REP}' = ANY (u.roles) AND (u.id = m.user_id OR u.team_id IN (
    SELECT c.descendant_id FROM team_closure c WHERE c.ancestor_id = m.team_id))"""  # of names of ours
"""Rows of a FROM: memberships `m`, each with those `u` who get leads by it, as themselves or as people of a team."""

CLAIMED_TODAY = f"""CASE WHEN p.claim_quota IS NOT NULL THEN (
    SELECT count(*) FROM lead_assignment h WHERE h.to_owner_id = u.id AND h.from_pool_id = p.id
      AND h.move = '{LeadMove.CLAIMED}' AND h.at >= d.day) ELSE 0 END"""  # of names of ours
"""How many leads of pool `p` user `u` has claimed since day `d` began, also those that they do not have any more."""

HELD = f"""CASE WHEN p.hold_limit IS NOT NULL THEN (
    SELECT count(*) FROM lead o WHERE o.owner_id = u.id AND o.pool_id = p.id AND o.status IN ({OPEN_STATUSES}))
    ELSE 0 END"""  # as above
"""How many open leads of pool `p` user `u` has."""


def day_of(moment: str, company_zone: str) -> str:
    """A row `d` of a FROM: the day of a moment by the calendar of pool `p`, from `day` to `day_ends`."""
    calendar = "SELECT k.time_zone FROM business_calendar k WHERE k.id = coalesce(p.calendar_id, company_calendar())"
    zone = f"coalesce(({calendar}), {company_zone})"
    return (
        f"(SELECT date_trunc('day', {moment}, {zone}) AS day,"
        f" (date_trunc('day', {moment} AT TIME ZONE {zone}) + interval '1 day') AT TIME ZONE {zone} AS day_ends) d"
    )
