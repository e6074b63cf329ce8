"""What is checked of an order when it is handed in, and what a company's policy says about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from domain.errors import InvalidInput
from domain.money import exact
from domain.numbers import NOTHING, plain
from domain.orders.life_cycle import LineKind
from domain.paths import INPUT
from domain.problems import Problem


class FindingKind(StrEnum):
    """What is wrong with an order that was handed in."""

    ADDRESS_MISSING = "ADDRESS_MISSING"
    CONTACT_MISSING = "CONTACT_MISSING"
    UNKNOWN_SKU = "UNKNOWN_SKU"
    QUANTITY_BEYOND_POLICY = "QUANTITY_BEYOND_POLICY"
    PRICE_DEVIATES = "PRICE_DEVIATES"
    CREDIT_EXCEEDED = "CREDIT_EXCEEDED"
    POSSIBLE_DUPLICATE = "POSSIBLE_DUPLICATE"
    TOTAL_MISMATCH = "TOTAL_MISMATCH"
    PLACED_EARLIER = "PLACED_EARLIER"
    CUSTOMER_MISSING = "CUSTOMER_MISSING"
    LIST_PRICE_MISSING = "LIST_PRICE_MISSING"
    RETURN_BEYOND_PAID = "RETURN_BEYOND_PAID"


class FindingSeverity(StrEnum):
    """How much a finding weighs with a reviewer, who may approve in spite of either."""

    WARNING = "WARNING"
    ERROR = "ERROR"


SEVERITIES: Mapping[FindingKind, FindingSeverity] = {
    FindingKind.ADDRESS_MISSING: FindingSeverity.ERROR,
    FindingKind.CONTACT_MISSING: FindingSeverity.WARNING,
    FindingKind.UNKNOWN_SKU: FindingSeverity.ERROR,
    FindingKind.QUANTITY_BEYOND_POLICY: FindingSeverity.WARNING,
    FindingKind.PRICE_DEVIATES: FindingSeverity.WARNING,
    FindingKind.CREDIT_EXCEEDED: FindingSeverity.ERROR,
    FindingKind.POSSIBLE_DUPLICATE: FindingSeverity.WARNING,
    FindingKind.TOTAL_MISMATCH: FindingSeverity.ERROR,
    FindingKind.PLACED_EARLIER: FindingSeverity.WARNING,
    FindingKind.CUSTOMER_MISSING: FindingSeverity.WARNING,
    FindingKind.LIST_PRICE_MISSING: FindingSeverity.WARNING,
    FindingKind.RETURN_BEYOND_PAID: FindingSeverity.ERROR,
}


@dataclass(frozen=True, kw_only=True)
class ReviewPolicy:
    """What is checked; these are the defaults where no policy of the company fits.

    `price_tolerance` is a fraction of the list price, either way; `most_without_customer` is in the company's currency.
    What is None is not checked.
    """

    approve_clean: bool = True
    address_needed: bool = True
    contact_needed: bool = True
    most_per_line: Decimal | None = None
    price_tolerance: Decimal | None = Decimal("0.05")
    duplicate_hours: int | None = 24
    placed_within_days: int | None = 7
    most_without_customer: Decimal | None = Decimal(1000)


@dataclass(frozen=True, kw_only=True)
class ReviewedLine:
    """A line with what its product and its channel say.

    `discount` is its own, `order_discount` its part of the order's. `list_price` is in the order's currency, at the
    rates of the day if the product is priced in another only; None where there is none, or no rate for one that there
    is, which is `priced`.
    """

    id: int
    kind: LineKind
    sku: str | None
    active: bool | None
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    order_discount: Decimal
    list_price: Decimal | None
    priced: bool


@dataclass(frozen=True, kw_only=True)
class BeyondPaid:
    """A line, by its row's `id` and `what` it is, that brings back an `amount` where `most` was paid."""

    id: int
    what: str
    amount: Decimal
    most: Decimal


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """An order that was handed in, with what others say of it.

    `owed` is what the customer owes with this order, in the company's currency, as is `credit_limit`; `twins` are
    orders of the customer with the same lines and amount, within the policy's hours. `base_total` is the total in the
    company's currency, `waited` how long after it was placed the order was handed in.
    """

    addressed: bool
    reachable: bool
    currency: str
    total: Decimal
    base_total: Decimal
    stated_total: Decimal | None
    company_currency: str
    credit_limit: Decimal | None
    owed: Decimal
    named: bool
    waited: timedelta
    lines: Sequence[ReviewedLine]
    twins: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is wrong, with the line or the other order that it is about; `facts` are texts by their names."""

    kind: FindingKind
    line_id: int | None = None
    other_order_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


def findings_of(order: Reviewed, policy: ReviewPolicy) -> Iterator[Finding]:
    """Everything that is wrong with `order` by `policy`."""
    if policy.address_needed and not order.addressed and any(line.kind is LineKind.PRODUCT for line in order.lines):
        yield Finding(kind=FindingKind.ADDRESS_MISSING)
    if policy.contact_needed and not order.reachable:
        yield Finding(kind=FindingKind.CONTACT_MISSING)
    for line in order.lines:
        yield from _line_findings(line, policy, order.currency)
    yield from _worth_findings(order, policy)
    yield from _placing_findings(order, policy)
    for twin in order.twins:
        hours = {"hours": str(policy.duplicate_hours)}
        yield Finding(kind=FindingKind.POSSIBLE_DUPLICATE, other_order_id=twin, facts=hours)
    yield from _total_findings(order)


def return_findings(order: Reviewed, policy: ReviewPolicy, beyond: Sequence[BeyondPaid]) -> Iterator[Finding]:
    """Everything that is wrong with `order`, a return or exchange, by `policy`.

    What it sends is checked as a new order is, and the customer's credit where it sends more than it brings back;
    `beyond` are lines of a partner that bring back more than was paid.
    """
    sent = [line for line in order.lines if line.quantity > 0]
    for line in sent:
        yield from _line_findings(line, policy, order.currency)
    if order.total > 0:
        yield from _worth_findings(order, policy)
    if sent:
        yield from _placing_findings(order, policy)
    yield from _total_findings(order)
    for back in beyond:
        facts = {"what": back.what, "amount": _text(back.amount), "most": _text(back.most), "currency": order.currency}
        yield Finding(kind=FindingKind.RETURN_BEYOND_PAID, line_id=back.id, facts=facts)


def change_findings(before: Reviewed, after: Reviewed, policy: ReviewPolicy, *, line_id: int) -> Iterator[Finding]:
    """What is wrong with an order `after` its line was changed that was approved as it was `before`.

    Prices of this line, and of others that were not wrong before, since they bear the order's discount with it; and who
    owes for it, where it comes to more.
    """
    lines = [line for line in before.lines if line.id != line_id]
    approved = {finding.line_id for line in lines for finding in _price_findings(line, policy, before.currency)}
    for line in after.lines:
        if line.id not in approved:
            yield from _price_findings(line, policy, after.currency)
    if after.total > before.total:
        yield from _worth_findings(after, policy)


_CHANGE_PROBLEMS: Mapping[FindingKind, tuple[str, Problem]] = {
    FindingKind.PRICE_DEVIATES: ("unitPrice", Problem.PRICE_DEVIATES),
    FindingKind.LIST_PRICE_MISSING: ("unitPrice", Problem.LIST_PRICE_MISSING),
    FindingKind.CREDIT_EXCEEDED: ("productId", Problem.CREDIT_EXCEEDED),
    FindingKind.CUSTOMER_MISSING: ("productId", Problem.CUSTOMER_MISSING),
}


def change_problem(finding: Finding) -> InvalidInput:
    """What `change_findings` found, as a refusal for whoever may not override it."""
    name, problem = _CHANGE_PROBLEMS[finding.kind]
    return InvalidInput(path=(*INPUT, name), problem=problem, limit=finding.facts.get("listPrice", ""))


def _total_findings(order: Reviewed) -> Iterator[Finding]:
    if order.stated_total is not None and order.stated_total != order.total:
        facts = {"stated": _text(order.stated_total), "computed": _text(order.total), "currency": order.currency}
        yield Finding(kind=FindingKind.TOTAL_MISMATCH, facts=facts)


def _line_findings(line: ReviewedLine, policy: ReviewPolicy, currency: str) -> Iterator[Finding]:
    sku = {"sku": line.sku or ""}
    if line.active is False:
        yield Finding(kind=FindingKind.UNKNOWN_SKU, line_id=line.id, facts=sku)
    if line.kind is LineKind.PRODUCT and policy.most_per_line is not None and line.quantity > policy.most_per_line:
        facts = sku | {"quantity": _text(line.quantity), "most": _text(policy.most_per_line)}
        yield Finding(kind=FindingKind.QUANTITY_BEYOND_POLICY, line_id=line.id, facts=facts)
    yield from _price_findings(line, policy, currency)


def _price_findings(line: ReviewedLine, policy: ReviewPolicy, currency: str) -> Iterator[Finding]:
    sku = {"sku": line.sku or ""}
    if line.list_price is not None and policy.price_tolerance is not None and _deviates(line, policy.price_tolerance):
        with exact():
            discount = line.discount + line.order_discount
        facts = sku | {"price": _text(line.unit_price), "discount": _text(discount), "currency": currency}
        facts |= {"listPrice": _text(line.list_price), "tolerance": _text(policy.price_tolerance)}
        yield Finding(kind=FindingKind.PRICE_DEVIATES, line_id=line.id, facts=facts)
    if line.list_price is None and line.priced and policy.price_tolerance is not None:
        yield Finding(kind=FindingKind.LIST_PRICE_MISSING, line_id=line.id, facts=sku | {"currency": currency})


def _deviates(line: ReviewedLine, tolerance: Decimal) -> bool:
    """Whether what the line comes to, less its discounts, differs too much from what the list says."""
    with exact():
        listed = line.quantity * (line.list_price or NOTHING)
        asked = line.quantity * line.unit_price - line.discount - line.order_discount
        return abs(asked - listed) > abs(listed) * tolerance


def _worth_findings(order: Reviewed, policy: ReviewPolicy) -> Iterator[Finding]:
    """Who is to pay: a customer beyond its limit, or nobody whose limit could be looked at."""
    if order.credit_limit is not None and order.owed > order.credit_limit:
        facts = {"limit": _text(order.credit_limit), "exposure": _text(order.owed), "currency": order.company_currency}
        yield Finding(kind=FindingKind.CREDIT_EXCEEDED, facts=facts)
    most = policy.most_without_customer
    if most is not None and not order.named and order.base_total > most:
        facts = {"amount": _text(order.base_total), "most": _text(most), "currency": order.company_currency}
        yield Finding(kind=FindingKind.CUSTOMER_MISSING, facts=facts)


def _placing_findings(order: Reviewed, policy: ReviewPolicy) -> Iterator[Finding]:
    """What may have been placed for the price of another day."""
    days = policy.placed_within_days
    if days is not None and order.waited > timedelta(days=days):
        yield Finding(kind=FindingKind.PLACED_EARLIER, facts={"days": str(order.waited.days), "within": str(days)})


def _text(number: Decimal) -> str:
    return format(plain(number), "f")
