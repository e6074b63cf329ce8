"""What tokens say, and that nobody else can make them."""

import base64
import hmac
import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from services.sessions.access_tokens import InvalidAccessToken, issue_access_token, read_access_token
from services.sessions.refresh_tokens import derive_refresh_token, read_refresh_token

KEY = b"k" * 32
OTHER_KEY = b"o" * 32
LONG_KEY = b"k" * 64
SESSION = uuid.UUID("5f3c1a54-0d0e-4a53-9d6c-0a3f4b1c2d3e")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLAIMS = {"sub": "7", "sid": str(SESSION), "exp": NOW + timedelta(minutes=10)}


def issued() -> str:
    return issue_access_token(KEY, user_id=7, session_id=SESSION, now=NOW)


def test_an_access_token_names_user_and_session_and_no_roles() -> None:
    claims = read_access_token([KEY], issued(), now=NOW)
    assert (claims.user_id, claims.session_id) == (7, SESSION)
    by_the_book = jwt.decode(issued(), KEY, algorithms=["HS256"], options={"verify_exp": False, "verify_iat": False})
    assert by_the_book == {"sub": "7", "sid": str(SESSION), "iat": NOW.timestamp(), "exp": NOW.timestamp() + 600}
    assert read_access_token([KEY], jwt.encode(CLAIMS, KEY, algorithm="HS256"), now=NOW) == claims


def test_an_access_token_is_good_for_ten_minutes_and_a_slow_clock() -> None:
    token = issued()
    read_access_token([KEY], token, now=NOW + timedelta(minutes=10, seconds=4))
    with pytest.raises(InvalidAccessToken):
        read_access_token([KEY], token, now=NOW + timedelta(minutes=10, seconds=5))


def without_signature(token: str) -> str:
    header, claims, _ = token.split(".")
    return f"{header}.{claims}."


def signed_with_sha512(token: str) -> str:
    header = base64.urlsafe_b64encode(b'{"alg":"HS512","typ":"JWT"}').decode().rstrip("=")
    signed = f"{header}.{token.split('.')[1]}"
    signature = base64.urlsafe_b64encode(hmac.digest(KEY, signed.encode(), "sha512")).decode().rstrip("=")
    return f"{signed}.{signature}"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(jwt.encode(CLAIMS, OTHER_KEY, algorithm="HS256"), id="another key"),
        pytest.param(jwt.encode(CLAIMS, None, algorithm="none"), id="no algorithm"),
        pytest.param(jwt.encode(CLAIMS, LONG_KEY, algorithm="HS512"), id="another algorithm and key"),
        pytest.param(signed_with_sha512(issued()), id="another algorithm"),
        pytest.param(without_signature(issued()), id="no signature"),
        pytest.param(jwt.encode({"sub": "7", "sid": str(SESSION)}, KEY, algorithm="HS256"), id="never expires"),
        pytest.param(jwt.encode(CLAIMS | {"sid": "x"}, KEY, algorithm="HS256"), id="no session"),
        pytest.param(jwt.encode(CLAIMS | {"sid": 5}, KEY, algorithm="HS256"), id="a session that is a number"),
        pytest.param(jwt.encode(CLAIMS | {"sub": "x"}, KEY, algorithm="HS256"), id="no user"),
        pytest.param(jwt.encode(CLAIMS | {"exp": 10**30}, KEY, algorithm="HS256"), id="expires beyond time"),
        pytest.param(jwt.encode(CLAIMS | {"exp": "soon"}, KEY, algorithm="HS256"), id="expires at a word"),
        pytest.param("", id="empty"),
        pytest.param("a.b.c", id="garbage"),
        pytest.param("é.\ud800.c", id="not ASCII"),
    ],
)
def test_a_forged_access_token_is_refused(token: str) -> None:
    for _ in range(2):  # a refusal is not remembered as something else
        with pytest.raises(InvalidAccessToken):
            read_access_token([KEY], token, now=NOW)


def test_an_access_token_that_was_accepted_is_refused_under_another_key() -> None:
    token = issued()
    read_access_token([KEY], token, now=NOW)
    with pytest.raises(InvalidAccessToken):
        read_access_token([OTHER_KEY], token, now=NOW)


def test_a_refresh_token_can_be_derived_again() -> None:
    token = derive_refresh_token(KEY, session_id=SESSION, generation=3)
    assert token == derive_refresh_token(KEY, session_id=SESSION, generation=3)
    claims = read_refresh_token([KEY], token)
    assert claims is not None
    assert (claims.session_id, claims.generation) == (SESSION, 3)


def test_refresh_tokens_differ_by_key_session_and_generation() -> None:
    tokens = {
        derive_refresh_token(KEY, session_id=SESSION, generation=1),
        derive_refresh_token(KEY, session_id=SESSION, generation=2),
        derive_refresh_token(KEY, session_id=uuid.uuid4(), generation=1),
        derive_refresh_token(OTHER_KEY, session_id=SESSION, generation=1),
    }
    assert len(tokens) == 4


def with_generation_raised(token: str) -> str:
    raw = bytearray(base64.urlsafe_b64decode(token + "=="))
    raw[19] += 1
    return base64.urlsafe_b64encode(raw).decode()


GENUINE = derive_refresh_token(KEY, session_id=SESSION, generation=1)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(derive_refresh_token(OTHER_KEY, session_id=SESSION, generation=1), id="another key"),
        pytest.param(with_generation_raised(GENUINE), id="another generation"),
        pytest.param(GENUINE[:-4], id="cut"),
        pytest.param(GENUINE + "AAAA", id="longer"),
        pytest.param(GENUINE.replace(GENUINE[0], "*", 1), id="not base64"),
        pytest.param("", id="empty"),
        pytest.param("ключ", id="not ASCII"),
        pytest.param("\ud800", id="a lone surrogate"),
        pytest.param(base64.urlsafe_b64encode(b"short").decode(), id="short"),
    ],
)
def test_a_forged_refresh_token_says_nothing(token: str) -> None:
    assert read_refresh_token([KEY], token) is None
