"""Mutations of products."""

import strawberry

from domain.product_entry import ProductEntry
from resolvers.answers import Info, written
from rows.entities import PRODUCT
from schema.commands import command
from schema.describe import mutation
from schema.inputs.products import ProductUpsertInput
from schema.payloads.products import ProductUpsertPayload
from services.products.upsert import upsert_product


@strawberry.type
class ProductMutations:
    @mutation("Make a product, or change the one with this sku.")
    async def product_upsert(self, info: Info, input: ProductUpsertInput) -> ProductUpsertPayload | None:
        async def work() -> int:
            return await upsert_product(
                viewer=info.context.viewer,
                product=command(ProductEntry, input),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )

        return await written(info, ProductUpsertPayload, PRODUCT, work)
