"""Reminders about leads."""

from domain.events import EventType
from domain.people import Role
from domain.reminders import ReminderKind
from rows.entities import LEAD
from rows.lead_seats import OPEN_STATUSES
from services.reminders.sources import Ahead, Source, Told

_OWNED = f"l.owner_id IS NOT NULL AND l.status IN ({OPEN_STATUSES})"
_FACTS = "jsonb_build_object('name', l.company)"
_OF_REMINDER = "SELECT FROM lead l WHERE l.id = r.subject_id"
_THEIRS = f"{_OF_REMINDER} AND l.owner_id = r.recipient_id AND l.status IN ({OPEN_STATUSES})"
_BEFORE = "p.remind_before_minutes * 60"


def _deadline(kind: ReminderKind, column: str) -> Source:
    """Of a deadline of leads, to their owner: by the index of the nearest deadline that a lead has."""
    rows = f"""
SELECT l.id AS subject_id, l.owner_id AS recipient_id, l.{column} AS cause_at, {_BEFORE} AS seconds, {_FACTS} AS facts
FROM lead l JOIN lead_pool p ON p.id = l.pool_id
WHERE {_OWNED} AND l.breach = 0 AND least(l.contact_by, l.follow_up_by, l.convert_by) BETWEEN {{since}} AND {{latest}}
  AND l.{column} <= {{latest}} AND p.remind_before_minutes IS NOT NULL
"""  # noqa: S608  # of names of ours
    return Source(
        kind=kind,
        subject=LEAD,
        found=Ahead(rows=rows, seconds=f"SELECT DISTINCT {_BEFORE} FROM lead_pool p"),  # noqa: S608  # as above
        holds=f"EXISTS ({_THEIRS} AND l.{column} = r.cause_at)",
    )


_PLANNED = Source(
    kind=ReminderKind.FOLLOW_UP_PLANNED,
    subject=LEAD,
    found=Ahead(
        rows=f"""
SELECT l.id AS subject_id, l.owner_id AS recipient_id, l.next_follow_up_at AS cause_at,
  coalesce({_BEFORE}, 0) AS seconds, {_FACTS} AS facts
FROM lead l LEFT JOIN lead_pool p ON p.id = l.pool_id
WHERE {_OWNED} AND l.next_follow_up_at BETWEEN {{since}} AND {{latest}} AND l.next_follow_up_at >= l.assigned_at
""",  # noqa: S608  # as above
        seconds=f"SELECT DISTINCT {_BEFORE} FROM lead_pool p UNION SELECT 0",  # noqa: S608  # as above
    ),
    holds=f"EXISTS ({_THEIRS} AND l.next_follow_up_at = r.cause_at)",
)
_RECEIVED = Source(
    kind=ReminderKind.LEAD_RECEIVED,
    subject=LEAD,
    found=Told(
        types=(EventType.LEAD_ASSIGNED,),
        rows=f"""
SELECT l.id AS subject_id, e.after_owner_id AS recipient_id, e.created_at AS cause_at, {_FACTS} AS facts
FROM {{events}} e JOIN lead l ON l.id = e.aggregate_id
WHERE e.after_owner_id IS DISTINCT FROM (e.payload ->> 'by')::bigint
  AND e.after_owner_id IS DISTINCT FROM e.before_owner_id
""",  # noqa: S608  # as above
    ),
    # Whoever has followed it up since knows that they have it.
    holds=f"EXISTS ({_THEIRS} AND l.assigned_at <= r.cause_at AND (l.last_follow_up_at < r.cause_at) IS NOT FALSE)",
)
_LOST = Source(
    kind=ReminderKind.LEAD_LOST,
    subject=LEAD,
    found=Told(
        types=(EventType.LEAD_RECYCLED, EventType.LEAD_ASSIGNED),
        rows=f"""
SELECT l.id AS subject_id, e.before_owner_id AS recipient_id, e.created_at AS cause_at, {_FACTS} AS facts
FROM {{events}} e JOIN lead l ON l.id = e.aggregate_id
WHERE e.before_owner_id IS NOT NULL AND e.after_owner_id IS DISTINCT FROM e.before_owner_id
  AND e.payload ->> 'by' IS NULL
""",  # noqa: S608  # as above
    ),
    holds=f"EXISTS ({_OF_REMINDER} AND l.owner_id IS DISTINCT FROM r.recipient_id)",
)
# The managers of the lead's team, or of the nearest team above it that has any.
_MISSED = Source(
    kind=ReminderKind.DEADLINE_MISSED,
    subject=LEAD,
    found=Told(
        types=(EventType.LEAD_ESCALATED,),
        rows=f"""
SELECT DISTINCT ON (e.position, m.id) l.id AS subject_id, m.id AS recipient_id, e.created_at AS cause_at,
  {_FACTS} || jsonb_build_object('owner', o.id) AS facts
FROM {{events}} e JOIN lead l ON l.id = e.aggregate_id JOIN app_user o ON o.id = e.after_owner_id
CROSS JOIN LATERAL (
  SELECT u.id, c.depth, min(c.depth) OVER () AS nearest FROM team_closure c JOIN app_user u ON u.team_id = c.ancestor_id
  WHERE c.descendant_id = e.after_team_id AND u.active AND '{Role.MANAGER}' = ANY (u.roles) AND u.id <> o.id
) m WHERE m.depth = m.nearest
""",  # noqa: S608  # as above
    ),
    holds=f"EXISTS ({_OF_REMINDER} AND l.breach = 1 AND l.status IN ({OPEN_STATUSES})"
    " AND l.owner_id = (r.facts ->> 'owner')::bigint)",
)

LEAD_SOURCES = (
    _deadline(ReminderKind.FIRST_CONTACT_DUE, "contact_by"),
    _deadline(ReminderKind.FOLLOW_UP_DUE, "follow_up_by"),
    _deadline(ReminderKind.CONVERSION_DUE, "convert_by"),
    _PLANNED,
    _RECEIVED,
    _LOST,
    _MISSED,
)
