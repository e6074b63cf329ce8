"""Skills of users, and rules by which orders that are nobody's get an owner."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.assignment import AssignmentStrategy
from models.columns import ShapedIndex, TimestampField, one_of
from models.orders import Order
from models.organisation import Channel, Region, Team
from models.people import User


class UserSkill(Model):
    """What a user is good at: orders of a region and those below it, of an industry, or of a category of products."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="skills", on_delete=OnDelete.CASCADE
    )
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="skilled", null=True, on_delete=OnDelete.RESTRICT
    )
    industry = fields.TextField(null=True)
    category = fields.TextField(null=True)

    class Meta:
        table = "user_skill"
        indexes = [ShapedIndex(name="user_skill_user", fields=("user_id ASC", "id ASC"))]
        constraints = [
            CheckConstraint(name="user_skill_of_one_kind", check="num_nonnulls(region_id, industry, category) = 1")
        ]


class AssignmentRule(Model):
    """Orders of a channel, and of a region or one below it, go to active REPs of the team, last to `last_given`.

    Whoever has `most_open` orders that are not over gets none.
    """

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
    most_open = fields.IntField(null=True)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "assignment_rule"
        indexes = [ShapedIndex(name="assignment_rule_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="assignment_rule_code_once"),
            one_of("strategy", AssignmentStrategy, table="assignment_rule"),
            CheckConstraint(name="assignment_rule_most_open_positive", check="most_open > 0"),
        ]


class AssignmentDecision(Model):
    """A rule was asked whose the order is: the candidates, and what was known of each at the same place of each array.

    `chosen` is None where nobody could have it, and the next rule was asked.
    """

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="assignment_decisions", on_delete=OnDelete.CASCADE
    )
    rule: fields.ForeignKeyRelation[AssignmentRule] = fields.ForeignKeyField(
        "models.AssignmentRule", related_name="decisions", on_delete=OnDelete.RESTRICT
    )
    strategy = fields.CharEnumField(AssignmentStrategy, max_length=20)
    chosen: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="chosen_in", null=True, on_delete=OnDelete.RESTRICT
    )
    at = TimestampField()
    candidates: fields.Field[list[int]] = ArrayField(element_type="bigint")
    open: fields.Field[list[int]] = ArrayField(element_type="bigint")
    matches: fields.Field[list[int]] = ArrayField(element_type="bigint")
    standings: fields.Field[list[str]] = ArrayField(element_type="text")

    class Meta:
        table = "assignment_decision"
        indexes = [
            ShapedIndex(name="assignment_decision_of", fields=("order_id ASC", "id ASC")),
            ShapedIndex(name="assignment_decision_at", fields=("at ASC",), where="chosen_id IS NOT NULL"),
        ]
        constraints = [
            one_of("strategy", AssignmentStrategy, table="assignment_decision"),
            CheckConstraint(
                name="assignment_decision_each_known",
                check="cardinality(candidates) = ALL (ARRAY[cardinality(open), cardinality(matches),"
                " cardinality(standings)])",
            ),
        ]
