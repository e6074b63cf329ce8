"""All kinds of reminders, each with where it comes from."""

from collections.abc import Mapping

from domain.reminders import ReminderKind
from services.reminders.leads import LEAD_SOURCES
from services.reminders.sources import Source

SOURCES: Mapping[ReminderKind, Source] = {source.kind: source for source in LEAD_SOURCES}

_CASES = " ".join(f"WHEN '{kind}' THEN {source.holds}" for kind, source in SOURCES.items())
HOLDS = f"(CASE r.kind {_CASES} END)"
"""A condition that the cause of reminder `r` is still there, whatever its kind."""
