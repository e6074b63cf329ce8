"""Making an API token."""

import hashlib
from dataclasses import dataclass

from domain.api_tokens import NewApiToken, api_token_problems
from domain.audit import AuditAction
from domain.errors import InvalidInput, NotFound, NotPermitted, Refused
from domain.paths import INPUT
from domain.people import Role
from domain.permissions import Action, may
from domain.problems import Problem
from models import ApiToken
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import API_TOKEN, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.tokens.secrets import HINT, hash_secret, new_secret
from services.transaction import retrying, transaction


@dataclass(frozen=True, kw_only=True)
class IssuedToken:
    """A token that was made. Its secret is told this once: a hash of it is all that is kept."""

    id: int
    secret: str


@retrying
async def create_api_token(*, viewer: Viewer, token: NewApiToken) -> IssuedToken:
    """Make `token`. Raises Refused with NotPermitted, InvalidInput or NotFound (no such user)."""
    if not may(viewer, Action.KEEP_TOKENS):
        raise Refused(NotPermitted())
    async with transaction() as client:
        if token.user_id is not None and not await visible_ids(client, USER, viewer, [token.user_id]):
            raise Refused(NotFound(path=(*INPUT, "userId")))
        return await _issue(client, token, created_by_id=viewer.user_id)


@retrying
async def create_first_api_token(*, token: NewApiToken, email: str | None = None) -> IssuedToken:
    """Make `token` on behalf of whoever runs this installation, for the user with that `email` if it is given.

    Raises Refused with InvalidInput or NotFound.
    """
    async with transaction() as client:
        if email is not None:
            user_id = await client.connection.fetchval("SELECT id FROM app_user WHERE email = $1", email.lower())
            if user_id is None:
                raise Refused(NotFound(path=("user",)))
            token = NewApiToken(
                name=token.name, scopes=token.scopes, user_id=user_id, expires_in_days=token.expires_in_days
            )
        return await _issue(client, token, created_by_id=None)


async def _issue(client: TransactionClient, token: NewApiToken, *, created_by_id: int | None) -> IssuedToken:
    if problems := tuple(api_token_problems(token)):
        raise Refused(*problems)
    user_id = token.user_id or await _service_account(client, token.name)
    # Whoever deactivates the user meanwhile waits here, and then finds the token.
    if not await client.connection.fetchval("SELECT active FROM app_user WHERE id = $1 FOR SHARE", user_id):
        raise Refused(InvalidInput(path=(*INPUT, "userId"), problem=Problem.USER_INACTIVE))
    secret, moment = new_secret(), now()
    row = await ApiToken.create(
        using_db=client,
        name=token.name,
        user_id=user_id,
        scopes=sorted({scope.value for scope in token.scopes}),
        token_hash=hash_secret(secret),
        hint=secret[-HINT:],
        created_by_id=created_by_id,
        created_at=moment,
        expires_at=token.expires_at(moment),
    )
    facts = {
        "name": token.name,
        "scopes": row.scopes,
        "userId": global_id(USER, user_id),
        "expiresInDays": token.expires_in_days,
    }
    await record(
        client, actor=created_by_id, action=AuditAction.API_TOKEN_CREATED, subject=(API_TOKEN, row.id), facts=facts
    )
    return IssuedToken(id=row.id, secret=secret)


async def _service_account(client: TransactionClient, name: str) -> int:
    """The user that stands for the machine of this name, made when it is first asked for.

    It has no password. A token that replaces another speaks for the same user, and so has its idempotency keys.
    """
    email = f"{hashlib.sha256(name.encode()).hexdigest()[:16]}@machines.invalid"
    await client.connection.execute(
        """INSERT INTO app_user (email, name, roles, active, created_at) VALUES ($1, $2, $3, true, $4)
           ON CONFLICT (email) DO NOTHING""",
        email,
        name,
        [Role.INTEGRATION.value],
        now(),
    )
    user_id: int = await client.connection.fetchval("SELECT id FROM app_user WHERE email = $1", email)
    return user_id
