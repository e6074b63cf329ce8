"""Small JSON documents from the provider, within bounds of time and size."""

import asyncio
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

if TYPE_CHECKING:
    import httpx

LARGEST = 1 << 20
SECONDS = 5.0
# What is packed can be a thousand times as large as it looks.
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


class ProviderUnavailable(ConnectionError):
    """The provider does not answer, or not as a provider does: nothing can be said of tokens of unknown keys."""


async def fetch_object(client: "httpx.AsyncClient", url: str) -> dict[str, Any]:
    """The JSON object at `url`, without following redirects. Raises ProviderUnavailable."""
    import httpx  # some megabytes that most processes, which know of no provider, do without

    try:
        async with asyncio.timeout(SECONDS), client.stream("GET", url, headers=_HEADERS) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ProviderUnavailable(f"{url} answers {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > LARGEST:
                    raise ProviderUnavailable(f"{url} is larger than {LARGEST} bytes")
        found = orjson.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, orjson.JSONDecodeError) as error:
        raise ProviderUnavailable(f"{url}: {error!r}") from error
    if not isinstance(found, dict):
        raise ProviderUnavailable(f"{url} is not a JSON object")
    return found


def is_safe(url: str) -> bool:
    """Whether keys may come from there: TLS, or this machine, as in tests."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"})
