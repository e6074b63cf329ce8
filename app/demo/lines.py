"""What was on the demo's orders, priced by the same rules as anybody's."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from app.demo.rows import Row, Rows
from domain.money import round_money
from domain.orders.amounts import LineTerms, PricedOrder, line_amount
from domain.orders.life_cycle import LineKind

PRICE_OF_UNPRICED = Decimal("25.00")
SHIPPING_GBP = Decimal("7.50")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Item:
    """A line of an order before it is priced; without a product it is shipping."""

    product: Row | None
    terms: LineTerms


def choose_items(choice: Random, products: list[Row], *, currency: str, rate: Decimal, tax: Decimal) -> list[Item]:
    """One to eight products, and shipping every other time; `rate` is what a unit of `currency` is worth in GBP."""
    chosen = choice.sample(products, min(8, 1 + int(choice.expovariate(0.45))))
    items = [_item(choice, product, currency, rate, tax) for product in chosen]
    if choice.random() < 0.5:
        price = round_money(SHIPPING_GBP / rate, currency)
        items.append(Item(None, LineTerms(quantity=Decimal(1), unit_price=price, discount=NOTHING, tax_rate=tax)))
    return items


def _item(choice: Random, product: Row, currency: str, rate: Decimal, tax: Decimal) -> Item:
    listed = product["price"] or PRICE_OF_UNPRICED
    quantity = Decimal(choice.randint(1, 4) if listed > 100 else choice.choice((1, 2, 3, 5, 10, 12, 20, 50)))
    price = round_money(listed / rate, currency)
    if quantity >= 20:  # prices of quantities have more digits than money
        price = (price * Decimal("0.8875")).quantize(Decimal("0.0001"))
    full = LineTerms(quantity=quantity, unit_price=price, discount=NOTHING, tax_rate=tax)
    if choice.random() >= 0.1:
        return Item(product, full)
    discount = round_money(line_amount(full, currency) * choice.choice((5, 10)) / 100, currency)
    return Item(product, LineTerms(quantity=quantity, unit_price=price, discount=discount, tax_rate=tax))


def sent_back(item: Item) -> Item:
    """The whole of a line, coming back."""
    terms = item.terms
    return Item(
        item.product,
        LineTerms(
            quantity=-terms.quantity,
            unit_price=terms.unit_price,
            discount=-terms.discount,
            tax_rate=terms.tax_rate,
        ),
    )


def add_lines(rows: Rows, order_id: int, items: list[Item], priced: PricedOrder, currency: str) -> None:
    """The lines of an order, counted from 1."""
    for position, (item, amounts) in enumerate(zip(items, priced.lines, strict=True), start=1):
        rows.add(
            "order_line",
            order_id=order_id,
            position=position,
            **_named(item.product),
            quantity=item.terms.quantity,
            unit_price=item.terms.unit_price,
            discount=round_money(item.terms.discount, currency),
            tax_rate=item.terms.tax_rate,
            net=amounts.net,
            tax=amounts.tax,
            gross=amounts.gross,
        )


def _named(product: Row | None) -> dict[str, Any]:
    if product is None:
        return {"kind": LineKind.SHIPPING, "product_id": None, "sku": None, "name": "Shipping 运费"}
    return {
        "kind": LineKind.PRODUCT,
        "product_id": product["id"],
        "sku": product["sku"],
        "name": product["name"],
    }
