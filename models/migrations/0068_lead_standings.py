# as generated
from decimal import Decimal

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from models.columns import NumericField, ShapedIndex, TimestampField


class Migration(migrations.Migration):
    dependencies = [("models", "0067_lead_forms")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LeadPoolStanding",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "pool",
                    fields.ForeignKeyField(
                        "models.LeadPool",
                        source_field="pool_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="standings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pool_standings",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("taken", fields.IntField(default=0)),
                ("converted", fields.IntField(default=0)),
                ("weight", NumericField(generated=False, null=False, unique=False)),
                ("best", fields.BooleanField(default=False)),
                ("credit", NumericField(default=Decimal("0"), generated=False, null=False, unique=False)),
                ("measured_at", TimestampField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "lead_pool_standing",
                "app": "models",
                "constraints": [UniqueConstraint(fields=("pool", "user"), name="lead_pool_standing_once")],
                "pk_attr": "id",
                "table_description": "How a member of a pool does.",
            },
            bases=["Model"],
        ),
        ops.RemoveIndex(
            model_name="Lead",
            name="lead_due",
            fields=None,
        ),
        ops.AddIndex(
            model_name="Lead",
            index=ShapedIndex(
                fields=["(least(contact_by, follow_up_by, convert_by)) ASC", "id ASC"],
                name="lead_due",
                where="owner_id IS NOT NULL AND breach = 0 AND status IN ('NEW', 'CONTACTED', 'QUALIFIED')",
            ),
        ),
        ops.AddField(
            model_name="LeadPool",
            name="calendar",
            field=fields.ForeignKeyField(
                "models.BusinessCalendar",
                source_field="calendar_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="pools",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
