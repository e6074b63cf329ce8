"""What mutations of sessions and passwords answer."""

from schema.describe import object_type, text
from schema.errors import UserError
from schema.payloads.words import ERRORS

_ACCESS = "Send it as `Authorization: Bearer ...`; good for ten minutes."
_REFRESH = "Exchange it for the next pair before the access token ends; then keep the new one."


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
    errors: list[UserError] = text(ERRORS)


@object_type
class SessionRevokePayload:
    """The end of a session."""

    ended: bool = text("Whether the session is over.")
    errors: list[UserError] = text("Why it is not; empty if it is.")
