"""A small OpenID provider over real HTTP, with real keys, that can rotate them, misbehave and be away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import get_default_algorithms
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

AUDIENCE = "sluice"


@dataclass(frozen=True)
class SigningKey:
    """A key pair with its name."""

    kid: str
    algorithm: str
    private: Any

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half."""
        return self.jwk_of(self.private.public_key())

    def jwk_of(self, key: Any) -> dict[str, Any]:
        """A key as a JWK."""
        made = json.loads(get_default_algorithms()[self.algorithm].to_jwk(key))
        return {**made, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


def rsa_key(kid: str, *, bits: int = 2048) -> SigningKey:
    """A key for RS256."""
    return SigningKey(kid, "RS256", rsa.generate_private_key(65537, bits))


def ec_key(kid: str) -> SigningKey:
    """A key for ES256."""
    return SigningKey(kid, "ES256", ec.generate_private_key(ec.SECP256R1()))


def ed_key(kid: str) -> SigningKey:
    """A key for EdDSA."""
    return SigningKey(kid, "EdDSA", ed25519.Ed25519PrivateKey.generate())


@dataclass
class Provider:
    """The provider as a test sets it up; `keys_body` and `status` replace what it answers for its keys."""

    issuer: str = ""
    keys: list[SigningKey] = field(default_factory=list)
    status: int = 200
    keys_body: bytes | None = None
    description: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    async def configuration(self, _: Request) -> Response:
        """The discovery document."""
        found = {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"} | self.description
        return Response(json.dumps(found), media_type="application/json")

    async def published(self, _: Request) -> Response:
        """The JWK set."""
        self.asked += 1
        body = json.dumps({"keys": [key.jwk for key in self.keys]}).encode()
        return Response(self.keys_body or body, self.status, media_type="application/json")

    def token(self, key: SigningKey | None = None, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token for subject "rosa" with a verified email, good for five minutes; `claims` replace its own."""
        key, moment = key or self.keys[0], datetime.now(UTC)
        own = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "rosa",
            "iat": moment,
            "exp": moment + timedelta(minutes=5),
            "email": "Rosa@test.example",
            "email_verified": True,
        }
        said = {name: value for name, value in (own | claims).items() if value is not None}
        return jwt.encode(said, key.private, algorithm=key.algorithm, headers={"kid": key.kid} | (header or {}))


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    """A provider that listens on this machine."""
    provider = Provider()
    routes = [
        Route("/.well-known/openid-configuration", provider.configuration),
        Route("/keys", provider.published),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn tells in no other way
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        await serving
