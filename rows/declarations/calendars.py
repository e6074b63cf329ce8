"""Business calendars and leave."""

from collections.abc import Mapping, Sequence
from typing import Any

import models
from domain.labels import labels_in
from rows import visibility
from rows.declarations.shared import LABEL, LABELS
from rows.declare import Column, Computed, Entity, Kind, Shape, Sort, ToOne, columns_of
from rows.viewer import Reader

_SAME_PLACE = "{h}.country = {{t}}.country AND {h}.subdivision = coalesce({{t}}.subdivision, '')"
_HOLIDAYS = (
    "(SELECT jsonb_agg(jsonb_build_object('date', h.date, 'worked', h.worked, 'labels', h.labels) ORDER BY h.date)"
    f" FROM public_holiday h WHERE {_SAME_PLACE.format(h='h')}"
    " AND h.date >= (date_trunc('year', {today}::date) - interval '1 year')::date)"
)
_KNOWN = f"(SELECT s.known_until FROM holiday_source s WHERE {_SAME_PLACE.format(h='s')})"


def _holidays(rows: Sequence[tuple[Any, ...]], reader: Reader) -> list[list[Mapping[str, Any]]]:
    return [[_holiday(each, reader.language) for each in found or []] for (found,) in rows]


def _holiday(found: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    labels = found["labels"]
    [name] = labels_in([(labels.get("en"), labels.get("zh"))], language)
    return {"date": found["date"], "worked": found["worked"], "name": name}


BUSINESS_CALENDAR = Entity(
    name="BusinessCalendar",
    prefix="bcl",
    table="business_calendar",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.BusinessCalendar,
            *("version", "code", "time_zone", "country", "subdivision", "worked_out_until", "created_at"),
            unfiltered=("version", "worked_out_until"),
        ),
        **LABELS.parts,
        "company_default": Column("({t}.company_default IS TRUE)", Kind.BOOLEAN),
        "week": Column("{t}.week", Kind.JSON, filtered=False),
        "own_days": Column("{t}.exceptions", Kind.JSON, filtered=False),
        "holidays_of_country": Column(_HOLIDAYS, Kind.JSON, null=True, filtered=False),
        "holidays_known_until": Column(_KNOWN, Kind.DATE, null=True, filtered=False),
    },
    composites={"labels": LABELS},
    computed={
        "label": LABEL,
        "weekly_hours": Computed(
            ("week",), lambda rows, _reader: [week for (week,) in rows], Shape("DayHours", ("weekday", "hours"))
        ),
        "exceptions": Computed(
            ("own_days",),
            lambda rows, _reader: [days for (days,) in rows],
            Shape("CalendarException", ("date", "hours", "reason")),
        ),
        "holidays": Computed(("holidays_of_country",), _holidays, Shape("CalendarHoliday", ("date", "name", "worked"))),
    },
    to_one={"job": ToOne("Job", "job_id")},
    sorts={"code": Sort("code")},
    any_token=True,
)

LEAVE = Entity(
    name="Leave",
    prefix="lve",
    table="user_leave",
    scope=visibility.everything,
    columns={
        **columns_of(models.Leave, "starts_at", "ends_at", "created_at"),
        "reason": Column("{t}.reason", Kind.TEXT, null=True, filtered=False, mask=visibility.reasons_of_leave),
    },
    to_one={"user": ToOne("User", "user_id"), "entered_by": ToOne("User", "entered_by_id")},
    sorts={"starts_at": Sort("starts_at", descending=True)},
)
