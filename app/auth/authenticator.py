"""From an Authorization header to whoever is asking. Every way into the API goes through here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from app.auth.bearer import Unauthenticated, bearer_of, read_own
from connectors.oidc.errors import BadToken
from domain.identities import Flaw
from rows.viewer import Viewer
from services.clock import now
from services.identities.link import link_identity
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import Credential, OfIdentity, OfSession, ViewerCache
from services.tokens.secrets import PREFIX
from services.tokens.uses import TokenUses

if TYPE_CHECKING:
    from connectors.oidc.provider import OpenIdProvider


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who is asking; `session_id` where it is by a session."""

    viewer: Viewer
    session_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """Knows callers by their bearer tokens: those of sessions, API tokens, and those of `provider` if there is one."""

    keys: TokenKeys
    viewers: ViewerCache
    uses: TokenUses
    provider: "OpenIdProvider | None" = None

    async def caller(self, authorization: str | None) -> Caller | None:
        """Whom the value of an Authorization header speaks for; None without one, as in a request to sign in.

        A caller stays good for five seconds: what lasts longer, as a socket does, asks again. Raises Unauthenticated,
        ProviderUnavailable, and what asking the database raises.
        """
        credential = await self.credential(authorization)
        return await self.holder(credential) if credential else None

    async def credential(self, authorization: str | None) -> Credential | None:
        """What the value of an Authorization header says, of somebody who is there or not any more.

        Raises Unauthenticated and ProviderUnavailable.
        """
        if authorization is None:
            return None
        token = bearer_of(authorization)
        # Each kind of token is checked with the keys and the algorithms of its own kind alone.
        if self.provider and not token.startswith(PREFIX) and self.provider.may_have_made(token):
            return await self._of_provider(self.provider, token)
        return read_own(token, self.keys)

    async def holder(self, credential: Credential) -> Caller:
        """Whom a genuine credential speaks for now. Raises Unauthenticated, and what asking the database raises."""
        if isinstance(credential, OfIdentity) and credential.is_over(now()):
            raise Unauthenticated(Flaw.EXPIRED.value)
        viewer = await self.viewers.viewer(credential)
        if viewer is None:
            raise Unauthenticated(Flaw.UNKNOWN_USER.value if isinstance(credential, OfIdentity) else "")
        if viewer.token_id is not None:
            self.uses.saw(viewer.token_id)
        return Caller(viewer=viewer, session_id=credential.session_id if isinstance(credential, OfSession) else None)

    async def _of_provider(self, provider: "OpenIdProvider", token: str) -> OfIdentity:
        """What a token of the provider says; the first one of a subject links it to its user."""
        try:
            identity = await provider.identity(token, now=now())
        except BadToken as bad:
            raise Unauthenticated(bad.flaw.value) from None
        credential = OfIdentity(identity.issuer, identity.subject, identity.good_until)
        if await self.viewers.viewer(credential) is None and await link_identity(identity):
            self.viewers.forget(credential)
        return credential
