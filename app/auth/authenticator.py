"""From an Authorization header to whoever is asking. Every way into the API goes through here."""

from dataclasses import dataclass
from uuid import UUID

from app.auth.bearer import Unauthenticated, bearer_of, read_own
from rows.viewer import Viewer
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import Credential, OfSession, ViewerCache
from services.tokens.uses import TokenUses


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who is asking; `session_id` where it is by a session."""

    viewer: Viewer
    session_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Authenticator:
    """Knows callers by their bearer tokens: those of sessions and API tokens."""

    keys: TokenKeys
    viewers: ViewerCache
    uses: TokenUses

    async def caller(self, authorization: str | None) -> Caller | None:
        """Whom the value of an Authorization header speaks for; None without one, as in a request to sign in.

        A caller stays good for five seconds: what lasts longer, as a socket does, asks again. Raises Unauthenticated,
        and what asking the database raises.
        """
        credential = self.credential(authorization)
        return await self.holder(credential) if credential else None

    def credential(self, authorization: str | None) -> Credential | None:
        """What the value of an Authorization header says, good or not any more. Raises Unauthenticated."""
        return None if authorization is None else read_own(bearer_of(authorization), self.keys)

    async def holder(self, credential: Credential) -> Caller:
        """Whom a genuine credential speaks for now. Raises Unauthenticated, and what asking the database raises."""
        viewer = await self.viewers.viewer(credential)
        if viewer is None:
            raise Unauthenticated
        if viewer.token_id is not None:
            self.uses.saw(viewer.token_id)
        return Caller(viewer=viewer, session_id=credential.session_id if isinstance(credential, OfSession) else None)
