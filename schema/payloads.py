"""What mutations answer: what changed, ready to be selected, and what was refused.

Every mutation has a payload type of its own, so that one can grow without the others.
"""

import datetime

import strawberry

from schema.describe import object_type, text
from schema.errors import UserError
from schema.types.api_tokens import ApiToken
from schema.types.audit import AuditEntry
from schema.types.customers import Customer
from schema.types.jobs import Job
from schema.types.lists import ExchangeRate, Reason, Tag, Tier
from schema.types.orders import Order
from schema.types.organisation import Channel, Region, Team, User
from schema.types.products import Product

_ORDER = "The order as it is now, as far as you see it; null if anything was refused."
_CUSTOMER = "The customer as it is now, as far as you see it; null if anything was refused."
_ENTRY = "What it is now; null if anything was refused."
_JOB = "The job as it is now; null if anything was refused."
_ERRORS = "Why nothing was changed; empty if it was."
_ACCESS = "Send it as `Authorization: Bearer ...`; good for ten minutes."
_REFRESH = "Exchange it for the next pair before the access token ends; then keep the new one."


@object_type
class OrderCreatePayload:
    """The order that was entered."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(_ERRORS)


@object_type
class OrderUpdatePayload:
    """The order that was changed."""

    order: Order | None = text(_ORDER)
    errors: list[UserError] = text(_ERRORS)


@object_type
class CustomerCreatePayload:
    """The customer that was entered."""

    customer: Customer | None = text(_CUSTOMER)
    errors: list[UserError] = text(_ERRORS)


@object_type
class CustomerUpdatePayload:
    """The customer that was changed."""

    customer: Customer | None = text(_CUSTOMER)
    errors: list[UserError] = text(_ERRORS)


@object_type
class ProductUpsertPayload:
    """The product that was made or changed."""

    product: Product | None = text("The product as it is now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


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
    errors: list[UserError] = text(_ERRORS)


@object_type
class ChannelUpsertPayload:
    """The channel that was made or changed."""

    channel: Channel | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class TierUpsertPayload:
    """The tier that was made or changed."""

    tier: Tier | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class ReasonUpsertPayload:
    """The reason that was made or changed."""

    reason: Reason | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class TagUpsertPayload:
    """The tag that was made or changed."""

    tag: Tag | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class ExchangeRateUpsertPayload:
    """The exchange rate that was entered or corrected."""

    exchange_rate: ExchangeRate | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class TeamCreatePayload:
    """The team that was made."""

    team: Team | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class TeamUpdatePayload:
    """The team that was changed."""

    team: Team | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class TeamDeletePayload:
    """The team that was removed."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class RegionCreatePayload:
    """The region that was made."""

    region: Region | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class RegionUpdatePayload:
    """The region that was changed."""

    region: Region | None = text(_ENTRY)
    errors: list[UserError] = text(_ERRORS)


@object_type
class RegionDeletePayload:
    """The region that was removed."""

    deleted_id: strawberry.ID | None = text("The global id that it had; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class UserCreatePayload:
    """The user who was made."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class UserUpdatePayload:
    """The user who was changed."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class UserDeactivatePayload:
    """The user who was shut out."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class UserReactivatePayload:
    """The user who was let in again."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class RecordsTransferPayload:
    """What changed hands."""

    user: User | None = text(
        "Whose they were: what is left is in `customers` and `orders`; null if anything was refused."
    )
    errors: list[UserError] = text(_ERRORS)


@object_type
class PasswordTokenCreatePayload:
    """A token for a user who is to set a password."""

    token: str | None = text("Give it to the user on a safe way; it is shown this once.")
    expires_at: datetime.datetime | None = text("Until when it is good.")
    errors: list[UserError] = text("Why none was made; empty if one was.")


@object_type
class PasswordSetPayload:
    """The account whose password was set."""

    email: str | None = text("The email address to sign in with now; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class PersonalDataExportPayload:
    """The job that puts together what is held about a person."""

    job: Job | None = text("The job, whose `download` is the file; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class PersonalDataErasePayload:
    """What was erased of a person."""

    audit_entry: AuditEntry | None = text("The entry that tells how much was found; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class LoginPayload:
    """The tokens of a new session."""

    access_token: str | None = text(_ACCESS)
    refresh_token: str | None = text(_REFRESH)
    errors: list[UserError] = text("Why there is no session; empty if there is.")


@object_type
class TokenExchangePayload:
    """The tokens of a new session."""

    access_token: str | None = text(_ACCESS)
    refresh_token: str | None = text(_REFRESH)
    errors: list[UserError] = text("Why there is no session; empty if there is.")


@object_type
class TokenRefreshPayload:
    """The next tokens of a session."""

    access_token: str | None = text(_ACCESS)
    refresh_token: str | None = text(_REFRESH)
    errors: list[UserError] = text("Why the session does not go on; empty if it does.")


@object_type
class LogoutPayload:
    """The end of a session."""

    ended: bool = text("Whether the session is over.")
    errors: list[UserError] = text("Why it is not; empty if it is.")


@object_type
class PasswordChangePayload:
    """A new password."""

    sessions_ended: int | None = text("How many other sessions ended with the old one; null if anything was refused.")
    errors: list[UserError] = text(_ERRORS)


@object_type
class JobCancelPayload:
    """The job that stops."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class SessionRevokePayload:
    """The end of a session."""

    ended: bool = text("Whether the session is over.")
    errors: list[UserError] = text("Why it is not; empty if it is.")


@object_type
class OrderImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class OrderExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class CustomerExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class ProductExportPayload:
    """The job that exports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class CustomerImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)


@object_type
class ProductImportPayload:
    """The job that imports."""

    job: Job | None = text(_JOB)
    errors: list[UserError] = text(_ERRORS)
