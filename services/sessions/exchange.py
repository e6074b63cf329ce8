"""A session for whoever has signed in at the provider."""

from typing import TYPE_CHECKING

from connectors.oidc.errors import BadToken
from domain.errors import InvalidInput, Refused
from domain.identities import Flaw, Identity
from domain.paths import INPUT
from domain.problems import Problem
from models.connection import pool
from services.clock import now
from services.identities.link import link_identity
from services.sessions.sign_in import begin_session
from services.sessions.tokens import TokenKeys, TokenPair
from services.sessions.viewers import OfIdentity, load_viewer
from services.transaction import transaction

if TYPE_CHECKING:
    from connectors.oidc.provider import OpenIdProvider


async def exchange_id_token(
    *, provider: "OpenIdProvider | None", id_token: str, nonce: str | None, keys: TokenKeys
) -> TokenPair:
    """Begin a session for the user whom `id_token` names.

    Raises Refused with InvalidInput that says what is wrong with the token, and ProviderUnavailable.
    """
    if provider is None:
        raise _refused(Flaw.ISSUER)
    try:
        identity = await provider.identity(id_token, now=now(), nonce=nonce)
    except BadToken as bad:
        raise _refused(bad.flaw) from None
    user_id = await _user_of(identity)
    if user_id is None:
        raise _refused(Flaw.UNKNOWN_USER)
    async with transaction() as client:
        pair = await begin_session(client, user_id=user_id, keys=keys, provider=identity.issuer)
    if pair is None:
        raise _refused(Flaw.UNKNOWN_USER)
    return pair


async def _user_of(identity: Identity) -> int | None:
    credential = OfIdentity(identity.issuer, identity.subject)
    viewer = await load_viewer(pool().fetchrow, credential)
    if viewer is None and await link_identity(identity):
        viewer = await load_viewer(pool().fetchrow, credential)
    return viewer.user_id if viewer else None


def _refused(flaw: Flaw) -> Refused:
    return Refused(InvalidInput(path=(*INPUT, "idToken"), problem=Problem.BAD_ID_TOKEN, limit=flaw.value))
