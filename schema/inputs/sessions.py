"""Inputs about signing in."""

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
