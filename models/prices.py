"""What channels sell products for: price lists and promotions."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.columns import NumericField, ShapedIndex, TimestampField, sorted_by
from models.organisation import Channel
from models.products import Product


class ChannelPrice(Model):
    """The price of a product in a channel from the day `starts_on` to `ends_on`, both included; for good if null."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    channel: fields.ForeignKeyRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="prices", on_delete=OnDelete.RESTRICT
    )
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="channel_prices", on_delete=OnDelete.RESTRICT
    )
    currency = fields.CharField(max_length=3)
    promotion = fields.BooleanField(default=False)
    starts_on = fields.DateField()
    ends_on = fields.DateField(null=True)
    price = NumericField()
    created_at = TimestampField(auto_now_add=True)

    class Meta:
        table = "channel_price"
        indexes = [
            *sorted_by("channel_price", "starts_on"),
            ShapedIndex(
                name="channel_price_of", fields=("product_id ASC", "currency ASC", "channel_id ASC", "starts_on DESC")
            ),
        ]
        constraints = [
            UniqueConstraint(
                fields=("channel", "product", "currency", "promotion", "starts_on"), name="channel_price_once"
            ),
            CheckConstraint(name="channel_price_currency_code", check="currency ~ '^[A-Z]{3}$'"),
            CheckConstraint(name="channel_price_not_negative", check="price >= 0"),
            CheckConstraint(name="channel_price_ends_later", check="ends_on >= starts_on"),
            CheckConstraint(name="channel_price_promotion_ends", check="NOT promotion OR ends_on IS NOT NULL"),
        ]
