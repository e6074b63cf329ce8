"""What people do with leads that they have: give back, follow up, close (跟进)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import InvalidInput
from domain.leads.lead import FollowUpChannel, FollowUpResult, LeadStatus
from domain.moments import write_moment
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import NOTES, many_lines, one_line

LONGEST_PLAN = timedelta(days=730)
"""How far ahead the next follow-up may be."""
_REACHED = frozenset(FollowUpResult) - {FollowUpResult.NOT_REACHED}


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Whose a lead becomes: `to_user_id`'s."""

    to_user_id: int
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewFollowUp:
    """Somebody was in touch with a lead `at` a moment, None for now, and will be again at `next_at`.

    `qualifies`: it turned out that there is something to sell.
    """

    channel: FollowUpChannel
    result: FollowUpResult
    content: str
    at: datetime | None = None
    next_at: datetime | None = None
    qualifies: bool = False


@dataclass(frozen=True, kw_only=True)
class Disqualification:
    """Why there is nothing to sell to a lead: a reason of the company's list, and perhaps words."""

    reason_id: int
    note: str | None = None


def reason_problems_of(reason: str | None) -> Iterator[InvalidInput]:
    """What is wrong with the words that somebody gives as a reason."""
    yield from one_line((*INPUT, "reason"), reason)


def follow_up_problems(follow_up: NewFollowUp, *, now: datetime, entered_at: datetime) -> Iterator[InvalidInput]:
    """What is wrong with a follow-up: it lies between the lead's entry and now, the next one ahead."""
    yield from many_lines((*INPUT, "content"), follow_up.content, limit=NOTES)
    at = follow_up.at or now
    if at > now:
        yield InvalidInput(path=(*INPUT, "at"), problem=Problem.TOO_LATE, limit=write_moment(now))
    if at < entered_at:
        yield InvalidInput(path=(*INPUT, "at"), problem=Problem.TOO_EARLY, limit=write_moment(entered_at))
    if follow_up.next_at is not None and follow_up.next_at <= now:
        yield InvalidInput(path=(*INPUT, "nextAt"), problem=Problem.TOO_EARLY, limit=write_moment(now))
    if follow_up.next_at is not None and follow_up.next_at > now + LONGEST_PLAN:
        limit = write_moment(now + LONGEST_PLAN)
        yield InvalidInput(path=(*INPUT, "nextAt"), problem=Problem.TOO_LATE, limit=limit)


def status_after(status: LeadStatus, follow_up: NewFollowUp) -> LeadStatus:
    """Where a lead stands after a follow-up; it never goes back."""
    if follow_up.qualifies or status is LeadStatus.QUALIFIED:
        return LeadStatus.QUALIFIED
    if status is LeadStatus.CONTACTED or follow_up.result in _REACHED:
        return LeadStatus.CONTACTED
    return status


def disqualification_problems(typed: Disqualification) -> Iterator[InvalidInput]:
    """What is wrong with the words of a disqualification."""
    yield from many_lines((*INPUT, "note"), typed.note, limit=NOTES)
