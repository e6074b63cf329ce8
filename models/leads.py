"""Leads, what was done about them, and whose they were."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.leads.lead import OPEN, FollowUpChannel, FollowUpResult, LeadIntent, LeadMove, LeadStatus
from models.columns import (
    NumericField,
    ShapedIndex,
    TimestampField,
    custom_field_values,
    one_of,
    searched,
    sorted_by,
    wholes_of,
)
from models.customers import Customer
from models.lists import Reason
from models.organisation import Channel, Region, Team
from models.people import User
from models.pools import LeadPool

_OPEN = ", ".join(f"'{status.value}'" for status in OPEN)


def _user(related_name: str) -> fields.ForeignKeyNullableRelation[User]:
    return fields.ForeignKeyField("models.User", related_name=related_name, null=True, on_delete=OnDelete.RESTRICT)


def _team(related_name: str) -> fields.ForeignKeyNullableRelation[Team]:
    return fields.ForeignKeyField("models.Team", related_name=related_name, null=True, on_delete=OnDelete.RESTRICT)


def _pool(related_name: str) -> fields.ForeignKeyNullableRelation[LeadPool]:
    return fields.ForeignKeyField("models.LeadPool", related_name=related_name, null=True, on_delete=OnDelete.RESTRICT)


class Lead(Model):
    """Somebody who may become a customer. `expected_value` is in the company's currency.

    `pool` is the one whose rules count, also while the lead has an owner; without an owner it waits there since
    `pooled_at`, offered to the best alone until `head_start_until`. `assigned_at` is since when it is the owner's;
    `contact_by`, `follow_up_by` and `convert_by` are the owner's deadlines, null where there is none or it is met.
    `breach` is 1 once the owner's manager was told of a missed deadline, 0 before.
    The keys are what the contact is matched by (撞单), null where it says nothing; `duplicate_of` is the lead that
    this one repeats, `customer` the one that it belongs to or has become. `last_seq` is the outbox's newest number.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    status = fields.CharEnumField(LeadStatus, max_length=20, default=LeadStatus.NEW)
    company = fields.TextField(null=True)
    contact_name = fields.TextField(null=True)
    email = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    tax_id = fields.TextField(null=True)
    industry = fields.TextField(null=True)
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="leads", null=True, on_delete=OnDelete.RESTRICT
    )
    region_id: int | None
    source: fields.ForeignKeyNullableRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="leads", null=True, on_delete=OnDelete.RESTRICT
    )
    source_id: int | None
    external_id = fields.TextField(null=True)
    intent = fields.CharEnumField(LeadIntent, max_length=20, null=True)
    interest = fields.TextField(null=True)
    score = fields.IntField(default=0)
    expected_value = NumericField(null=True)
    tags: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    owner = _user("leads")
    owner_id: int | None
    team = _team("leads")
    team_id: int | None
    pool = _pool("leads")
    pool_id: int | None
    customer: fields.ForeignKeyNullableRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="leads", null=True, on_delete=OnDelete.RESTRICT
    )
    customer_id: int | None
    duplicate_of: fields.ForeignKeyNullableRelation["Lead"] = fields.ForeignKeyField(
        "models.Lead", related_name="duplicates", null=True, on_delete=OnDelete.RESTRICT
    )
    duplicate_of_id: int | None
    reason: fields.ForeignKeyNullableRelation[Reason] = fields.ForeignKeyField(
        "models.Reason", related_name="leads", null=True, on_delete=OnDelete.RESTRICT
    )
    reason_id: int | None
    phone_key = fields.TextField(null=True)
    email_key = fields.TextField(null=True)
    tax_key = fields.TextField(null=True)
    company_key = fields.TextField(null=True)
    entered_at = TimestampField()
    pooled_at = TimestampField(null=True)
    head_start_until = TimestampField(null=True)
    assigned_at = TimestampField(null=True)
    first_contact_at = TimestampField(null=True)
    last_follow_up_at = TimestampField(null=True)
    next_follow_up_at = TimestampField(null=True)
    contact_by = TimestampField(null=True)
    follow_up_by = TimestampField(null=True)
    convert_by = TimestampField(null=True)
    breach = fields.IntField(default=0)
    closed_at = TimestampField(null=True)
    custom_fields: fields.Field[dict[str, Any]] = custom_field_values()
    last_seq = fields.BigIntField(default=0)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "lead"
        indexes = [
            *sorted_by("lead", "entered_at", scopes=("owner_id", "team_id")),
            *sorted_by("lead", "score", scopes=("owner_id", "team_id")),
            *sorted_by("lead", "expected_value", nullable=True),
            ShapedIndex(
                name="lead_waiting",
                fields=("pool_id ASC", "score DESC", "id ASC"),
                where=f"owner_id IS NULL AND status IN ({_OPEN})",
            ),
            *(
                ShapedIndex(
                    name=f"lead_waiting_by_{column}",
                    fields=(f"{column} DESC", "id DESC"),
                    include=("pool_id",),
                    where=f"owner_id IS NULL AND status IN ({_OPEN})",
                )
                for column in ("entered_at", "score")
            ),
            ShapedIndex(
                name="lead_held",
                fields=("owner_id ASC", "pool_id ASC"),
                where=f"status IN ({_OPEN})",
            ),
            ShapedIndex(
                name="lead_due",
                fields=("(least(contact_by, follow_up_by, convert_by)) ASC", "id ASC"),
                where=f"owner_id IS NOT NULL AND breach = 0 AND status IN ({_OPEN})",
            ),
            ShapedIndex(
                name="lead_planned",
                fields=("next_follow_up_at ASC",),
                where=f"owner_id IS NOT NULL AND next_follow_up_at IS NOT NULL AND status IN ({_OPEN})",
            ),
            ShapedIndex(name="lead_customer", fields=("customer_id ASC", "id ASC")),
            ShapedIndex(name="lead_duplicate_of", fields=("duplicate_of_id ASC",), where="duplicate_of_id IS NOT NULL"),
            *(
                ShapedIndex(name=f"lead_{key}", fields=(key, "id ASC"), where=f"{key} IS NOT NULL")
                for key in ("phone_key", "email_key", "tax_key", "company_key")
            ),
            searched("lead", "company", "contact_name", "email", "phone", "external_id"),
            *wholes_of("lead", "company", "email", "external_id"),
            ShapedIndex(name="lead_phone_end", fields=("search_end(phone)",), where="phone IS NOT NULL"),
        ]
        constraints = [
            UniqueConstraint(fields=("source", "external_id"), name="lead_external_once"),
            one_of("status", LeadStatus, table="lead"),
            one_of("intent", LeadIntent, table="lead"),
            CheckConstraint(name="lead_named", check="num_nonnulls(company, contact_name, email, phone) > 0"),
            CheckConstraint(name="lead_owner_has_team", check="owner_id IS NULL OR team_id IS NOT NULL"),
            CheckConstraint(name="lead_owned_since", check="(owner_id IS NULL) = (assigned_at IS NULL)"),
            CheckConstraint(name="lead_value_sane", check="expected_value >= 0"),
            CheckConstraint(
                name="lead_closed_at", check="(status IN ('CONVERTED', 'DISQUALIFIED')) = (closed_at IS NOT NULL)"
            ),
            CheckConstraint(name="lead_converted_to", check="status <> 'CONVERTED' OR customer_id IS NOT NULL"),
        ]


class LeadShare(Model):
    """A lead shared with a user, who may read, comment and follow up; `percent` is their share of the credit."""

    id = fields.BigIntField(primary_key=True)
    lead: fields.ForeignKeyRelation[Lead] = fields.ForeignKeyField(
        "models.Lead", related_name="shares", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="shared_leads", on_delete=OnDelete.CASCADE
    )
    percent = fields.IntField(default=0)

    class Meta:
        table = "lead_share"
        indexes = [ShapedIndex(name="lead_share_user", fields=("user_id ASC", "lead_id ASC"))]
        constraints = [
            UniqueConstraint(fields=("lead", "user"), name="lead_share_once"),
            CheckConstraint(name="lead_share_percent_sane", check="percent BETWEEN 0 AND 100"),
        ]


class LeadAssignment(Model):
    """A lead went from one pair of hands to another: who, from whom, why, by which rule, when.

    `rule` is the strategy or the deadline that did it; `candidates` are those who were considered, as
    `domain.leads.assigning` tells, null where nobody was. `worth` is the lead's expected value then.
    """

    id = fields.BigIntField(primary_key=True)
    lead: fields.ForeignKeyRelation[Lead] = fields.ForeignKeyField(
        "models.Lead", related_name="assignments", on_delete=OnDelete.CASCADE
    )
    move = fields.CharEnumField(LeadMove, max_length=20)
    from_owner = _user("leads_given")
    from_team = _team("leads_given")
    from_pool = _pool("leads_given")
    to_owner = _user("leads_taken")
    to_team = _team("leads_taken")
    to_pool = _pool("leads_taken")
    by = _user("lead_moves")
    reason = fields.TextField(null=True)
    rule = fields.TextField(null=True)
    worth = NumericField(null=True)
    candidates: fields.Field[list[dict[str, Any]] | None] = fields.JSONField(null=True)
    at = TimestampField()

    class Meta:
        table = "lead_assignment"
        indexes = [
            ShapedIndex(name="lead_assignment_of", fields=("lead_id ASC", "at ASC", "id ASC")),
            ShapedIndex(
                name="lead_assignment_claimed",
                fields=("to_owner_id ASC", "from_pool_id ASC", "at ASC"),
                where="move = 'CLAIMED'",
            ),
            ShapedIndex(
                name="lead_assignment_given",
                fields=("from_pool_id ASC", "at ASC"),
                include=("to_owner_id", "worth", "move"),
                where="to_owner_id IS NOT NULL",
            ),
            ShapedIndex(
                name="lead_assignment_recycled",
                fields=("lead_id ASC", "from_owner_id ASC", "at ASC"),
                where="move IN ('RECYCLED', 'REASSIGNED')",
            ),
        ]
        constraints = [one_of("move", LeadMove, table="lead_assignment")]


class LeadFollowUp(Model):
    """Somebody was in touch with a lead (跟进记录) at a moment, and perhaps will be again at `next_at`."""

    id = fields.BigIntField(primary_key=True)
    lead: fields.ForeignKeyRelation[Lead] = fields.ForeignKeyField(
        "models.Lead", related_name="follow_ups", on_delete=OnDelete.CASCADE
    )
    by = _user("lead_follow_ups")
    at = TimestampField()
    channel = fields.CharEnumField(FollowUpChannel, max_length=20)
    result = fields.CharEnumField(FollowUpResult, max_length=20)
    content = fields.TextField()
    next_at = TimestampField(null=True)
    created_at = TimestampField()

    class Meta:
        table = "lead_follow_up"
        indexes = [ShapedIndex(name="lead_follow_up_of", fields=("lead_id ASC", "at ASC", "id ASC"))]
        constraints = [
            one_of("channel", FollowUpChannel, table="lead_follow_up"),
            one_of("result", FollowUpResult, table="lead_follow_up"),
            CheckConstraint(name="lead_follow_up_past", check="at <= created_at"),
            CheckConstraint(name="lead_follow_up_next_later", check="next_at > at"),
        ]
