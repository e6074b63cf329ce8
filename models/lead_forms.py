"""Forms on web sites by which leads come in without anybody signed in."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.columns import TimestampField, labelled, sorted_by
from models.organisation import Channel
from models.pools import LeadPool


class LeadForm(Model):
    """A form whose leads come by `source` and wait in `pool`, or in the first pool that takes them.

    `key_hash` is what the key in its address is found by, null until there is one, `key_hint` the key's end. Browsers
    may send it from `origins`. It takes `per_minute` leads, those from one network a quarter of these.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    code = fields.TextField()
    labels: fields.Field[dict[str, str]] = fields.JSONField()
    source: fields.ForeignKeyRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="lead_forms", on_delete=OnDelete.RESTRICT
    )
    pool: fields.ForeignKeyNullableRelation[LeadPool] = fields.ForeignKeyField(
        "models.LeadPool", related_name="lead_forms", null=True, on_delete=OnDelete.RESTRICT
    )
    tags: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    origins: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    per_minute = fields.IntField(default=60)
    active = fields.BooleanField(default=True)
    key_hash = fields.BinaryField(null=True)
    key_hint = fields.TextField(null=True)
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "lead_form"
        indexes = [*sorted_by("lead_form", "created_at")]
        constraints = [
            UniqueConstraint(fields=("code",), name="lead_form_code_once"),
            UniqueConstraint(fields=("key_hash",), name="lead_form_key_once"),
            labelled(table="lead_form"),
            CheckConstraint(name="lead_form_rate_sane", check="per_minute BETWEEN 1 AND 6000"),
        ]
