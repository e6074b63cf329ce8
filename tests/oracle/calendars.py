"""Calendars and leave, as the oracle needs them beside what their tables hold."""

from datetime import UTC, datetime
from typing import Any

from tests.oracle.custom_fields import label_in
from tests.oracle.world import Row

LISTS = {"weeklyHours", "exceptions", "holidays"}
"""Fields of a calendar that are lists of objects."""


def days_of(calendar: Row, name: str, language: str) -> list[dict[str, Any]]:
    """The objects of one of those fields."""
    if name == "weeklyHours":
        week: list[dict[str, Any]] = calendar.columns["week"]
        return week
    if name == "exceptions":
        days: list[dict[str, Any]] = calendar.columns["exceptions"]
        return days
    found = calendar.columns["holidays"]
    return [
        {"date": day["date"].isoformat(), "worked": day["worked"], "name": label_in(Row("", day), language)}
        for day in sorted(found, key=lambda day: day["date"])
        if day["date"].year >= datetime.now(UTC).year - 1
    ]
