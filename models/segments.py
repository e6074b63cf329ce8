"""Filters that people keep under a name."""

from typing import Any

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from domain.segments import SegmentEntity
from models.columns import ShapedIndex, TimestampField, one_of
from models.people import User


class Segment(Model):
    """Rows of `entity` for which `condition` holds: a filter as JSON has it, read again whenever it is used."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    entity = fields.CharEnumField(SegmentEntity, max_length=20)
    name = fields.TextField()
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="segments", on_delete=OnDelete.RESTRICT
    )
    owner_id: int
    shared = fields.BooleanField(default=False)
    condition: fields.Field[dict[str, Any]] = fields.JSONField()
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "segment"
        indexes = [ShapedIndex(name="segment_by_name", fields=("name ASC", "id ASC"), include=("owner_id", "shared"))]
        constraints = [
            UniqueConstraint(fields=("owner", "entity", "name"), name="segment_name_once"),
            one_of("entity", SegmentEntity, table="segment"),
        ]
