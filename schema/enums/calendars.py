"""Enums of business calendars."""

from domain.calendars import Weekday
from schema.describe import enum

enum(
    Weekday,
    {day.name: f"{day.name.capitalize()}, 星期{zh}." for day, zh in zip(Weekday, "一二三四五六日", strict=True)},
)
