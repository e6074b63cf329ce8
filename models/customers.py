"""Customers with their contacts, addresses and shares."""

from decimal import Decimal
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.customers import AddressKind, CustomerLevel, ValueClass
from models.columns import (
    NumericField,
    ShapedIndex,
    TimestampField,
    custom_field_values,
    one_of,
    searched,
    sorted_by,
    wholes_of,
)
from models.organisation import Channel, Region, Team
from models.people import User


class Customer(Model):
    """A customer; `external_id` is its number in the source channel, `last_seq` the outbox's newest number for it.

    `credit_limit` is in the company's currency, what it may owe; null where there is no limit. What
    `models.rfm.RfmScale` tells of completed orders, from `last_order_at` to the scores, `services.rfm` alone writes.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    name = fields.TextField()
    level = fields.CharEnumField(CustomerLevel, max_length=20, default=CustomerLevel.REGULAR)
    value_class = fields.CharEnumField(ValueClass, max_length=20, default=ValueClass.GENERAL)
    industry = fields.TextField(null=True)
    email = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    tax_id = fields.TextField(null=True)
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="customers", null=True, on_delete=OnDelete.RESTRICT
    )
    region_id: int | None
    channel: fields.ForeignKeyNullableRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="customers", null=True, on_delete=OnDelete.RESTRICT
    )
    channel_id: int | None
    external_id = fields.TextField(null=True)
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="customers", null=True, on_delete=OnDelete.RESTRICT
    )
    owner_id: int | None
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="customers", null=True, on_delete=OnDelete.RESTRICT
    )
    team_id: int | None
    preferences = fields.TextField(null=True)
    tags: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    birthday = fields.DateField(null=True)
    contract_day = fields.DateField(null=True)
    credit_limit = NumericField(null=True)
    last_order_at = TimestampField(null=True)
    frequency = fields.IntField(default=0, db_default=0)
    monetary = NumericField(default=Decimal(0), db_default=SqlDefault("0"))
    recency_score = fields.IntField(null=True)
    frequency_score = fields.IntField(null=True)
    monetary_score = fields.IntField(null=True)
    custom_fields: fields.Field[dict[str, Any]] = custom_field_values()
    last_seq = fields.BigIntField(default=0)
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "customer"
        indexes = [
            *sorted_by("customer", "created_at", scopes=("owner_id", "team_id")),
            *sorted_by("customer", "last_order_at", nullable=True, scopes=("owner_id", "team_id")),
            *sorted_by("customer", "frequency", scopes=("owner_id", "team_id")),
            *sorted_by("customer", "monetary", scopes=("owner_id", "team_id")),
            ShapedIndex(name="customer_by_name", fields=("name ASC", "id ASC"), include=("owner_id", "team_id")),
            ShapedIndex(name="customer_owner_name", fields=("owner_id ASC", "name ASC", "id ASC")),
            ShapedIndex(name="customer_team_name", fields=("team_id ASC", "name ASC", "id ASC")),
            ShapedIndex(name="customer_region", fields=("region_id ASC", "name ASC", "id ASC")),
            searched("customer", "name", "external_id", "email", "phone", "tax_id"),
            *wholes_of("customer", "name", "external_id", "email", "tax_id"),
            ShapedIndex(name="customer_phone_end", fields=("search_end(phone)",), where="phone IS NOT NULL"),
            ShapedIndex(name="customer_match_name", fields=("match_name(name)",)),
            ShapedIndex(name="customer_match_tax_id", fields=("match_code(tax_id)",), where="tax_id IS NOT NULL"),
        ]
        constraints = [
            UniqueConstraint(fields=("channel", "external_id"), name="customer_external_once"),
            one_of("level", CustomerLevel, table="customer"),
            one_of("value_class", ValueClass, table="customer"),
            CheckConstraint(name="customer_credit_not_negative", check="credit_limit >= 0"),
            CheckConstraint(name="customer_owned_in_team", check="owner_id IS NULL OR team_id IS NOT NULL"),
            CheckConstraint(
                name="customer_external_has_channel", check="external_id IS NULL OR channel_id IS NOT NULL"
            ),
        ]


class CustomerContact(Model):
    """A person at a customer."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="contacts", on_delete=OnDelete.CASCADE
    )
    name = fields.TextField()
    title = fields.TextField(null=True)
    email = fields.TextField(null=True)
    phone = fields.TextField(null=True)

    class Meta:
        table = "customer_contact"
        indexes = [
            ShapedIndex(name="customer_contact_of", fields=("customer_id ASC", "id ASC")),
            ShapedIndex(name="customer_contact_email", fields=("search_text(email)",), where="email IS NOT NULL"),
            ShapedIndex(name="customer_contact_phone_end", fields=("search_end(phone)",), where="phone IS NOT NULL"),
        ]


class CustomerAddress(Model):
    """A place where a customer receives goods or bills."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="addresses", on_delete=OnDelete.CASCADE
    )
    kind = fields.CharEnumField(AddressKind, max_length=20)
    recipient = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    street = fields.TextField()
    city = fields.TextField(null=True)
    province = fields.TextField(null=True)
    postcode = fields.TextField(null=True)
    country = fields.CharField(max_length=2)

    class Meta:
        table = "customer_address"
        indexes = [ShapedIndex(name="customer_address_of", fields=("customer_id ASC", "id ASC"))]
        constraints = [one_of("kind", AddressKind, table="customer_address")]


class CustomerShare(Model):
    """A customer shared with a user, who may read, comment and follow up."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="shares", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="shared_customers", on_delete=OnDelete.CASCADE
    )

    class Meta:
        table = "customer_share"
        indexes = [ShapedIndex(name="customer_share_user", fields=("user_id ASC", "customer_id ASC"))]
        constraints = [UniqueConstraint(fields=("customer", "user"), name="customer_share_once")]
