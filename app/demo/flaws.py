"""What is wrong with orders of the demo that wait for a reviewer, or that one approved in spite of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import orjson

from app.demo.lines import Item
from app.demo.organisation import COMPANY_CURRENCY, COMPANY_ZONE, Organisation
from app.demo.rows import Row, Rows
from app.demo.selling import POLICY
from domain.credit import OWED_FOR
from domain.money import exact, round_money
from domain.numbers import NOTHING
from domain.orders.amounts import LineTerms, line_amount
from domain.orders.life_cycle import RETURN_TYPES, UNDER_REVIEW, OrderStatus
from domain.orders.review import SEVERITIES, Reviewed, ReviewedLine, ReviewPolicy, findings_of

OVERRIDDEN_EVERY = 3
"""Of so many orders that wait to be picked, one was approved in spite of what was found."""
TOO_MANY = Decimal(600)
CHEAP = Decimal(20)
BARGAIN = Decimal("0.8")
_NO_CONTACT = dict.fromkeys(("contact_name", "contact_email", "contact_phone"))
_SIX_DIGITS = Decimal("0.000001")


def with_flaw(order: Row, items: list[Item], status: OrderStatus, number: int) -> tuple[Row, list[Item]]:
    """A sale that came as far as `status`, as it was handed in: what is clean does not wait for anybody."""
    if order["type"] in RETURN_TYPES or not _is_looked_at(status, number):
        return order, items
    if status == OrderStatus.NEEDS_INFO or number % 4 == 0:
        return order | {"ship_to": None}, items
    first = items[0]
    if number % 4 == 1 or not (first.product and first.product["price"]):
        return order | _NO_CONTACT, items
    if first.terms.unit_price < CHEAP:
        terms = replace(first.terms, quantity=TOO_MANY, discount=NOTHING)
    else:
        price = round_money(first.terms.unit_price * BARGAIN, order["currency"])
        terms = replace(first.terms, unit_price=price, discount=NOTHING)
    return order, [Item(first.product, terms), *items[1:]]


def add_findings(rows: Rows, organisation: Organisation) -> None:
    """What the policy finds in orders that wait, and in some that were approved."""
    found = _Found(rows)
    for order in rows.of("sales_order"):
        if order["type"] in RETURN_TYPES or not _is_looked_at(order["status"], order["id"]):
            continue
        approved = found.steps.get((order["id"], OrderStatus.APPROVED))
        for finding in findings_of(found.reviewed(order), ReviewPolicy(**POLICY)):
            rows.add(
                "order_finding",
                order_id=order["id"],
                kind=finding.kind,
                severity=SEVERITIES[finding.kind],
                line_id=finding.line_id,
                facts=orjson.dumps(finding.facts).decode(),
                found_at=found.handed_in(order),
                overridden_by_id=organisation.people["reviewer"] if approved else None,
                overridden_at=approved,
            )


def _is_looked_at(status: OrderStatus, number: int) -> bool:
    return status in UNDER_REVIEW or (status == OrderStatus.APPROVED and number % OVERRIDDEN_EVERY == 0)


class _Found:
    """The rows by what they are looked up by."""

    def __init__(self, rows: Rows) -> None:
        self.steps: dict[tuple[int, OrderStatus], datetime] = {
            (change["order_id"], change["to_status"]): change["at"] for change in rows.of("order_status_change")
        }
        self.lines: defaultdict[int, list[Row]] = defaultdict(list)
        for line in rows.of("order_line"):
            self.lines[line["order_id"]].append(line)
        self.rates: Mapping[tuple[str, date], Decimal] = {
            (rate["currency"], rate["date"]): rate["rate"] for rate in rows.of("exchange_rate")
        }
        self.prices = {(each["channel_id"], each["product_id"]): each["price"] for each in rows.of("channel_price")}
        self.products = rows.of("product")
        self.limits = {customer["id"]: customer["credit_limit"] for customer in rows.of("customer")}
        self.owed = _owed(rows)

    def handed_in(self, order: Row) -> datetime:
        """When the order came to its reviewer."""
        return self.steps[order["id"], OrderStatus.PENDING_REVIEW]

    def reviewed(self, order: Row) -> Reviewed:
        """The order as the reviewer found it."""
        return Reviewed(
            addressed=order["ship_to"] is not None,
            reachable=bool(order["contact_email"] or order["contact_phone"]),
            currency=order["currency"],
            total=order["total"],
            base_total=order["base_total"],
            stated_total=None,
            company_currency=COMPANY_CURRENCY,
            credit_limit=self.limits.get(order["customer_id"]),
            owed=self.owed[order["customer_id"]],
            named=order["customer_id"] is not None,
            waited=self.handed_in(order) - order["placed_at"],
            lines=[self._line(line, order) for line in self.lines[order["id"]]],
        )

    def _line(self, line: Row, order: Row) -> ReviewedLine:
        given = {name: line[name] for name in ("quantity", "unit_price", "discount")}
        amount = line_amount(LineTerms(tax_rate=line["tax_rate"], **given), order["currency"])
        listed = self._list_price(line, order)
        with exact():
            part = amount - (line["gross"] if order["tax_included"] else line["net"])
        return ReviewedLine(
            id=line["id"],
            kind=line["kind"],
            sku=line["sku"],
            active=True if line["product_id"] else None,
            order_discount=part,
            list_price=listed,
            priced=listed is not None,
            **given,
        )

    def _list_price(self, line: Row, order: Row) -> Decimal | None:
        own: Decimal | None = self.prices.get((order["channel_id"], line["product_id"]))
        if own is not None and order["currency"] == COMPANY_CURRENCY:
            return own
        price: Decimal | None = self.products[line["product_id"] - 1]["price"] if line["product_id"] else None
        if price is None or order["currency"] == COMPANY_CURRENCY:
            return price
        month = order["placed_at"].astimezone(COMPANY_ZONE).date().replace(day=1)
        with exact():
            return (price / self.rates[order["currency"], month]).quantize(_SIX_DIGITS)


def _owed(rows: Rows) -> defaultdict[int | None, Decimal]:
    """What each customer owes in the company's currency, as services.payments.owed has it."""
    moved: defaultdict[int, Decimal] = defaultdict(Decimal)
    for entry in rows.of("payment"):
        moved[entry["order_id"]] += entry["amount"] if entry["kind"] == "PAYMENT" else -entry["amount"]
    owed: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    for order in rows.of("sales_order"):
        total = order["total"]
        if total:
            due = (total if order["status"] in OWED_FOR else NOTHING) - moved[order["id"]]
            owed[order["customer_id"]] += round_money(due * order["base_total"] / total, COMPANY_CURRENCY)
    return owed
