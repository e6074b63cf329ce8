"""Who looked after a customer or an order, and since when: each change of hands."""

from tortoise import fields
from tortoise.fields import OnDelete
from tortoise.models import Model

from models.columns import ShapedIndex, TimestampField
from models.customers import Customer
from models.orders import Order
from models.organisation import Team
from models.people import User


def _user(related_name: str) -> fields.ForeignKeyNullableRelation[User]:
    return fields.ForeignKeyField("models.User", related_name=related_name, null=True, on_delete=OnDelete.RESTRICT)


def _team(related_name: str) -> fields.ForeignKeyNullableRelation[Team]:
    return fields.ForeignKeyField("models.Team", related_name=related_name, null=True, on_delete=OnDelete.RESTRICT)


class CustomerOwnerChange(Model):
    """A customer went from one owner and team to another."""

    id = fields.BigIntField(primary_key=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="owner_changes", on_delete=OnDelete.CASCADE
    )
    from_owner = _user("customers_given")
    from_team = _team("customers_given")
    to_owner = _user("customers_taken")
    to_team = _team("customers_taken")
    by = _user("customer_transfers")
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
    from_owner = _user("orders_given")
    from_team = _team("orders_given")
    to_owner = _user("orders_taken")
    to_team = _team("orders_taken")
    by = _user("order_transfers")
    reason = fields.TextField(null=True)
    at = TimestampField()

    class Meta:
        table = "order_owner_change"
        indexes = [ShapedIndex(name="order_owner_change_of", fields=("order_id ASC", "at ASC", "id ASC"))]
