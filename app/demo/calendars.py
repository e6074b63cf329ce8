"""When the demo company works: a British calendar, which is the company's, a Chinese one, and somebody's week off."""

from datetime import datetime, timedelta

import orjson

from app.demo.organisation import DOMAIN
from models.connection import TransactionClient
from services.calendars.periods import hold_calendars, work_out

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
CALENDARS = (
    ("uk", {"en": "United Kingdom", "zh": "英国"}, "Europe/London", ("GB", "ENG"), ("09:00-17:30",)),
    ("china", {"en": "China", "zh": "中国"}, "Asia/Shanghai", ("CN", None), ("09:00-12:00", "13:30-18:00")),
)
"""Code, names, zone, country with its part, hours of a working day; the first is the company's."""
CHINESE = [f"{name}@{DOMAIN}" for name in ("rep4", "rep5", "zhao.lei")]
"""Who works by the second."""
AWAY, MANAGER = f"jean.moreau@{DOMAIN}", f"manager@{DOMAIN}"
_CALENDAR = """
INSERT INTO business_calendar (
    version, code, labels, time_zone, country, subdivision, week, exceptions, company_default, created_at)
VALUES (1, $1, $2::jsonb, $3, $4, $5, $6::jsonb, '[]', $7, $8) RETURNING id
"""
_WORKS_BY = "UPDATE app_user SET calendar_id = $1 WHERE email = ANY ($2::text[])"
_LEAVE = """
INSERT INTO user_leave (user_id, starts_at, ends_at, reason, entered_by_id, created_at)
SELECT u.id, $3, $4, 'Holiday in the Alps', m.id, $5 FROM app_user u, app_user m WHERE u.email = $1 AND m.email = $2
"""
_ASKED = """
INSERT INTO deadline_pause (subject_kind, subject_id, starts_at, ends_at, running, reason)
SELECT 'ORDER', order_id, at, gone, CASE WHEN gone IS NULL THEN true END, 'CUSTOMER_ASKED' FROM (
    SELECT order_id, to_status, at, lead(at) OVER (PARTITION BY order_id ORDER BY at, id) AS gone
    FROM order_status_change) steps
WHERE to_status = 'NEEDS_INFO' ORDER BY order_id, at
"""
# Workers know holidays: one looks them up as soon as it runs.
_JOB = """
INSERT INTO job (kind, state, parameters, done, failed, language, created_at)
VALUES ('WORKING_TIME', 'QUEUED', '{}', 0, 0, 'en', $1)
"""


async def add_calendars(client: TransactionClient, *, end: datetime) -> None:
    """Calendars that begin to hold, leave, and how long customers were asked back, as of `end`."""
    await hold_calendars(client)
    for place, (code, labels, zone, (country, part), hours) in enumerate(CALENDARS):
        names = orjson.dumps(labels).decode()
        week = orjson.dumps([{"weekday": day, "hours": hours} for day in _DAYS]).decode()
        default = None if place else True
        made = await client.connection.fetchval(_CALENDAR, code, names, zone, country, part, week, default, end)
        await work_out(client, made)
    await client.connection.execute(_WORKS_BY, made, CHINESE)
    week_off = (end + timedelta(days=1), end + timedelta(days=8))
    await client.connection.execute(_LEAVE, AWAY, MANAGER, *week_off, end)
    await client.connection.execute(_ASKED)
    await client.connection.execute(_JOB, end)
