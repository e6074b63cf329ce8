# ruff: noqa: E501  # as generated
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from domain.assignment import AssignmentStrategy
from models.columns import ShapedIndex


class Migration(migrations.Migration):
    dependencies = [("models", "0056_returns_reviewed")]

    initial = False

    operations = [
        ops.CreateModel(
            name="UserSkill",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="skills",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "region",
                    fields.ForeignKeyField(
                        "models.Region",
                        source_field="region_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="skilled",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("industry", fields.TextField(null=True, unique=False)),
                ("category", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "user_skill",
                "app": "models",
                "constraints": [
                    CheckConstraint(
                        check="num_nonnulls(region_id, industry, category) = 1", name="user_skill_of_one_kind"
                    )
                ],
                "indexes": [ShapedIndex(fields=["user_id ASC", "id ASC"], name="user_skill_user")],
                "pk_attr": "id",
                "table_description": "What a user is good at: orders of a region and those below it, of an industry, or of a category of products.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="AssignmentRule",
            name="assignment_rule_strategy_known",
            fields=None,
        ),
        ops.AlterField(
            model_name="AssignmentRule",
            name="strategy",
            field=fields.CharEnumField(
                description="LEAST_LOADED: LEAST_LOADED\nROUND_ROBIN: ROUND_ROBIN\nEXPERTISE: EXPERTISE",
                enum_type=AssignmentStrategy,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="AssignmentRule",
            name="most_open",
            field=fields.IntField(null=True),
        ),
        ops.AddConstraint(
            model_name="AssignmentRule",
            constraint=CheckConstraint(
                check="strategy IN ('LEAST_LOADED', 'ROUND_ROBIN', 'EXPERTISE')", name="assignment_rule_strategy_known"
            ),
        ),
        ops.AddConstraint(
            model_name="AssignmentRule",
            constraint=CheckConstraint(check="most_open > 0", name="assignment_rule_most_open_positive"),
        ),
    ]
