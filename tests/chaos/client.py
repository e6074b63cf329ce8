"""A client as it should be: what may have been lost on the way is asked again, under the same idempotency key."""

import asyncio
import random
import time
from collections import Counter
from typing import Any

import httpx

from app.commands.demo_welcome import PASSWORD

PATIENCE = 90.0
LOGIN = "mutation($input: LoginInput!) { login(input: $input) { accessToken errors { code message } } }"


class Unexpected(Exception):
    """An answer that no client should ever get."""


class Client:
    """A signed-in user of the API. `seen` counts the answers that made it ask again; `headers` go with each request."""

    def __init__(self, http: httpx.AsyncClient, user: str, seen: Counter[str]) -> None:
        self.user = user
        self._http = http
        self._seen = seen
        self.headers: dict[str, str] = {}

    async def sign_in(self) -> None:
        """Get a token."""
        given = {"email": f"{self.user}@demo.example", "password": PASSWORD}
        payload = (await self.ask(LOGIN, input=given))["login"]
        self.headers = {"authorization": f"Bearer {payload['accessToken']}"}

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of the answer, asked for until there is one. Raises Unexpected, TimeoutError after `PATIENCE`."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = await self._try(document, variables)
            if answer is not None:
                return answer
            if time.monotonic() > deadline:
                raise TimeoutError(document)
            await asyncio.sleep(random.uniform(0.05, 0.3))  # not a secret

    async def _try(self, document: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """One request; None if it is to be repeated."""
        try:
            response = await self._http.post(
                "/graphql", json={"query": document, "variables": variables}, headers=self.headers
            )
        except httpx.TransportError:
            self._seen["connection lost"] += 1
            return None
        body: dict[str, Any] = response.json()
        if errors := body.get("errors"):
            if any(error["extensions"]["code"] != "UNAVAILABLE" for error in errors):
                raise Unexpected(f"{response.status_code} {body}")
            # It may be done all the same: then the repetition says so.
            self._seen[f"{response.status_code} UNAVAILABLE"] += 1
            return None
        data: dict[str, Any] = body["data"]
        return data
