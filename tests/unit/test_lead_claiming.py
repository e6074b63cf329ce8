"""Who wins a lead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ErrorCode
from domain.leads.claiming import (
    ID,
    Claimant,
    ClaimedLead,
    Known,
    LeadClaim,
    Outcome,
    PoolRules,
    Standing,
    Won,
    decide_claims,
)
from domain.leads.lead import LeadStatus

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
POOL, LEAD, REP, RIVAL = 7, 100, 1, 2
RULES = PoolRules(id=POOL, claim_quota=None, hold_limit=None, cool_down=None, day_ends=NOW + timedelta(hours=15))
SEAT = Standing(member=True, claimed_today=0, held=0, best=False)
WAITING = ClaimedLead(
    id=LEAD,
    status=LeadStatus.NEW,
    owner_id=None,
    team_id=None,
    pool_id=POOL,
    was_pooled=True,
    duplicate=False,
    head_start_until=None,
)
ME = Claimant(id=REP, team_id=5, may=True)
THEM = Claimant(id=RIVAL, team_id=5, may=True)
KNOWN = Known(leads={LEAD: WAITING}, pools={POOL: RULES}, seats={(REP, POOL): SEAT, (RIVAL, POOL): SEAT}, lost={})


def claim(known: Known = KNOWN, *claimants: Claimant, lead: int | None = LEAD) -> list[Outcome]:
    claims = [LeadClaim(claimant=who, lead_id=lead, pool_ids=(POOL,)) for who in claimants or (ME,)]
    return decide_claims(claims, known, now=NOW)


def codes(outcomes: list[Outcome]) -> list[ErrorCode | None]:
    return [None if isinstance(outcome, Won) else outcome.code for outcome in outcomes]


def with_lead(**facts: object) -> Known:
    return replace(KNOWN, leads={LEAD: replace(WAITING, **facts)})  # type: ignore[arg-type]  # its fields


def with_rules(seat: Standing = SEAT, **rules: object) -> Known:
    return replace(
        KNOWN,
        pools={POOL: replace(RULES, **rules)},
        seats={(REP, POOL): seat},  # type: ignore[arg-type]  # as above
    )


def test_the_first_to_ask_wins_and_the_others_are_told_so() -> None:
    assert claim(KNOWN, ME, THEM) == [Won(lead_id=LEAD), *claim(with_lead(owner_id=REP), THEM)]
    assert codes(claim(KNOWN, THEM, ME)) == [None, ErrorCode.ALREADY_CLAIMED]


def test_claiming_what_one_has_changes_nothing() -> None:
    assert claim(KNOWN, ME, ME) == [Won(lead_id=LEAD), Won(lead_id=LEAD, already=True)]


@pytest.mark.parametrize(
    ("known", "who", "code"),
    [
        (replace(KNOWN, leads={}), ME, ErrorCode.NOT_FOUND),
        (replace(KNOWN, seats={}), ME, ErrorCode.NOT_FOUND),
        (with_lead(was_pooled=False), ME, ErrorCode.NOT_FOUND),
        (replace(KNOWN, seats={}, sights=frozenset({(REP, LEAD)})), ME, ErrorCode.NOT_ELIGIBLE),
        (KNOWN, replace(ME, may=False), ErrorCode.NOT_PERMITTED),
        (KNOWN, replace(ME, team_id=None), ErrorCode.NOT_ELIGIBLE),
        (with_lead(owner_id=RIVAL), ME, ErrorCode.ALREADY_CLAIMED),
        (with_lead(status=LeadStatus.DISQUALIFIED), ME, ErrorCode.NOT_ELIGIBLE),
        (with_lead(duplicate=True), ME, ErrorCode.NOT_ELIGIBLE),
        (replace(KNOWN, pools={}), ME, ErrorCode.NOT_ELIGIBLE),
    ],
)
def test_who_may_not_have_a_lead_is_told_why(known: Known, who: Claimant, code: ErrorCode) -> None:
    assert codes(claim(known, who)) == [code]


def test_a_quota_counts_what_is_won_in_the_same_moment_and_says_when_to_come_back() -> None:
    other = replace(WAITING, id=LEAD + 1)
    known = replace(with_rules(claim_quota=1), leads={LEAD: WAITING, other.id: other})
    claims = [LeadClaim(claimant=ME, lead_id=lead) for lead in (LEAD, other.id, LEAD)]
    first, second, again = decide_claims(claims, known, now=NOW)
    assert (first, again) == (Won(lead_id=LEAD), Won(lead_id=LEAD, already=True))
    assert (second.code, second.retry_at, second.quota) == (ErrorCode.QUOTA_EXCEEDED, RULES.day_ends, 1)  # type: ignore[union-attr]  # so it is


def test_a_quota_of_none_lets_nobody_claim() -> None:
    assert codes(claim(with_rules(claim_quota=0))) == [ErrorCode.QUOTA_EXCEEDED]


def test_nobody_holds_more_than_the_limit() -> None:
    assert codes(claim(with_rules(replace(SEAT, held=2), hold_limit=3))) == [None]
    assert codes(claim(with_rules(replace(SEAT, held=3), hold_limit=3))) == [ErrorCode.HOLD_LIMIT_REACHED]


def test_who_missed_a_lead_waits_for_that_one_until_it_cools_down() -> None:
    lost = {(REP, LEAD): NOW - timedelta(hours=2)}
    for hours, code in ((3, ErrorCode.COOLING_DOWN), (2, None)):
        known = replace(with_rules(cool_down=timedelta(hours=hours)), lost=lost)
        assert codes(claim(known)) == [code]


def test_valuable_leads_are_offered_to_the_best_first() -> None:
    later = with_lead(head_start_until=NOW + timedelta(minutes=5))
    assert codes(claim(later)) == [ErrorCode.HEAD_START]
    best = replace(later, seats={(REP, POOL): replace(SEAT, best=True)})
    assert codes(claim(best)) == [None]
    assert codes(claim(with_lead(head_start_until=NOW))) == [None]


def test_who_names_no_lead_gets_the_best_that_they_may_have() -> None:
    cold = replace(WAITING, id=LEAD + 1)
    leads = {LEAD: replace(WAITING, head_start_until=NOW + timedelta(minutes=1)), cold.id: cold}
    known = replace(KNOWN, leads=leads, waiting=[LEAD, cold.id])
    assert claim(known, ME, lead=None) == [Won(lead_id=cold.id)]
    assert codes(claim(known, ME, THEM, lead=None)) == [None, ErrorCode.HEAD_START]
    assert codes(claim(replace(known, waiting=[]), ME, lead=None)) == [ErrorCode.NOTHING_TO_CLAIM]


def test_a_pool_that_is_none_of_theirs_is_not_there() -> None:
    stranger = LeadClaim(claimant=ME, lead_id=None, pool_ids=(), named=True)
    assert codes(decide_claims([stranger], KNOWN, now=NOW)) == [ErrorCode.NOT_FOUND]


@given(
    asked=st.lists(st.tuples(st.integers(1, 4), st.integers(100, 106) | st.none()), max_size=40),
    quota=st.none() | st.integers(0, 3),
    limit=st.none() | st.integers(1, 3),
)
def test_whatever_is_asked_nobody_passes_a_limit_and_each_lead_has_one_winner(
    asked: list[tuple[int, int | None]], quota: int | None, limit: int | None
) -> None:
    leads = {lead: replace(WAITING, id=lead) for lead in range(100, 107)}
    rules = replace(RULES, claim_quota=quota, hold_limit=limit)
    seats = {(who, POOL): replace(SEAT, claimed_today=who % 2, held=who % 2) for who in range(1, 5)}
    known = Known(leads=leads, pools={POOL: rules}, seats=seats, lost={}, waiting=sorted(leads))
    claims = [
        LeadClaim(claimant=Claimant(id=who, team_id=5, may=True), lead_id=lead, pool_ids=(POOL,)) for who, lead in asked
    ]
    outcomes = decide_claims(claims, known, now=NOW)
    won = [
        (outcome.lead_id, who)
        for (who, _), outcome in zip(asked, outcomes, strict=True)
        if isinstance(outcome, Won) and not outcome.already
    ]
    assert len({lead for lead, _ in won}) == len(won)
    for who in range(1, 5):
        taken = who % 2 + sum(winner == who for _, winner in won)
        assert quota is None or taken <= max(quota, who % 2)
        assert limit is None or taken <= max(limit, who % 2)
    if quota is None and limit is None:
        assert {lead for lead, _ in won} >= {lead for _, lead in asked if lead is not None}


def test_refusals_name_the_input() -> None:
    [refused] = claim(with_lead(owner_id=RIVAL), ME)
    assert getattr(refused, "path") == ID  # noqa: B009  # of a union
