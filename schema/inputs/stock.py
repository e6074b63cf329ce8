"""Inputs about warehouses and stock."""

from decimal import Decimal

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional

_PRODUCT = "The product, of which stock is kept."
_WHY = "Why, in words that the ledger keeps."


@input_type
class WarehouseUpsertInput:
    """A warehouse by its code: what is left out stays as it is."""

    code: str = text("A short code, unique among warehouses.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new warehouse.")
    name: str | None = change("Name; needed for a new warehouse.")
    position: int | None = change("Its place in the order of picking, small ones first; 0 for a new warehouse.")
    active: bool | None = change("Whether goods come in and are picked there; true for a new warehouse.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class StockReceiveInput:
    """Goods that came in."""

    product_id: strawberry.ID = text(_PRODUCT)
    warehouse_id: strawberry.ID = text("Where they are now.")
    quantity: Decimal = text("How many.")
    reason: str | None = optional(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class StockAdjustInput:
    """What is on hand is not what the books say."""

    product_id: strawberry.ID = text(_PRODUCT)
    warehouse_id: strawberry.ID = text("Where it was counted.")
    quantity: Decimal = text("How many more there are than the books say; below zero for fewer.")
    reason: str = text(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class StockTransferInput:
    """Goods that go from one warehouse to another."""

    product_id: strawberry.ID = text(_PRODUCT)
    from_warehouse_id: strawberry.ID = text("Where they were.")
    to_warehouse_id: strawberry.ID = text("Where they are now.")
    quantity: Decimal = text("How many; at most what nobody has reserved.")
    reason: str | None = optional(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class StockReturnInput:
    """Goods of a return or exchange that was received."""

    line_id: strawberry.ID = text("The line of the return; its quantity is below zero.")
    warehouse_id: strawberry.ID = text("Where they are now.")
    quantity: Decimal = text("How many, above zero; at most what the line brings back and is not done yet.")
    scrap: bool | None = optional("Whether they are scrapped; false if absent: they go back into stock.")
    reason: str | None = optional(_WHY)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ReorderPointSetInput:
    """From when on stock is low."""

    product_id: strawberry.ID = text(_PRODUCT)
    warehouse_id: strawberry.ID = text("The warehouse.")
    reorder_point: Decimal | None = optional("Fewer available than this is low; null or absent for never.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
