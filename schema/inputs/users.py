"""Inputs about users, and about whose customers and orders are."""

import strawberry

from domain.users import MOST_SKILLS, MOST_TRANSFERRED
from schema.describe import input_type, text
from schema.enums import Role
from schema.inputs.common import EXPECTED_VERSION, IDEMPOTENCY_KEY, change, optional


@input_type
class UserCreateInput:
    """A new user. They set their password with a token: see `passwordTokenCreate`."""

    email: str = text("The email address to sign in with, unique in the company; case does not count.")
    name: str = text("What colleagues see.")
    roles: list[Role] = text("Roles; they add up.")
    phone: str | None = optional("Phone.")
    team_id: strawberry.ID | None = optional("The user's team; whoever is to own customers or orders needs one.")
    calendar_id: strawberry.ID | None = optional("The calendar by which the user works; the company's if absent.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class UserUpdateInput:
    """A change of a user: what is left out stays, null empties."""

    id: strawberry.ID = text("The user.")
    expected_version: int = text(EXPECTED_VERSION)
    email: str | None = change("The email address to sign in with.")
    name: str | None = change("What colleagues see.")
    roles: list[Role] | None = change("All roles, in place of those that there are; they count within five seconds.")
    phone: str | None = change("Phone.")
    team_id: strawberry.ID | None = change("The user's team. Customers and orders stay where they are.")
    calendar_id: strawberry.ID | None = change("The calendar by which the user works; null for the company's.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class UserSkillsSetInput:
    """What a user is good at: a list that is left out stays, null empties it."""

    id: strawberry.ID = text("The user.")
    expected_version: int = text(EXPECTED_VERSION)
    region_ids: list[strawberry.ID] | None = change(f"Regions, each with all below it, up to {MOST_SKILLS}.")
    industries: list[str] | None = change(f"Industries of customers, up to {MOST_SKILLS}.")
    categories: list[str] | None = change(f"Categories of products, up to {MOST_SKILLS}.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class UserDeactivateInput:
    """A user who is to be shut out."""

    id: strawberry.ID = text("The user.")
    transfer_to_id: strawberry.ID | None = optional(
        f"Who gets the user's customers and the orders that are not over, up to {MOST_TRANSFERRED:,} of each; needed"
        " where there are any."
    )
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class UserReactivateInput:
    """A user who is to be let in again."""

    id: strawberry.ID = text("The user.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


_ISSUER = "The provider, exactly as its tokens name it; the one that is set up here, if absent."
_SUBJECT = "Who it is at the provider: `sub` of their tokens."


@input_type
class UserIdentityLinkInput:
    """Somebody at an OpenID provider who is to be a user here."""

    user_id: strawberry.ID = text("The user.")
    issuer: str | None = optional(_ISSUER)
    subject: str = text(_SUBJECT)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class UserIdentityUnlinkInput:
    """Somebody at an OpenID provider who is to be that user no more."""

    user_id: strawberry.ID = text("The user.")
    issuer: str | None = optional(_ISSUER)
    subject: str = text(_SUBJECT)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class RecordsTransferInput:
    """Rows that are to change hands. Without ids: all customers, and leads and orders that are not over."""

    from_user_id: strawberry.ID = text("Whose they are.")
    to_user_id: strawberry.ID | None = optional("Who gets them; left out, the owner stays.")
    to_team_id: strawberry.ID | None = optional("The team that they belong to then; left out, the new owner's.")
    customer_ids: list[strawberry.ID] | None = optional("These customers, and of leads and orders those named.")
    lead_ids: list[strawberry.ID] | None = optional("These leads, over or not, and of the others those named.")
    order_ids: list[strawberry.ID] | None = optional("These orders, over or not, and of the others those named.")
    reason: str | None = optional("Why, for the history of each.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class PasswordTokenCreateInput:
    """A user who is to set a password."""

    user_id: strawberry.ID = text("The user.")


@input_type
class PasswordSetInput:
    """A new password, on the strength of a token."""

    token: str = text("The token, as it was shown to an administrator.")
    password: str = text("The new password, 12 characters or more.")
