"""Guesses at passwords are slowed down, from wherever they come, and their victims are not."""

import asyncio
from contextvars import copy_context
from datetime import UTC, datetime, timedelta

import pytest

from app.auth.keys import token_keys
from domain.attempts import OF_ACCOUNT, OF_ACCOUNT_AND_CLIENT, OF_CLIENT
from domain.errors import InvalidCredentials, Refused, TooManyAttempts
from domain.people import Role
from models import AuditEntry, LoginAttempts, Session, User
from models.connection import TransactionClient
from services.clock import clock_set_to
from services.origin import Origin, coming_from
from services.sessions import passwords
from services.sessions import sign_in as signing_in
from services.sessions.attempts import charge, forgive, purge_attempts
from services.sessions.passwords import Verification
from services.sessions.sign_in import sign_in
from services.transaction import transaction
from tests.factories import make_user
from tests.waiting import within

pytestmark = pytest.mark.usefixtures("database")

KEYS = token_keys("a secret key of thirty-two letters")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse"
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
async def rosa(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.REP, email="rosa@test.example", password=PASSWORD)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are compared as they are: what is tested is how often."""

    async def verify(password: str, stored: str | None) -> Verification:
        return Verification(right=stored is not None and password == PASSWORD)

    monkeypatch.setattr(signing_in, "verify_password", verify)


async def tried(
    email: str,
    password: str = "wrong",  # noqa: S107  # of a test user
    *,
    address: str | None = HERE,
    at: datetime = MONDAY,
) -> str:
    """What came of an attempt: "in", "wrong", or the seconds until the next one."""
    with clock_set_to(at), coming_from(Origin(address=address)):
        try:
            await sign_in(email=email, password=password, keys=KEYS)
        except Refused as refused:
            [error] = refused.errors
            if isinstance(error, TooManyAttempts):
                return str(int((error.retry_at - at).total_seconds()))
            assert error == InvalidCredentials()
            return "wrong"
        return "in"


async def exhaust(email: str, *, address: str | None = HERE, times: int = OF_ACCOUNT_AND_CLIENT.free) -> None:
    for _ in range(times):
        assert await tried(email, address=address) == "wrong"


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize("email", ["rosa@test.example", "nobody@test.example"])
async def test_who_fails_too_often_waits_whether_there_is_such_an_account_or_not(email: str) -> None:
    await exhaust(email)
    assert await tried(email) == "1"
    assert await tried(f" {email.upper()} ", PASSWORD) == "1", "the right password is not looked at either"
    assert await tried(email, at=MONDAY + timedelta(seconds=1)) == "wrong"
    assert await tried(email, at=MONDAY + timedelta(seconds=1)) == "2"


@pytest.mark.usefixtures("rosa")
async def test_a_success_starts_the_account_anew() -> None:
    await exhaust("rosa@test.example", times=OF_ACCOUNT_AND_CLIENT.free - 1)
    assert await tried("rosa@test.example", PASSWORD) == "in"
    assert await LoginAttempts.all().values_list("failures", flat=True) == [OF_ACCOUNT_AND_CLIENT.free - 1]
    await exhaust("rosa@test.example")


@pytest.mark.usefixtures("rosa")
async def test_a_guesser_elsewhere_does_not_keep_the_user_out() -> None:
    await exhaust("rosa@test.example", address=ELSEWHERE)
    assert await tried("rosa@test.example", address=ELSEWHERE) == "1"
    assert await tried("rosa@test.example", PASSWORD) == "in"


@pytest.mark.usefixtures("rosa")
async def test_many_guessers_slow_down_strangers_and_not_the_user_where_they_were_before() -> None:
    assert await tried("rosa@test.example", PASSWORD) == "in"
    for place in range(OF_ACCOUNT.free):
        assert await tried("rosa@test.example", address=f"203.0.113.{place}") == "wrong"
    assert await tried("rosa@test.example", address="203.0.113.99") == "1"
    assert await tried("rosa@test.example", PASSWORD, address="192.0.2.200") == "in"
    assert OF_ACCOUNT.longest <= timedelta(minutes=1), "and a stranger who is Rosa waits that long at most"


async def test_one_guess_at_each_of_many_accounts_is_slowed_down_too() -> None:
    for number in range(OF_CLIENT.free):
        assert await tried(f"user{number}@test.example") == "wrong"
    assert await tried("another@test.example") == "1"
    assert await tried("another@test.example", address=ELSEWHERE) == "wrong"


@pytest.mark.usefixtures("rosa")
async def test_guesses_that_come_together_count_each() -> None:
    outcomes = await asyncio.gather(*(tried("rosa@test.example") for _ in range(30)))
    assert outcomes.count("wrong") == OF_ACCOUNT_AND_CLIENT.free


async def test_what_was_typed_is_not_stored(rosa: User) -> None:
    await exhaust("rosa@test.example", times=1)
    kept = [attempt.key for attempt in await LoginAttempts.all()]
    assert len(kept) == 3
    assert not [key for key in kept if "rosa" in key or HERE in key]
    assert [(entry.action, entry.subject_id) for entry in await AuditEntry.all()] == [
        ("SIGN_IN_FAILED", f"usr_{rosa.id}")
    ]


@pytest.mark.usefixtures("rosa")
async def test_a_flood_is_refused_and_nobody_is_charged_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)
    assert await tried("rosa@test.example", PASSWORD) == "5"
    assert await LoginAttempts.all().count() == await Session.all().count() == 0


async def test_only_so_many_passwords_wait_to_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 3)
    looks = [passwords.verify_password("x", None) for _ in range(5)]
    outcomes = await asyncio.gather(*looks, return_exceptions=True)
    assert [type(outcome).__name__ for outcome in outcomes].count("Refused") == 2
    passwords.check_free()
    assert (await passwords.verify_password("x", None)).right is False


async def test_old_attempts_are_purged() -> None:
    await exhaust("rosa@test.example", times=1)
    with clock_set_to(MONDAY + timedelta(hours=23)):
        assert await purge_attempts() == 0
    with clock_set_to(MONDAY + timedelta(hours=25)):
        assert await purge_attempts(at_most=2) == 2
        assert await purge_attempts() == 1


async def test_two_who_succeed_at_once_behind_one_address_are_both_forgiven() -> None:
    with coming_from(Origin(address=HERE)):
        one = await charge(key=b"k" * 32, email="rosa@test.example", user_id=None)
        other = await charge(key=b"k" * 32, email="carl@test.example", user_id=None)

    async def second() -> None:
        async with transaction() as client:
            await forgive(client, other)

    elsewhere = copy_context()
    async with transaction() as client:
        await forgive(client, one)
        waiting = asyncio.create_task(second(), context=elsewhere)
        await within(5, lambda: is_waited_for(client))
    await waiting
    assert await LoginAttempts.all().count() == 0


async def is_waited_for(client: TransactionClient) -> bool:
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    return bool(await client.connection.fetchval(query))


async def test_another_key_makes_other_names() -> None:
    with coming_from(Origin(address=HERE)):
        one = await charge(key=b"a" * 32, email="rosa@test.example", user_id=None)
        other = await charge(key=b"b" * 32, email="rosa@test.example", user_id=None)
    assert set(one.keys).isdisjoint(other.keys)
