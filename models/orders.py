"""Orders with their lines, shares and history."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import OnDelete
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from domain.customers import CustomerLevel
from domain.numbers import NOTHING
from domain.orders.life_cycle import OVER, HistoryKind, LineKind, OrderStatus, OrderType, Urgency
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
from models.customers import Customer
from models.lists import Reason, Tier
from models.organisation import Channel, Region, Team
from models.people import User
from models.products import Product

_SCOPES = ("owner_id", "team_id")


class Order(Model):
    """An order, return or exchange.

    Amounts are in `currency` with its digits; `base_total` is `total` in the company's currency at the rate of the
    day it was placed, `stated_total` what a partner says that it comes to. Snapshots (`customer_name`, `contact_*`,
    `ship_to`, `bill_to`) are visible with the order.
    `customer_level` is the customer's, copied so that lists filtered by it need no join. `tier_rule_id` is the rule
    that gave tier, priority and deadline, of the rules published as number `tier_version`; rules once published
    stay, so that no foreign key has to say so. With a `tier_override_id`, that of an `OrderTierOverride`, no rule gives
    them. `content_hash` is that of what a partner or file delivered.
    `received` and `refunded` are what the order's ledger of payments adds up to, `returns_refunded` what went back for
    its returns beyond what came in for them: triggers keep them. `expected_on` is the day for which what a backordered
    one waits for is expected. `split_from` is the order whose lines it was made of. `delivered_at` is when the last
    shipment arrived of one that is wholly sent. `feedback_id` is the customer's feedback on it, `return_reason_id` why
    a return or exchange came: no foreign keys, which would look at all orders when they are made. `last_seq` is the
    outbox's newest number for this order.
    """

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1)
    number = fields.TextField(db_default=SqlDefault("('SO-' || lpad(nextval('order_number')::text, 8, '0'))"))
    type = fields.CharEnumField(OrderType, max_length=20, default=OrderType.NEW)
    status = fields.CharEnumField(OrderStatus, max_length=20, default=OrderStatus.DRAFT)
    channel: fields.ForeignKeyNullableRelation[Channel] = fields.ForeignKeyField(
        "models.Channel", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    channel_id: int | None
    external_id = fields.TextField(null=True)
    customer: fields.ForeignKeyNullableRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    customer_id: int | None
    customer_name = fields.TextField(null=True)
    customer_level = fields.CharEnumField(CustomerLevel, max_length=20, null=True)
    contact_name = fields.TextField(null=True)
    contact_email = fields.TextField(null=True)
    contact_phone = fields.TextField(null=True)
    ship_to: fields.Field[dict[str, str | None] | None] = fields.JSONField(null=True)
    bill_to: fields.Field[dict[str, str | None] | None] = fields.JSONField(null=True)
    region: fields.ForeignKeyNullableRelation[Region] = fields.ForeignKeyField(
        "models.Region", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    region_id: int | None
    tier: fields.ForeignKeyNullableRelation[Tier] = fields.ForeignKeyField(
        "models.Tier", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    tier_rule_id = fields.BigIntField(null=True)
    tier_version = fields.IntField(null=True)
    tier_override_id = fields.BigIntField(null=True)
    priority = fields.IntField(null=True)
    response_minutes = fields.IntField(null=True)
    respond_by = TimestampField(null=True)
    owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    owner_id: int | None
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="orders", null=True, on_delete=OnDelete.RESTRICT
    )
    team_id: int | None
    reviewed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="reviewed_orders", null=True, on_delete=OnDelete.RESTRICT
    )
    original_order: fields.ForeignKeyNullableRelation["Order"] = fields.ForeignKeyField(
        "models.Order", related_name="returns", null=True, on_delete=OnDelete.RESTRICT
    )
    split_from: fields.ForeignKeyNullableRelation["Order"] = fields.ForeignKeyField(
        "models.Order", related_name="split_into", null=True, on_delete=OnDelete.RESTRICT
    )
    currency = fields.CharField(max_length=3)
    tax_included = fields.BooleanField(default=False)
    discount = NumericField()
    net_total = NumericField()
    tax_total = NumericField()
    total = NumericField()
    base_total = NumericField()
    stated_total = NumericField(null=True)
    received = NumericField(default=NOTHING, db_default=NOTHING)
    refunded = NumericField(default=NOTHING, db_default=NOTHING)
    returns_refunded = NumericField(default=NOTHING, db_default=NOTHING)
    urgency = fields.CharEnumField(Urgency, max_length=20, default=Urgency.NORMAL)
    required_by = fields.DateField(null=True)
    delay_reason: fields.ForeignKeyNullableRelation[Reason] = fields.ForeignKeyField(
        "models.Reason", related_name="delayed_orders", null=True, on_delete=OnDelete.RESTRICT
    )
    delay_reason_id: int | None
    expected_on = fields.DateField(null=True)
    delivered_at = TimestampField(null=True)
    placed_at = TimestampField()
    tags: fields.Field[list[str]] = ArrayField(element_type="text", default=list)
    notes = fields.TextField(null=True)
    content_hash = fields.BinaryField(null=True)
    custom_fields: fields.Field[dict[str, Any]] = custom_field_values()
    feedback_id = fields.BigIntField(null=True)
    return_reason_id = fields.BigIntField(null=True)
    last_seq = fields.BigIntField(default=0)
    created_at = TimestampField(auto_now_add=True)
    updated_at = TimestampField(auto_now=True)

    class Meta:
        table = "sales_order"
        indexes = [
            *sorted_by("sales_order", "placed_at", scopes=_SCOPES),
            *sorted_by("sales_order", "base_total", scopes=_SCOPES),
            *sorted_by("sales_order", "required_by", nullable=True, scopes=_SCOPES),
            ShapedIndex(
                name="sales_order_customer",
                fields=("customer_id ASC", "placed_at DESC", "id DESC"),
                include=("owner_id", "team_id"),
            ),
            ShapedIndex(
                name="sales_order_level",
                fields=("customer_level ASC", "placed_at DESC", "id DESC"),
                include=("region_id",),
            ),
            ShapedIndex(
                name="sales_order_tier",
                fields=("tier_id ASC", "placed_at DESC", "id DESC"),
                where="tier_id IS NOT NULL",
            ),
            ShapedIndex(
                name="sales_order_work",
                fields=(
                    "status ASC",
                    "coalesce(priority, 10) ASC",
                    "coalesce(respond_by, 'infinity') ASC",
                    "placed_at ASC",
                    "id ASC",
                ),
                where=f"status NOT IN ({', '.join(sorted(repr(status.value) for status in OVER))})",
            ),
            ShapedIndex(name="sales_order_status", fields=("status ASC", "placed_at DESC", "id DESC")),
            ShapedIndex(
                name="sales_order_payment_state",
                fields=(
                    "order_payment_state(status, total, received, refunded, returns_refunded) ASC",
                    "placed_at DESC",
                    "id DESC",
                ),
            ),
            ShapedIndex(name="sales_order_due", fields=("order_due(status, total, received, refunded) ASC",)),
            ShapedIndex(
                name="sales_order_reviewer",
                fields=("reviewed_by_id ASC", "placed_at DESC", "id DESC"),
                where="reviewed_by_id IS NOT NULL",
            ),
            ShapedIndex(
                name="sales_order_original",
                fields=("original_order_id ASC",),
                where="original_order_id IS NOT NULL",
            ),
            ShapedIndex(
                name="sales_order_split",
                fields=("split_from_id ASC",),
                where="split_from_id IS NOT NULL",
            ),
            ShapedIndex(
                name="sales_order_delivered",
                fields=("delivered_at ASC",),
                where="status = 'SHIPPED' AND delivered_at IS NOT NULL",
            ),
            searched("sales_order", "number", "external_id", "customer_name", "contact_name", "contact_email"),
            *wholes_of("sales_order", "number", "external_id", "contact_email"),
            ShapedIndex(
                name="sales_order_phone_end",
                fields=("search_end(contact_phone)",),
                where="contact_phone IS NOT NULL",
            ),
        ]
        constraints = [
            UniqueConstraint(fields=("number",), name="sales_order_number_once"),
            UniqueConstraint(fields=("channel", "external_id"), name="sales_order_external_once"),
            CheckConstraint(name="sales_order_currency_code", check="currency ~ '^[A-Z]{3}$'"),
            one_of("type", OrderType, table="sales_order"),
            one_of("status", OrderStatus, table="sales_order"),
            one_of("urgency", Urgency, table="sales_order"),
            one_of("customer_level", CustomerLevel, table="sales_order"),
            CheckConstraint(name="sales_order_total_adds_up", check="total = net_total + tax_total"),
            CheckConstraint(name="sales_order_owned_in_team", check="owner_id IS NULL OR team_id IS NOT NULL"),
            CheckConstraint(
                name="sales_order_external_has_channel", check="external_id IS NULL OR channel_id IS NOT NULL"
            ),
        ]


class OrderLine(Model):
    """A line of an order; `sku` and `name` are the product's when it was sold. `net` + `tax` = `gross`."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="lines", on_delete=OnDelete.CASCADE
    )
    position = fields.IntField()
    kind = fields.CharEnumField(LineKind, max_length=20, default=LineKind.PRODUCT)
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name="order_lines", null=True, on_delete=OnDelete.RESTRICT
    )
    product_id: int | None
    sku = fields.TextField(null=True)
    name = fields.TextField()
    quantity = NumericField()
    unit_price = NumericField()
    discount = NumericField()
    tax_rate = NumericField()
    net = NumericField()
    tax = NumericField()
    gross = NumericField()

    class Meta:
        table = "order_line"
        indexes = [
            ShapedIndex(
                name="order_line_of",
                fields=("order_id ASC", "position ASC", "id ASC"),
                include=("product_id", "sku", "name", "quantity", "unit_price", "net", "tax", "gross"),
            ),
            ShapedIndex(name="order_line_product", fields=("product_id ASC", "order_id ASC")),
        ]
        constraints = [
            one_of("kind", LineKind, table="order_line"),
            CheckConstraint(name="order_line_adds_up", check="gross = net + tax"),
            CheckConstraint(name="order_line_product_known", check="kind <> 'PRODUCT' OR product_id IS NOT NULL"),
            CheckConstraint(name="order_line_quantity_not_zero", check="quantity <> 0"),
            CheckConstraint(name="order_line_price_not_negative", check="unit_price >= 0"),
            CheckConstraint(name="order_line_tax_rate_sane", check="tax_rate >= 0 AND tax_rate <= 1"),
        ]


class OrderShare(Model):
    """An order shared with a user, who may read, comment and follow up."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="shares", on_delete=OnDelete.CASCADE
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="shared_orders", on_delete=OnDelete.CASCADE
    )

    class Meta:
        table = "order_share"
        indexes = [ShapedIndex(name="order_share_user", fields=("user_id ASC", "order_id ASC"))]
        constraints = [UniqueConstraint(fields=("order", "user"), name="order_share_once")]


class OrderStatusChange(Model):
    """One step in an order's life: who, when, from, to, why. `from_status` is null for its making.

    `kind` is what it is about, None for what the statuses say: its making, or a step. `other_order_id` is the order
    that it was split from, that was split off it, or of which it is a return: no foreign key, which would look at all.
    """

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="status_changes", on_delete=OnDelete.CASCADE
    )
    from_status = fields.CharEnumField(OrderStatus, max_length=20, null=True)
    to_status = fields.CharEnumField(OrderStatus, max_length=20)
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="status_changes", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    at = TimestampField()
    kind = fields.CharEnumField(HistoryKind, max_length=20, null=True)
    other_order_id = fields.BigIntField(null=True)

    class Meta:
        table = "order_status_change"
        indexes = [ShapedIndex(name="order_status_change_of", fields=("order_id ASC", "at ASC", "id ASC"))]
        constraints = [
            one_of("from_status", OrderStatus, table="order_status_change"),
            one_of("to_status", OrderStatus, table="order_status_change"),
        ]
