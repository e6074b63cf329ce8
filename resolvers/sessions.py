"""Signing in and out."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import strawberry

from domain.errors import Refused
from resolvers.answers import Info, errors_of
from schema.describe import mutation, resolved
from schema.inputs.sessions import (
    LoginInput,
    PasswordChangeInput,
    SessionRevokeInput,
    TokenExchangeInput,
    TokenRefreshInput,
)
from schema.payloads.sessions import (
    LoginPayload,
    LogoutPayload,
    PasswordChangePayload,
    SessionRevokePayload,
    TokenExchangePayload,
    TokenRefreshPayload,
)
from schema.types.sessions import Session
from services.sessions.change_password import change_password
from services.sessions.exchange import exchange_id_token
from services.sessions.listing import list_sessions, revoke_session
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

    @mutation("Begin a session for whoever has signed in at the OpenID provider.")
    async def token_exchange(self, info: Info, input: TokenExchangeInput) -> TokenExchangePayload | None:
        context = info.context
        work = exchange_id_token(
            provider=context.provider, id_token=input.id_token, nonce=input.nonce, keys=context.keys
        )
        return await _tokens(info, TokenExchangePayload, work)

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

    @mutation("Set a new password of one's own; other sessions end.")
    async def password_change(self, info: Info, input: PasswordChangeInput) -> PasswordChangePayload | None:
        context = info.context
        try:
            ended = await change_password(
                viewer=context.viewer,
                session_id=context.session_id,
                current=input.current_password,
                new=input.new_password,
                keys=context.keys,
            )
        except Refused as refused:
            return PasswordChangePayload(sessions_ended=None, errors=errors_of(info, refused))
        return PasswordChangePayload(sessions_ended=ended, errors=[])

    @mutation("End one of one's own sessions, on this device or another. Its tokens are refused within five seconds.")
    async def session_revoke(self, info: Info, input: SessionRevokeInput) -> SessionRevokePayload | None:
        viewer = info.context.viewer
        try:
            ended = await revoke_session(viewer=viewer, session_id=_uuid(input.id))
        except Refused as refused:
            return SessionRevokePayload(ended=False, errors=errors_of(info, refused))
        info.context.viewers.forget(OfSession(viewer.user_id, ended))
        return SessionRevokePayload(ended=True, errors=[])


@strawberry.type
class SessionQueries:
    @resolved("The viewer's sessions that go on, the one used last first; at most a hundred.")
    async def sessions(self, info: Info) -> list[Session] | None:
        return [
            Session(
                id=strawberry.ID(str(found.id)),
                created_at=found.created_at,
                last_used_at=found.last_used_at,
                expires_at=found.expires_at,
                network=found.network,
                device=found.device,
                current=found.id == info.context.session_id,
            )
            for found in await list_sessions(viewer=info.context.viewer)
        ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _tokens(info: Info, payload: Callable[..., P], work: Awaitable[TokenPair]) -> P:
    try:
        pair = await work
    except Refused as refused:
        return payload(access_token=None, refresh_token=None, errors=errors_of(info, refused))
    return payload(access_token=pair.access_token, refresh_token=pair.refresh_token, errors=[])
