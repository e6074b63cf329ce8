"""Teams, regions, channels and exchange rates: what the company is divided into."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.columns import NumericField, ShapedIndex, TimestampField, sorted_by


class Team(Model):
    """A team; teams form a tree."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    name = fields.TextField()
    parent: fields.ForeignKeyNullableRelation["Team"] = fields.ForeignKeyField(
        "models.Team", related_name="children", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "team"
        indexes = [
            ShapedIndex(name="team_by_name", fields=("name ASC", "id ASC")),
            ShapedIndex(name="team_by_parent", fields=("parent_id ASC", "name ASC")),
        ]
        constraints = [CheckConstraint(name="team_not_own_parent", check="parent_id <> id")]


class TeamClosure(Model):
    """Each team with each of its ancestors, itself included at depth 0."""

    id = fields.BigIntField(primary_key=True)
    ancestor: fields.ForeignKeyRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="below", on_delete=OnDelete.CASCADE
    )
    descendant: fields.ForeignKeyRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="above", on_delete=OnDelete.CASCADE
    )
    depth = fields.IntField()

    class Meta:
        table = "team_closure"
        indexes = [ShapedIndex(name="team_closure_up", fields=("descendant_id ASC",), include=("ancestor_id", "depth"))]
        constraints = [UniqueConstraint(fields=("ancestor", "descendant"), name="team_closure_once")]


class Region(Model):
    """A sales region; regions form a tree (华东 > 上海)."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    code = fields.TextField()
    name = fields.TextField()
    parent: fields.ForeignKeyNullableRelation["Region"] = fields.ForeignKeyField(
        "models.Region", related_name="children", null=True, on_delete=OnDelete.RESTRICT
    )
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "region"
        indexes = [
            ShapedIndex(name="region_by_name", fields=("name ASC", "id ASC")),
            ShapedIndex(name="region_by_parent", fields=("parent_id ASC", "name ASC")),
        ]
        constraints = [
            UniqueConstraint(fields=("code",), name="region_code_once"),
            CheckConstraint(name="region_not_own_parent", check="parent_id <> id"),
        ]


class RegionClosure(Model):
    """Each region with each of its ancestors, itself included at depth 0."""

    id = fields.BigIntField(primary_key=True)
    ancestor: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="below", on_delete=OnDelete.CASCADE
    )
    descendant: fields.ForeignKeyRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="above", on_delete=OnDelete.CASCADE
    )
    depth = fields.IntField()

    class Meta:
        table = "region_closure"
        indexes = [
            ShapedIndex(name="region_closure_up", fields=("descendant_id ASC",), include=("ancestor_id", "depth"))
        ]
        constraints = [UniqueConstraint(fields=("ancestor", "descendant"), name="region_closure_once")]


class Channel(Model):
    """Where orders and customers come from: a managed list."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    code = fields.TextField()
    name = fields.TextField()
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "channel"
        indexes = [ShapedIndex(name="channel_by_name", fields=("name ASC", "id ASC"))]
        constraints = [UniqueConstraint(fields=("code",), name="channel_code_once")]


class ExchangeRate(Model):
    """How much of the company's currency one unit of `currency` is worth from `date` on."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    currency = fields.CharField(max_length=3)
    date = fields.DateField()
    rate = NumericField()

    class Meta:
        table = "exchange_rate"
        indexes = [*sorted_by("exchange_rate", "date")]
        constraints = [
            UniqueConstraint(fields=("currency", "date"), name="exchange_rate_once"),
            CheckConstraint(name="exchange_rate_positive", check="rate > 0"),
        ]
