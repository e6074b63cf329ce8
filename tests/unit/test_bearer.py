"""The header that carries an access token."""

import uuid
from datetime import timedelta

import pytest

from app.auth.bearer import Unauthenticated, read_bearer
from app.auth.keys import derive_key, token_keys
from services.clock import clock_set_to, now
from services.sessions.access_tokens import issue_access_token

KEYS = token_keys("a secret key of thirty-two letters")
SESSION = uuid.uuid4()


def issued() -> str:
    return issue_access_token(KEYS.access, user_id=7, session_id=SESSION, now=now())


def test_without_a_header_nobody_speaks() -> None:
    assert read_bearer(None, key=KEYS.access) is None


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_speaks_for_its_user_and_session(scheme: str) -> None:
    claims = read_bearer(f"{scheme} {issued()}", key=KEYS.access)
    assert claims is not None
    assert (claims.user_id, claims.session_id) == (7, SESSION)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Token {token}", "{token}"])
def test_anything_else_is_unauthenticated(header: str) -> None:
    with pytest.raises(Unauthenticated):
        read_bearer(header.format(token=issued()), key=KEYS.access)


def test_an_expired_token_is_unauthenticated() -> None:
    token = issued()
    with clock_set_to(now() + timedelta(minutes=11)), pytest.raises(Unauthenticated):
        read_bearer(f"Bearer {token}", key=KEYS.access)


def test_what_one_purpose_signs_means_nothing_to_another() -> None:
    token = issue_access_token(KEYS.refresh, user_id=7, session_id=SESSION, now=now())
    with pytest.raises(Unauthenticated):
        read_bearer(f"Bearer {token}", key=KEYS.access)
    assert KEYS.access != KEYS.refresh
    assert derive_key("a", purpose="b") != derive_key("b", purpose="a")
