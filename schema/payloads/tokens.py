"""What mutations of API tokens answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.api_tokens import ApiToken


@object_type
class ApiTokenCreatePayload:
    """The API token that was made."""

    secret: str | None = text(
        "Send it as `Authorization: Bearer ...`. It is shown this once: keep it where it is safe."
    )
    api_token: ApiToken | None = text("The token; null if anything was refused.")
    errors: list[UserError] = text("Why none was made; empty if one was.")


@object_type
class ApiTokenRevokePayload:
    """The API token that was revoked."""

    api_token: ApiToken | None = text("The token as it is now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)
