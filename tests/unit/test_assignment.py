"""Who of a team gets the next order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import AssignmentStrategy, Candidate, CandidateStanding, decide

IDS = st.lists(st.integers(1, 50), min_size=1, max_size=8, unique=True)
ROUND, LEAST, EXPERTISE = AssignmentStrategy.ROUND_ROBIN, AssignmentStrategy.LEAST_LOADED, AssignmentStrategy.EXPERTISE
CHOSEN, ELIGIBLE = CandidateStanding.CHOSEN, CandidateStanding.ELIGIBLE
FULL, UNSKILLED = CandidateStanding.AT_CAPACITY, CandidateStanding.UNSKILLED
AWAY = CandidateStanding.OFF_DUTY
CANDIDATES = st.builds(
    lambda people: [Candidate(id=user_id, open=n, matches=m, off_duty=d) for user_id, (n, m, d) in people.items()],
    st.dictionaries(
        st.integers(1, 50),
        st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from([False] * 3 + [True])),
        max_size=6,
    ),
)


def people(*ids: int) -> list[Candidate]:
    return [Candidate(id=user_id, open=0) for user_id in ids]


def turn(candidates: list[Candidate], last: int | None) -> int | None:
    return decide(ROUND, candidates, last=last).chosen


def test_the_next_one_behind_somebody_who_is_gone_has_the_turn() -> None:
    assert turn(people(1, 3), last=2) == 3
    assert turn(people(1, 3), last=3) == 1
    assert turn(people(3, 1), last=None) == 1


@settings(max_examples=30)
@given(ids=IDS, rounds=st.integers(1, 3))
def test_by_turns_everybody_gets_as_many(ids: list[int], rounds: int) -> None:
    last, got = None, Counter[int | None]()
    for _ in range(rounds * len(ids)):
        last = turn(people(*ids), last)
        got[last] += 1
    assert got == dict.fromkeys(ids, rounds)


@settings(max_examples=30)
@given(teams=st.lists(st.tuples(IDS, st.integers(1, 12)), min_size=1, max_size=4))
def test_by_turns_nobody_who_stays_is_more_than_one_ahead_of_another_who_stays(
    teams: list[tuple[list[int], int]],
) -> None:
    last, got = None, Counter[int | None]()
    for ids, orders in teams:
        for _ in range(orders):
            last = turn(people(*ids), last)
            got[last] += 1
    stayed = set.intersection(*(set(ids) for ids, _ in teams))
    shares = [got[user_id] for user_id in stayed]
    assert not shares or max(shares) - min(shares) <= 1


@settings(max_examples=30)
@given(loads=st.dictionaries(st.integers(1, 50), st.integers(0, 9), min_size=1, max_size=8), orders=st.integers(1, 30))
def test_who_has_fewest_gets_it_so_that_loads_come_together(loads: dict[int, int], orders: int) -> None:
    before = dict(loads)
    for _ in range(orders):
        chosen = decide(LEAST, [Candidate(id=user_id, open=n) for user_id, n in loads.items()], last=None).chosen
        assert chosen is not None
        assert loads[chosen] == min(loads.values())
        loads[chosen] += 1
    grown = [load for user_id, load in loads.items() if load > before[user_id]]
    assert max(grown) - min(loads.values()) <= 1


def test_most_skills_go_before_fewest_orders_and_these_before_the_smallest_id() -> None:
    able = [Candidate(id=1, open=0), Candidate(id=2, open=0, matches=1), Candidate(id=3, open=9, matches=2)]
    decided = decide(EXPERTISE, able, last=None)
    assert (decided.chosen, decided.standings) == (3, [UNSKILLED, ELIGIBLE, CHOSEN])
    equals = [
        Candidate(id=7, open=1, matches=2),
        Candidate(id=6, open=0, matches=2),
        Candidate(id=5, open=0, matches=2),
    ]
    assert decide(EXPERTISE, equals, last=None).chosen == 5


@settings(max_examples=60)
@given(
    strategy=st.sampled_from(AssignmentStrategy),
    candidates=CANDIDATES,
    most=st.none() | st.integers(1, 4),
    last=st.none() | st.integers(1, 50),
)
def test_somebody_who_can_have_it_gets_it_and_nobody_at_capacity_or_without_skills(
    strategy: AssignmentStrategy, candidates: list[Candidate], most: int | None, last: int | None
) -> None:
    decided = decide(strategy, candidates, most_open=most, last=last)
    for person, stands in zip(candidates, decided.standings, strict=True):
        full = most is not None and person.open >= most
        able = strategy is not EXPERTISE or person.matches > 0
        assert (stands is AWAY) == person.off_duty
        assert (stands is FULL) == (full and not person.off_duty)
        assert (stands is UNSKILLED) == (not full and not able and not person.off_duty)
        assert (stands is CHOSEN) == (person.id == decided.chosen)
    assert (decided.chosen is None) == all(stands in (AWAY, FULL, UNSKILLED) for stands in decided.standings)
