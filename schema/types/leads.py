"""Leads, what was done about them, and the pools in which they wait."""

from datetime import datetime
from typing import Annotated, TypeAlias

import strawberry

from schema.describe import object_type, text
from schema.enums import (
    ErrorCode,
    FollowUpChannel,
    FollowUpResult,
    LeadIntent,
    LeadMove,
    LeadStatus,
    OnBreach,
    PoolStrategy,
)
from schema.scalars import JSON
from schema.types.base import Money, Node
from schema.types.calendars import BusinessCalendar
from schema.types.custom_fields import CustomFieldValue, custom_fields
from schema.types.customers import Customer
from schema.types.lists import Labels, Reason
from schema.types.organisation import Channel, Region, Team, User

OfLead: TypeAlias = Annotated["Lead", strawberry.lazy("schema.types.leads")]
_MASKED = " Null while the lead waits in a pool, for whoever may only claim it."


@object_type
class LeadPoolMember(Node):
    """Who gets leads of a pool: a user, or everybody of a team and of those below it."""

    user: User | None = text("The user; null where it is a team.")
    team: Team | None = text("The team; null where it is a user.")
    pool: "LeadPool | None" = text("The pool.")


@object_type
class LeadPool(Node):
    """Where leads wait for an owner (线索池, 公海), and by which rules they find one, and lose one.

    Times are in minutes of working time, but for `coolDownMinutes` and `headStartMinutes`; null where there is no such
    rule.
    """

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique among pools.")
    label: str = text("What it is called in the language of the request, or in the other one.")
    labels: Labels = text("Its names.")
    rank: int = text("Its place: the smallest is asked first whether it takes a new lead.")
    active: bool = text("Whether it takes new leads.")
    entry_filter: JSON | None = text("A `LeadFilter` as JSON has it: which new leads it takes; null for none.")
    strategy: PoolStrategy = text("How its leads find an owner.")
    claim_quota: int | None = text("How many a member may claim a day.")
    hold_limit: int | None = text("How many open leads of this pool a member may have.")
    cool_down_minutes: int | None = text("How long whoever lost a lead to a deadline must not claim it again.")
    head_start_minutes: int | None = text("How long a valuable lead is offered to the best members alone.")
    head_start_value: Money | None = text("From which expected value on a lead is a valuable one.")
    head_start_percent: int = text("How many of the members are the best, of a hundred.")
    first_contact_minutes: int | None = text("By when the first follow-up is due.")
    follow_up_minutes: int | None = text("The longest silence between follow-ups.")
    convert_minutes: int | None = text("By when it has to be converted or disqualified.")
    remind_before_minutes: int | None = text("How long before a deadline the owner is reminded.")
    on_breach: OnBreach = text("What becomes of a lead whose owner missed a deadline.")
    weight_floor_percent: int = text("How much of an equal share everybody gets by WEIGHTED, of a hundred.")
    created_at: datetime = text("When it was made.")
    calendar: BusinessCalendar | None = text("The calendar of its working time and days; null for the company's.")
    members: list[LeadPoolMember] = text("Who gets its leads, in the order of entry.")


@object_type
class LeadForm(Node):
    """A form on a web site by which leads come in, sent to `/forms/<key>` by whoever fills it in."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    code: str = text("A short code, unique among forms.")
    label: str = text("What it is called in the language of the request, or in the other one.")
    labels: Labels = text("Its names.")
    source: Channel | None = text("The channel by which its leads come.")
    pool: LeadPool | None = text("Where its leads wait; null for the first pool that takes them.")
    tags: list[str] = text("The tags of its leads.")
    origins: list[str] = text("From which web sites browsers may send it.")
    per_minute: int = text("How many leads it takes in a minute, of those from one network a quarter.")
    active: bool = text("Whether it takes leads.")
    key_hint: str | None = text("How its key ends; null while there is none.")
    created_at: datetime = text("When it was made.")


@object_type
class LeadFollowUp(Node):
    """Somebody was in touch with a lead (跟进记录)."""

    at: datetime = text("When.")
    channel: FollowUpChannel = text("How.")
    result: FollowUpResult = text("What came of it.")
    content: str | None = text("What was said." + _MASKED)
    next_at: datetime | None = text("When it is to go on.")
    created_at: datetime = text("When it was entered.")
    actor: User | None = text("Who it was.")
    lead: OfLead | None = text("The lead.")


@object_type
class LeadAssignment(Node):
    """A lead went from one pair of hands to another: who, from whom, why, by which rule, when."""

    move: LeadMove = text("What happened.")
    at: datetime = text("When.")
    reason: str | None = text("Why, in words." + _MASKED)
    rule: str | None = text("The strategy, the deadline or the match by which it happened; null where a person did it.")
    from_owner: User | None = text("Whose it was.")
    from_team: Team | None = text("The team that it belonged to.")
    from_pool: LeadPool | None = text("The pool in which it was, as far as you see it.")
    to_owner: User | None = text("Whose it became.")
    to_team: Team | None = text("The team that it belongs to since.")
    to_pool: LeadPool | None = text("The pool in which it is since, as far as you see it.")
    actor: User | None = text("Who did it; null for the system.")
    lead: OfLead | None = text("The lead.")


@object_type
class LeadShare(Node):
    """A lead is shared with somebody, who may read it, comment on it and follow it up."""

    percent: int = text("Their share of the credit, of a hundred.")
    user: User | None = text("Who it is shared with.")
    lead: OfLead | None = text("The lead.")


@object_type
class LeadClaimability:
    """Whether the viewer could claim a lead now; somebody else may be quicker."""

    ok: bool = text("Whether they could.")
    reason: ErrorCode | None = text("What stands in the way; null if nothing does.")
    from_: datetime | None = strawberry.field(name="from", description="When it will not any more, if time helps.")


@object_type
class Lead(Node):
    """Somebody who may become a customer (线索)."""

    version: int = text("Grows with every edit; give it back as `expectedVersion`.")
    status: LeadStatus = text("How far it has come.")
    company: str | None = text("The company.")
    contact_name: str | None = text("The person." + _MASKED)
    email: str | None = text("Their email." + _MASKED)
    phone: str | None = text("Their phone." + _MASKED)
    tax_id: str | None = text("The company's tax number." + _MASKED)
    external_id: str | None = text("The lead's number in its source." + _MASKED)
    interest: str | None = text("What they want, in words." + _MASKED)
    industry: str | None = text("Industry.")
    intent: LeadIntent | None = text("意向: how much they want to buy.")
    score: int = text("How promising it is: the more, the better.")
    expected_value: Money | None = text("What it may come to, in the company's currency.")
    tags: list[str] = text("Tags.")
    entered_at: datetime = text("When it came in.")
    pooled_at: datetime | None = text("Since when it waits, or last waited, in its pool.")
    head_start_until: datetime | None = text("Until when it is offered to the best members of its pool alone.")
    assigned_at: datetime | None = text("Since when it is its owner's.")
    first_contact_at: datetime | None = text("When somebody was in touch for the first time.")
    last_follow_up_at: datetime | None = text("When somebody was in touch last.")
    next_follow_up_at: datetime | None = text("When it is to go on.")
    contact_by: datetime | None = text("By when its owner has to be in touch for the first time.")
    follow_up_by: datetime | None = text("By when its owner has to be in touch again.")
    convert_by: datetime | None = text("By when it has to be converted or disqualified.")
    closed_at: datetime | None = text("When it was converted or disqualified.")
    updated_at: datetime = text("When it last changed.")
    region: Region | None = text("Region.")
    source: Channel | None = text("The channel that it came by.")
    owner: User | None = text("Who looks after it.")
    team: Team | None = text("The team that it belongs to, in figures and for managers.")
    pool: LeadPool | None = text("The pool whose rules count, as far as you see it.")
    customer: Customer | None = text("The customer that it belongs to, or has become.")
    duplicate_of: OfLead | None = text("The lead that this one repeats.")
    reason: Reason | None = text("Why nothing comes of it.")
    can_claim: LeadClaimability = text("Whether you could claim it now, and if not, why.")
    custom_fields: list[CustomFieldValue] = custom_fields("lead")
    follow_ups: list[LeadFollowUp] = text("When somebody was in touch, oldest first.")
    assignments: list[LeadAssignment] = text("Whose it was, oldest first.")
    shares: list[LeadShare] = text("Who it is shared with.")
