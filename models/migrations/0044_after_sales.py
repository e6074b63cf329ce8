# ruff: noqa: E501  # as generated, but for the reasons
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from domain.after_sales import ComplaintState
from domain.managed_lists import ReasonKind
from models.columns import ShapedIndex, TimestampField

# What many companies begin with, to be changed as they like; an entry that is there stays as it is.
REASONS = """
INSERT INTO reason (version, kind, code, labels, position, active, created_at) VALUES
    (1, 'RETURN', 'damaged', '{"en": "Damaged", "zh": "破损"}', 10, true, now()),
    (1, 'RETURN', 'wrong_item', '{"en": "Wrong item", "zh": "发错货"}', 20, true, now()),
    (1, 'RETURN', 'not_as_described', '{"en": "Not as described", "zh": "与描述不符"}', 30, true, now()),
    (1, 'RETURN', 'not_wanted', '{"en": "No longer wanted", "zh": "不再需要"}', 40, true, now()),
    (1, 'COMPLAINT', 'quality', '{"en": "Quality", "zh": "质量"}', 10, true, now()),
    (1, 'COMPLAINT', 'delivery', '{"en": "Delivery", "zh": "配送"}', 20, true, now()),
    (1, 'COMPLAINT', 'invoice', '{"en": "Invoice", "zh": "发票"}', 30, true, now()),
    (1, 'COMPLAINT', 'service', '{"en": "Service", "zh": "服务"}', 40, true, now())
ON CONFLICT (kind, code) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0043_payments")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Complaint",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("version", fields.IntField(default=1)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "reason",
                    fields.ForeignKeyField(
                        "models.Reason",
                        source_field="reason_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("description", fields.TextField(unique=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ComplaintState.OPEN,
                        description="OPEN: OPEN\nIN_PROGRESS: IN_PROGRESS\nRESOLVED: RESOLVED\nREJECTED: REJECTED",
                        enum_type=ComplaintState,
                        max_length=20,
                    ),
                ),
                ("respond_by", TimestampField(auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="complaints",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("updated_at", TimestampField(auto_now=False, auto_now_add=False)),
                ("closed_at", TimestampField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "complaint",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="state IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'REJECTED')", name="complaint_state_known"
                    ),
                    CheckConstraint(
                        check="(state IN ('RESOLVED', 'REJECTED')) = (closed_at IS NOT NULL)",
                        name="complaint_closed_at",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["respond_by DESC", "id DESC"], name="complaint_by_respond_by"),
                    ShapedIndex(fields=["created_at DESC", "id DESC"], name="complaint_by_created_at"),
                    ShapedIndex(fields=["order_id ASC", "id ASC"], name="complaint_order"),
                    ShapedIndex(
                        fields=["respond_by ASC", "id ASC"],
                        name="complaint_waiting",
                        where="state IN ('OPEN', 'IN_PROGRESS')",
                    ),
                ],
                "pk_attr": "id",
                "table_description": "Something that a customer complains of, to be closed until `respond_by`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ComplaintChange",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "complaint",
                    fields.ForeignKeyField(
                        "models.Complaint",
                        source_field="complaint_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="changes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="complaint_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "from_state",
                    fields.CharEnumField(
                        null=True,
                        description="OPEN: OPEN\nIN_PROGRESS: IN_PROGRESS\nRESOLVED: RESOLVED\nREJECTED: REJECTED",
                        enum_type=ComplaintState,
                        max_length=20,
                    ),
                ),
                (
                    "to_state",
                    fields.CharEnumField(
                        description="OPEN: OPEN\nIN_PROGRESS: IN_PROGRESS\nRESOLVED: RESOLVED\nREJECTED: REJECTED",
                        enum_type=ComplaintState,
                        max_length=20,
                    ),
                ),
                ("respond_by", TimestampField(auto_now=False, auto_now_add=False)),
                ("note", fields.TextField(null=True, unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="complaint_changes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "complaint_change",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="from_state IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'REJECTED')",
                        name="complaint_change_from_state_known",
                    ),
                    CheckConstraint(
                        check="to_state IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'REJECTED')",
                        name="complaint_change_to_state_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["complaint_id ASC", "at ASC", "id ASC"], name="complaint_change_of"),
                    ShapedIndex(fields=["order_id ASC"], name="complaint_change_order"),
                ],
                "pk_attr": "id",
                "table_description": "Something that was done about a complaint: who, when, from, to, why; `from_state` is null for its opening.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Feedback",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="feedbacks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("score", fields.IntField()),
                ("comment", fields.TextField(null=True, unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="feedbacks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "feedback",
                "app": "models",
                "constraints": [
                    UniqueConstraint(fields=("order",), name="feedback_once"),
                    CheckConstraint(check="score BETWEEN 1 AND 5", name="feedback_score_known"),
                ],
                "indexes": [
                    ShapedIndex(fields=["at DESC", "id DESC"], name="feedback_by_at"),
                    ShapedIndex(fields=["score ASC", "at DESC"], name="feedback_score"),
                ],
                "pk_attr": "id",
                "table_description": "What a customer thinks of an order, once: a `score` from 1 to 5, and perhaps words.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Order",
            name="feedback_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Order",
            name="return_reason_id",
            field=fields.BigIntField(null=True),
        ),
        ops.RemoveConstraint(
            model_name="Reason",
            name="reason_kind_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="Reason",
            name="kind",
            field=fields.CharEnumField(
                description="DELAY: DELAY\nRETURN: RETURN\nLOSS: LOSS\nCANCELLATION: CANCELLATION\nCOMPLAINT: COMPLAINT",
                enum_type=ReasonKind,
                max_length=20,
            ),
        ),
        ops.AddConstraint(
            model_name="Reason",
            constraint=CheckConstraint(
                check="kind IN ('DELAY', 'RETURN', 'LOSS', 'CANCELLATION', 'COMPLAINT')", name="reason_kind_known"
            ),
        ),
        ops.RunSQL(sql=REASONS, reverse_sql="SELECT 1"),
    ]
