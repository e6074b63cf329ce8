"""Mutations of stock."""

import strawberry

from domain.managed_lists import WarehouseEntry
from domain.stock.entry import Adjustment, Receipt, ReorderPoint, ReturnedGoods, Transfer
from resolvers.answers import Info, written
from rows.entities import STOCK_LEVEL, WAREHOUSE
from schema.commands import command
from schema.describe import mutation
from schema.inputs.stock import (
    ReorderPointSetInput,
    StockAdjustInput,
    StockReceiveInput,
    StockReturnInput,
    StockTransferInput,
    WarehouseUpsertInput,
)
from schema.payloads.stock import (
    ReorderPointSetPayload,
    StockAdjustPayload,
    StockReceivePayload,
    StockReturnPayload,
    StockTransferPayload,
    WarehouseUpsertPayload,
)
from services.lists.upsert import upsert_entry
from services.stock.adjust import adjust_stock
from services.stock.receive import receive_stock
from services.stock.reorder import set_reorder_point_of
from services.stock.take_back import take_back
from services.stock.transfer import transfer_stock


@strawberry.type
class StockMutations:
    @mutation("Make a warehouse, or change the one with this code.")
    async def warehouse_upsert(self, info: Info, input: WarehouseUpsertInput) -> WarehouseUpsertPayload | None:
        async def work() -> int:
            return await upsert_entry(
                viewer=info.context.viewer,
                entry=command(WarehouseEntry, input),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, WarehouseUpsertPayload, WAREHOUSE, work)

    @mutation("Goods came into a warehouse.")
    async def stock_receive(self, info: Info, input: StockReceiveInput) -> StockReceivePayload | None:
        async def work() -> int:
            return await receive_stock(
                viewer=info.context.viewer, receipt=command(Receipt, input), idempotency_key=input.idempotency_key
            )

        return await written(info, StockReceivePayload, STOCK_LEVEL, work)

    @mutation("Put right what is on hand, after a count, a loss or a find.")
    async def stock_adjust(self, info: Info, input: StockAdjustInput) -> StockAdjustPayload | None:
        async def work() -> int:
            return await adjust_stock(
                viewer=info.context.viewer, adjustment=command(Adjustment, input), idempotency_key=input.idempotency_key
            )

        return await written(info, StockAdjustPayload, STOCK_LEVEL, work)

    @mutation("Goods go from one warehouse to another.")
    async def stock_transfer(self, info: Info, input: StockTransferInput) -> StockTransferPayload | None:
        async def work() -> int:
            return await transfer_stock(
                viewer=info.context.viewer, goods=command(Transfer, input), idempotency_key=input.idempotency_key
            )

        return await written(info, StockTransferPayload, STOCK_LEVEL, work)

    @mutation("Put goods that came back with a return into stock, or scrap them.")
    async def stock_return(self, info: Info, input: StockReturnInput) -> StockReturnPayload | None:
        async def work() -> int:
            return await take_back(
                viewer=info.context.viewer, goods=command(ReturnedGoods, input), idempotency_key=input.idempotency_key
            )

        return await written(info, StockReturnPayload, STOCK_LEVEL, work)

    @mutation("Say from when on a warehouse has too little of a product; where it has, that is told at once.")
    async def reorder_point_set(self, info: Info, input: ReorderPointSetInput) -> ReorderPointSetPayload | None:
        async def work() -> int:
            return await set_reorder_point_of(
                viewer=info.context.viewer, wanted=command(ReorderPoint, input), idempotency_key=input.idempotency_key
            )

        return await written(info, ReorderPointSetPayload, STOCK_LEVEL, work)
