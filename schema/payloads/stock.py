"""What mutations of warehouses and stock answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ENTRY, ERRORS
from schema.types.stock import StockLevel, Warehouse

_LEVEL = "The stock as it is now; null if anything was refused."


@object_type
class WarehouseUpsertPayload:
    """The warehouse that was made or changed."""

    warehouse: Warehouse | None = text(ENTRY)
    errors: list[UserError] = text(ERRORS)


@object_type
class StockReceivePayload:
    """The stock that grew."""

    stock_level: StockLevel | None = text(_LEVEL)
    errors: list[UserError] = text(ERRORS)


@object_type
class StockAdjustPayload:
    """The stock that was put right."""

    stock_level: StockLevel | None = text(_LEVEL)
    errors: list[UserError] = text(ERRORS)


@object_type
class StockTransferPayload:
    """The stock of the warehouse that the goods came to."""

    stock_level: StockLevel | None = text(_LEVEL)
    errors: list[UserError] = text(ERRORS)


@object_type
class StockReturnPayload:
    """The stock that the goods came back to."""

    stock_level: StockLevel | None = text(_LEVEL)
    errors: list[UserError] = text(ERRORS)


@object_type
class ReorderPointSetPayload:
    """The stock whose reorder point was set."""

    stock_level: StockLevel | None = text(_LEVEL)
    errors: list[UserError] = text(ERRORS)
