"""login, tokenRefresh and logout: documents in, JSON out."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.people import Role
from models import LoginAttempts, Session, Team, User
from services.clock import clock_set_to
from services.sessions import passwords
from tests.api.administering import PASSWORD_SET, PASSWORD_TOKEN_CREATE
from tests.api.conftest import Client
from tests.factories import make_team, make_user

LOGIN = """mutation($input: LoginInput!) { login(input: $input) {
    accessToken refreshToken errors { __typename code message path } } }"""
REFRESH = """mutation($input: TokenRefreshInput!) { tokenRefresh(input: $input) {
    accessToken refreshToken errors { __typename code message path } } }"""
LOGOUT = "mutation { logout { ended errors { code } } }"
VIEWER = "{ viewer { name email roles } }"
PASSWORD = "correct horse"


@pytest.fixture
async def team(database: str) -> Team:  # noqa: ARG001  # emptied before
    return await make_team()


@pytest.fixture
async def rosa(team: Team) -> User:
    return await make_user(Role.REP, team=team, email="rosa@test.example", name="Rosa", password=PASSWORD)


async def ask(client: Client, document: str, given: dict[str, Any] | None = None, *, token: str = "") -> Any:
    """The payload of the only field, as whoever has the token."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = await client.query(document, {"input": given} if given else {}, headers=headers)
    assert "errors" not in answer, answer["errors"]
    [payload] = answer["data"].values()
    return payload


async def sign_in(client: Client, email: str = "rosa@test.example", password: str = PASSWORD) -> Any:
    return await ask(client, LOGIN, {"email": email, "password": password})


@pytest.mark.usefixtures("rosa")
async def test_a_token_speaks_for_whoever_signed_in(client: Client) -> None:
    tokens = await sign_in(client, email=" Rosa@Test.EXAMPLE ")
    assert tokens["errors"] == []
    viewer = await ask(client, VIEWER, token=tokens["accessToken"])
    assert viewer == {"name": "Rosa", "email": "rosa@test.example", "roles": ["REP"]}


@pytest.mark.usefixtures("rosa")
async def test_a_wrong_password_and_an_unknown_address_are_told_alike(client: Client, team: Team) -> None:
    await make_user(Role.REP, team=team, email="gone@test.example", password=PASSWORD, active=False)
    await make_user(Role.REP, team=team, email="machine@test.example")
    answers = [
        await sign_in(client, password="wrong"),
        await sign_in(client, email="nobody@test.example"),
        await sign_in(client, email="gone@test.example"),
        await sign_in(client, email="machine@test.example", password=""),
    ]
    refusal = {
        "__typename": "InvalidCredentials",
        "code": "INVALID_CREDENTIALS",
        "message": "No active user has this email and password.",
        "path": [],
    }
    assert answers == [{"accessToken": None, "refreshToken": None, "errors": [refusal]}] * 4
    assert await Session.all().count() == 0


@pytest.mark.usefixtures("rosa")
async def test_a_refresh_token_is_exchanged_for_the_next_and_repeats_its_answer(client: Client) -> None:
    first = await sign_in(client)
    second = await ask(client, REFRESH, {"refreshToken": first["refreshToken"]})
    again = await ask(client, REFRESH, {"refreshToken": first["refreshToken"]})
    assert second["errors"] == again["errors"] == []
    assert second["refreshToken"] == again["refreshToken"] != first["refreshToken"]
    assert (await ask(client, VIEWER, token=second["accessToken"]))["name"] == "Rosa"


@pytest.mark.usefixtures("rosa")
async def test_a_token_that_ran_out_does_not_keep_one_from_getting_the_next(client: Client) -> None:
    with clock_set_to(datetime.now(UTC) - timedelta(minutes=30)):
        old = await sign_in(client)
    refused = await client.error(VIEWER, headers={"authorization": f"Bearer {old['accessToken']}"})
    assert refused == {"code": "UNAUTHENTICATED"}
    new = await ask(client, REFRESH, {"refreshToken": old["refreshToken"]}, token=old["accessToken"])
    assert (await ask(client, VIEWER, token=new["accessToken"]))["name"] == "Rosa"
    assert (await ask(client, LOGIN, {"email": "x", "password": "y"}, token=old["accessToken"]))["errors"]


@pytest.mark.usefixtures("rosa")
async def test_a_refresh_token_that_is_used_late_ends_the_session(client: Client) -> None:
    with clock_set_to(datetime.now(UTC) - timedelta(minutes=2)):
        first = await sign_in(client)
        second = await ask(client, REFRESH, {"refreshToken": first["refreshToken"]})
    for token in (first["refreshToken"], second["refreshToken"], "nonsense", ""):
        answer = await ask(client, REFRESH, {"refreshToken": token})
        assert [error["code"] for error in answer["errors"]] == ["SESSION_ENDED"]
        assert answer["accessToken"] is answer["refreshToken"] is None


@pytest.mark.usefixtures("rosa")
async def test_signing_out_ends_this_session_at_once_and_no_other(client: Client) -> None:
    here, there = await sign_in(client), await sign_in(client)
    await ask(client, VIEWER, token=here["accessToken"])
    assert await ask(client, LOGOUT, token=here["accessToken"]) == {"ended": True, "errors": []}
    gone = await client.error(VIEWER, headers={"authorization": f"Bearer {here['accessToken']}"})
    assert gone == {"code": "UNAUTHENTICATED"}
    answer = await ask(client, REFRESH, {"refreshToken": here["refreshToken"]})
    assert [error["code"] for error in answer["errors"]] == ["SESSION_ENDED"]
    assert (await ask(client, VIEWER, token=there["accessToken"]))["name"] == "Rosa"


async def test_nobody_reads_or_writes_or_signs_out_without_a_token(client: Client, rosa: User) -> None:
    assert rosa
    for document in (VIEWER, LOGOUT, 'mutation { customerCreate(input: {name: "x"}) { errors { code } } }'):
        for headers in ({}, {"authorization": "Bearer x.y.z"}, {"authorization": "Basic cm9zYTp4"}):
            assert await client.error(document, headers=headers) == {"code": "UNAUTHENTICATED"}


async def test_somebody_who_is_deactivated_is_out_with_the_next_token(client: Client, rosa: User) -> None:
    tokens = await sign_in(client)
    await User.filter(id=rosa.id).update(active=False)
    answer = await ask(client, REFRESH, {"refreshToken": tokens["refreshToken"]})
    assert [error["code"] for error in answer["errors"]] == ["SESSION_ENDED"]
    assert (await sign_in(client))["errors"][0]["code"] == "INVALID_CREDENTIALS"
    headers = {"authorization": f"Bearer {tokens['accessToken']}"}
    assert await client.error(VIEWER, headers=headers) == {"code": "UNAUTHENTICATED"}


@pytest.mark.usefixtures("rosa")
async def test_refusals_are_told_in_the_language_that_is_asked_for(client: Client) -> None:
    given = {"input": {"email": "rosa@test.example", "password": "wrong"}}
    answer = await client.query(LOGIN, given, headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert answer["data"]["login"]["errors"][0]["message"] == "邮箱或密码不正确。"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 100_000])
async def test_texts_that_nothing_can_hold_sign_nobody_in(client: Client, team: Team, text: str) -> None:
    assert team
    for field in ("email", "password"):
        given = {"email": "rosa@test.example", "password": "x"} | {field: text}
        body = json.dumps({"query": LOGIN, "variables": {"input": given}})
        response = await client.http.post("/graphql", content=body, headers={"content-type": "application/json"})
        answer = response.json()
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert codes == ["INVALID_INPUT"] or answer["data"]["login"]["errors"][0]["code"] == "INVALID_CREDENTIALS"


SESSIONS = "{ sessions { id current network device createdAt lastUsedAt expiresAt } }"
END = "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) { ended errors { code path } } }"
NEW_PASSWORD = """mutation($input: PasswordChangeInput!) { passwordChange(input: $input) {
    sessionsEnded errors { code path } } }"""
FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.mark.usefixtures("rosa")
async def test_a_user_sees_their_sessions_and_ends_one(client: Client, team: Team) -> None:
    given = {"email": "rosa@test.example", "password": PASSWORD}
    answer = await client.query(LOGIN, {"input": given}, headers=FIREFOX)
    there, here = answer["data"]["login"], await sign_in(client)
    sessions = await ask(client, SESSIONS, token=here["accessToken"])
    assert [(found["current"], found["network"]) for found in sessions] == [
        (True, "127.0.0.0/24"),
        (False, "127.0.0.0/24"),
    ]
    assert sessions[1]["device"] == "Firefox on Linux"
    other = await make_user(Role.REP, team=team, email="other@test.example", password=PASSWORD)
    assert other
    stranger = await sign_in(client, email="other@test.example")
    refused = await ask(client, END, {"id": sessions[1]["id"]}, token=stranger["accessToken"])
    assert refused == {"ended": False, "errors": [{"code": "NOT_FOUND", "path": ["input", "id"]}]}
    ended = await ask(client, END, {"id": sessions[1]["id"]}, token=here["accessToken"])
    assert ended == {"ended": True, "errors": []}
    assert await client.error(VIEWER, headers={"authorization": f"Bearer {there['accessToken']}"})
    assert (await ask(client, REFRESH, {"refreshToken": there["refreshToken"]}))["errors"]
    assert len(await ask(client, SESSIONS, token=here["accessToken"])) == 1
    again = await ask(client, END, {"id": "nonsense"}, token=here["accessToken"])
    assert again["errors"][0]["code"] == "NOT_FOUND"


@pytest.mark.usefixtures("rosa")
async def test_a_new_password_ends_the_other_sessions(client: Client) -> None:
    there, here = await sign_in(client), await sign_in(client)
    given = {"currentPassword": PASSWORD, "newPassword": "battery staple horse"}
    changed = await ask(client, NEW_PASSWORD, given, token=here["accessToken"])
    assert changed == {"sessionsEnded": 1, "errors": []}
    assert (await ask(client, REFRESH, {"refreshToken": there["refreshToken"]}))["errors"][0]["code"] == "SESSION_ENDED"
    assert (await ask(client, REFRESH, {"refreshToken": here["refreshToken"]}))["errors"] == []
    assert (await sign_in(client))["errors"][0]["code"] == "INVALID_CREDENTIALS"
    assert (await sign_in(client, password="battery staple horse"))["errors"] == []


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"currentPassword": "wrong"}, {"code": "INVALID_CREDENTIALS", "path": ["input", "currentPassword"]}),
        ({"newPassword": "password1234"}, {"code": "INVALID_INPUT", "path": ["input", "newPassword"]}),
        ({"newPassword": "short"}, {"code": "INVALID_INPUT", "path": ["input", "newPassword"]}),
    ],
)
async def test_a_new_password_needs_the_old_one_and_is_not_guessed_first(
    client: Client, given: dict[str, str], error: dict[str, Any]
) -> None:
    tokens = await sign_in(client)
    asked = {"currentPassword": PASSWORD, "newPassword": "battery staple horse"} | given
    assert await ask(client, NEW_PASSWORD, asked, token=tokens["accessToken"]) == {
        "sessionsEnded": None,
        "errors": [error],
    }
    assert (await sign_in(client))["errors"] == []


@pytest.mark.usefixtures("rosa")
async def test_of_two_new_passwords_at_once_one_wins(client: Client) -> None:
    tokens = await sign_in(client)
    given = [{"currentPassword": PASSWORD, "newPassword": f"battery staple {word}"} for word in ("one", "two")]
    answers = await asyncio.gather(*(ask(client, NEW_PASSWORD, one, token=tokens["accessToken"]) for one in given))
    assert sorted(len(answer["errors"]) for answer in answers) == [0, 1]


@pytest.mark.usefixtures("rosa")
async def test_in_a_flood_of_passwords_a_new_one_is_refused_and_nobody_is_charged(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = await sign_in(client)
    admin = await make_user(Role.ADMIN)
    made = await client.data(PASSWORD_TOKEN_CREATE, {"input": {"userId": "usr_1"}}, as_=admin)
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)
    given = {"currentPassword": PASSWORD, "newPassword": "battery staple horse"}
    changed = await ask(client, NEW_PASSWORD, given, token=tokens["accessToken"])
    given = {"token": made["passwordTokenCreate"]["token"], "password": "battery staple horse"}
    answers = [changed, await ask(client, PASSWORD_SET, given)]
    assert [[error["code"] for error in answer["errors"]] for answer in answers] == [["TOO_MANY_ATTEMPTS"]] * 2
    assert await LoginAttempts.all().count() == 0


@pytest.mark.usefixtures("rosa")
async def test_too_many_attempts_are_told_with_the_time_to_try_again(client: Client) -> None:
    document = """mutation($input: LoginInput!) { login(input: $input) {
        errors { code message ... on TooManyAttempts { retryAt } } } }"""
    given = {"email": "rosa@test.example", "password": "wrong"}
    with clock_set_to(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)):
        answers = [await ask(client, document, given) for _ in range(11)]
    [error] = answers[-1]["errors"]
    assert error == {
        "code": "TOO_MANY_ATTEMPTS",
        "message": "Too many attempts. Try again after 2026-03-02 09:00:01 UTC.",
        "retryAt": "2026-03-02T09:00:01.000Z",
    }
    assert [answer["errors"][0]["code"] for answer in answers[:-1]] == ["INVALID_CREDENTIALS"] * 10
