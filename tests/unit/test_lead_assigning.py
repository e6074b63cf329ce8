"""Which member of a pool gets its next lead."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.leads.assigning import Given, GivingRules, Member, MemberStanding, OfferedLead, Turns, give, shares
from domain.leads.pools import PoolStrategy

NO_TURNS = Turns(last=None, credits={})


def member(number: int, *, held: int = 0, off_duty: bool = False, weight: str = "1") -> Member:
    return Member(id=number, team_id=9, held=held, off_duty=off_duty, weight=Decimal(weight))


def rules(strategy: PoolStrategy, *, limit: int | None = None, floor: str = "0.2") -> GivingRules:
    return GivingRules(strategy=strategy, hold_limit=limit, floor=Decimal(floor))


def leads(count: int, **facts: object) -> list[OfferedLead]:
    return [OfferedLead(id=number, **({"matches": {}} | facts)) for number in range(count)]  # type: ignore[arg-type]  # its fields


def winners(given: list[Given]) -> list[int | None]:
    return [None if each.to is None else each.to.id for each in given]


def test_round_robin_goes_on_behind_the_last_and_passes_those_who_cannot() -> None:
    people = [member(1), member(2, off_duty=True), member(3), member(4, held=5)]
    given, turns = give(leads(3), people, rules(PoolStrategy.ROUND_ROBIN, limit=5), Turns(last=1, credits={}))
    assert (winners(given), turns.last) == ([3, 1, 3], 3)
    assert [each.standing for each in given[0].considered] == [
        MemberStanding.ELIGIBLE,
        MemberStanding.OFF_DUTY,
        MemberStanding.CHOSEN,
        MemberStanding.AT_CAPACITY,
    ]


def test_nobody_gets_again_what_they_missed() -> None:
    given, _ = give(
        leads(1, missed_by=frozenset({1})), [member(1), member(2)], rules(PoolStrategy.LEAST_LOADED), NO_TURNS
    )
    assert winners(given) == [2]


def test_what_is_given_counts_for_the_next() -> None:
    given, _ = give(leads(4), [member(1, held=1), member(2)], rules(PoolStrategy.LEAST_LOADED, limit=2), NO_TURNS)
    assert winners(given) == [2, 1, 2, None]


def test_experts_get_what_they_know_and_the_unskilled_nothing() -> None:
    offered = [OfferedLead(id=1, matches={1: 1, 2: 2}), OfferedLead(id=2, matches={})]
    given, _ = give(offered, [member(1), member(2, held=9), member(3)], rules(PoolStrategy.EXPERTISE), NO_TURNS)
    assert winners(given) == [2, None]


def test_in_a_pool_to_compete_for_nobody_is_given_anything() -> None:
    given, turns = give(leads(1), [member(1)], rules(PoolStrategy.CLAIM), NO_TURNS)
    assert (winners(given), turns) == ([None], NO_TURNS)


def test_newcomers_get_the_floor_at_least() -> None:
    people = [member(1, weight="10"), member(2, weight="0"), member(3, weight="10")]
    due = shares(PoolStrategy.WEIGHTED, people, floor=Decimal("0.3"))
    assert due == {1: Decimal("0.1") * 3 / 3 + Decimal("0.35"), 2: pytest.approx(Decimal("0.1")), 3: due[1]}
    given, _ = give(leads(1000), people, rules(PoolStrategy.WEIGHTED, floor="0.3"), NO_TURNS)
    assert 99 <= Counter(winners(given))[2] <= 101


@settings(max_examples=20)
@given(weights=st.lists(st.integers(0, 9), min_size=1, max_size=8), floor=st.sampled_from(["0", "0.2", "1"]))
def test_shares_are_one_together(weights: list[int], floor: str) -> None:
    people = [member(number, weight=str(weight)) for number, weight in enumerate(weights)]
    assert sum(shares(PoolStrategy.WEIGHTED, people, floor=Decimal(floor)).values()) == pytest.approx(Decimal(1))


@pytest.mark.parametrize("strategy", [PoolStrategy.WEIGHTED, PoolStrategy.ROUND_ROBIN])
def test_over_ten_thousand_leads_everybody_gets_what_is_due_while_people_come_and_go(strategy: PoolStrategy) -> None:
    chance = random.Random(20261125)
    turns, received, due = NO_TURNS, Counter[int](), Counter[int]()
    for _ in range(200):
        # Who joins and leaves for good or for a while.
        people = [
            member(number, weight=str(1 + number % 4), off_duty=chance.random() < 0.15)
            for number in range(12)
            if chance.random() < 0.9
        ]
        given, turns = give(leads(50), people, rules(strategy), turns)
        for each in given:
            assert each.to is not None
            received[each.to.id] += 1
            for considered in each.considered:
                due[considered.member.id] += considered.share  # type: ignore[assignment]  # decimals add up
    assert sum(received.values()) == 10_000
    for number, share in due.items():
        assert abs(received[number] - share) <= Decimal("0.01") * share + 1
