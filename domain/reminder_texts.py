"""What reminders say, in English and Chinese: in the application and in letters alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.reminders import ReminderKind

Texts = tuple[str, str]
_K = ReminderKind

REMINDERS: Mapping[ReminderKind, Texts] = {
    _K.FIRST_CONTACT_DUE: ("Be in touch with {subject} by {moment}.", "请在 {moment} 前首次联系{subject}。"),
    _K.FOLLOW_UP_DUE: ("Follow up {subject} by {moment}.", "请在 {moment} 前跟进{subject}。"),
    _K.FOLLOW_UP_PLANNED: ("A follow-up of {subject} is planned for {moment}.", "计划于 {moment} 跟进{subject}。"),
    _K.CONVERSION_DUE: ("Convert or close {subject} by {moment}.", "请在 {moment} 前转化或关闭{subject}。"),
    _K.LEAD_RECEIVED: ("You have been given {subject}.", "{subject}已分配给您。"),
    _K.LEAD_LOST: ("A deadline was missed: {subject} is not yours any more.", "因逾期，{subject}不再由您负责。"),
    _K.DEADLINE_MISSED: ("The owner of {subject} missed a deadline.", "{subject}的负责人未按期处理。"),
}
"""`moment` is the cause's; `subject` is one of SUBJECTS, and other names are facts that the cause comes with."""

SUBJECTS: Mapping[str, tuple[Texts, Texts]] = {
    "Lead": (("the lead {name}", "线索“{name}”"), ("a lead", "一条线索")),
}
"""What each kind of subject is called: where it has a name, and where it has none."""


def reminder_text(kind: str, subject: str, moment: datetime, facts: Mapping[str, Any], language: str) -> str:
    """What a reminder of `kind` says in `language`: "zh", or English for anything else.

    `subject` is the entity's name. `facts` have its `name` or null, the IANA `zone` in which its reader lives, and what
    the kind's text names beside.
    """
    index = 1 if language == "zh" else 0
    named, nameless = SUBJECTS[subject]
    name = facts.get("name")
    called = named[index].format(name=name) if name else nameless[index]
    zone = facts["zone"]
    told = f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"
    return REMINDERS[ReminderKind(kind)][index].format_map({**facts, "subject": called, "moment": told})


def reminder_texts(rows: Sequence[tuple[Any, ...]], language: str) -> list[str | None]:
    """The texts of reminders: kind, subject's entity, moment as JSON has it, and facts of each."""
    return [
        reminder_text(kind, subject, datetime.fromisoformat(moment), facts, language)
        for kind, subject, moment, facts in rows
    ]
