"""Who of a team gets the next order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import AssignmentStrategy, Candidate, choose

IDS = st.lists(st.integers(1, 50), min_size=1, max_size=8, unique=True)
ROUND, LEAST = AssignmentStrategy.ROUND_ROBIN, AssignmentStrategy.LEAST_LOADED


def people(*ids: int) -> list[Candidate]:
    return [Candidate(id=user_id, open=0) for user_id in ids]


def test_where_there_is_nobody_nobody_gets_it() -> None:
    assert [choose(strategy, [], last=None) for strategy in AssignmentStrategy] == [None, None]


def test_the_next_one_behind_somebody_who_is_gone_has_the_turn() -> None:
    assert choose(ROUND, people(1, 3), last=2) == 3
    assert choose(ROUND, people(1, 3), last=3) == 1
    assert choose(ROUND, people(3, 1), last=None) == 1


@settings(max_examples=30)
@given(ids=IDS, rounds=st.integers(1, 3))
def test_by_turns_everybody_gets_as_many(ids: list[int], rounds: int) -> None:
    last, got = None, Counter[int | None]()
    for _ in range(rounds * len(ids)):
        last = choose(ROUND, people(*ids), last=last)
        got[last] += 1
    assert got == dict.fromkeys(ids, rounds)


@settings(max_examples=30)
@given(loads=st.dictionaries(st.integers(1, 50), st.integers(0, 9), min_size=1, max_size=8), orders=st.integers(1, 30))
def test_who_has_fewest_gets_it_so_that_loads_come_together(loads: dict[int, int], orders: int) -> None:
    before = dict(loads)
    for _ in range(orders):
        chosen = choose(LEAST, [Candidate(id=user_id, open=n) for user_id, n in loads.items()], last=None)
        assert chosen is not None
        assert loads[chosen] == min(loads.values())
        loads[chosen] += 1
    grown = [load for user_id, load in loads.items() if load > before[user_id]]
    assert max(grown) - min(loads.values()) <= 1
