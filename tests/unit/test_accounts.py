"""Points: what a caller may spend, how fast it comes back, and what other processes have to do with it."""

import pytest

from app.limits.accounts import Accounts


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock) -> Accounts:
    """Of 100 points, 10 a second."""
    return Accounts(100, 10, clock=clock)


def test_points_are_spent_and_come_back(accounts: Accounts, clock: Clock) -> None:
    assert accounts.charge("a", 70).remaining == 30
    assert accounts.charge("a", 40).retry_after == pytest.approx(1)
    clock.now += 1
    assert accounts.charge("a", 40).remaining == 0
    clock.now += 1_000
    assert accounts.charge("a", 1).remaining == 99


def test_what_is_refused_costs_nothing(accounts: Accounts) -> None:
    accounts.charge("a", 70)
    for _ in range(5):
        assert accounts.charge("a", 40).remaining == 30
    assert accounts.take_spent() == {"a": 70}


def test_callers_have_accounts_of_their_own(accounts: Accounts) -> None:
    accounts.charge("a", 100)
    assert accounts.charge("b", 100).retry_after == 0


def test_what_costs_more_than_an_account_holds_needs_a_full_one(accounts: Accounts, clock: Clock) -> None:
    assert accounts.charge("a", 150).retry_after == 0
    clock.now += 14.9
    assert accounts.charge("a", 150).retry_after > 0
    clock.now += 0.1
    assert accounts.charge("a", 150).retry_after == 0


def test_what_others_spent_is_missing_here_too(accounts: Accounts, clock: Clock) -> None:
    accounts.charge("a", 10)
    assert accounts.take_spent() == {"a": 10}
    accounts.charge("a", 5)
    accounts.learn({"a": -45})  # 90 were left here, and others had spent 135
    assert accounts.charge("a", 1).retry_after == pytest.approx(5.1)
    clock.now += 5.2
    assert accounts.charge("a", 1).retry_after == 0
    assert accounts.take_spent() == {"a": 6}


def test_no_more_is_left_here_for_what_others_have_forgotten(accounts: Accounts) -> None:
    accounts.charge("a", 90)
    accounts.take_spent()
    accounts.learn({"a": 100})
    assert accounts.charge("a", 20).retry_after == pytest.approx(1)


def test_what_has_been_done_already_can_overdraw_an_account(accounts: Accounts, clock: Clock) -> None:
    assert accounts.overdrawn("a") is None
    accounts.debit("a", 130)
    overdrawn = accounts.overdrawn("a")
    assert overdrawn is not None
    assert overdrawn.retry_after == pytest.approx(3)
    assert accounts.take_spent() == {"a": 130}
    clock.now += 3.1
    assert accounts.overdrawn("a") is None
