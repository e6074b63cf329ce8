"""What may be changed of an order that exists, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.contact import ContactDetails, PostalAddress
from domain.custom_fields.values import CustomFieldEntry
from domain.errors import DomainError, NotEditable
from domain.naming import camel
from domain.numbers import money
from domain.orders.edited_lines import EditedLine
from domain.orders.entry import (
    discount_problems,
    external_id_problems,
    placement_problems,
    required_day_problems,
    snapshot_problems,
)
from domain.orders.life_cycle import DETAILS_EDITABLE, LINES_EDITABLE, OrderStatus, OrderType, Urgency
from domain.paths import INPUT
from domain.text import many_lines, tags
from domain.unset import UNSET, Change, Unset, given

# What reviewers and packers look at changes with the lines; what only reminds them can change until it is shipped.
_DETAILS = frozenset({"required_by", "tags", "notes", "custom_fields"})


@dataclass(frozen=True, kw_only=True)
class OrderChanges(Change):
    """What to change of an order; what is `UNSET` stays, what is None is emptied. `lines` are all lines.

    `total`, if given, is checked against the new sum.
    """

    channel_id: int | Unset | None = UNSET
    external_id: str | Unset | None = UNSET
    customer_id: int | Unset | None = UNSET

    customer_name: str | Unset | None = UNSET
    contact: ContactDetails | Unset | None = UNSET
    ship_to: PostalAddress | Unset | None = UNSET
    bill_to: PostalAddress | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    tax_included: bool | Unset = UNSET
    discount: Decimal | Unset = UNSET
    lines: Sequence[EditedLine] | Unset = UNSET
    total: Decimal | Unset | None = UNSET
    urgency: Urgency | Unset = UNSET
    required_by: date | Unset | None = UNSET
    placed_at: datetime | Unset = UNSET
    tags: Sequence[str] | Unset = UNSET
    notes: str | Unset | None = UNSET
    custom_fields: Sequence[CustomFieldEntry] | Unset = UNSET

    @property
    def reprice(self) -> bool:
        """Whether the amounts have to be computed again."""
        return not {"lines", "discount", "tax_included", "total"}.isdisjoint(self.mentioned)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Of an order that is to be changed, what says which changes are possible; `placed_on` is the day on which it will
    have been placed, in the company's zone."""

    status: OrderStatus
    type: OrderType
    currency: str
    channel_id: int | None
    external_id: str | None
    required_by: date | None
    placed_on: date


def change_problems(changes: OrderChanges, order: Standing, *, now: datetime) -> Iterator[DomainError]:
    """Everything that is wrong with `changes` by themselves, but for the lines."""
    for name in changes.mentioned:
        if order.status not in (DETAILS_EDITABLE if name in _DETAILS else LINES_EDITABLE):
            yield NotEditable(path=(*INPUT, camel(name)), status=order.status)
    if not {"channel_id", "external_id"}.isdisjoint(changes.mentioned):
        yield from external_id_problems(
            given(changes.external_id, order.external_id), channel_id=given(changes.channel_id, order.channel_id)
        )
    yield from snapshot_problems(changes.customer_name, changes.contact, changes.ship_to, changes.bill_to)
    if not isinstance(changes.discount, Unset):
        yield from discount_problems(changes.discount, order_type=order.type, currency=order.currency)
    if isinstance(changes.total, Decimal):
        yield from money((*INPUT, "total"), changes.total, order.currency)
    required_by = changes.required_by
    if not isinstance(changes.placed_at, Unset):
        yield from placement_problems(changes.placed_at, now=now)
        required_by = given(required_by, order.required_by)
    yield from required_day_problems(required_by, placed_on=order.placed_on)
    yield from tags((*INPUT, "tags"), changes.tags)
    yield from many_lines((*INPUT, "notes"), changes.notes)
