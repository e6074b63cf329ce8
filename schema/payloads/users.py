"""What mutations of users and of what is held about people answer."""

import datetime

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS
from schema.types.audit import AuditEntry
from schema.types.jobs import Job
from schema.types.organisation import User


@object_type
class UserCreatePayload:
    """The user who was made."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserUpdatePayload:
    """The user who was changed."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserSkillsSetPayload:
    """The user whose skills were told."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserDeactivatePayload:
    """The user who was shut out."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserReactivatePayload:
    """The user who was let in again."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserIdentityLinkPayload:
    """The user who is somebody at a provider."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class UserIdentityUnlinkPayload:
    """The user who was somebody at a provider."""

    user: User | None = text("The user as they are now; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class RecordsTransferPayload:
    """What changed hands."""

    user: User | None = text(
        "Whose they were: what is left is in `customers` and `orders`; null if anything was refused."
    )
    errors: list[UserError] = text(ERRORS)


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
    errors: list[UserError] = text(ERRORS)


@object_type
class PersonalDataExportPayload:
    """The job that puts together what is held about a person."""

    job: Job | None = text("The job, whose `download` is the file; null if anything was refused.")
    errors: list[UserError] = text(ERRORS)


@object_type
class PersonalDataErasePayload:
    """What was erased of a person."""

    audit_entry: AuditEntry | None = text("The entry that tells how much was found; null if anything was refused.")
    job: Job | None = text(
        "The job that looks for the person in reports and files; null if nothing is known to look for, or if refused."
    )
    errors: list[UserError] = text(ERRORS)
