"""Signing in, staying signed in by refresh tokens, and signing out."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher

from app.auth.keys import token_keys
from domain.errors import InvalidCredentials, Refused, SessionEnded
from domain.people import Role
from models import AuditEntry, Session, User
from models.connection import pool
from services.clock import clock_set_to
from services.sessions import passwords
from services.sessions.access_tokens import read_access_token
from services.sessions.endings import end_all_access
from services.sessions.refresh import refresh
from services.sessions.refresh_tokens import derive_refresh_token
from services.sessions.sign_in import sign_in, sign_out
from services.sessions.tokens import TokenPair
from services.transaction import transaction
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

KEYS = token_keys("a secret key of thirty-two letters")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse"


def after(**passed: float) -> datetime:
    return MONDAY + timedelta(**passed)


async def signed_in() -> tuple[User, TokenPair]:
    user = await make_user(Role.REP, password=PASSWORD)
    with clock_set_to(MONDAY):
        return user, await sign_in(email=user.email, password=PASSWORD, keys=KEYS)


async def refreshed(pair: TokenPair, *, at: datetime) -> TokenPair:
    with clock_set_to(at):
        return await refresh(refresh_token=pair.refresh_token, keys=KEYS)


async def assert_ended(pair: TokenPair, *, at: datetime) -> None:
    with pytest.raises(Refused) as refusal:
        await refreshed(pair, at=at)
    assert refusal.value.errors == (SessionEnded(),)


async def test_signing_in_gives_tokens_of_a_new_session() -> None:
    user, pair = await signed_in()
    session = await Session.get()
    claims = read_access_token([KEYS.access], pair.access_token, now=MONDAY)
    assert (claims.user_id, claims.session_id) == (user.id, session.id)
    assert session.expires_at == MONDAY + timedelta(days=30)
    assert pair.refresh_token.encode() not in bytes(session.token_hash)


async def test_an_email_counts_without_case_and_surrounding_spaces() -> None:
    user = await make_user(password=PASSWORD, email="zoë@test.example")
    await sign_in(email=" ZOË@test.Example ", password=PASSWORD, keys=KEYS)
    assert await Session.filter(user_id=user.id).count() == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("user@test.example", "wrong", id="wrong password"),
        pytest.param("nobody@test.example", PASSWORD, id="unknown email"),
        pytest.param("gone@test.example", PASSWORD, id="inactive"),
        pytest.param("machine@test.example", "", id="no password"),
        pytest.param("broken@test.example", PASSWORD, id="no hash"),
        pytest.param("", "", id="empty"),
    ],
)
async def test_whoever_may_not_sign_in_learns_nothing_and_leaves_nothing(email: str, password: str) -> None:
    await make_user(email="user@test.example", password=PASSWORD)
    await make_user(email="gone@test.example", password=PASSWORD, active=False)
    await make_user(email="machine@test.example")
    await User.filter(id=(await make_user(email="broken@test.example")).id).update(password_hash="not a hash")
    with pytest.raises(Refused) as refusal:
        await sign_in(email=email, password=password, keys=KEYS)
    assert refusal.value.errors == (InvalidCredentials(),)
    assert await Session.all().count() == 0


@pytest.fixture
def verified() -> Iterator[list[str]]:
    """The hashes that passwords were compared with."""
    seen: list[str] = []
    original = passwords._verify

    def recording(password: str, stored: str) -> passwords.Verification:
        seen.append(stored)
        return original(password, stored)

    with patch.object(passwords, "_verify", recording):
        yield seen


@pytest.mark.parametrize("email", ["nobody@test.example", "gone@test.example", "machine@test.example"])
async def test_an_unknown_email_takes_as_long_as_a_wrong_password(email: str, verified: list[str]) -> None:
    await make_user(email="gone@test.example", password=PASSWORD, active=False)
    await make_user(email="machine@test.example")
    with pytest.raises(Refused):
        await sign_in(email=email, password=PASSWORD, keys=KEYS)
    (stored,) = verified
    assert not passwords._hasher.check_needs_rehash(stored), "the costs are not those of a real hash"


async def test_a_hash_of_other_parameters_is_replaced_when_its_owner_signs_in() -> None:
    user, _ = await signed_in()  # the factory hashes quickly
    renewed = await User.get(id=user.id)
    assert renewed.password_hash != user.password_hash
    assert not PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1).check_needs_rehash(renewed.password_hash)
    await sign_in(email=user.email, password=PASSWORD, keys=KEYS)
    assert (await User.get(id=user.id)).password_hash == renewed.password_hash


@contextmanager
def rival_during_verification(user: User, **changes: object) -> Iterator[None]:
    """Somebody changes the user while the password is verified."""

    async def verify(password: str, stored: str | None) -> passwords.Verification:
        verification = await passwords.verify_password(password, stored)
        await User.filter(id=user.id).update(**changes)
        return verification

    with patch("services.sessions.sign_in.verify_password", verify):
        yield


async def test_a_password_changed_during_a_sign_in_is_not_undone_by_its_rehash() -> None:
    user = await make_user(password=PASSWORD)
    with rival_during_verification(user, password_hash="changed by a rival"):
        await sign_in(email=user.email, password=PASSWORD, keys=KEYS)
    assert (await User.get(id=user.id)).password_hash == "changed by a rival"


async def test_a_user_deactivated_during_a_sign_in_gets_no_session() -> None:
    user = await make_user(password=PASSWORD)
    with rival_during_verification(user, active=False), pytest.raises(Refused):
        await sign_in(email=user.email, password=PASSWORD, keys=KEYS)
    assert await Session.all().count() == 0


async def test_a_refresh_gives_a_new_pair_for_the_same_session() -> None:
    user, first = await signed_in()
    second = await refreshed(first, at=after(minutes=10))
    assert second.refresh_token != first.refresh_token
    claims = read_access_token([KEYS.access], second.access_token, now=after(minutes=10))
    assert (claims.user_id, claims.session_id) == (user.id, (await Session.get()).id)


async def test_use_prolongs_a_session_up_to_ninety_days() -> None:
    _, pair = await signed_in()
    for day in (29, 58, 87):
        pair = await refreshed(pair, at=after(days=day))
    await assert_ended(pair, at=after(days=90))


async def test_a_session_that_is_not_used_for_thirty_days_has_ended() -> None:
    _, pair = await signed_in()
    await assert_ended(pair, at=after(days=30))


async def test_the_same_token_within_sixty_seconds_gives_the_same_refresh_token() -> None:
    _, first = await signed_in()
    second = await refreshed(first, at=after(minutes=10))
    again = await refreshed(first, at=after(minutes=10, seconds=60))
    assert again.refresh_token == second.refresh_token
    await refreshed(again, at=after(minutes=20))


async def test_after_several_quick_refreshes_the_first_token_still_gives_what_it_gave() -> None:
    _, first = await signed_in()
    second = await refreshed(first, at=after(seconds=10))
    await refreshed(await refreshed(second, at=after(seconds=20)), at=after(seconds=30))
    assert (await refreshed(first, at=after(seconds=40))).refresh_token == second.refresh_token


async def test_the_same_token_after_sixty_seconds_ends_the_session_for_both() -> None:
    _, first = await signed_in()
    second = await refreshed(first, at=after(minutes=10))
    await assert_ended(first, at=after(minutes=11, milliseconds=1))
    await assert_ended(second, at=after(minutes=11, seconds=1))
    assert (await Session.get()).ended_at == after(minutes=11, milliseconds=1)


async def test_refreshes_that_race_give_one_and_the_same_refresh_token() -> None:
    _, first = await signed_in()
    pairs = await asyncio.gather(*(refreshed(first, at=after(minutes=10)) for _ in range(20)))
    assert len({pair.refresh_token for pair in pairs}) == 1
    assert (await Session.get()).generation == 2


async def test_a_refresh_decides_after_the_one_that_it_waited_for() -> None:
    _, first = await signed_in()
    async with pool().acquire() as rival, rival.transaction():
        await rival.execute(
            "UPDATE session SET generation = 3, rotations = ARRAY[$1, $1]::timestamptz[]", after(seconds=10)
        )
        waiting = asyncio.create_task(refreshed(first, at=after(seconds=20)))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
    await waiting
    assert (await Session.get()).generation == 3, "it went back to a generation that was used already"


async def test_a_refresh_that_lost_the_race_by_more_than_sixty_seconds_ends_the_session() -> None:
    _, first = await signed_in()
    second = await refreshed(first, at=after(minutes=10))
    late = await asyncio.gather(*(refreshed(first, at=after(minutes=12)) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(outcome, Refused) for outcome in late)
    await assert_ended(second, at=after(minutes=12))


async def test_signing_out_ends_the_session_and_no_other() -> None:
    user, pair = await signed_in()
    with clock_set_to(MONDAY):
        other = await sign_in(email=user.email, password=PASSWORD, keys=KEYS)
    session_id = read_access_token([KEYS.access], pair.access_token, now=MONDAY).session_id
    await sign_out(user_id=user.id, session_id=session_id)
    await sign_out(user_id=user.id, session_id=session_id)
    await assert_ended(pair, at=after(minutes=1))
    await refreshed(other, at=after(minutes=1))


async def test_nobody_signs_somebody_else_out() -> None:
    user, pair = await signed_in()
    session = await Session.get()
    await sign_out(user_id=user.id + 1, session_id=session.id)
    await refreshed(pair, at=after(minutes=1))


async def test_the_session_of_a_deactivated_user_ends_at_the_next_refresh() -> None:
    user, pair = await signed_in()
    await User.filter(id=user.id).update(active=False)
    await assert_ended(pair, at=after(minutes=10))
    await User.filter(id=user.id).update(active=True)
    await assert_ended(pair, at=after(minutes=11))


async def test_a_token_of_no_session_or_of_another_key_is_refused() -> None:
    _, pair = await signed_in()
    unknown = derive_refresh_token(KEYS.refresh, session_id=uuid.uuid4(), generation=1)
    forged = derive_refresh_token(KEYS.access, session_id=(await Session.get()).id, generation=1)
    for token in (unknown, forged, "garbage", pair.access_token):
        await assert_ended(TokenPair(access_token="", refresh_token=token), at=after(minutes=1))
    await refreshed(pair, at=after(minutes=1))


async def test_a_session_goes_on_when_the_secret_key_is_changed_and_the_old_one_named() -> None:
    _, first = await signed_in()
    renewed = token_keys("another secret key of thirty-two", "a secret key of thirty-two letters")
    with clock_set_to(after(minutes=10)):
        second = await refresh(refresh_token=first.refresh_token, keys=renewed)
        again = await refresh(refresh_token=first.refresh_token, keys=renewed)
        assert again.refresh_token == second.refresh_token
    with clock_set_to(after(minutes=20)):
        only_new = token_keys("another secret key of thirty-two")
        await refresh(refresh_token=second.refresh_token, keys=only_new)
        with pytest.raises(Refused):
            await refresh(refresh_token=first.refresh_token, keys=only_new)


async def test_the_audit_tells_of_sessions_and_of_tokens_that_came_twice() -> None:
    user, first = await signed_in()
    await refreshed(first, at=after(minutes=1))
    await assert_ended(first, at=after(minutes=5))
    session = await Session.get()
    await sign_out(user_id=user.id, session_id=session.id)  # has ended: nothing to tell
    written = [(entry.action, entry.actor_id, entry.subject_id) for entry in await AuditEntry.all().order_by("id")]
    assert written == [("SIGNED_IN", user.id, f"usr_{user.id}"), ("TOKEN_REUSED", None, f"usr_{user.id}")]


async def test_whoever_is_shut_out_while_they_sign_in_has_no_session_afterwards() -> None:
    user = await make_user(Role.REP, password=PASSWORD)

    async def shut_out() -> None:
        async with transaction() as client:
            await client.connection.execute("UPDATE app_user SET active = false WHERE id = $1", user.id)
            await end_all_access(client, user_id=user.id)

    signing_in = [sign_in(email=user.email, password=PASSWORD, keys=KEYS) for _ in range(5)]
    await asyncio.gather(*signing_in, shut_out(), return_exceptions=True)
    assert await Session.filter(user_id=user.id, ended_at=None).count() == 0
