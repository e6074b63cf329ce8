"""What is found in an order that is handed in."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.orders.finding_messages import MESSAGES, finding_texts
from domain.orders.life_cycle import LineKind
from domain.orders.review import (
    SEVERITIES,
    BeyondPaid,
    FindingKind,
    Reviewed,
    ReviewedLine,
    ReviewPolicy,
    change_findings,
    change_problem,
    findings_of,
    return_findings,
)
from domain.orders.review_policies import ReviewPolicyEntry, policy_problems
from domain.problems import Problem

POLICY = ReviewPolicy()
K = FindingKind


def line(**said: Any) -> ReviewedLine:
    """A line at its list price of 10, but for what is said."""
    plain: dict[str, Any] = {"id": 7, "kind": LineKind.PRODUCT, "sku": "A", "active": True, "discount": Decimal(0)}
    priced = {"quantity": Decimal(2), "unit_price": Decimal(10), "list_price": Decimal(10), "priced": True}
    priced |= {"order_discount": Decimal(0)}
    return ReviewedLine(**(plain | priced | said))


def order(*lines: ReviewedLine, **said: Any) -> Reviewed:
    """A clean order of 20 GBP, but for what is said."""
    money = {"total": Decimal("20.00"), "stated_total": None, "owed": Decimal("20.00")}
    money |= {"base_total": Decimal("20.00"), "named": True, "waited": timedelta(days=7)}
    plain = {"addressed": True, "reachable": True, "currency": "GBP", "company_currency": "GBP", "credit_limit": None}
    return Reviewed(**(plain | money | {"lines": lines or (line(),)} | said))  # type: ignore[arg-type]  # fields of it


def kinds(of: Reviewed, policy: ReviewPolicy = POLICY) -> list[FindingKind]:
    return [finding.kind for finding in findings_of(of, policy)]


@pytest.mark.parametrize(
    ("of", "policy", "found"),
    [
        (order(), POLICY, []),
        (order(addressed=False), POLICY, [K.ADDRESS_MISSING]),
        (order(line(kind=LineKind.SHIPPING, list_price=None, priced=False), addressed=False), POLICY, []),
        (order(addressed=False), ReviewPolicy(address_needed=False), []),
        (order(reachable=False), POLICY, [K.CONTACT_MISSING]),
        (order(reachable=False), ReviewPolicy(contact_needed=False), []),
        (order(line(active=False)), POLICY, [K.UNKNOWN_SKU]),
        (order(line(active=None, kind=LineKind.SHIPPING)), POLICY, []),
        (order(line(quantity=Decimal(9))), ReviewPolicy(most_per_line=Decimal(9)), []),
        (order(line(quantity=Decimal("9.1"))), ReviewPolicy(most_per_line=Decimal(9)), [K.QUANTITY_BEYOND_POLICY]),
        (order(line(unit_price=Decimal("9.50"))), POLICY, []),
        (order(line(unit_price=Decimal("9.49"))), POLICY, [K.PRICE_DEVIATES]),
        (order(line(unit_price=Decimal("10.51"))), POLICY, [K.PRICE_DEVIATES]),
        (order(line(discount=Decimal("1.00"))), POLICY, []),
        (order(line(discount=Decimal("1.01"))), POLICY, [K.PRICE_DEVIATES]),
        (order(line(order_discount=Decimal("1.00"))), POLICY, []),
        (order(line(order_discount=Decimal("1.01"))), POLICY, [K.PRICE_DEVIATES]),
        (order(line(list_price=None, priced=False, unit_price=Decimal(1))), POLICY, []),
        (order(line(list_price=None)), POLICY, [K.LIST_PRICE_MISSING]),
        (order(line(list_price=None)), ReviewPolicy(price_tolerance=None), []),
        (order(named=False, base_total=Decimal(1000)), POLICY, []),
        (order(named=False, base_total=Decimal("1000.01")), POLICY, [K.CUSTOMER_MISSING]),
        (order(base_total=Decimal("1000.01")), POLICY, []),
        (order(named=False, base_total=Decimal(2000)), ReviewPolicy(most_without_customer=None), []),
        (order(waited=timedelta(days=7, seconds=1)), POLICY, [K.PLACED_EARLIER]),
        (order(waited=timedelta(days=70)), ReviewPolicy(placed_within_days=None), []),
        (order(line(unit_price=Decimal(1))), ReviewPolicy(price_tolerance=None), []),
        (order(credit_limit=Decimal(100), owed=Decimal(100)), POLICY, []),
        (order(credit_limit=Decimal(100), owed=Decimal("100.01")), POLICY, [K.CREDIT_EXCEEDED]),
        (order(credit_limit=Decimal(0)), POLICY, [K.CREDIT_EXCEEDED]),
        (order(twins=[3, 4]), POLICY, [K.POSSIBLE_DUPLICATE, K.POSSIBLE_DUPLICATE]),
        (order(stated_total=Decimal("20.00")), POLICY, []),
        (order(stated_total=Decimal("20.01")), POLICY, [K.TOTAL_MISMATCH]),
    ],
)
def test_what_is_wrong_is_found_and_nothing_else(of: Reviewed, policy: ReviewPolicy, found: list[FindingKind]) -> None:
    assert kinds(of, policy) == found


def test_a_finding_names_its_line_its_other_order_and_its_figures() -> None:
    bad = order(line(unit_price=Decimal("5.00")), credit_limit=Decimal(10), stated_total=Decimal(3), twins=[9])
    price, credit, twin, total = findings_of(bad, POLICY)
    assert (price.line_id, price.facts["price"], price.facts["listPrice"]) == (7, "5", "10")
    assert credit.facts == {"limit": "10", "exposure": "20", "currency": "GBP"}
    assert (twin.other_order_id, twin.facts) == (9, {"hours": "24"})
    assert total.facts == {"stated": "3", "computed": "20", "currency": "GBP"}


def test_of_an_exchange_what_it_sends_is_checked_and_credit_where_it_comes_to_something() -> None:
    came_back = line(quantity=Decimal(-2), unit_price=Decimal(1), active=False)
    sent = line(id=8, unit_price=Decimal(1))
    over = {"credit_limit": Decimal(10), "addressed": False, "reachable": False, "twins": [1]}
    found = list(return_findings(order(came_back, sent, **over), POLICY, []))
    assert [(each.kind, each.line_id) for each in found] == [(K.PRICE_DEVIATES, 8), (K.CREDIT_EXCEEDED, None)]
    assert not list(return_findings(order(came_back, **over | {"total": Decimal(0)}), POLICY, []))


def test_of_an_exchange_that_sends_something_it_counts_when_it_was_placed_and_for_whom() -> None:
    late = {"waited": timedelta(days=8), "named": False, "base_total": Decimal(2000)}
    kinds_of = [each.kind for each in return_findings(order(line(quantity=Decimal(2)), **late), POLICY, [])]
    assert kinds_of == [K.CUSTOMER_MISSING, K.PLACED_EARLIER]
    assert not list(return_findings(order(line(quantity=Decimal(-2)), **late, total=Decimal(-20)), POLICY, []))


def test_of_a_change_after_the_approval_its_own_price_is_checked_and_others_that_it_made_wrong() -> None:
    wrong, fine = line(id=1, unit_price=Decimal(1)), line(id=2)
    cheap, shifted = line(id=2, unit_price=Decimal(1)), line(id=3, order_discount=Decimal(9))
    before = order(wrong, fine, line(id=3), total=Decimal(40))
    found = list(change_findings(before, order(wrong, cheap, shifted), POLICY, line_id=2))
    assert [(each.kind, each.line_id) for each in found] == [(K.PRICE_DEVIATES, 2), (K.PRICE_DEVIATES, 3)]
    assert not list(change_findings(before, order(wrong, fine, line(id=3)), POLICY, line_id=2))
    again = list(change_findings(before, order(wrong, fine), POLICY, line_id=1))
    assert [each.line_id for each in again] == [1], "what was let pass was another product"


def test_of_a_change_that_makes_an_order_worth_more_who_owes_it_is_checked() -> None:
    over = {"credit_limit": Decimal(10), "named": False, "base_total": Decimal(2000), "waited": timedelta(days=99)}
    more = order(line(), total=Decimal(21), **over)
    found = list(change_findings(order(line()), more, POLICY, line_id=1))
    assert [each.kind for each in found] == [K.CREDIT_EXCEEDED, K.CUSTOMER_MISSING]
    assert not list(change_findings(more, more, POLICY, line_id=1))
    said = [change_problem(each) for each in found]
    assert [(each.problem, each.limit) for each in said] == [
        (Problem.CREDIT_EXCEEDED, ""),
        (Problem.CUSTOMER_MISSING, ""),
    ]


def test_what_a_partner_says_of_a_return_is_found() -> None:
    back = BeyondPaid(id=8, what="A", amount=Decimal("200.00"), most=Decimal("50.00"))
    stated, beyond = return_findings(order(stated_total=Decimal(-1)), POLICY, [back])
    assert (stated.kind, beyond.kind, beyond.line_id) == (K.TOTAL_MISMATCH, K.RETURN_BEYOND_PAID, 8)
    assert beyond.facts == {"what": "A", "amount": "200", "most": "50", "currency": "GBP"}


def test_every_kind_weighs_something_and_is_said_in_both_languages() -> None:
    assert set(SEVERITIES) == set(MESSAGES) == set(FindingKind)
    bad = order(line(active=False, unit_price=Decimal(1), quantity=Decimal(9)), addressed=False, reachable=False)
    worse = order(credit_limit=Decimal(0), twins=[1], stated_total=Decimal(1))
    late = order(line(list_price=None), named=False, base_total=Decimal(2000), waited=timedelta(days=8))
    policy = ReviewPolicy(most_per_line=Decimal(1))
    back = [BeyondPaid(id=1, what="A", amount=Decimal(2), most=Decimal(1))]
    found = [finding for each in (bad, worse, late) for finding in findings_of(each, policy)]
    found += return_findings(order(), policy, back)
    assert {finding.kind for finding in found} == set(FindingKind)
    rows = [(finding.kind.value, finding.facts) for finding in found]
    for english, chinese in zip(finding_texts(rows, "en"), finding_texts(rows, "zh"), strict=True):
        assert english
        assert chinese
        assert english.isascii()
        assert not chinese.isascii()


def test_who_may_not_see_the_figures_of_credit_is_told_without_them() -> None:
    assert finding_texts([("CREDIT_EXCEEDED", None)], "en") == ["The customer's credit limit is exceeded."]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"most_per_line": Decimal(0)}, "mostPerLine"),
        ({"most_per_line": Decimal(-1)}, "mostPerLine"),
        ({"price_tolerance": Decimal("1.1")}, "priceTolerance"),
        ({"duplicate_hours": 0}, "duplicateHours"),
        ({"placed_within_days": 366}, "placedWithinDays"),
        ({"most_without_customer": Decimal(-1)}, "mostWithoutCustomer"),
    ],
)
def test_a_policy_without_sense_is_refused(said: dict[str, Any], path: str) -> None:
    [problem] = policy_problems(ReviewPolicyEntry(code="a", **said))
    assert problem.path == ("input", path)
