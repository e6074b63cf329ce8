"""By what recency, frequency and monetary value of customers are told, and customers that are to be looked at again."""

from datetime import datetime
from decimal import Decimal

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from models.columns import TimestampField


class RfmScale(Model):
    """The one row that says by what customers are measured.

    Orders placed from `starts_at` on count, `days` before a day. The cuts, four of each, are what a customer has to
    exceed for one more point; they were made at `cut_at` of `scored` customers, of whom, or others, `moved` have come
    to other figures since.
    """

    id = fields.IntField(primary_key=True, generated=False)
    days = fields.IntField()
    starts_at = TimestampField()
    recency_cuts: fields.Field[list[datetime]] = ArrayField(element_type="timestamptz(3)", default=list)
    frequency_cuts: fields.Field[list[int]] = ArrayField(element_type="int", default=list)
    monetary_cuts: fields.Field[list[Decimal]] = ArrayField(element_type="numeric", default=list)
    cut_at = TimestampField(null=True)
    scored = fields.IntField(default=0)
    moved = fields.IntField(default=0)

    class Meta:
        table = "rfm_scale"
        constraints = [CheckConstraint(name="rfm_scale_one_row", check="id = 1")]


class StaleCustomer(Model):
    """A customer waits to be measured again, and asked for the level that rules say.

    Without a foreign key: rows are appended by every writer, and removed soon. `written_at` is when the transaction of
    the writer began.
    """

    id = fields.BigIntField(primary_key=True)
    customer_id = fields.BigIntField()
    written_at = TimestampField(db_default=SqlDefault("now()"))

    class Meta:
        table = "stale_customer"
