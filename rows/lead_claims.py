"""Whether a reader could claim leads, for the answers of reads: the rule that decides claims, asked beforehand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from domain.errors import CoolingDown, DomainError, HeadStart, QuotaExceeded
from domain.leads.claiming import ID, Claimant, ClaimedLead, Known, PoolRules, Standing, decide_claim
from domain.leads.lead import LeadStatus
from domain.moments import write_moment
from domain.permissions import Action, may
from domain.scopes import TokenScope
from rows.lead_seats import CLAIMED_TODAY, HELD, LOST_TO_DEADLINES, MEMBER, day_of
from rows.viewer import Reader, Viewer

CLAIM_FACTS = f"""(SELECT jsonb_build_object('at', now(), 'lead', {{t}}.id, 'status', {{t}}.status,
  'owner', {{t}}.owner_id, 'leadTeam', {{t}}.team_id, 'pooled', {{t}}.pooled_at IS NOT NULL,
  'duplicate', {{t}}.duplicate_of_id IS NOT NULL, 'headStartUntil', {{t}}.head_start_until, 'pool', p.id,
  'team', u.team_id, 'quota', p.claim_quota, 'limit', p.hold_limit, 'coolDown', p.cool_down_minutes,
  'dayEnds', d.day_ends, 'member', {MEMBER}, 'claimed', {CLAIMED_TODAY}, 'held', {HELD},
  'best', coalesce(s.best, false), 'lost', (SELECT max(at) FROM lead_assignment h
    WHERE h.lead_id = {{t}}.id AND h.from_owner_id = u.id AND {LOST_TO_DEADLINES}))
FROM app_user u LEFT JOIN lead_pool p ON p.id = {{t}}.pool_id AND p.active
LEFT JOIN lead_pool_standing s ON s.pool_id = p.id AND s.user_id = u.id
CROSS JOIN LATERAL {day_of("now()", "{zone}")} WHERE u.id = {{me}})"""  # of names of ours
"""A column of leads: all that `can_claim` wants to know of the row and the reader."""


def can_claim(rows: Sequence[tuple[Mapping[str, Any]]], reader: Reader) -> list[dict[str, Any]]:
    """For each lead whether the reader could claim it now; if not, the code of what is in the way, and until when."""
    return [_answer(facts, reader.viewer) for (facts,) in rows]


def _answer(facts: Mapping[str, Any], viewer: Viewer) -> dict[str, Any]:
    lead, known, me = _lead(facts), _known(facts, viewer), _claimant(facts, viewer)
    outcome = decide_claim(me, lead, known, now=datetime.fromisoformat(facts["at"]), path=ID)
    if not isinstance(outcome, DomainError):
        return {"ok": True, "reason": None, "from": None}
    return {"ok": False, "reason": outcome.code, "from": _retry_at(outcome)}


def _retry_at(error: DomainError) -> str | None:
    if not isinstance(error, QuotaExceeded | CoolingDown | HeadStart):
        return None
    return write_moment(error.retry_at)


def _claimant(facts: Mapping[str, Any], viewer: Viewer) -> Claimant:
    writes = viewer.scopes is None or TokenScope.LEADS_WRITE in viewer.scopes
    return Claimant(id=viewer.user_id, team_id=facts["team"], may=writes and may(viewer, Action.WORK_LEADS))


def _lead(facts: Mapping[str, Any]) -> ClaimedLead:
    return ClaimedLead(
        id=facts["lead"],
        status=LeadStatus(facts["status"]),
        owner_id=facts["owner"],
        team_id=facts["leadTeam"],
        pool_id=facts["pool"],
        was_pooled=facts["pooled"],
        duplicate=facts["duplicate"],
        head_start_until=_moment(facts["headStartUntil"]),
    )


def _known(facts: Mapping[str, Any], viewer: Viewer) -> Known:
    """What is known of the one lead. It is in an answer, so that the reader sees it."""
    place, pool = (viewer.user_id, facts["pool"]), facts["pool"]
    lost, minutes = _moment(facts["lost"]), facts["coolDown"]
    rules = PoolRules(
        id=pool,
        claim_quota=facts["quota"],
        hold_limit=facts["limit"],
        cool_down=None if minutes is None else timedelta(minutes=minutes),
        day_ends=cast(datetime, _moment(facts["dayEnds"])),
    )
    seat = Standing(member=facts["member"], claimed_today=facts["claimed"], held=facts["held"], best=facts["best"])
    return Known(
        leads={},
        pools={} if pool is None else {pool: rules},
        seats={} if pool is None else {place: seat},
        lost={} if lost is None else {(viewer.user_id, facts["lead"]): lost},
        sights=frozenset({(viewer.user_id, facts["lead"])}),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
