"""Rules by which orders that are nobody's get an owner."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from domain.assignment import AssignmentStrategy
from models.columns import ShapedIndex, TimestampField, one_of
from models.organisation import Channel, Region, Team
from models.people import User


class AssignmentRule(Model):
    """Orders of a channel, and of a region or one below it, go to active REPs of the team, last to `last_given`."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    rank = fields.IntField(default=0)
    channel: fields.ForeignKeyNullableRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="assignment_rules", null=True, on_delete=OnDelete.RESTRICT
    )
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="assignment_rules", null=True, on_delete=OnDelete.RESTRICT
    )
    team: fields.ForeignKeyRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="assignment_rules", on_delete=OnDelete.RESTRICT
    )
    strategy = fields.CharEnumField(AssignmentStrategy, max_length=20)
    last_given: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="assigned_last", null=True, on_delete=OnDelete.RESTRICT
    )
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "assignment_rule"
        indexes = [ShapedIndex(name="assignment_rule_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="assignment_rule_code_once"),
            one_of("strategy", AssignmentStrategy, table="assignment_rule"),
        ]
