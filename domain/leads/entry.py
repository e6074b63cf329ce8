"""What a person types to enter or change a lead, and what can be wrong with it by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.custom_fields.values import CustomFieldEntry
from domain.errors import InvalidInput
from domain.leads.lead import LeadIntent
from domain.leads.pools import worth_problems
from domain.paths import INPUT
from domain.problems import Problem
from domain.text import CODE, NOTES, code, email, many_lines, one_line, tags
from domain.unset import UNSET, Change, Unset

NAMED_BY = ("company", "contact_name", "email", "phone")
"""A lead has one of these at least."""
MATCHED_BY = frozenset({"company", "email", "phone", "tax_id"})
"""What tells that somebody is known already (撞单)."""


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """A lead as it is typed; `owner_id` and `pool_id`, of which one at the most is given, say where it goes.

    `expected_value` is in the company's currency, `external_id` the lead's number in its source.
    """

    company: str | None = None
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None
    tax_id: str | None = None
    industry: str | None = None
    region_id: int | None = None
    source_id: int | None = None
    external_id: str | None = None
    intent: LeadIntent | None = None
    interest: str | None = None
    expected_value: Decimal | None = None
    tags: Sequence[str] = ()
    owner_id: int | None = None
    pool_id: int | None = None
    custom_fields: Sequence[CustomFieldEntry] = ()


@dataclass(frozen=True, kw_only=True)
class LeadChanges(Change):
    """What to change of a lead; what is `UNSET` stays, what is None is emptied. The lists are whole."""

    company: str | Unset | None = UNSET
    contact_name: str | Unset | None = UNSET
    email: str | Unset | None = UNSET
    phone: str | Unset | None = UNSET
    tax_id: str | Unset | None = UNSET
    industry: str | Unset | None = UNSET
    region_id: int | Unset | None = UNSET
    source_id: int | Unset | None = UNSET
    external_id: str | Unset | None = UNSET
    intent: LeadIntent | Unset | None = UNSET
    interest: str | Unset | None = UNSET
    expected_value: Decimal | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    custom_fields: Sequence[CustomFieldEntry] | Unset = UNSET


def lead_problems(lead: NewLead | LeadChanges, *, currency: str) -> Iterator[InvalidInput]:
    """Everything that is wrong with `lead` by itself, each with its path; `currency` is the company's."""
    yield from one_line((*INPUT, "company"), lead.company)
    yield from one_line((*INPUT, "contactName"), lead.contact_name)
    yield from email((*INPUT, "email"), lead.email)
    yield from one_line((*INPUT, "phone"), lead.phone, limit=CODE)
    yield from code((*INPUT, "taxId"), lead.tax_id)
    yield from one_line((*INPUT, "industry"), lead.industry)
    yield from code((*INPUT, "externalId"), lead.external_id)
    yield from many_lines((*INPUT, "interest"), lead.interest, limit=NOTES)
    yield from worth_problems("expectedValue", lead.expected_value, currency)
    yield from tags((*INPUT, "tags"), lead.tags)
    if isinstance(lead, NewLead) and lead.owner_id is not None and lead.pool_id is not None:
        yield InvalidInput(path=(*INPUT, "poolId"), problem=Problem.NOT_TOGETHER, limit="ownerId")


def named_problems(*names: str | None) -> Iterator[InvalidInput]:
    """What is wrong with a lead that will have these of `NAMED_BY`."""
    if not any(names):
        yield InvalidInput(path=(*INPUT, "company"), problem=Problem.MISSING)


def source_problems(*, source_id: int | None, external_id: str | None) -> Iterator[InvalidInput]:
    """What is wrong with where a lead comes from, as it will be stored."""
    if external_id is not None and source_id is None:
        yield InvalidInput(path=(*INPUT, "sourceId"), problem=Problem.CHANNEL_NEEDED)
