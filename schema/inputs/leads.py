"""Inputs about leads and their pools."""

from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.enums import LeadIntent, OnBreach, PoolStrategy
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.inputs.custom_fields import VALUES, CustomFieldInput
from schema.inputs.exports import LeadFilter
from schema.inputs.lists import LabelsInput

_WORTH = "What it may come to, in the company's currency."
_NUMBER = "The lead's number in its source, unique there."
_INTEREST = "What they want, in words."


@input_type
class LeadCreateInput:
    """A new lead: one of `company`, `contactName`, `email` and `phone` at least."""

    company: str | None = optional("The company.")
    contact_name: str | None = optional("The person.")
    email: str | None = optional("Their email.")
    phone: str | None = optional("Their phone; without a country it is of the company's own.")
    tax_id: str | None = optional("The company's tax number.")
    industry: str | None = optional("Industry.")
    region_id: strawberry.ID | None = optional("Region.")
    source_id: strawberry.ID | None = optional("The channel that it came by.")
    external_id: str | None = optional(_NUMBER)
    intent: LeadIntent | None = optional("意向: how much they want to buy.")
    interest: str | None = optional(_INTEREST)
    expected_value: Decimal | None = optional(_WORTH)
    tags: list[str] | None = optional("Tags.")
    owner_id: strawberry.ID | None = optional("Who is to have it: you, or whom you may give leads.")
    pool_id: strawberry.ID | None = optional("The pool where it is to wait, for those who may assign.")
    custom_fields: list[CustomFieldInput] | None = optional(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadUpdateInput:
    """A change of a lead: what is left out stays, null empties."""

    id: strawberry.ID = text("The lead.")
    expected_version: int = text(EXPECTED_VERSION)
    company: str | None = change("The company.")
    contact_name: str | None = change("The person.")
    email: str | None = change("Their email.")
    phone: str | None = change("Their phone; without a country it is of the company's own.")
    tax_id: str | None = change("The company's tax number.")
    industry: str | None = change("Industry.")
    region_id: strawberry.ID | None = change("Region.")
    source_id: strawberry.ID | None = change("The channel that it came by.")
    external_id: str | None = change(_NUMBER)
    intent: LeadIntent | None = change("意向: how much they want to buy.")
    interest: str | None = change(_INTEREST)
    expected_value: Decimal | None = change(_WORTH)
    tags: list[str] | None = change("All tags, in place of those that there are.")
    custom_fields: list[CustomFieldInput] | None = change(VALUES)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadPoolUpsertInput:
    """A pool by its code: what is left out stays, null takes a rule away. Times are in minutes."""

    code: str = text("A short code, unique among pools.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new one.")
    labels: LabelsInput | None = change("What people call it, all languages together; needed for a new one.")
    rank: int | None = change("Its place: the smallest is asked first whether it takes a new lead; 0 for a new one.")
    active: bool | None = change("Whether it takes new leads; true for a new one.")
    calendar_id: strawberry.ID | None = change("The calendar of its working time and days; null for the company's.")
    entry_filter: LeadFilter | None = change("Which new leads it takes; `{}` takes all, null none.")
    strategy: PoolStrategy | None = change("How its leads find an owner; needed for a new one.")
    claim_quota: int | None = change("How many a member may claim a day, from 0 to 10,000.")
    hold_limit: int | None = change("How many open leads of this pool a member may have, from 1 to 10,000.")
    cool_down_minutes: int | None = change("How long whoever lost a lead to a deadline must not claim it again.")
    head_start_minutes: int | None = change("How long a valuable lead is offered to the best members alone.")
    head_start_value: Decimal | None = change(
        "From which expected value on a lead is a valuable one, in the company's currency; without it none is."
    )
    head_start_percent: int | None = change("How many of the members are the best, of a hundred; 20 for a new one.")
    first_contact_minutes: int | None = change("By when the first follow-up is due, in working time.")
    follow_up_minutes: int | None = change("The longest silence between follow-ups, in working time.")
    convert_minutes: int | None = change("By when it has to be converted or disqualified, in working time.")
    remind_before_minutes: int | None = change("How long before a deadline the owner is reminded, in working time.")
    on_breach: OnBreach | None = change("What becomes of a lead whose owner missed a deadline; needed for a new one.")
    weight_floor_percent: int | None = change(
        "How much of an equal share everybody gets by WEIGHTED, of a hundred; 20 for a new one."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadPoolMembersSetInput:
    """Who gets leads of a pool: who is not named belongs to it no longer, and keeps what leads they have."""

    id: strawberry.ID = text("The pool.")
    expected_version: int = text(EXPECTED_VERSION)
    user_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Users, at most 500.")
    team_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Teams, with those below them, at most 500."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadFormUpsertInput:
    """A form by its code: what is left out stays."""

    code: str = text("A short code, unique among forms.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new one.")
    labels: LabelsInput | None = change("What people call it, all languages together; needed for a new one.")
    source_id: strawberry.ID | None = change("The channel by which its leads come; needed for a new one.")
    pool_id: strawberry.ID | None = change("Where its leads wait; null for the first pool that takes them.")
    tags: list[str] | None = change("The tags of its leads, all of them.")
    origins: list[str] | None = change("From which web sites browsers may send it, such as `https://www.example.com`.")
    per_minute: int | None = change("How many leads it takes in a minute, from 1 to 6,000; 60 for a new one.")
    active: bool | None = change("Whether it takes leads; true for a new one.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class LeadFormKeyCreateInput:
    """The form that gets another key."""

    id: strawberry.ID = text("The form.")
