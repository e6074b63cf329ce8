# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.assignment import AssignmentStrategy
from models.columns import ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0057_skills")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AssignmentDecision",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "order",
                    fields.ForeignKeyField(
                        "models.Order",
                        source_field="order_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="assignment_decisions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "rule",
                    fields.ForeignKeyField(
                        "models.AssignmentRule",
                        source_field="rule_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="decisions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "strategy",
                    fields.CharEnumField(
                        description="LEAST_LOADED: LEAST_LOADED\nROUND_ROBIN: ROUND_ROBIN\nEXPERTISE: EXPERTISE",
                        enum_type=AssignmentStrategy,
                        max_length=20,
                    ),
                ),
                (
                    "chosen",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="chosen_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="chosen_in",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", TimestampField(auto_now=False, auto_now_add=False)),
                ("candidates", ArrayField(element_type="BIGINT")),
                ("open", ArrayField(element_type="BIGINT")),
                ("matches", ArrayField(element_type="BIGINT")),
                ("standings", ArrayField(element_type="TEXT")),
            ],
            options={
                "table": "assignment_decision",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="strategy IN ('LEAST_LOADED', 'ROUND_ROBIN', 'EXPERTISE')",
                        name="assignment_decision_strategy_known",
                    ),
                    CheckConstraint(
                        check="cardinality(candidates) = ALL (ARRAY[cardinality(open), cardinality(matches), cardinality(standings)])",
                        name="assignment_decision_each_known",
                    ),
                ],
                "indexes": [
                    ShapedIndex(fields=["order_id ASC", "id ASC"], name="assignment_decision_of"),
                    ShapedIndex(fields=["at ASC"], name="assignment_decision_at", where="chosen_id IS NOT NULL"),
                ],
                "pk_attr": "id",
                "table_description": "A rule was asked whose the order is: the candidates, and what was known of each at the same place of each array.",
            },
            bases=["Model"],
        ),
    ]
