"""The header that carries an access token."""

import uuid
from datetime import timedelta

import pytest

from app.auth.bearer import Unauthenticated, bearer_of, read_own
from app.auth.keys import derive_key, token_keys
from services.clock import clock_set_to, now
from services.sessions.access_tokens import issue_access_token
from services.sessions.tokens import TokenKeys
from services.sessions.viewers import OfApiToken, OfSession
from services.tokens.secrets import hash_secret, new_secret

KEYS = token_keys("a secret key of thirty-two letters")
SESSION = uuid.uuid4()


def issued() -> str:
    return issue_access_token(KEYS.access, user_id=7, session_id=SESSION, now=now())


def read(header: str, keys: TokenKeys = KEYS) -> OfSession | OfApiToken:
    return read_own(bearer_of(header), keys)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_speaks_for_its_user_and_session(scheme: str) -> None:
    assert read(f"{scheme} {issued()}") == OfSession(7, SESSION)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Token {token}", "{token}", "Bearer slc_short"]
)
def test_anything_else_is_unauthenticated(header: str) -> None:
    with pytest.raises(Unauthenticated):
        read(header.format(token=issued()))


def test_an_expired_token_is_unauthenticated() -> None:
    token = issued()
    with clock_set_to(now() + timedelta(minutes=11)), pytest.raises(Unauthenticated):
        read(f"Bearer {token}")


def test_what_one_purpose_signs_means_nothing_to_another() -> None:
    token = issue_access_token(KEYS.refresh, user_id=7, session_id=SESSION, now=now())
    with pytest.raises(Unauthenticated):
        read(f"Bearer {token}")
    assert KEYS.access != KEYS.refresh
    assert derive_key("a", purpose="b") != derive_key("b", purpose="a")


def test_an_api_token_is_known_by_its_hash_alone() -> None:
    secret = new_secret()
    assert secret.startswith("slc_")
    assert read(f"Bearer {secret}") == OfApiToken(hash_secret(secret) or b"")
    assert hash_secret(secret) != hash_secret(new_secret())


def test_tokens_of_an_earlier_secret_key_are_good_where_it_is_named_and_only_there() -> None:
    renewed = token_keys("another secret key of thirty-two", "a secret key of thirty-two letters")
    assert read(f"Bearer {issued()}", renewed) == OfSession(7, SESSION)
    with pytest.raises(Unauthenticated):
        read(f"Bearer {issued()}", token_keys("another secret key of thirty-two"))
