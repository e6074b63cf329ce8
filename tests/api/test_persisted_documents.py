"""Documents that are named instead of being sent."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis

from app.asgi import Api
from app.documents.known import KnownDocuments
from app.documents.persisted import PersistedDocuments, hash_of
from app.documents.trusted import ManifestError, read_manifest
from domain.people import Role
from models import User
from tests.api.conftest import Client
from tests.factories import make_user
from tests.waiting import within

pytestmark = pytest.mark.usefixtures("database")

NAME = "{ viewer { name } }"
ANSWER = {"data": {"viewer": {"name": "Ada"}}}


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    return await make_user(Role.ADMIN, name="Ada")


@pytest.fixture
def other_process(app: Api, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> PersistedDocuments:
    """What another process knows that has just begun; Valkey is empty."""
    monkeypatch.setattr(app.runtime, "documents", KnownDocuments(PersistedDocuments(redis_url), {}))
    return PersistedDocuments(redis_url)


async def named(client: Client, user: User | None, text: str | None, name: str) -> dict[str, Any]:
    body = {**({"query": text} if text else {}), "extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}}
    bearer = {"authorization": f"Bearer {await client.token(user)}"} if user else {}
    headers = {"content-type": "application/json", **bearer}
    answer: dict[str, Any] = (await client.http.post("/graphql", content=json.dumps(body), headers=headers)).json()
    return answer


def code(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


async def test_a_document_that_was_sent_once_is_known_by_its_hash(
    client: Client, ada: User, other_process: PersistedDocuments
) -> None:
    name = hash_of(NAME)
    missing = await named(client, ada, None, name)
    assert (code(missing), missing["errors"][0]["message"]) == ("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    assert await named(client, ada, NAME, name) == ANSWER
    assert await named(client, ada, None, name) == ANSWER

    async def is_known_elsewhere() -> bool:
        return await other_process.text(name) == NAME

    await within(5, is_known_elsewhere)


async def test_only_a_valid_document_of_somebody_signed_in_is_kept(
    client: Client, ada: User, other_process: PersistedDocuments
) -> None:
    assert other_process
    for user, text in ((ada, "{ nothing }"), (None, "{ __typename }")):
        await named(client, user, text, hash_of(text))
        assert code(await named(client, ada, None, hash_of(text))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_hash_that_is_not_the_documents_is_refused(client: Client, ada: User) -> None:
    assert code(await named(client, ada, NAME, hash_of("{ viewer { id } }"))) == "BAD_REQUEST"
    assert code(await named(client, ada, None, "nonsense")) == "BAD_REQUEST"


async def test_what_redis_holds_under_a_wrong_hash_is_not_believed(
    client: Client, ada: User, other_process: PersistedDocuments, redis_url: str
) -> None:
    await named(client, ada, NAME, hash_of(NAME))
    with redis.Redis.from_url(redis_url) as forger:

        async def is_there() -> bool:
            return bool(forger.keys("sluice:document:*"))

        await within(5, is_there)
        [key] = forger.keys("sluice:document:*")
        forger.set(key, "mutation { logout { ended } }")
    assert await other_process.text(hash_of(NAME)) is None


async def test_without_redis_documents_are_sent(
    client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = PersistedDocuments("redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.runtime, "documents", KnownDocuments(nowhere, {}))
    assert code(await named(client, ada, None, hash_of(NAME))) == "PERSISTED_QUERY_NOT_FOUND"
    assert await named(client, ada, NAME, hash_of(NAME)) == ANSWER
    assert await named(client, ada, None, hash_of(NAME)) == ANSWER
    await nowhere.close()


async def test_only_trusted_documents_are_answered_where_that_is_wanted(
    client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = KnownDocuments(app.runtime.documents.persisted, {"names": NAME}, only_trusted=True)
    monkeypatch.setattr(app.runtime, "documents", documents)
    assert await client.query("", as_=ada, documentId="names") == ANSWER
    assert await client.query(NAME, as_=ada) == ANSWER
    assert await client.error("{ viewer { id } }", as_=ada) == {"code": "FORBIDDEN"}
    assert await client.error("", as_=ada, documentId="others") == {"code": "FORBIDDEN"}


async def test_a_document_has_one_name_which_is_its_own(
    client: Client, ada: User, app: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = KnownDocuments(app.runtime.documents.persisted, {"names": NAME})
    monkeypatch.setattr(app.runtime, "documents", documents)
    assert await client.query(NAME, as_=ada, documentId="names") == ANSWER
    assert await client.query(NAME, as_=ada, documentId=hash_of(NAME)) == ANSWER
    refused = {"code": "BAD_REQUEST"}
    assert await client.error("{ viewer { id } }", as_=ada, documentId="names") == refused
    assert await client.error(NAME, as_=ada, documentId="others") == refused
    assert (await client.error("", as_=ada, documentId="others"))["code"] == "PERSISTED_QUERY_NOT_FOUND"
    both = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(NAME)}}
    assert await client.error(NAME, as_=ada, documentId="names", extensions=both) == refused


@pytest.mark.parametrize(
    "content",
    [
        {"names": NAME},
        {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "names", "body": NAME}]},
    ],
)
def test_a_manifest_is_as_relay_or_apollo_writes_it(tmp_path: Path, content: Any) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    assert read_manifest(tmp_path / "manifest.json") == {"names": NAME}


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"operations": [{"id": "a"}]}'])
def test_a_file_that_is_no_manifest_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ManifestError, match="manifest"):
        read_manifest(tmp_path / "manifest.json")
