"""What is checked of an order when it is handed in, and what a company's policy says about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from domain.errors import InvalidInput
from domain.money import exact
from domain.numbers import NOTHING, plain, quantity, tax_rate
from domain.orders.life_cycle import LineKind
from domain.paths import INPUT
from domain.problems import Problem
from domain.unset import UNSET, Change, Unset

MOST_HOURS = 24 * 365


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
}


@dataclass(frozen=True, kw_only=True)
class ReviewPolicyEntry(Change):
    """A policy by its `code`, for orders of a channel or of all; the smallest `rank` that fits an order counts."""

    code: str
    rank: int | Unset = UNSET
    channel_id: int | Unset | None = UNSET
    approve_clean: bool | Unset = UNSET
    address_needed: bool | Unset = UNSET
    contact_needed: bool | Unset = UNSET
    most_per_line: Decimal | Unset | None = UNSET
    price_tolerance: Decimal | Unset | None = UNSET
    duplicate_hours: int | Unset | None = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class ReviewPolicy:
    """What is checked; these are the defaults where no policy of the company fits.

    `price_tolerance` is a fraction of the list price, either way. What is None is not checked.
    """

    approve_clean: bool = True
    address_needed: bool = True
    contact_needed: bool = True
    most_per_line: Decimal | None = None
    price_tolerance: Decimal | None = Decimal("0.05")
    duplicate_hours: int | None = 24


@dataclass(frozen=True, kw_only=True)
class ReviewedLine:
    """A line with what its product and its channel say: `list_price` is None where neither has one in the currency."""

    id: int
    kind: LineKind
    sku: str | None
    active: bool | None
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    list_price: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """An order that was handed in, with what others say of it.

    `owed` is what the customer owes with this order, in the company's currency, as is `credit_limit`; `twins` are
    orders of the customer with the same lines and amount, within the policy's hours.
    """

    addressed: bool
    reachable: bool
    currency: str
    total: Decimal
    stated_total: Decimal | None
    company_currency: str
    credit_limit: Decimal | None
    owed: Decimal
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
    yield from _credit_findings(order)
    for twin in order.twins:
        hours = {"hours": str(policy.duplicate_hours)}
        yield Finding(kind=FindingKind.POSSIBLE_DUPLICATE, other_order_id=twin, facts=hours)
    if order.stated_total is not None and order.stated_total != order.total:
        facts = {"stated": _text(order.stated_total), "computed": _text(order.total), "currency": order.currency}
        yield Finding(kind=FindingKind.TOTAL_MISMATCH, facts=facts)


def policy_problems(policy: ReviewPolicyEntry) -> Iterator[InvalidInput]:
    """What is wrong with the bounds that `policy` sets."""
    if isinstance(policy.most_per_line, Decimal):
        path = (*INPUT, "mostPerLine")
        found = list(quantity(path, policy.most_per_line))
        if not found and policy.most_per_line < 0:
            found.append(InvalidInput(path=path, problem=Problem.NEGATIVE))
        yield from found
    if isinstance(policy.price_tolerance, Decimal):
        yield from tax_rate((*INPUT, "priceTolerance"), policy.price_tolerance)  # a fraction like this one
    hours = policy.duplicate_hours
    if isinstance(hours, int) and not 1 <= hours <= MOST_HOURS:
        yield InvalidInput(path=(*INPUT, "duplicateHours"), problem=Problem.OUT_OF_RANGE, limit=f"1..{MOST_HOURS}")


def _line_findings(line: ReviewedLine, policy: ReviewPolicy, currency: str) -> Iterator[Finding]:
    sku = {"sku": line.sku or ""}
    if line.active is False:
        yield Finding(kind=FindingKind.UNKNOWN_SKU, line_id=line.id, facts=sku)
    if line.kind is LineKind.PRODUCT and policy.most_per_line is not None and line.quantity > policy.most_per_line:
        facts = sku | {"quantity": _text(line.quantity), "most": _text(policy.most_per_line)}
        yield Finding(kind=FindingKind.QUANTITY_BEYOND_POLICY, line_id=line.id, facts=facts)
    if line.list_price is not None and policy.price_tolerance is not None and _deviates(line, policy.price_tolerance):
        facts = sku | {"price": _text(line.unit_price), "discount": _text(line.discount), "currency": currency}
        facts |= {"listPrice": _text(line.list_price), "tolerance": _text(policy.price_tolerance)}
        yield Finding(kind=FindingKind.PRICE_DEVIATES, line_id=line.id, facts=facts)


def _deviates(line: ReviewedLine, tolerance: Decimal) -> bool:
    """Whether what the line comes to, less its own discount, differs too much from what the list says."""
    with exact():
        listed = line.quantity * (line.list_price or NOTHING)
        return abs(line.quantity * line.unit_price - line.discount - listed) > abs(listed) * tolerance


def _credit_findings(order: Reviewed) -> Iterator[Finding]:
    if order.credit_limit is None:
        return
    if order.owed > order.credit_limit:
        facts = {"limit": _text(order.credit_limit), "exposure": _text(order.owed), "currency": order.company_currency}
        yield Finding(kind=FindingKind.CREDIT_EXCEEDED, facts=facts)


def _text(number: Decimal) -> str:
    return format(plain(number), "f")
