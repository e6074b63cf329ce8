"""Who looked after a customer or an order, and since when: each change of hands."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from models.columns import ShapedIndex, TimestampField
from models.customers import Customer
from models.orders import Order
from models.organisation import Team
from models.people import User


class CustomerOwnerChange(Model):
    """A customer went from one owner and team to another."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="owner_changes", on_delete=OnDelete.CASCADE
    )
    from_owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="customers_given", null=True, on_delete=OnDelete.RESTRICT
    )
    from_team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="customers_given", null=True, on_delete=OnDelete.RESTRICT
    )
    to_owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="customers_taken", null=True, on_delete=OnDelete.RESTRICT
    )
    to_team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="customers_taken", null=True, on_delete=OnDelete.RESTRICT
    )
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="customer_transfers", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    at = TimestampField()

    class Meta:
        table = "customer_owner_change"
        indexes = [ShapedIndex(name="customer_owner_change_of", fields=("customer_id ASC", "at ASC", "id ASC"))]


class OrderOwnerChange(Model):
    """An order went from one owner and team to another."""

    id = fields.BigIntField(primary_key=True)
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "models.Order", related_name="owner_changes", on_delete=OnDelete.CASCADE
    )
    from_owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="orders_given", null=True, on_delete=OnDelete.RESTRICT
    )
    from_team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="orders_given", null=True, on_delete=OnDelete.RESTRICT
    )
    to_owner: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="orders_taken", null=True, on_delete=OnDelete.RESTRICT
    )
    to_team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name="orders_taken", null=True, on_delete=OnDelete.RESTRICT
    )
    by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="order_transfers", null=True, on_delete=OnDelete.RESTRICT
    )
    reason = fields.TextField(null=True)
    at = TimestampField()

    class Meta:
        table = "order_owner_change"
        indexes = [ShapedIndex(name="order_owner_change_of", fields=("order_id ASC", "at ASC", "id ASC"))]
