"""What the claims of a provider's token must say; and which of a provider's keys are used when."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.oidc.fetching import ProviderUnavailable, is_safe
from connectors.oidc.keys import FRESH_SECONDS, SECONDS_BETWEEN, KeySet, usable_keys
from domain.identities import Flaw, Identity, identity_in
from tests.openid_provider import ec_key, ed_key, rsa_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ISSUER, CLIENT = "https://id.example", "sluice"
CLAIMS = {"iss": ISSUER, "aud": CLIENT, "sub": "rosa", "exp": NOW.timestamp() + 300, "iat": NOW.timestamp()}
KEY, OTHER, ED = ec_key("one"), ec_key("two"), ed_key("three")


def read(*, sent: str | None = None, **claims: Any) -> Identity | Flaw:
    return identity_in(CLAIMS | claims, issuer=ISSUER, audience=CLIENT, now=NOW, nonce=sent)


def ago(seconds: float) -> float:
    return NOW.timestamp() - seconds


def test_a_good_token_names_its_subject() -> None:
    assert read() == Identity(issuer=ISSUER, subject="rosa", email=None, good_until=NOW + timedelta(seconds=360))


@pytest.mark.parametrize(
    ("claims", "flaw"),
    [
        ({"iss": ISSUER + "/"}, Flaw.ISSUER),
        ({"iss": None}, Flaw.ISSUER),
        ({"aud": "another"}, Flaw.AUDIENCE),
        ({"aud": ["another"]}, Flaw.AUDIENCE),
        ({"aud": [CLIENT, "another"]}, Flaw.AUDIENCE),
        ({"aud": [CLIENT, "another"], "azp": "another"}, Flaw.AUDIENCE),
        ({"aud": {CLIENT: 1}}, Flaw.AUDIENCE),
        ({"aud": None}, Flaw.AUDIENCE),
        ({"exp": ago(60)}, Flaw.EXPIRED),
        ({"exp": None}, Flaw.MALFORMED),
        ({"exp": True}, Flaw.MALFORMED),
        ({"exp": "soon"}, Flaw.MALFORMED),
        ({"exp": 1e300}, Flaw.MALFORMED),
        ({"exp": float("nan")}, Flaw.MALFORMED),
        ({"nbf": ago(-61)}, Flaw.NOT_YET_VALID),
        ({"iat": ago(-61)}, Flaw.NOT_YET_VALID),
        ({"sub": ""}, Flaw.SUBJECT),
        ({"sub": 7}, Flaw.SUBJECT),
        ({"sub": "x" * 256}, Flaw.SUBJECT),
        ({"sub": "a\0b"}, Flaw.SUBJECT),
        ({"sub": "\ud800"}, Flaw.SUBJECT),
    ],
)
def test_each_flaw_is_named(claims: dict[str, Any], flaw: Flaw) -> None:
    assert read(**claims) is flaw


def test_clocks_may_differ_by_less_than_a_minute() -> None:
    assert isinstance(read(exp=ago(59)), Identity)
    assert isinstance(read(nbf=ago(-60), iat=ago(-60)), Identity)


def test_a_token_for_several_is_good_where_this_client_asked_for_it() -> None:
    assert isinstance(read(aud=[CLIENT]), Identity)
    assert isinstance(read(aud=[CLIENT, "another"], azp=CLIENT), Identity)


def test_a_nonce_must_come_back_where_one_was_sent() -> None:
    assert read(sent="n") is read(sent="n", nonce="m") is Flaw.NONCE
    assert isinstance(read(sent="n", nonce="n"), Identity)


@pytest.mark.parametrize(
    ("claims", "email"),
    [
        ({"email": " Rosa@Test.example", "email_verified": True}, "rosa@test.example"),
        ({"email": "rosa@test.example", "email_verified": "true"}, "rosa@test.example"),
        ({"email": "rosa@test.example", "email_verified": False}, None),
        ({"email": "rosa@test.example", "email_verified": "false"}, None),
        ({"email": "rosa@test.example", "email_verified": 1.5}, None),
        ({"email": "rosa@test.example"}, None),
        ({"email": ["rosa@test.example"], "email_verified": True}, None),
        ({"email": "ro\0sa@test.example", "email_verified": True}, None),
        ({"email_verified": True}, None),
    ],
)
def test_an_email_counts_if_the_provider_has_verified_it(claims: dict[str, Any], email: str | None) -> None:
    found = read(**claims)
    assert isinstance(found, Identity)
    assert found.email == email


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


NAMES = st.sampled_from(["iss", "aud", "azp", "sub", "exp", "nbf", "iat", "email", "email_verified"])


@given(st.dictionaries(NAMES, json_values))
@settings(max_examples=100, deadline=None)
def test_whatever_claims_hold_they_are_judged(claims: dict[str, Any]) -> None:
    found = identity_in(CLAIMS | claims, issuer=ISSUER, audience=CLIENT, now=NOW)
    assert isinstance(found, Flaw) or found.issuer == ISSUER


def test_only_public_keys_that_sign_by_known_algorithms_are_used() -> None:
    keys = [
        KEY.jwk,
        ED.jwk,
        {"kty": "oct", "k": "c2VjcmV0", "kid": "hmac", "alg": "HS256"},
        {**OTHER.jwk, "use": "enc"},
        {**OTHER.jwk, "alg": "RS256"},
        {**OTHER.jwk, "x": "AAAA"},
        {**OTHER.jwk, "crv": "P-521"},
        OTHER.jwk_of(OTHER.private),
        rsa_key("small", bits=1024).jwk,
        {**OTHER.jwk, "kty": []},
        {**OTHER.jwk, "crv": {}},
        {**OTHER.jwk, "kid": 7},
        "nonsense",
        {},
    ]
    assert [(key.kid, key.algorithm) for key in usable_keys({"keys": keys})] == [("one", "ES256"), ("three", "EdDSA")]
    assert usable_keys({"keys": {}}) == usable_keys({}) == ()


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example/keys", True),
        ("http://127.0.0.1:8000", True),
        ("http://id.example", False),
        ("file:///etc/passwd", False),
        ("http://127.0.0.1.id.example", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_keys_come_over_tls(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


class Answers:
    """A provider's keys, counted, with a clock that stands still."""

    def __init__(self, *keys: Any) -> None:
        self.keys, self.asked, self.seconds, self.down = list(keys), 0, 100.0, False
        self.hold = asyncio.Event()
        self.hold.set()
        self.set = KeySet(self.fetch, clock=lambda: self.seconds)

    async def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        await self.hold.wait()
        if self.down:
            raise ProviderUnavailable
        return {"keys": [key.jwk for key in self.keys]}

    async def kids(self, kid: str | None, algorithm: str = "ES256") -> list[str | None]:
        return [key.kid for key in await self.set.matching(kid, algorithm)]


async def test_a_new_key_is_asked_for_at_once_and_then_not_for_half_a_minute() -> None:
    answers = Answers(KEY)
    assert await answers.kids("one") == ["one"]
    answers.keys.append(OTHER)
    assert await answers.kids("two") == []
    answers.seconds += SECONDS_BETWEEN
    assert await asyncio.gather(*(answers.kids("two") for _ in range(20))) == [["two"]] * 20
    for number in range(20):
        assert await answers.kids(f"../../{number}") == []
    assert answers.asked == 2


async def test_a_key_is_used_with_its_own_algorithm_and_without_a_name_every_one_that_fits() -> None:
    answers = Answers(KEY, OTHER, ED)
    assert await answers.kids("one", "EdDSA") == []
    assert await answers.kids(None, "EdDSA") == ["three"]
    assert await answers.kids(None) == ["one", "two"]


async def test_tokens_of_known_keys_do_not_wait_for_a_provider_that_is_slow_or_down() -> None:
    answers = Answers(KEY)
    await answers.kids("one")
    answers.hold.clear()
    answers.seconds += FRESH_SECONDS
    assert await asyncio.wait_for(answers.kids("one"), 1) == ["one"]
    waiting = asyncio.create_task(answers.kids("two"))
    await asyncio.sleep(0)
    assert await asyncio.wait_for(answers.kids("one"), 1) == ["one"]
    answers.down = True
    answers.hold.set()
    with pytest.raises(ProviderUnavailable):
        await waiting
    assert await answers.kids("one") == ["one"]


async def test_a_key_that_the_provider_took_back_is_not_used_any_more() -> None:
    answers = Answers(KEY, OTHER)
    await answers.kids("one")
    answers.keys.remove(KEY)
    answers.seconds += FRESH_SECONDS
    await answers.kids("two")
    await asyncio.sleep(0)
    assert await answers.kids("one") == []


async def test_without_any_key_a_provider_that_is_down_is_asked_again_soon_and_not_at_each_request() -> None:
    answers = Answers(KEY)
    answers.down = True
    for _ in range(5):
        with pytest.raises(ProviderUnavailable):
            await answers.kids("one")
    assert answers.asked == 1
    answers.down = False
    answers.seconds += timedelta(seconds=2).total_seconds()
    assert await answers.kids("one") == ["one"]
