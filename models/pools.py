"""Pools of leads, their members, and their rules."""

from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.leads.pools import OnBreach, PoolStrategy
from models.calendars import BusinessCalendar
from models.columns import NumericField, ShapedIndex, TimestampField, labelled, one_of
from models.organisation import Team
from models.people import User


class LeadPool(Model):
    """Where leads wait for an owner (线索池), the smallest `rank` asked first whether it takes a new lead.

    `entry_filter`, a filter of leads as JSON has it, says which it takes, null: none by itself. Times are in minutes,
    of working time but `cool_down_minutes` and `head_start_minutes`; null where there is no such rule. Leads worth
    `head_start_value` or more are offered for `head_start_minutes` only to the best `head_start_percent` of members.
    `weight_floor_percent` of an equal share everybody gets by WEIGHTED, whatever their performance. `last_given` is
    whose turn was last. Working time and days are the `calendar`'s, null: the company's.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    rank = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    calendar: fields.ForeignKeyNullableRelation[BusinessCalendar] = fields.ForeignKeyField(
        "models.BusinessCalendar", related_name="pools", null=True, on_delete=OnDelete.RESTRICT
    )
    entry_filter: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    strategy = fields.CharEnumField(PoolStrategy, max_length=20)
    claim_quota = fields.IntField(null=True)
    hold_limit = fields.IntField(null=True)
    cool_down_minutes = fields.IntField(null=True)
    head_start_minutes = fields.IntField(null=True)
    head_start_value = NumericField(null=True)
    head_start_percent = fields.IntField(default=20)
    first_contact_minutes = fields.IntField(null=True)
    follow_up_minutes = fields.IntField(null=True)
    convert_minutes = fields.IntField(null=True)
    remind_before_minutes = fields.IntField(null=True)
    on_breach = fields.CharEnumField(OnBreach, max_length=20)
    weight_floor_percent = fields.IntField(default=20)
    last_given: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="pools_given_last", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "lead_pool"
        indexes = [ShapedIndex(name="lead_pool_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="lead_pool_code_once"),
            labelled(table="lead_pool"),
            one_of("strategy", PoolStrategy, table="lead_pool"),
            one_of("on_breach", OnBreach, table="lead_pool"),
            CheckConstraint(name="lead_pool_limits_sane", check="claim_quota >= 0 AND hold_limit > 0"),
            CheckConstraint(
                name="lead_pool_times_positive",
                check="least(cool_down_minutes, head_start_minutes, first_contact_minutes, follow_up_minutes,"
                " convert_minutes, remind_before_minutes) > 0",
            ),
            CheckConstraint(
                name="lead_pool_percents_sane",
                check="head_start_percent BETWEEN 1 AND 100 AND weight_floor_percent BETWEEN 0 AND 100",
            ),
        ]


class LeadPoolMember(Model):
    """Somebody who gets leads of a pool: a user, or everybody of a team and of those below it."""

    id = fields.BigIntField(primary_key=True)
    pool: fields.ForeignKeyRelation[LeadPool] = fields.ForeignKeyField(
        "models.LeadPool", related_name="members", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="pool_memberships", null=True, on_delete=OnDelete.CASCADE
    )
    user_id: int | None
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="pool_memberships", null=True, on_delete=OnDelete.CASCADE
    )
    team_id: int | None

    class Meta:
        table = "lead_pool_member"
        indexes = [
            ShapedIndex(name="lead_pool_member_user", fields=("user_id ASC", "pool_id ASC")),
            ShapedIndex(name="lead_pool_member_team", fields=("team_id ASC", "pool_id ASC")),
        ]
        constraints = [
            CheckConstraint(name="lead_pool_member_of_one_kind", check="num_nonnulls(user_id, team_id) = 1"),
            UniqueConstraint(fields=("pool", "user"), name="lead_pool_member_user_once"),
            UniqueConstraint(fields=("pool", "team"), name="lead_pool_member_team_once"),
        ]


class LeadPoolStanding(Model):
    """How a member of a pool does.

    `taken` and `converted` are leads of the pool in the window of performance, as they were `measured_at`; `weight` is
    what WEIGHTED goes by, `best` whether valuable leads are offered to them first. `credit` is how many leads they
    should have been given by strategies, more than they were.
    """

    id = fields.BigIntField(primary_key=True)
    pool: fields.ForeignKeyRelation[LeadPool] = fields.ForeignKeyField(
        "models.LeadPool", related_name="standings", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="pool_standings", on_delete=OnDelete.CASCADE
    )
    taken = fields.IntField(default=0)
    converted = fields.IntField(default=0)
    weight = NumericField()
    best = fields.BooleanField(default=False)
    credit = NumericField(default=Decimal(0))
    measured_at = TimestampField()

    class Meta:
        table = "lead_pool_standing"
        constraints = [UniqueConstraint(fields=("pool", "user"), name="lead_pool_standing_once")]
