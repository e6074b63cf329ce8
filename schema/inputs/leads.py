"""Inputs about leads and their pools."""

from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.enums import OnBreach, PoolStrategy
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional
from schema.inputs.exports import LeadFilter
from schema.inputs.lists import LabelsInput


@input_type
class LeadPoolUpsertInput:
    """A pool by its code: what is left out stays, null takes a rule away. Times are in minutes."""

    code: str = text("A short code, unique among pools.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new one.")
    labels: LabelsInput | None = change("What people call it, all languages together; needed for a new one.")
    rank: int | None = change("Its place: the smallest is asked first whether it takes a new lead; 0 for a new one.")
    active: bool | None = change("Whether it takes new leads; true for a new one.")
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
