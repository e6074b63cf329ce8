"""Tokens of an OpenID provider speak for users, and forged ones do not. Documents in, JSON out, keys over real HTTP."""

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from starlette.applications import Starlette

from app.asgi import Api
from app.auth.bearer import Unauthenticated
from app.runtime import Runtime
from app.settings import Settings
from connectors.oidc.keys import SECONDS_BETWEEN
from domain.people import Role
from models import AuditEntry, Session, User, UserIdentity
from services.clock import clock_set_to, now
from services.sessions.viewers import GOOD_FOR
from tests.api.conftest import Client
from tests.factories import make_user
from tests.openid_provider import AUDIENCE, Provider, SigningKey, ec_key, ed_key, rsa_key, running_provider

WHO = "{ viewer { name roles } }"
EXCHANGE = """mutation($input: TokenExchangeInput!) { tokenExchange(input: $input) {
    accessToken refreshToken errors { code path ... on InvalidInput { problem limit } } } }"""
RSA, EC, ED = rsa_key("rsa-1"), ec_key("ec-1"), ed_key("ed-1")
STRANGER = rsa_key("rsa-1")
"""Another key by the name of one that is known."""


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[Provider]:
    async with running_provider() as running:
        running.keys = [RSA, EC, ED]
        yield running


@pytest.fixture(scope="module")
def runtime(settings: Settings, provider: Provider) -> Runtime:
    return Runtime(settings.model_copy(update={"oidc_issuer": provider.issuer, "oidc_audience": AUDIENCE}))


@pytest.fixture(scope="module")
async def app(runtime: Runtime) -> AsyncIterator[Starlette]:
    application = Api(runtime)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(autouse=True)
async def usual(provider: Provider, runtime: Runtime, app: Starlette) -> None:  # noqa: ARG001  # it runs
    """The provider and its usual keys, which the application knows, and no viewer; it may ask for new ones at once."""
    provider.keys, provider.status, provider.keys_body, provider.description = [RSA, EC, ED], 200, None, {}
    assert runtime.provider
    if runtime.connected:
        runtime.connected.authenticator.viewers._answers.clear()
    keys = runtime.provider.keys
    keys._next_question = 0.0
    if question := keys.refresh():
        await question
    keys._next_question = 0.0


@pytest.fixture
async def rosa(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.REP, email="rosa@test.example", name="Rosa")


async def ask(client: Client, token: str, document: str = WHO) -> dict[str, Any]:
    return await client.query(document, headers={"authorization": f"Bearer {token}"})


async def reason(client: Client, token: str) -> dict[str, Any]:
    answer = await ask(client, token)
    assert answer.get("data") is None
    [error] = answer["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize("key", [RSA, EC, ED], ids=lambda key: key.algorithm)
async def test_a_token_of_the_provider_speaks_for_the_user_with_its_verified_email(
    client: Client, provider: Provider, key: SigningKey
) -> None:
    assert (await ask(client, provider.token(key)))["data"]["viewer"] == {"name": "Rosa", "roles": ["REP"]}
    assert await UserIdentity.all().values("issuer", "subject", "user_id") == [
        {"issuer": provider.issuer, "subject": "rosa", "user_id": 1}
    ]
    assert [entry.facts for entry in await AuditEntry.all()] == [
        {"person": {"identity": {"issuer": provider.issuer, "subject": "rosa"}}}
    ]


async def test_after_the_first_token_the_subject_alone_counts(client: Client, provider: Provider, rosa: User) -> None:
    mine = provider.token(email="rosa@test.example")
    assert (await ask(client, mine))["data"]
    await User.filter(id=rosa.id).update(email="bennett@test.example")
    assert (await ask(client, provider.token(email=None, email_verified=None)))["data"]["viewer"]["name"] == "Rosa"
    # The address goes to somebody new, there and here.
    await make_user(Role.ADMIN, email="rosa@test.example", name="Rosa the second")
    assert (await ask(client, mine))["data"]["viewer"]["name"] == "Rosa"
    taken_over = provider.token(sub="another", email="bennett@test.example")
    assert await reason(client, taken_over) == {"code": "UNAUTHENTICATED", "reason": "unknown_user"}


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": None}, {"email": "nobody@test.example"}, {"email": None}]
)
async def test_without_a_verified_email_of_a_user_a_token_speaks_for_nobody(
    client: Client, provider: Provider, claims: dict[str, Any]
) -> None:
    assert await reason(client, provider.token(**claims)) == {"code": "UNAUTHENTICATED", "reason": "unknown_user"}
    assert await UserIdentity.all().count() == 0


@pytest.mark.usefixtures("rosa")
async def test_what_was_opened_with_a_token_of_the_provider_ends_with_it(provider: Provider, runtime: Runtime) -> None:
    assert runtime.connected
    authenticator = runtime.connected.authenticator
    credential = await authenticator.credential(f"Bearer {provider.token()}")
    assert credential is not None
    assert (await authenticator.holder(credential)).viewer.user_id == 1
    with clock_set_to(now() + timedelta(minutes=7)), pytest.raises(Unauthenticated, match="expired"):
        await authenticator.holder(credential)


async def test_a_deactivated_user_is_nobody(client: Client, provider: Provider, rosa: User) -> None:
    await User.filter(id=rosa.id).update(active=False)
    assert (await reason(client, provider.token()))["reason"] == "unknown_user"
    await User.filter(id=rosa.id).update(active=True)
    assert (await ask(client, provider.token(sub="r")))["data"]
    await User.filter(id=rosa.id).update(active=False)
    assert (await reason(client, provider.token(sub="s")))["reason"] == "unknown_user"
    assert GOOD_FOR <= 5


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    ("claims", "flaw"),
    [
        ({"iss": "https://another.example"}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "audience"),
        ({"exp": int(time.time()) - 61}, "expired"),
        ({"exp": None}, "malformed"),
        ({"nbf": int(time.time()) + 600}, "not_yet_valid"),
        ({"sub": ""}, "subject"),
        ({"sub": None}, "subject"),
    ],
)
async def test_a_token_that_is_not_for_us_or_not_now_is_refused_with_the_reason(
    client: Client, provider: Provider, claims: dict[str, Any], flaw: str
) -> None:
    assert await reason(client, provider.token(**claims)) == {"code": "UNAUTHENTICATED", "reason": flaw}


def unsigned(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> tuple[str, str]:
    parts = [json.dumps(part).encode() for part in (header, claims)]
    head = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    return head, base64.urlsafe_b64encode(signature).decode().rstrip("=")


def forged(provider: Provider) -> dict[str, tuple[str, str | None]]:
    """Tokens of attackers, each with the reason that it is refused for; None where nothing more is told."""
    claims = jwt.decode(provider.token(), options={"verify_signature": False})
    public = RSA.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    none, _ = unsigned({"alg": "none", "kid": "rsa-1"}, claims)
    hs, _ = unsigned({"alg": "HS256", "kid": "rsa-1"}, claims)
    confused = base64.urlsafe_b64encode(hmac.digest(public, hs.encode(), "sha256")).decode().rstrip("=")
    rs, _ = unsigned({"alg": "RS256", "kid": "rsa-1"}, claims)
    genuine = provider.token().split(".")
    changed, _ = unsigned({"alg": "RS256", "kid": "rsa-1"}, claims | {"sub": "ada"})
    return {
        "no algorithm": (f"{none}.", None),
        "HS256 with the public key": (f"{hs}.{confused}", None),
        "no signature": (f"{rs}.", "signature"),
        "another's key by the same name": (provider.token(STRANGER), "signature"),
        "changed claims": (f"{changed}.{genuine[2]}", "signature"),
        "an unknown key": (provider.token(rsa_key("rsa-9")), "unknown_key"),
        "a key that is a path": (provider.token(header={"kid": "../../../../dev/null"}), "unknown_key"),
        "a key that is an address": (provider.token(header={"kid": "http://127.0.0.1/keys"}), "unknown_key"),
        "a key that is a statement": (provider.token(header={"kid": "' OR 1=1 --"}), "unknown_key"),
        "the key of another algorithm": (provider.token(header={"kid": "ec-1"}), "unknown_key"),
        "a key of its own": (provider.token(STRANGER, header={"jwk": STRANGER.jwk}), "signature"),
        "an address of keys of its own": (provider.token(STRANGER, header={"jku": "http://127.0.0.1/"}), "signature"),
        "an algorithm that is no text": ("{}.{}".format(*unsigned({"alg": []}, claims, b"x")), None),
        "a critical extension": (provider.token(header={"crit": ["b64"], "b64": True}), None),
        "a logout token": (provider.token(header={"typ": "logout+jwt"}), "malformed"),
        "longer than any": (provider.token(padding="x" * 20_000), None),
    }


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize("kind", forged(Provider(keys=[RSA])))
async def test_a_forged_token_speaks_for_nobody(client: Client, provider: Provider, kind: str) -> None:
    token, why = forged(provider)[kind]
    expected = {"code": "UNAUTHENTICATED"} | ({"reason": why} if why else {})
    assert await reason(client, token) == expected
    assert await UserIdentity.all().count() == 0


@pytest.mark.usefixtures("rosa")
async def test_the_provider_rotates_its_keys(client: Client, provider: Provider) -> None:
    new = ec_key("ec-2")
    provider.keys = [new]
    asked = provider.asked
    assert (await ask(client, provider.token(new)))["data"]["viewer"]["name"] == "Rosa"
    assert (await reason(client, provider.token(RSA)))["reason"] == "unknown_key"
    assert (await reason(client, provider.token(rsa_key("x"))))["reason"] == "unknown_key"
    assert provider.asked == asked + 1, "an unknown key is asked for once in half a minute"
    assert SECONDS_BETWEEN == 30


@pytest.mark.usefixtures("rosa")
async def test_while_the_provider_is_down_tokens_of_known_keys_are_good(client: Client, provider: Provider) -> None:
    provider.status = 503
    assert (await ask(client, provider.token()))["data"]["viewer"]["name"] == "Rosa"
    unknown = provider.token(rsa_key("new"))
    assert await reason(client, unknown) == {"code": "UNAVAILABLE", "retryAfter": 1}
    accept = {"authorization": f"Bearer {unknown}", "accept": "application/graphql-response+json"}
    assert (await client.post(WHO, headers=accept)).status_code == 503
    assert (await ask(client, provider.token()))["data"]["viewer"]["name"] == "Rosa"


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"keys": [' + b'{"kty": "RSA"},' * 700_000 + b"{}]}", id="10 MB"),
        pytest.param(b"nonsense", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"keys": [{"kty": []}, {"kty": "EC", "crv": {}, "kid": []}]}', id="no texts"),
        pytest.param(b'{"keys": ["x", null, {"kty": "RSA", "n": "!", "e": "AQAB", "kid": "k"}]}', id="no keys"),
    ],
)
async def test_what_the_provider_answers_instead_of_keys_does_no_harm(
    client: Client, provider: Provider, body: bytes
) -> None:
    provider.keys_body = body
    code = "UNAUTHENTICATED" if b"kty" in body and len(body) < 1000 else "UNAVAILABLE"
    assert (await reason(client, provider.token(rsa_key("new"))))["code"] == code


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://another.example"},
        {"jwks_uri": "http://another.example/keys"},
        {"jwks_uri": 7},
        {"jwks_uri": "https://["},
    ],
)
@pytest.mark.usefixtures("rosa")
async def test_a_description_of_another_provider_is_not_believed(
    client: Client, provider: Provider, description: dict[str, Any]
) -> None:
    provider.description = description
    assert await reason(client, provider.token(rsa_key("new"))) == {"code": "UNAVAILABLE", "retryAfter": 1}


async def test_an_id_token_is_exchanged_for_a_session_of_our_own(
    client: Client, provider: Provider, rosa: User
) -> None:
    given = {"idToken": provider.token(nonce="n"), "nonce": "n"}
    pair = (await client.query(EXCHANGE, {"input": given}))["data"]["tokenExchange"]
    assert pair["errors"] == []
    assert (await ask(client, pair["accessToken"]))["data"]["viewer"]["name"] == "Rosa"
    assert await Session.filter(user_id=rosa.id).count() == 1
    [_, signed_in] = await AuditEntry.all().order_by("id")
    assert (signed_in.action, signed_in.facts) == ("SIGNED_IN", {"provider": provider.issuer})


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    ("claims", "nonce", "flaw"),
    [
        ({}, "another", "nonce"),
        ({"aud": "another"}, None, "audience"),
        ({"email": "nobody@test.example"}, None, "unknown_user"),
    ],
)
async def test_an_id_token_that_is_not_good_begins_no_session(
    client: Client, provider: Provider, claims: dict[str, Any], nonce: str | None, flaw: str
) -> None:
    given = {"idToken": provider.token(nonce="n", **claims), "nonce": nonce}
    answer = (await client.query(EXCHANGE, {"input": given}))["data"]["tokenExchange"]
    error = {"code": "INVALID_INPUT", "path": ["input", "idToken"], "problem": "bad_id_token", "limit": flaw}
    assert answer == {"accessToken": None, "refreshToken": None, "errors": [error]}
    assert await Session.all().count() == 0


IDENTITIES = "user { identities { issuer subject linkedAt } }"
ERRORS = "errors { __typename code path ... on InvalidInput { problem } }"
LINK = f"mutation($i: UserIdentityLinkInput!) {{ userIdentityLink(input: $i) {{ {IDENTITIES} {ERRORS} }} }}"
UNLINK = f"mutation($i: UserIdentityUnlinkInput!) {{ userIdentityUnlink(input: $i) {{ {IDENTITIES} {ERRORS} }} }}"


async def change(client: Client, document: str, given: dict[str, Any], *, as_: User) -> dict[str, Any]:
    [payload] = (await client.data(document, {"i": given}, as_=as_)).values()
    found: dict[str, Any] = payload
    return found


async def test_an_administrator_links_who_has_no_verified_email_and_unlinks_them_again(
    client: Client, provider: Provider, runtime: Runtime, rosa: User
) -> None:
    ada = await make_user(Role.ADMIN)
    token = provider.token(RSA, sub="rosa-at-work", email="rosa@test.example", email_verified=None)
    assert (await reason(client, token))["reason"] == "unknown_user"
    given = {"userId": f"usr_{rosa.id}", "subject": "rosa-at-work"}
    for _ in range(2):  # a second time, it is so already
        linked = await change(client, LINK, given, as_=ada)
        [identity] = linked["user"]["identities"]
        assert (linked["errors"], identity["issuer"], identity["subject"]) == ([], provider.issuer, "rosa-at-work")
        assert identity["linkedAt"].endswith("Z")
    forget_viewers(runtime)
    assert (await ask(client, token))["data"]["viewer"]["name"] == "Rosa"
    entries = await AuditEntry.filter(action="USER_UPDATED").order_by("id").values_list("actor_id", "facts")
    assert entries == [(ada.id, {"identityLinked": provider.issuer, "person": {"subject": "rosa-at-work"}})]
    session = (await ask_exchange(client, token))["accessToken"]
    unlinked = await change(client, UNLINK, given, as_=ada)
    assert (unlinked["user"]["identities"], unlinked["errors"]) == ([], [])
    forget_viewers(runtime)
    assert (await reason(client, token))["reason"] == "unknown_user"
    assert (await client.query(WHO, headers={"authorization": f"Bearer {session}"})).get("data") is None
    audited = [entry.facts.get("identityUnlinked") for entry in await AuditEntry.all()]
    assert audited.count(provider.issuer) == 1


async def test_an_identity_is_one_users_and_a_user_has_one_at_a_provider(client: Client, rosa: User) -> None:
    ada, other = await make_user(Role.ADMIN), await make_user(Role.REP)
    await UserIdentity.create(user=other, issuer="https://other.example", subject="s")
    await UserIdentity.create(user=rosa, issuer="https://own.example", subject="r")
    away = await make_user(Role.REP, active=False)
    for document, user, issuer, subject, expected in (
        (LINK, rosa, "https://other.example", "s", ("ALREADY_EXISTS", ["input", "subject"], None)),
        (LINK, rosa, "https://own.example", "s", ("ALREADY_EXISTS", ["input", "userId"], None)),
        (LINK, away, "https://own.example", "x", ("INVALID_INPUT", ["input", "userId"], "user_inactive")),
        (LINK, rosa, "https://own.example", "x" * 256, ("INVALID_INPUT", ["input", "subject"], "too_long")),
        (UNLINK, rosa, "https://own.example", "s", ("INVALID_INPUT", ["input", "subject"], "unknown")),
    ):
        given = {"userId": f"usr_{user.id}", "issuer": issuer, "subject": subject}
        [error] = (await change(client, document, given, as_=ada))["errors"]
        assert (error["code"], error["path"], error.get("problem")) == expected
    assert await UserIdentity.all().count() == 2
    assert await AuditEntry.all().count() == 0


async def test_identities_are_seen_by_the_user_and_administrators(client: Client, rosa: User) -> None:
    await UserIdentity.create(user=rosa, issuer="https://own.example", subject="r")
    look = f'{{ node(id: "usr_{rosa.id}") {{ ... on User {{ identities {{ subject }} }} }} }}'
    for viewer, expected in (
        (rosa, [{"subject": "r"}]),
        (await make_user(Role.ADMIN), [{"subject": "r"}]),
        (await make_user(Role.MANAGER), []),
    ):
        assert (await client.data(look, as_=viewer))["node"]["identities"] == expected


def forget_viewers(runtime: Runtime) -> None:
    assert runtime.connected
    runtime.connected.authenticator.viewers._answers.clear()


async def ask_exchange(client: Client, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.query(EXCHANGE, {"input": {"idToken": token}}))["data"]["tokenExchange"]
    return answer
