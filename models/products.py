"""What is sold."""

from typing import Any

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from models.columns import (
    NumericField,
    ShapedIndex,
    TimestampField,
    custom_field_values,
    searched,
    sorted_by,
    wholes_of,
)


class Product(Model):
    """A product; `sku` is unique with its case kept, `price` is a list price and may be absent.

    Of what is `stocked`, orders reserve stock before they are picked. `last_seq` is the outbox's newest number for this
    product.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    sku = fields.TextField()
    name = fields.TextField()
    description = fields.TextField(null=True)
    category = fields.TextField(null=True)
    price = NumericField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    tax_rate = NumericField(null=True)
    active = fields.BooleanField(default=True)
    stocked = fields.BooleanField(default=False, db_default=False)
    custom_fields: fields.Field[dict[str, Any]] = custom_field_values()
    last_seq = fields.BigIntField(default=0)
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "product"
        indexes = [
            ShapedIndex(name="product_by_name", fields=("name ASC", "id ASC")),
            ShapedIndex(name="product_by_sku", fields=("sku ASC", "id ASC")),
            *sorted_by("product", "created_at"),
            searched("product", "sku", "name"),
            *wholes_of("product", "sku", "name"),
        ]
        constraints = [
            UniqueConstraint(fields=("sku",), name="product_sku_once"),
            CheckConstraint(name="product_currency_code", check="currency ~ '^[A-Z]{3}$'"),
            CheckConstraint(name="product_price_complete", check="(price IS NULL) = (currency IS NULL)"),
            CheckConstraint(name="product_price_not_negative", check="price >= 0"),
            CheckConstraint(name="product_tax_rate_sane", check="tax_rate >= 0 AND tax_rate <= 1"),
        ]
