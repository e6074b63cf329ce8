"""Warehouses, what they hold, and how it came about."""

import models
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Entity, Kind, Paged, Sort, ToOne, columns_of

WAREHOUSE = Entity(
    name="Warehouse",
    prefix="whs",
    table="warehouse",
    scope=visibility.everything,
    columns=columns_of(
        models.Warehouse, "version", "code", "name", "position", "active", "created_at", unfiltered=("version",)
    ),
    paged={"stock": Paged("StockLevel", "warehouse_id")},
    sorts={"position": Sort("position")},
    any_token=True,
)

STOCK_LEVEL = Entity(
    name="StockLevel",
    prefix="stk",
    table="stock_level",
    scope=visibility.stock,
    columns={
        **columns_of(models.StockLevel, "on_hand", "reserved", "reorder_point", "low", "created_at", "updated_at"),
        "available": Column("({t}.on_hand - {t}.reserved)", Kind.DECIMAL),
    },
    to_one={"warehouse": ToOne("Warehouse", "warehouse_id"), "product": ToOne("Product", "product_id")},
    sorts={"updated_at": Sort("updated_at", descending=True), "on_hand": Sort("on_hand")},
    token_scope=TokenScope.STOCK_READ,
)

STOCK_MOVEMENT = Entity(
    name="StockMovement",
    prefix="smv",
    table="stock_movement",
    scope=visibility.stock,
    columns=columns_of(models.StockMovement, "kind", "on_hand_change", "reserved_change", "reason", "at"),
    to_one={
        "warehouse": ToOne("Warehouse", "warehouse_id"),
        "product": ToOne("Product", "product_id"),
        "order": ToOne("Order", "order_id"),
        "order_line": ToOne("OrderLine", "order_line_id"),
        "actor": ToOne("User", "by_id"),
    },
    sorts={"at": Sort("at", descending=True)},
    token_scope=TokenScope.STOCK_READ,
)
