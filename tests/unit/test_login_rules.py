"""How failed attempts delay the next, and what passwords are guessed first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.attempts import (
    OF_ACCOUNT,
    OF_ACCOUNT_AND_CLIENT,
    OF_CLIENT,
    Allowance,
    Attempts,
    client_network,
    retry_at,
    with_another,
)
from domain.devices import device_of
from domain.passwords import password_problems

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALLOWANCES = st.sampled_from([OF_ACCOUNT_AND_CLIENT, OF_ACCOUNT, OF_CLIENT])


@given(ALLOWANCES, st.lists(st.floats(min_value=0, max_value=2000), max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_was_tried_the_next_attempt_is_looked_at_soon_and_then_at_once(
    allowance: Allowance, pauses: list[float]
) -> None:
    attempts: Attempts | None = None
    moment = MONDAY
    for pause in pauses:
        moment += timedelta(seconds=pause)
        if retry_at(attempts, now=moment) is None:
            attempts = with_another(attempts, allowance, now=moment)
        until = retry_at(attempts, now=moment)
        assert until is None or moment < until <= moment + allowance.longest
        assert until is None or retry_at(attempts, now=until) is None


@given(ALLOWANCES, st.integers(min_value=1, max_value=10))
@settings(max_examples=20, deadline=None)
def test_a_guesser_who_never_rests_gets_few_guesses(allowance: Allowance, hours: int) -> None:
    attempts, guesses, moment = None, 0, MONDAY
    while moment < MONDAY + timedelta(hours=hours):
        attempts = with_another(attempts, allowance, now=moment)
        guesses += 1
        moment = retry_at(attempts, now=moment) or moment
    doublings = 12  # from a second to more than the longest delay
    assert guesses <= allowance.free + doublings + timedelta(hours=hours) / allowance.longest


def test_the_first_mistakes_cost_nothing_and_later_ones_twice_as_much_each() -> None:
    attempts, delays = None, []
    for _ in range(OF_ACCOUNT_AND_CLIENT.free + 4):
        attempts = with_another(attempts, OF_ACCOUNT_AND_CLIENT, now=MONDAY)
        delays.append(int((attempts.blocked_until - MONDAY).total_seconds()))
    assert delays == [0] * 9 + [1, 2, 4, 8, 16]


def test_a_count_is_forgotten_when_nothing_was_tried_for_long() -> None:
    many = Attempts(failures=10_000, last_at=MONDAY, blocked_until=MONDAY)
    later = MONDAY + OF_CLIENT.forgotten_after
    assert with_another(many, OF_CLIENT, now=later).failures == 1
    assert with_another(many, OF_CLIENT, now=later - timedelta(seconds=1)).failures == 10_001


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, None),
        ("", None),
        ("testclient", None),
    ],
)
def test_a_client_is_an_address_or_the_network_of_a_subscriber(address: str | None, client: str | None) -> None:
    assert client_network(address) == client


@pytest.mark.parametrize(
    ("password", "problems"),
    [
        ("correct horse battery", []),
        ("Üben übt üble Kröten", []),
        ("九月的雨落在上海的老街上啊", []),
        ("x" * 11, ["too_short"]),
        ("short", ["too_short"]),
        ("ab" * 200, ["too_long"]),
        ("Password1234!", ["too_common"]),
        ("12345qwertyuiop", ["too_common"]),
        ("123456789012", ["too_common"]),
        ("ZYXWVUTSRQPONM", ["too_common"]),
        ("aaaaaaaabbbb", ["too_common"]),
        ("rosa.bennett2026", ["too_common"]),
        ("RosaBennett!!!!", ["too_common"]),
        ("rosa.bennett@test.example", ["too_common"]),
    ],
)
def test_a_password_is_long_and_not_guessed_first(password: str, problems: list[str]) -> None:
    found = password_problems(("password",), password, email="rosa.bennett@test.example", name="Rosa Bennett")
    assert [problem.problem for problem in found] == problems


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"),
        ("okhttp/4.12.0", "okhttp"),
        ("python-httpx/0.28", "python-httpx"),
        ("<script>", None),
        ("", None),
        (None, None),
    ],
)
def test_a_device_has_a_name_that_its_user_knows(agent: str | None, device: str | None) -> None:
    assert device_of(agent) == device
