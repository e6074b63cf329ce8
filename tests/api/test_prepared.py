"""Queries that were asked before: prepared once for everybody, answered for each who asks."""

from typing import Any

import pytest

from app.asgi import Api
from domain.people import Role
from domain.scopes import TokenScope
from models import User
from services.tokens.create import NewApiToken, create_first_api_token
from tests.api.conftest import Client
from tests.api.selling import make_company
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("database")

PAGE = "query($first: Int, $filter: CustomerFilter) { customers(first: $first, filter: $filter) { nodes { name } } }"


@pytest.fixture
async def ada(database: str) -> User:
    assert database
    await make_company()
    return await make_user(Role.ADMIN, name="Ada")


def hits(app: Api) -> int:
    assert app.runtime.connected is not None
    return app.runtime.connected.operations.prepared.uses.hits


async def test_a_query_is_prepared_once_and_answered_for_each_who_asks(app: Api, client: Client, ada: User) -> None:
    rep = await make_user(Role.REP, name="Rex")
    variables = {"first": 7}
    assert (await client.data(PAGE, variables, as_=ada))["customers"]["nodes"]
    before = hits(app)
    assert (await client.data(PAGE, variables, as_=rep))["customers"]["nodes"] == []
    assert hits(app) == before + 1


@pytest.mark.parametrize("other", [1.5, True, "1", [1, 2]])
async def test_variables_that_python_or_json_may_take_for_equal_are_told_apart(
    client: Client, ada: User, other: Any
) -> None:
    assert len((await client.data(PAGE, {"first": 1}, as_=ada))["customers"]["nodes"]) == 1
    answer = await client.query(PAGE, {"first": other}, as_=ada)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_INPUT"]


async def test_what_somebody_signed_in_asked_is_still_forbidden_to_a_token_without_the_scope(
    client: Client, ada: User
) -> None:
    await client.data(PAGE, {"first": 8}, as_=ada)
    token = NewApiToken(name="shop", scopes=[TokenScope.ORDERS_READ], expires_in_days=None)
    secret = (await create_first_api_token(token=token, email=None)).secret
    answer = await client.query(PAGE, {"first": 8}, headers={"authorization": f"Bearer {secret}"})
    assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "scopes": ["CUSTOMERS_READ"]}
    answer = await client.query(PAGE, {"first": 8})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_filter_is_read_anew_when_other_custom_fields_are_in_use(app: Api, client: Client, ada: User) -> None:
    async def write(mutation: str, name: str, **given: Any) -> dict[str, Any]:
        document = (
            f"mutation($input: {name}!) {{ {mutation}(input: $input) {{ customField {{ id }} errors {{ code }} }} }}"
        )
        answer: dict[str, Any] = (await client.data(document, {"input": given}, as_=ada))[mutation]
        assert answer["errors"] == []
        assert app.runtime.connected is not None
        await app.runtime.connected.custom_fields.refresh()
        return answer["customField"]  # type: ignore[no-any-return]

    filtered = {"filter": {"customField": {"key": "grade", "text": {"eq": "x"}}}}
    assert (await client.query(PAGE, filtered, as_=ada))["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    field = {"entity": "CUSTOMER", "key": "grade", "type": "TEXT", "labels": {"en": "Grade"}}
    made = await write("customFieldCreate", "CustomFieldCreateInput", idempotencyKey="grade", **field)
    for _ in range(2):
        assert (await client.data(PAGE, filtered, as_=ada))["customers"]["nodes"] == []
    await write("customFieldArchive", "CustomFieldArchiveInput", id=made["id"])
    assert (await client.query(PAGE, filtered, as_=ada))["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_a_mutation_is_never_kept_since_its_variables_can_be_secrets(app: Api, client: Client) -> None:
    assert app.runtime.connected is not None
    before = len(app.runtime.connected.operations.prepared)
    login = 'mutation($p: String!) { login(input: {email: "a@b.example", password: $p}) { errors { code } } }'
    await client.query(login, {"p": "secret"})
    assert len(app.runtime.connected.operations.prepared) == before


async def test_a_segment_is_looked_up_each_time_since_it_changes_and_not_everybody_sees_it(
    client: Client, ada: User
) -> None:
    bob = await make_user(Role.REP, name="Bob")
    create = "mutation($input: SegmentCreateInput!) { segmentCreate(input: $input) { segment { id } errors { code } } }"
    given = {"name": "All", "customerFilter": {"not": {"name": {"eq": "x"}}}}
    made = (await client.data(create, {"input": given}, as_=ada))["segmentCreate"]
    listed = "query($id: ID!) { customers(segment: $id) { totalCount } }"
    variables = {"id": made["segment"]["id"]}
    for _ in range(2):
        assert (await client.data(listed, variables, as_=ada))["customers"]["totalCount"] > 0
    assert (await client.query(listed, variables, as_=bob))["errors"]
