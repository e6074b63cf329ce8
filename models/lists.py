"""Lists that the company manages itself; an entry that is no longer wanted becomes inactive and stays."""

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.managed_lists import ReasonKind
from models.columns import ShapedIndex, TimestampField, labelled, one_of


class Tier(Model):
    """A tier of orders (订单分层), the smallest `rank` first. `labels` are its names by language."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    rank = fields.IntField(default=0)
    colour = fields.TextField(null=True)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "tier"
        indexes = [ShapedIndex(name="tier_by_rank", fields=("rank ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("code",), name="tier_code_once"),
            labelled(table="tier"),
            CheckConstraint(name="tier_colour_written", check="colour ~ '^#[0-9a-f]{6}$'"),
        ]


class Reason(Model):
    """Why something came about: a delay, a return, a loss. `labels` are its names by language."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    kind = fields.CharEnumField(ReasonKind, max_length=20)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    position = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "reason"
        indexes = [ShapedIndex(name="reason_by_position", fields=("position ASC", "id ASC"))]
        constraints = [
            UniqueConstraint(fields=("kind", "code"), name="reason_code_once"),
            labelled(table="reason"),
            one_of("kind", ReasonKind, table="reason"),
        ]


class Tag(Model):
    """A tag that is offered for orders and customers, which carry its `code` as text. `labels` are its names."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    position = fields.IntField(default=0)
    active = fields.BooleanField(default=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "tag"
        indexes = [ShapedIndex(name="tag_by_position", fields=("position ASC", "id ASC"))]
        constraints = [UniqueConstraint(fields=("code",), name="tag_code_once"), labelled(table="tag")]
