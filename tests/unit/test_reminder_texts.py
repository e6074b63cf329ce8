"""What reminders say, and when a letter is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reminder_texts import REMINDERS, SUBJECTS, reminder_text
from domain.reminders import MOST_TRIES, ReminderKind, pause_after
from rows.entities import ENTITIES
from services.reminders.registry import SOURCES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_every_kind_has_a_source_texts_and_a_subject_that_has_a_word() -> None:
    assert set(SOURCES) == set(REMINDERS) == set(ReminderKind)
    assert all(kind is source.kind for kind, source in SOURCES.items())
    assert {source.subject.name for source in SOURCES.values()} == set(SUBJECTS)
    assert set(SUBJECTS) <= set(ENTITIES)


@pytest.mark.parametrize("kind", ReminderKind)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_names_its_subject_if_it_has_a_name_and_ends_as_a_sentence(kind: str, language: str) -> None:
    told = reminder_text(kind, "Lead", NOON, {"name": "{Acme} %s", "zone": "Asia/Shanghai"}, language)
    assert "{Acme} %s" in told
    assert told[-1] in ".。"
    assert "{" not in reminder_text(kind, "Lead", NOON, {"name": None, "zone": "UTC"}, language)


def test_moments_are_told_by_the_readers_clock() -> None:
    facts = {"name": None, "zone": "Asia/Shanghai"}
    told = reminder_text("FOLLOW_UP_DUE", "Lead", datetime(2026, 3, 2, 23, tzinfo=UTC), facts, "en")
    assert told == "Follow up a lead by 2026-03-03 07:00 (Asia/Shanghai)."


@given(tries=st.integers(1, MOST_TRIES + 3), chance=st.floats(0, 1))
def test_tries_lie_further_and_further_apart_up_to_an_hour_and_end(tries: int, chance: float) -> None:
    pause = pause_after(tries, chance)
    if tries >= MOST_TRIES:
        assert pause is None
        return
    assert pause is not None
    plain = min(timedelta(seconds=30) * 2 ** (tries - 1), timedelta(hours=1))
    assert 0.75 * plain <= pause <= 1.25 * plain
