"""What customers say of orders that were delivered, and what is done about it."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.after_sales import ComplaintState
from models.columns import ShapedIndex, TimestampField, one_of, sorted_by
from models.lists import Reason
from models.orders import Order
from models.people import User


class Feedback(Model):
    """What a customer thinks of an order, once: a `score` from 1 to 5, and perhaps words."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="feedbacks", on_delete=OnDelete.RESTRICT
    )
    order_id: int
    score = fields.IntField()
    comment = fields.TextField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="feedbacks", null=True, on_delete=OnDelete.RESTRICT
    )
    at = TimestampField()

    class Meta:
        table = "feedback"
        indexes = [*sorted_by("feedback", "at"), ShapedIndex(name="feedback_score", fields=("score ASC", "at DESC"))]
        constraints = [
            UniqueConstraint(fields=("order",), name="feedback_once"),
            CheckConstraint(name="feedback_score_known", check="score BETWEEN 1 AND 5"),
        ]


class Complaint(Model):
    """Something that a customer complains of, to be closed until `respond_by`."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="complaints", on_delete=OnDelete.RESTRICT
    )
    order_id: int
    reason: fields.ForeignKeyRelation[Reason] = fields.ForeignKeyField(
        "models.Reason", related_name="complaints", on_delete=OnDelete.RESTRICT
    )
    description = fields.TextField()
    state = fields.CharEnumField(ComplaintState, max_length=20, default=ComplaintState.OPEN)
    respond_by = TimestampField()
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="complaints", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField()
    updated_at = TimestampField()
    closed_at = TimestampField(null=True)

    class Meta:
        table = "complaint"
        indexes = [
            *sorted_by("complaint", "respond_by"),
            *sorted_by("complaint", "created_at"),
            ShapedIndex(name="complaint_order", fields=("order_id ASC", "id ASC")),
            ShapedIndex(
                name="complaint_waiting",
                fields=("respond_by ASC", "id ASC"),
                where="state IN ('OPEN', 'IN_PROGRESS')",
            ),
        ]
        constraints = [
            one_of("state", ComplaintState, table="complaint"),
            CheckConstraint(
                name="complaint_closed_at", check="(state IN ('RESOLVED', 'REJECTED')) = (closed_at IS NOT NULL)"
            ),
        ]


class ComplaintChange(Model):
    """Something that was done about a complaint: who, when, from, to, why; `from_state` is null for its opening."""

    id = fields.BigIntField(primary_key=True)
    complaint: fields.ForeignKeyRelation[Complaint] = fields.ForeignKeyField(
        "models.Complaint", related_name="changes", on_delete=OnDelete.CASCADE
    )
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="complaint_changes", on_delete=OnDelete.RESTRICT
    )
    from_state = fields.CharEnumField(ComplaintState, max_length=20, null=True)
    to_state = fields.CharEnumField(ComplaintState, max_length=20)
    respond_by = TimestampField()
    note = fields.TextField(null=True)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="complaint_changes", null=True, on_delete=OnDelete.RESTRICT
    )
    at = TimestampField()

    class Meta:
        table = "complaint_change"
        indexes = [
            ShapedIndex(name="complaint_change_of", fields=("complaint_id ASC", "at ASC", "id ASC")),
            ShapedIndex(name="complaint_change_order", fields=("order_id ASC",)),
        ]
        constraints = [
            one_of("from_state", ComplaintState, table="complaint_change"),
            one_of("to_state", ComplaintState, table="complaint_change"),
        ]
