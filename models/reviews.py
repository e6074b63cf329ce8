"""What is checked of orders that are handed in, and what was found."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.orders.review import FindingKind, FindingSeverity
from models.columns import NumericField, ShapedIndex, TimestampField, one_of
from models.orders import Order, OrderLine
from models.organisation import Channel
from models.people import User


class ReviewPolicy(Model):
    """What is checked of orders of a channel, or of all; the smallest `rank` that fits counts. Null: not checked."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    rank = fields.IntField(default=0)
    channel: fields.ForeignKeyNullableRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="review_policies", null=True, on_delete=OnDelete.RESTRICT
    )
    approve_clean = fields.BooleanField(default=True)
    address_needed = fields.BooleanField(default=True)
    contact_needed = fields.BooleanField(default=True)
    most_per_line = NumericField(null=True)
    price_tolerance = NumericField(null=True)
    duplicate_hours = fields.IntField(null=True)
    placed_within_days = fields.IntField(null=True)
    most_without_customer = NumericField(null=True)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "review_policy"
        indexes = [ShapedIndex(name="review_policy_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="review_policy_code_once"),
            CheckConstraint(name="review_policy_most_positive", check="most_per_line > 0"),
            CheckConstraint(name="review_policy_tolerance_sane", check="price_tolerance BETWEEN 0 AND 1"),
            CheckConstraint(name="review_policy_hours_positive", check="duplicate_hours > 0"),
            CheckConstraint(name="review_policy_days_positive", check="placed_within_days > 0"),
            CheckConstraint(name="review_policy_customer_sane", check="most_without_customer >= 0"),
        ]


class OrderFinding(Model):
    """Something that was wrong with an order when it was last handed in, and who approved it all the same."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="findings", on_delete=OnDelete.CASCADE
    )
    kind = fields.CharEnumField(FindingKind, max_length=30)
    severity = fields.CharEnumField(FindingSeverity, max_length=20)
    line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "models.OrderLine", related_name="findings", null=True, on_delete=OnDelete.SET_NULL
    )
    line_id: int | None
    other_order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="found_twins", null=True, on_delete=OnDelete.RESTRICT
    )
    other_order_id: int | None
    facts: fields.Field[dict[str, Any]] = fields.JSONField()
    found_at = TimestampField()
    overridden_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="overridden_findings", null=True, on_delete=OnDelete.RESTRICT
    )
    overridden_at = TimestampField(null=True)

    class Meta:
        table = "order_finding"
        indexes = [
            ShapedIndex(name="order_finding_of", fields=("order_id ASC", "id ASC"), include=("kind", "severity")),
            ShapedIndex(name="order_finding_line", fields=("line_id ASC",), where="line_id IS NOT NULL"),
        ]
        constraints = [
            one_of("kind", FindingKind, table="order_finding"),
            one_of("severity", FindingSeverity, table="order_finding"),
        ]
