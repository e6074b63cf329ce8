"""Signing in and out."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import strawberry

from domain.errors import Refused
from resolvers.answers import Info, errors_of
from schema.describe import mutation
from schema.inputs.sessions import LoginInput, TokenRefreshInput
from schema.payloads import LoginPayload, LogoutPayload, TokenRefreshPayload
from services.sessions.refresh import refresh
from services.sessions.sign_in import sign_in, sign_out
from services.sessions.tokens import TokenPair
from services.sessions.viewers import OfSession

P = TypeVar("P")


@strawberry.type
class SessionMutations:
    @mutation("Sign in with email and password.")
    async def login(self, info: Info, input: LoginInput) -> LoginPayload | None:
        return await _tokens(
            info, LoginPayload, sign_in(email=input.email, password=input.password, keys=info.context.keys)
        )

    @mutation("Exchange a refresh token for the next pair; the same token gives the same answer for 60 seconds.")
    async def token_refresh(self, info: Info, input: TokenRefreshInput) -> TokenRefreshPayload | None:
        return await _tokens(
            info, TokenRefreshPayload, refresh(refresh_token=input.refresh_token, keys=info.context.keys)
        )

    @mutation("End this session on this device.")
    async def logout(self, info: Info) -> LogoutPayload | None:
        user_id, session_id = info.context.viewer.user_id, info.context.session_id
        if session_id is not None:
            await sign_out(user_id=user_id, session_id=session_id)
            info.context.viewers.forget(OfSession(user_id, session_id))
        return LogoutPayload(ended=True, errors=[])


async def _tokens(info: Info, payload: Callable[..., P], work: Awaitable[TokenPair]) -> P:
    try:
        pair = await work
    except Refused as refused:
        return payload(access_token=None, refresh_token=None, errors=errors_of(info, refused))
    return payload(access_token=pair.access_token, refresh_token=pair.refresh_token, errors=[])
