"""Public holidays of countries, as the library `holidays` knows them. 20 MB, loaded when it is needed."""

import asyncio
from datetime import date
from importlib.metadata import version
from typing import Any

from domain.calendars import FIRST_YEAR
from services.calendars.refresh import Holiday, Holidays
from services.clock import now

_LANGUAGES = {"en": ("en_US", "en_GB"), "zh": ("zh_CN",)}
_STILL_DECREED = 3
"""Years: where weekend days were worked by decree so recently, the next decrees are not known yet."""


def library() -> str:
    """The version of the list, told without loading it."""
    return version("holidays")


async def look_up(country: str, subdivision: str, last_year: int) -> Holidays:
    """A `services.calendars.refresh.LookUp`."""
    return await asyncio.to_thread(_look_up, country, subdivision, last_year)


def _look_up(country: str, subdivision: str, last_year: int) -> Holidays:
    import holidays

    years = range(FIRST_YEAR, last_year + 1)
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError:
        return Holidays({}, None)
    by_language = {
        language: holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=known)
        for language, code in _LANGUAGES.items()
        if (known := _known(code, found.supported_languages))
    } or {"en": found}
    days = {day: Holiday(False, _labels(by_language, day)) for day in found}
    make_up = sorted(day for day in found.weekend_workdays if day.year in years)
    days |= {day: Holiday(True, {"en": "Make-up working day", "zh": "调休上班"}) for day in make_up}
    decreed = bool(make_up) and make_up[-1].year >= now().year - _STILL_DECREED
    return Holidays(dict(sorted(days.items())), date(make_up[-1].year if decreed else last_year, 12, 31))


def _known(codes: tuple[str, ...], supported: tuple[str, ...]) -> str | None:
    return next((code for code in codes if code in supported), None)


def _labels(by_language: dict[str, Any], day: date) -> dict[str, str]:
    return {language: names[day] for language, names in by_language.items()}
