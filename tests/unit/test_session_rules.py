"""When a refresh token is good for a new one."""

from datetime import UTC, datetime, timedelta

from domain.sessions import SessionState, Verdict, expiry, judge_refresh, rotations_after

SIGNED_IN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def seconds(count: float) -> datetime:
    return SIGNED_IN + timedelta(seconds=count)


def session(*rotations: datetime, ended: bool = False, user_active: bool = True, generation: int = 0) -> SessionState:
    return SessionState(
        generation=generation or 1 + len(rotations),
        rotations=rotations,
        created_at=SIGNED_IN,
        expires_at=SIGNED_IN + timedelta(days=30),
        ended=ended,
        user_active=user_active,
    )


def test_the_newest_token_is_rotated() -> None:
    assert judge_refresh(session(seconds(5)), generation=2, now=seconds(6)) is Verdict.ROTATE


def test_a_replaced_token_is_answered_again_for_sixty_seconds() -> None:
    assert judge_refresh(session(seconds(5)), generation=1, now=seconds(65)) is Verdict.REPEAT


def test_a_token_replaced_before_that_ends_the_session() -> None:
    assert judge_refresh(session(seconds(5)), generation=1, now=seconds(65.001)) is Verdict.END


def test_each_of_several_quick_rotations_may_be_repeated_by_its_own_time() -> None:
    quick = session(seconds(0), seconds(30), seconds(40))
    assert judge_refresh(quick, generation=1, now=seconds(61)) is Verdict.END
    assert judge_refresh(quick, generation=2, now=seconds(61)) is Verdict.REPEAT
    assert judge_refresh(quick, generation=3, now=seconds(61)) is Verdict.REPEAT


def test_a_token_whose_rotation_is_forgotten_ends_the_session() -> None:
    assert judge_refresh(session(seconds(100), generation=5), generation=2, now=seconds(101)) is Verdict.END


def test_a_token_of_a_generation_that_was_never_made_ends_the_session() -> None:
    assert judge_refresh(session(), generation=7, now=seconds(1)) is Verdict.END


def test_an_ended_session_refuses_even_its_newest_token() -> None:
    assert judge_refresh(session(ended=True), generation=1, now=seconds(1)) is Verdict.REFUSE


def test_an_expired_session_refuses_from_that_moment_on() -> None:
    expires_at = SIGNED_IN + timedelta(days=30)
    assert judge_refresh(session(), generation=1, now=expires_at) is Verdict.REFUSE
    assert judge_refresh(session(), generation=1, now=expires_at - timedelta(milliseconds=1)) is Verdict.ROTATE


def test_the_session_of_an_inactive_user_ends() -> None:
    assert judge_refresh(session(user_active=False), generation=1, now=seconds(1)) is Verdict.END


def test_use_prolongs_a_session_to_thirty_days_but_never_past_ninety() -> None:
    assert expiry(created_at=SIGNED_IN, now=seconds(60)) == seconds(60) + timedelta(days=30)
    later = SIGNED_IN + timedelta(days=75)
    assert expiry(created_at=SIGNED_IN, now=later) == SIGNED_IN + timedelta(days=90)


def test_rotations_are_remembered_as_long_as_they_may_be_repeated() -> None:
    state = session(seconds(0), seconds(30))
    assert rotations_after(state, now=seconds(70)) == (seconds(30), seconds(70))
