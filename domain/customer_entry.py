"""What a person types to enter or change a customer, and what can be wrong with it by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from domain.custom_fields.values import CustomFieldEntry
from domain.customer_parts import NewAddress, NewContact, addresses_problems, contacts_problems
from domain.customers import CustomerLevel, ValueClass
from domain.edited_parts import EditedAddress, EditedContact
from domain.errors import InvalidInput
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, NOTES, code, email, many_lines, one_line, tags
from domain.unset import UNSET, Change, Unset

_FIRST_TO_BEGIN_A_DAY = timezone(timedelta(hours=14))  # a birthday is told by the clock where the customer lives


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """A customer as it is typed; `owner_id` is for those who may assign."""

    name: str
    level: CustomerLevel = CustomerLevel.REGULAR
    value_class: ValueClass = ValueClass.GENERAL
    industry: str | None = None
    email: str | None = None
    phone: str | None = None
    tax_id: str | None = None
    region_id: int | None = None
    channel_id: int | None = None
    external_id: str | None = None
    owner_id: int | None = None
    preferences: str | None = None
    tags: Sequence[str] = ()
    birthday: date | None = None
    contract_day: date | None = None
    contacts: Sequence[NewContact] = ()
    addresses: Sequence[NewAddress] = ()
    custom_fields: Sequence[CustomFieldEntry] = ()


@dataclass(frozen=True, kw_only=True)
class CustomerChanges(Change):
    """What to change of a customer; what is `UNSET` stays, what is None is emptied. The lists are whole."""

    name: str | Unset = UNSET
    level: CustomerLevel | Unset = UNSET
    value_class: ValueClass | Unset = UNSET
    industry: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    tax_id: str | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    channel_id: int | Unset | None = UNSET
    external_id: str | Unset | None = UNSET
    preferences: str | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    birthday: date | Unset | None = UNSET
    contract_day: date | Unset | None = UNSET
    contacts: Sequence[EditedContact] | Unset = UNSET
    addresses: Sequence[EditedAddress] | Unset = UNSET
    custom_fields: Sequence[CustomFieldEntry] | Unset = UNSET


def customer_problems(customer: NewCustomer | CustomerChanges, *, now: datetime) -> Iterator[InvalidInput]:
    """Everything that is wrong with `customer` by itself, each with its path; but for the lists of one that changes."""
    yield from one_line((*INPUT, "name"), customer.name)
    yield from one_line((*INPUT, "industry"), customer.industry)
    yield from email((*INPUT, "email"), customer.email)
    yield from one_line((*INPUT, "phone"), customer.phone, limit=CODE)
    yield from code((*INPUT, "taxId"), customer.tax_id)
    yield from code((*INPUT, "externalId"), customer.external_id)
    yield from many_lines((*INPUT, "preferences"), customer.preferences, limit=NOTES)
    yield from tags((*INPUT, "tags"), customer.tags)
    yield from _birthday_problems(customer.birthday, now)
    if isinstance(customer, NewCustomer):
        yield from contacts_problems(customer.contacts)
        yield from addresses_problems(customer.addresses)


def origin_problems(*, channel_id: int | None, external_id: str | None) -> Iterator[InvalidInput]:
    """What is wrong with where a customer comes from, as it will be stored."""
    if external_id is not None and channel_id is None:
        yield InvalidInput(path=(*INPUT, "channelId"), problem=Problem.CHANNEL_NEEDED)


def _birthday_problems(birthday: date | Unset | None, now: datetime) -> Iterator[InvalidInput]:
    latest = now.astimezone(_FIRST_TO_BEGIN_A_DAY).date()
    if isinstance(birthday, date) and birthday > latest:
        yield InvalidInput(path=(*INPUT, "birthday"), problem=Problem.TOO_LATE, limit=latest.isoformat())
