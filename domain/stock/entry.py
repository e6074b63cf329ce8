"""What a person types to move stock."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """So much of a product that came into a warehouse."""

    product_id: int
    warehouse_id: int
    quantity: Decimal
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """So much more of a product in a warehouse than was known of, below zero for less, and why."""

    product_id: int
    warehouse_id: int
    quantity: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """So much of a product that goes from one warehouse to another."""

    product_id: int
    from_warehouse_id: int
    to_warehouse_id: int
    quantity: Decimal
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReturnedGoods:
    """So much of a line of a return that goes back into a warehouse, or is scrapped there."""

    line_id: int
    warehouse_id: int
    quantity: Decimal
    scrap: bool = False
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReorderPoint:
    """Of how much of a product in a warehouse one more order is to be placed; None for never."""

    product_id: int
    warehouse_id: int
    reorder_point: Decimal | None = None
