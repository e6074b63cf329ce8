"""Who asks, as resolvers and limits know them."""

import ipaddress
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.auth.authenticator import Caller
from app.auth.bearer import Unauthenticated
from app.headers import header
from app.languages import preferred_language
from app.limits.gate import Place
from app.runtime import Connected, Runtime
from reads.engine import Asked, spread_of
from resolvers.context import RequestContext, asked_by
from rows.viewer import Viewer
from services.sessions.viewers import Credential


@dataclass(frozen=True)
class Circumstances:
    """What comes with a request beside the operation: credentials, language, the client's address, the request's id.

    `credential` stands for an Authorization header that was good when a socket was opened; it outlives access tokens.
    """

    authorization: str | None
    language: str
    address: str
    request_id: str
    credential: Credential | None = None


def circumstances(connection: HTTPConnection) -> Circumstances:
    """Those of an HTTP request or of the request that opened a WebSocket."""
    scope = connection.scope
    return Circumstances(
        header(scope, b"authorization"),
        preferred_language(header(scope, b"accept-language")),
        scope["client"][0] if scope.get("client") else "",
        scope["state"]["request_id"],
    )


async def identify(runtime: Runtime, connected: Connected, given: Circumstances, place: Place) -> RequestContext:
    """Who asks, from their place. Credentials that are not good are as none.

    Clients send along what they have: a token that has run out must not keep them from getting a new one.
    """
    caller, refusal = None, ""

    async def find() -> Caller | None:
        if given.credential is not None:
            return await connected.authenticator.holder(given.credential)
        return await connected.authenticator.caller(given.authorization)

    async def ask_again() -> Asked | None:
        with suppress(Unauthenticated):
            again = await find()
            return _asked(runtime, connected, again, given.language) if again else None
        return None

    try:
        caller = await find()
    except Unauthenticated as error:
        refusal = error.reason
    return RequestContext(
        language=given.language,
        company=runtime.company,
        keys=runtime.keys,
        viewers=connected.authenticator.viewers,
        custom_fields=connected.custom_fields,
        asked=_asked(runtime, connected, caller, given.language) if caller else None,
        session_id=caller.session_id if caller else None,
        feed=connected.feed,
        tail=connected.tail,
        jobs=connected.jobs,
        claims=connected.claims,
        again=ask_again,
        aside=place.aside,
        until=place.until,
        refusal=refusal,
        wake=runtime.wake,
        provider=runtime.provider,
    )


def account_of(context: RequestContext, address: str) -> str:
    """Whose points are spent: the user's, the API token's, or those of the network that somebody unknown asks from."""
    return account_of_viewer(context.asked.context.viewer) if context.asked else f"address:{_network(address)}"


def account_of_viewer(viewer: Viewer) -> str:
    """The account of somebody who is signed in: the API token's, if they are by one."""
    return f"user:{viewer.user_id}" if viewer.token_id is None else f"token:{viewer.token_id}"


def _asked(runtime: Runtime, connected: Connected, caller: Caller, language: str) -> Asked:
    """The same for all requests of a viewer who was read once: within five seconds, in which little changes."""
    viewer, fields = caller.viewer, connected.custom_fields.current
    known = connected.asked.get((id(viewer), language))
    if known is not None and known.context.viewer is viewer and known.custom_fields is fields:
        return known
    asked = asked_by(
        viewer,
        company=runtime.company,
        digits=runtime.currency_digits,
        language=language,
        spread=spread_of(viewer, connected.team_weights),
        custom_fields=fields,
    )
    return connected.asked.put((id(viewer), language), asked)


def _network(address: str) -> str:
    """The address itself, or the network of 64 bits that an IPv6 client has for itself alone."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
