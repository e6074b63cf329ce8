"""Inputs about signing in."""

import strawberry

from schema.describe import input_type, text


@input_type
class LoginInput:
    """Who signs in."""

    email: str = text("Email, in any case of letters.")
    password: str = text("Password.")


@input_type
class TokenRefreshInput:
    """A session that goes on."""

    refresh_token: str = text("The newest refresh token of the session.")


@input_type
class PasswordChangeInput:
    """A new password."""

    current_password: str = text("The password of now.")
    new_password: str = text("The new one: 12 to 256 characters, whatever they are, and none that is guessed first.")


@input_type
class SessionRevokeInput:
    """A session that is to end."""

    id: strawberry.ID = text("The session, from `sessions`.")
