"""The lines of an order as a change names them: those that stay by their ids, and new ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.errors import DomainError, InvalidInput
from domain.kept_rows import identity_problems
from domain.orders.entry import MOST_LINES, NewLine, line_path
from domain.orders.life_cycle import LineKind
from domain.orders.lines import OrderedLine
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import too_many
from domain.unset import UNSET, Change, Unset

_OF_THE_PRODUCT = ("name", "unit_price", "discount", "tax_rate")


@dataclass(frozen=True, kw_only=True)
class EditedLine(Change):
    """A line after a change. With `id` it is that line, and what is `UNSET` stays; None is as in a new line without it.

    Where it names another product than before, only its kind and quantity stay by themselves.
    """

    id: int | Unset | None = UNSET
    quantity: Decimal | Unset = UNSET
    kind: LineKind | Unset = UNSET
    product_id: int | Unset | None = UNSET
    sku: str | Unset | None = UNSET
    name: str | Unset | None = UNSET
    unit_price: Decimal | Unset | None = UNSET
    discount: Decimal | Unset | None = UNSET
    tax_rate: Decimal | Unset | None = UNSET

    def typed(self, before: OrderedLine | None) -> NewLine:
        """The line as if it were typed anew, with what it keeps of the line that it was `before`, if any."""
        mentioned = {name: getattr(self, name) for name in self.mentioned if name != "id"}
        values = (_kept(before, mentioned) if before else {}) | mentioned
        return NewLine(**{name: value for name, value in values.items() if value is not None})


def edited_problems(lines: Sequence[EditedLine], before: Mapping[int, OrderedLine]) -> Iterator[DomainError]:
    """What is wrong with which of those `before`, by their ids, stay among `lines`, and what new ones lack."""
    if len(lines) > MOST_LINES:
        yield too_many((*INPUT, "lines"), MOST_LINES)
        return
    yield from identity_problems((*INPUT, "lines"), [line.id for line in lines], before)
    for i, line in enumerate(lines):
        if line.id in (UNSET, None) and isinstance(line.quantity, Unset):
            yield InvalidInput(path=(*line_path(i), "quantity"), problem=Problem.MISSING)


def _kept(before: OrderedLine, mentioned: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"kind": before.kind, "quantity": before.terms.quantity}
    if not _names_another(before, mentioned):
        terms = before.terms
        kept |= dict(zip(_OF_THE_PRODUCT, (before.name, terms.unit_price, terms.discount, terms.tax_rate), strict=True))
    if "product_id" not in mentioned and "sku" not in mentioned:
        kept["product_id"] = before.product_id
    return kept


def _names_another(before: OrderedLine, mentioned: Mapping[str, Any]) -> bool:
    was = {"product_id": before.product_id, "sku": before.sku}
    return any(name in mentioned and mentioned[name] != value for name, value in was.items())
