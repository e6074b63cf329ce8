"""Inputs about signing in."""

import strawberry

from schema.describe import input_type, text
from schema.inputs.common import optional


@input_type
class LoginInput:
    """Who signs in."""

    email: str = text("Email, in any case of letters.")
    password: str = text("Password.")


@input_type
class TokenExchangeInput:
    """A sign-in at the OpenID provider."""

    id_token: str = text("The ID token that the provider gave for this client.")
    nonce: str | None = optional("What the client sent as `nonce` when the sign-in began: the token must have it.")


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
