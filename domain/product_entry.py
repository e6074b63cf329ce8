"""What a person types to enter or change a product, and what can be wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from domain.custom_fields.values import CustomFieldEntry
from domain.errors import InvalidInput
from domain.money import is_currency
from domain.numbers import list_price, tax_rate
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import NOTES, code, many_lines, one_line
from domain.unset import UNSET, Change, Unset


@dataclass(frozen=True, kw_only=True)
class ProductEntry(Change):
    """A product by its `sku`. Of an existing one, what is `UNSET` stays and what is None is emptied; of a new one,
    what is `UNSET` is empty, `active` is true, `stocked` false, and the name is needed. `tax_rate` is a fraction."""

    sku: str
    name: str | Unset = UNSET
    description: str | Unset | None = UNSET
    category: str | Unset | None = UNSET
    price: Decimal | Unset | None = UNSET
    currency: str | Unset | None = UNSET
    tax_rate: Decimal | Unset | None = UNSET
    active: bool | Unset = UNSET
    stocked: bool | Unset = UNSET
    custom_fields: Sequence[CustomFieldEntry] | Unset = UNSET


def emptied_together(product: ProductEntry) -> ProductEntry:
    """`product` whose currency is emptied with its price, unless it says otherwise."""
    if product.price is None and isinstance(product.currency, Unset):
        return replace(product, currency=None)
    return product


def product_problems(product: ProductEntry) -> Iterator[InvalidInput]:
    """Everything that is wrong with `product` by itself, each with its path."""
    yield from code((*INPUT, "sku"), product.sku)
    yield from one_line((*INPUT, "name"), product.name)
    yield from many_lines((*INPUT, "description"), product.description, limit=NOTES)
    yield from one_line((*INPUT, "category"), product.category)
    if isinstance(product.tax_rate, Decimal):
        yield from tax_rate((*INPUT, "taxRate"), product.tax_rate)
    if isinstance(product.currency, str) and not is_currency(product.currency):
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.UNKNOWN_CURRENCY)


def list_price_problems(*, price: Decimal | None, currency: str | None) -> Iterator[InvalidInput]:
    """What is wrong with a product's price and currency as they will be stored; an unknown currency is told above."""
    if price is not None and currency is None:
        yield InvalidInput(path=(*INPUT, "currency"), problem=Problem.CURRENCY_NEEDED)
    elif price is None and currency is not None:
        yield InvalidInput(path=(*INPUT, "price"), problem=Problem.PRICE_OF_CURRENCY_NEEDED)
    elif price is not None and currency is not None and is_currency(currency):
        yield from list_price((*INPUT, "price"), price, currency)
