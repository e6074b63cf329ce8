"""What is sold."""

import models
from domain.custom_fields.kinds import CustomFieldEntity
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Column, Entity, Kind, Paged, Search, Sort, columns_of, money

_AVAILABLE = """
(CASE WHEN {t}.stocked THEN (SELECT coalesce(sum(s.on_hand - s.reserved), 0) FROM stock_level s
 JOIN warehouse w ON w.id = s.warehouse_id WHERE s.product_id = {t}.id AND w.active) END)
"""

PRODUCT = Entity(
    name="Product",
    prefix="prd",
    table="product",
    scope=visibility.everything,
    columns={
        **columns_of(
            models.Product,
            *("version", "sku", "name", "description", "category", "tax_rate", "active", "stocked"),
            *("created_at", "updated_at"),
            unfiltered=("version", "description"),
        ),
        "available": Column(_AVAILABLE.strip().replace("\n", ""), Kind.DECIMAL, null=True),
    },
    paged={"stock": Paged("StockLevel", "product_id")},
    composites={"price": money("price", null=True)},
    sorts={"name": Sort("name"), "sku": Sort("sku"), "created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.PRODUCTS_READ,
    custom=CustomFieldEntity.PRODUCT,
    search=Search(parts={"sku": "sku", "name": "name"}, wholes=("sku", "name"), ends={}, newest="created_at"),
)
