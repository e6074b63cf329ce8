"""The OpenID provider, where there is one."""

import httpx

from app.doctor.findings import Finding, ok, problem
from app.settings import Settings
from connectors.oidc.fetching import ProviderUnavailable, fetch_object


async def check_provider(settings: Settings) -> list[Finding]:
    """Findings about OIDC_ISSUER."""
    issuer = settings.oidc_issuer
    if issuer is None:
        return []
    remedy = "see that OIDC_ISSUER is right, and that this machine may ask it"
    try:
        async with httpx.AsyncClient() as client:
            found = await fetch_object(client, issuer.rstrip("/") + "/.well-known/openid-configuration")
    except ProviderUnavailable as fault:
        return [problem(f"the OpenID provider cannot be asked: {fault}", remedy)]
    if found.get("issuer") != issuer:
        return [problem(f"the OpenID provider says that it is {found.get('issuer')}", "set OIDC_ISSUER to just that")]
    return [ok(f"the OpenID provider {issuer} answers")]
