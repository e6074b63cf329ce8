"""The steps of an order's life are those of the drawing, taken by those who may."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.errors import DomainError, ErrorCode, InvalidInput, NotPermitted, StepNotPossible, StockShort
from domain.messages import message_of
from domain.orders.labels import TRANSITION_LABELS
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.orders.transitions import STEPS, Standing, Step, Transition, check, next_steps, step_problems
from domain.people import Role
from domain.problems import Problem
from rows.viewer import Viewer
from tests.oracle.order_steps import LABELS, ONLY_FOR, steps

ME, MY_TEAM = 1, 10
DRAWN = {(status, step): (to, who, why) for status, step, to, who, why in steps()}


def standing(status: str, *, type_: OrderType = OrderType.NEW, owner: int = ME, team: int = MY_TEAM) -> Standing:
    return Standing(status=OrderStatus(status), type=type_, owner_id=owner, team_id=team)


def viewer(role: Role) -> Viewer:
    return Viewer(user_id=ME, roles=frozenset({role}), team_id=MY_TEAM, team_ids=(MY_TEAM,))


def codes(transition: Transition, order: Standing, role: Role, reason: str | None = "why not") -> list[ErrorCode]:
    return codes_of(step_problems(transition, order, viewer(role), reason=reason))


def codes_of(errors: Iterable[DomainError]) -> list[ErrorCode]:
    return [error.code for error in errors]


@pytest.mark.parametrize("transition", Transition)
@pytest.mark.parametrize("status", OrderStatus)
def test_a_step_is_possible_where_it_is_drawn_and_leads_where_it_is_drawn(
    status: OrderStatus, transition: Transition
) -> None:
    kind = OrderType(ONLY_FOR.get(transition, "NEW"))
    drawn = DRAWN.get((status, transition))
    found = codes(transition, standing(status, type_=kind), Role.ADMIN)
    assert found == ([] if drawn else [ErrorCode.STEP_NOT_POSSIBLE])
    if drawn:
        assert STEPS[transition].to == drawn[0]


@pytest.mark.parametrize(("place", "drawn"), DRAWN.items(), ids=lambda value: "-".join(value))
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_a_step_is_taken_by_those_whose_it_is(place: tuple[str, str], drawn: tuple[str, str, str], role: Role) -> None:
    status, step = place
    own, team, everywhere = drawn[1].split("|")
    kind = OrderType(ONLY_FOR.get(step, "NEW"))
    orders = {
        "own": standing(status, type_=kind, team=99),
        "team's": standing(status, type_=kind, owner=2),
        "another's": standing(status, type_=kind, owner=2, team=99),
    }
    allowed = {name for name, order in orders.items() if not codes(Transition(step), order, role)}
    expected = {"own"} if role == own else set()
    expected |= {"team's"} if role == team else set()
    expected |= set(orders) if role == everywhere else set()
    assert allowed == expected


@pytest.mark.parametrize(("place", "drawn"), DRAWN.items(), ids=lambda value: "-".join(value))
def test_a_step_that_goes_against_somebody_wants_a_reason(place: tuple[str, str], drawn: tuple[str, str, str]) -> None:
    status, step = place
    order = standing(status, type_=OrderType(ONLY_FOR.get(step, "NEW")))
    found = list(step_problems(Transition(step), order, viewer(Role.ADMIN), reason=None))
    assert [type(error) for error in found] == ([InvalidInput] if drawn[2] == "why" else [])


@pytest.mark.parametrize(("step", "kind"), [("REFUND", OrderType.EXCHANGE), ("EXCHANGE", OrderType.RETURN)])
def test_returns_are_refunded_and_exchanges_exchanged(step: str, kind: OrderType) -> None:
    found = list(step_problems(Transition(step), standing("RECEIVED", type_=kind), viewer(Role.ADMIN), reason=None))
    assert [type(error) for error in found] == [StepNotPossible]


def test_what_is_partly_sent_is_not_called_off() -> None:
    packed = replace(standing("PACKED"), sent=True)
    [error] = step_problems(Transition.CANCEL, packed, viewer(Role.ADMIN), reason="no")
    assert isinstance(error, InvalidInput)
    assert error.problem == Problem.PARTLY_SHIPPED
    assert list(next_steps(packed, viewer(Role.ADMIN))) == [(Transition.SHIP, ()), (Transition.CANCEL, (error,))]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = list(step_problems(Transition.REJECT, standing("PENDING_REVIEW"), viewer(Role.REP), reason=None))
    assert [type(error) for error in found] == [NotPermitted, InvalidInput]


def test_an_exchange_with_findings_is_authorised_by_whoever_reviews_and_declined_as_ever() -> None:
    found = replace(standing("REQUESTED", type_=OrderType.EXCHANGE), found=True)
    assert codes(Transition.AUTHORISE, found, Role.SERVICE) == [ErrorCode.NOT_PERMITTED]
    for role in (Role.MANAGER, Role.REVIEWER, Role.ADMIN):
        assert codes(Transition.AUTHORISE, found, role) == []
    assert codes(Transition.AUTHORISE, replace(found, team_id=99), Role.MANAGER) == [ErrorCode.NOT_PERMITTED]
    assert codes(Transition.DECLINE, found, Role.SERVICE, "no") == []
    told = {role: dict(next_steps(found, viewer(role))) for role in (Role.SERVICE, Role.REP)}
    for role, problem in ((Role.SERVICE, Problem.FINDINGS_OPEN), (Role.REP, "")):
        assert told[role][Transition.AUTHORISE] == (NotPermitted(path=("input", "id"), because=problem),)
    assert told[Role.SERVICE][Transition.DECLINE] == ()


def test_a_shortage_stands_in_the_way_of_who_may_pick_and_of_nothing_else() -> None:
    short = StockShort(product_id=1, sku="TEA", line_id=2, requested=Decimal(3), available=Decimal(1))
    lacking = replace(standing("APPROVED"), short=(short,))
    found = dict(next_steps(lacking, viewer(Role.FULFILMENT)))
    assert {step: codes_of(why) for step, why in found.items()} == {
        Transition.START_PICKING: [ErrorCode.STOCK_SHORT],
        Transition.BACKORDER: [],
        Transition.CANCEL: [ErrorCode.NOT_PERMITTED],
    }
    told = dict(next_steps(lacking, viewer(Role.REP)))[Transition.START_PICKING]
    assert codes_of(told) == [ErrorCode.NOT_PERMITTED]


def test_the_next_steps_of_a_draft_are_to_submit_and_to_cancel() -> None:
    assert list(next_steps(standing("DRAFT"), viewer(Role.REP))) == [
        (Transition.SUBMIT, ()),
        (Transition.CANCEL, ()),
    ]
    others = next_steps(standing("DRAFT", owner=2), viewer(Role.REP))
    assert [(step, codes_of(why)) for step, why in others] == [
        (Transition.SUBMIT, [ErrorCode.NOT_PERMITTED]),
        (Transition.CANCEL, [ErrorCode.NOT_PERMITTED]),
    ]


def test_every_step_has_a_label_in_both_languages() -> None:
    assert {step.value: labels for step, labels in TRANSITION_LABELS.items()} == LABELS


def without(transition: Transition) -> Mapping[Transition, Step]:
    return {name: step for name, step in STEPS.items() if name is not transition}


def led(transition: Transition, to: OrderStatus) -> Mapping[Transition, Step]:
    return {**STEPS, transition: replace(STEPS[transition], to=to)}


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (without(Transition.PACK), "PACK"),
        (led(Transition.SHIP, OrderStatus.PACKED), "SHIPPED"),
        (led(Transition.RECEIVE, OrderStatus.PACKED), "mixes|RECEIVED"),
        (
            {
                **STEPS,
                Transition.CANCEL: replace(
                    STEPS[Transition.CANCEL],
                    by={OrderStatus.COMPLETED: next(iter(STEPS[Transition.CANCEL].by.values()))},
                ),
            },
            "COMPLETED",
        ),
    ],
)
def test_a_table_that_is_no_life_is_refused_at_start(table: Mapping[Transition, Step], why: str) -> None:
    with pytest.raises(TypeError, match=why):
        check(table)


def test_in_chinese_statuses_and_states_have_their_names() -> None:
    [error] = step_problems(Transition.CANCEL, standing("SHIPPED"), viewer(Role.ADMIN), reason="no")
    told = message_of(error, "zh")
    assert told.startswith("订单处于“已发货”状态，只有“已审核、缺货、草稿")
    assert not re.search("[A-Z]{3}", told)
    assert message_of(
        StockShort(product_id=1, sku="OPEN", requested=Decimal(1), available=Decimal(0)), "zh"
    ).startswith("OPEN ")
    state = InvalidInput(path=("input", "state"), problem=Problem.NOT_A_STATE_NEXT, limit="IN_PROGRESS, RESOLVED")
    assert message_of(state, "zh") == "state 当前状态只能变为 处理中、已解决"
