"""What mutations answer: what changed, ready to be selected, and what was refused."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.types.customers import Customer
from schema.types.orders import Order
from schema.types.products import Product


@object_type
class OrderPayload:
    """An order that was written."""

    order: Order | None = text("The order as it is now, as far as the viewer sees it; null if anything was refused.")
    errors: list[UserError] = text("Why nothing was changed; empty if it was.")


@object_type
class CustomerPayload:
    """A customer that was written."""

    customer: Customer | None = text("The customer as it is now, as far as you see it; null if anything was refused.")
    errors: list[UserError] = text("Why nothing was changed; empty if it was.")


@object_type
class ProductPayload:
    """A product that was written."""

    product: Product | None = text("The product as it is now; null if anything was refused.")
    errors: list[UserError] = text("Why nothing was changed; empty if it was.")


@object_type
class TokensPayload:
    """The tokens of a session."""

    access_token: str | None = text("Send it as `Authorization: Bearer ...`; good for ten minutes.")
    refresh_token: str | None = text(
        "Exchange it for the next pair before the access token ends; then keep the new one."
    )
    errors: list[UserError] = text("Why there are no tokens; empty if there are.")


@object_type
class LogoutPayload:
    """The end of a session."""

    ended: bool = text("Whether the session is over.")
    errors: list[UserError] = text("Why it is not; empty if it is.")
