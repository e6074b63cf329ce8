"""What is sold."""

import models
from domain.custom_fields.kinds import CustomFieldEntity
from domain.scopes import TokenScope
from rows import visibility
from rows.declare import Entity, Search, Sort, columns_of, money

PRODUCT = Entity(
    name="Product",
    prefix="prd",
    table="product",
    scope=visibility.everything,
    columns=columns_of(
        models.Product,
        *("version", "sku", "name", "description", "category", "tax_rate", "active", "created_at", "updated_at"),
        unfiltered=("version", "description"),
    ),
    composites={"price": money("price", null=True)},
    sorts={"name": Sort("name"), "sku": Sort("sku"), "created_at": Sort("created_at", descending=True)},
    token_scope=TokenScope.PRODUCTS_READ,
    custom=CustomFieldEntity.PRODUCT,
    search=Search(parts={"sku": "sku", "name": "name"}, wholes=("sku", "name"), ends={}, newest="created_at"),
)
