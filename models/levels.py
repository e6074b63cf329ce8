"""Rules that propose levels of customers, what they proposed, and every level that a customer had."""

from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.customers import CustomerLevel
from domain.levels import LevelConfirmation, LevelProposalState
from models.columns import NumericField, ShapedIndex, TimestampField, one_of, sorted_by
from models.customers import Customer
from models.people import User


class LevelRule(Model):
    """Customers for whom `condition` holds, and that of no active rule of a smaller `rank`, should have the level."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    rank = fields.IntField(default=0)
    condition: fields.Field[dict[str, Any]] = fields.JSONField()
    level = fields.CharEnumField(CustomerLevel, max_length=20)
    confirm = fields.CharEnumField(LevelConfirmation, max_length=20, default=LevelConfirmation.BY_PERSON)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "level_rule"
        indexes = [ShapedIndex(name="level_rule_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="level_rule_code_once"),
            one_of("level", CustomerLevel, table="level_rule"),
            one_of("confirm", LevelConfirmation, table="level_rule"),
        ]


class LevelProposal(Model):
    """A rule, of the rules as they were in `rules_version`, proposed a level on what the customer's figures were then.

    `sole` is null for those that are not open, so that a customer has one that is.
    """

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="level_proposals", on_delete=OnDelete.CASCADE
    )
    customer_id: int
    rule: fields.ForeignKeyRelation[LevelRule] = fields.ForeignKeyField(
        "models.LevelRule", related_name="proposals", on_delete=OnDelete.RESTRICT
    )
    rules_version = fields.BigIntField()
    from_level = fields.CharEnumField(CustomerLevel, max_length=20)
    to_level = fields.CharEnumField(CustomerLevel, max_length=20)
    state = fields.CharEnumField(LevelProposalState, max_length=20, default=LevelProposalState.OPEN)
    sole = fields.BooleanField(null=True, default=True)
    last_order_at = TimestampField(null=True)
    frequency = fields.IntField(default=0)
    monetary = NumericField(default=Decimal(0))
    recency_score = fields.IntField(null=True)
    frequency_score = fields.IntField(null=True)
    monetary_score = fields.IntField(null=True)
    created_at = TimestampField(auto_now_add=True)
    decided_at = TimestampField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="level_proposals", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)

    class Meta:
        table = "level_proposal"
        indexes = [
            *sorted_by("level_proposal", "created_at"),
            ShapedIndex(name="level_proposal_of", fields=("customer_id ASC", "id ASC")),
            ShapedIndex(name="level_proposal_open", fields=("created_at DESC", "id DESC"), where="state = 'OPEN'"),
        ]
        constraints = [
            UniqueConstraint(fields=("customer", "sole"), name="level_proposal_one_open"),
            one_of("from_level", CustomerLevel, table="level_proposal"),
            one_of("to_level", CustomerLevel, table="level_proposal"),
            one_of("state", LevelProposalState, table="level_proposal"),
            CheckConstraint(
                name="level_proposal_sole", check="sole IS NOT FALSE AND (state = 'OPEN') = (sole IS NOT NULL)"
            ),
            CheckConstraint(name="level_proposal_decided", check="(state = 'OPEN') = (decided_at IS NULL)"),
            CheckConstraint(name="level_proposal_moves", check="from_level <> to_level"),
        ]


class CustomerLevelChange(Model):
    """A customer came to another level: who, when, from, to, why. `proposal` is what was confirmed, if anything was."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="level_changes", on_delete=OnDelete.CASCADE
    )
    from_level = fields.CharEnumField(CustomerLevel, max_length=20)
    to_level = fields.CharEnumField(CustomerLevel, max_length=20)
    proposal: fields.ForeignKeyNullableRelation[LevelProposal] = fields.ForeignKeyField(
        "models.LevelProposal", related_name="changes", null=True, on_delete=OnDelete.SET_NULL
    )
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="level_changes", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    at = TimestampField()

    class Meta:
        table = "customer_level_change"
        indexes = [ShapedIndex(name="customer_level_change_of", fields=("customer_id ASC", "at ASC", "id ASC"))]
        constraints = [
            one_of("from_level", CustomerLevel, table="customer_level_change"),
            one_of("to_level", CustomerLevel, table="customer_level_change"),
        ]
