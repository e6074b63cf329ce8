"""When a refresh token is good for a new one: the rotation of a session's tokens, and what betrays a stolen one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

# A session ends when it is not used for this long, and in any case this long after the sign-in.
IDLE_LIMIT = timedelta(days=30)
AGE_LIMIT = timedelta(days=90)
# A client whose answer got lost asks again with the token that it has.
REPEATABLE_FOR = timedelta(seconds=60)


class Verdict(Enum):
    """What to do with a refresh token."""

    ROTATE = auto()
    """It is the newest: the next generation replaces it."""
    REPEAT = auto()
    """It was replaced a moment ago: the answer of then is given again."""
    END = auto()
    """It was replaced before that, so somebody else has it too: nobody may go on with this session."""
    REFUSE = auto()
    """The session has ended already."""


@dataclass(frozen=True, kw_only=True)
class SessionState:
    """A session as it is stored; `rotations` are the moments of the newest rotations, the newest last."""

    generation: int
    rotations: tuple[datetime, ...]
    created_at: datetime
    expires_at: datetime
    ended: bool
    user_active: bool


def judge_refresh(session: SessionState, *, generation: int, now: datetime) -> Verdict:
    """What becomes of a genuine refresh token that is number `generation` of its session."""
    if session.ended or now >= session.expires_at:
        return Verdict.REFUSE
    if not session.user_active:
        return Verdict.END
    if generation == session.generation:
        return Verdict.ROTATE
    replaced_at = _replaced_at(session, generation)
    if replaced_at is not None and now - replaced_at <= REPEATABLE_FOR:
        return Verdict.REPEAT
    return Verdict.END


def expiry(*, created_at: datetime, now: datetime) -> datetime:
    """When a session that is used `now` ends by itself."""
    return min(now + IDLE_LIMIT, created_at + AGE_LIMIT)


def rotations_after(session: SessionState, *, now: datetime) -> tuple[datetime, ...]:
    """The moments to store after a rotation `now`: as far back as a replaced token may be repeated."""
    return (*(moment for moment in session.rotations if now - moment <= REPEATABLE_FOR), now)


def _replaced_at(session: SessionState, generation: int) -> datetime | None:
    steps_back = session.generation - generation
    return session.rotations[-steps_back] if 1 <= steps_back <= len(session.rotations) else None
