"""What mutations of products answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.products import Product


@object_type
class ProductUpsertPayload:
    """The product that was made or changed."""

    product: Product | None = text("The product as it is now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
