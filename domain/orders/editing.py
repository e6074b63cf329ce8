"""What may be changed of an order that exists, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.contact import ContactDetails, PostalAddress
from domain.custom_fields.values import CustomFieldEntry
from domain.errors import DomainError, NotEditable
from domain.naming import camel
from domain.numbers import money
from domain.orders.entry import NewLine, discount_problems, line_problems, required_day_problems, snapshot_problems
from domain.orders.life_cycle import DETAILS_EDITABLE, LINES_EDITABLE, OrderStatus, OrderType, Urgency
from domain.paths import INPUT
from domain.text import many_lines, tags
from domain.unset import UNSET, Change, Unset

# What reviewers and packers look at changes with the lines; what only reminds them can change until it is shipped.
_DETAILS = frozenset({"required_by", "tags", "notes", "custom_fields"})


@dataclass(frozen=True, kw_only=True)
class OrderChanges(Change):
    """What to change of an order; what is `UNSET` stays, what is None is emptied. `lines` replace all lines.

    `total`, if given, is checked against the new sum.
    """

    customer_name: str | Unset | None = UNSET
    contact: ContactDetails | Unset | None = UNSET
    ship_to: PostalAddress | Unset | None = UNSET
    bill_to: PostalAddress | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    tax_included: bool | Unset = UNSET
    discount: Decimal | Unset = UNSET
    lines: Sequence[NewLine] | Unset = UNSET
    total: Decimal | Unset | None = UNSET
    urgency: Urgency | Unset = UNSET
    required_by: date | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    notes: str | Unset | None = UNSET
    custom_fields: Sequence[CustomFieldEntry] | Unset = UNSET

    @property
    def reprice(self) -> bool:
        """Whether the amounts have to be computed again."""
        return not {"lines", "discount", "tax_included", "total"}.isdisjoint(self.mentioned)


def change_problems(
    changes: OrderChanges, *, status: OrderStatus, order_type: OrderType, currency: str, placed_on: date
) -> Iterator[DomainError]:
    """Everything that is wrong with `changes` by themselves, for an order that stands where it does.

    `placed_on` is the day of its placement in the company's zone.
    """
    for name in changes.mentioned:
        if status not in (DETAILS_EDITABLE if name in _DETAILS else LINES_EDITABLE):
            yield NotEditable(path=(*INPUT, camel(name)), status=status)
    yield from snapshot_problems(changes.customer_name, changes.contact, changes.ship_to, changes.bill_to)
    if not isinstance(changes.lines, Unset):
        yield from line_problems(changes.lines, order_type=order_type, currency=currency)
    if not isinstance(changes.discount, Unset):
        yield from discount_problems(changes.discount, order_type=order_type, currency=currency)
    if isinstance(changes.total, Decimal):
        yield from money((*INPUT, "total"), changes.total, currency)
    yield from required_day_problems(changes.required_by, placed_on=placed_on)
    yield from tags((*INPUT, "tags"), changes.tags)
    yield from many_lines((*INPUT, "notes"), changes.notes)
