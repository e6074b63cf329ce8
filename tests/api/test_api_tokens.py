"""API tokens: machines ask with them, as far as their scopes go. Documents in, JSON out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.api_tokens import NewApiToken
from domain.errors import NotFound, Refused
from domain.people import Role
from domain.scopes import TokenScope
from models import ApiToken, AuditEntry, Order, Team, User
from models.connection import pool
from reads.binding import compiled_roots
from resolvers.scopes import needed_scopes
from schema.root import schema
from services.sessions.endings import end_all_access
from services.sessions.viewers import GOOD_FOR
from services.tokens.create import create_first_api_token
from services.tokens.revoke import revoke_by_operator
from services.tokens.uses import TokenUses
from services.transaction import transaction
from tests.api.conftest import Client
from tests.factories import make_customer, make_order, make_product, make_team, make_user

CREATE = """mutation($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) {
    secret apiToken { id hint name scopes user { id name roles } createdBy { id } } errors { code path } } }"""
REVOKE = """mutation($input: ApiTokenRevokeInput!) { apiTokenRevoke(input: $input) {
    apiToken { id revokedAt } errors { code } } }"""
ORDERS = "{ orders { totalCount nodes { number customer { name } lines { sku product { name } } } } }"
ENTER = """mutation($input: OrderCreateInput!) { orderCreate(input: $input) {
    order { id owner { name } } errors { code path } } }"""
WHO = "{ viewer { name roles } }"


@dataclass
class World:
    admin: User
    rosa: User
    team: Team


@pytest.fixture
async def world(database: str) -> World:  # noqa: ARG001  # emptied before
    team = await make_team()
    rosa = await make_user(Role.REP, team=team, name="Rosa", email="rosa@test.example")
    customer = await make_customer(owner=rosa, name="Tea Ltd")
    product = await make_product("TEA-1", name="Tea")
    await make_order(owner=rosa, customer=customer, lines=[(product, "1")])
    await make_order(owner=await make_user(Role.REP, team=team))
    return World(await make_user(Role.ADMIN, name="Ada"), rosa, team)


async def secret_of(*scopes: str, email: str | None = None, days: int | None = None) -> str:
    wanted = [TokenScope(scope) for scope in scopes]
    token = NewApiToken(name="shop", scopes=wanted, expires_in_days=days)
    return (await create_first_api_token(token=token, email=email)).secret


async def ask(client: Client, secret: str, document: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    variables = {"input": given} if given is not None else {}
    return await client.query(document, variables, headers={"authorization": f"Bearer {secret}"})


async def refusal(client: Client, secret: str, document: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await ask(client, secret, document, given)
    assert answer.get("data") is None
    [error] = answer["errors"]
    extensions: dict[str, Any] = error["extensions"]
    return extensions


async def test_a_machine_sees_all_orders_by_its_scope_and_nothing_that_no_scope_names(
    client: Client, world: World
) -> None:
    assert world
    answer = await ask(client, await secret_of("ORDERS_READ"), ORDERS)
    orders = answer["data"]["orders"]
    assert orders["totalCount"] == 2
    assert [order["customer"] for order in orders["nodes"]] == [None, None]
    assert {"sku": "TEA-1", "product": None} in orders["nodes"][0]["lines"] + orders["nodes"][1]["lines"]
    answer = await ask(client, await secret_of("ORDERS_READ", "CUSTOMERS_READ", "PRODUCTS_READ"), ORDERS)
    shown = answer["data"]["orders"]["nodes"]
    assert {"name": "Tea Ltd"} in [order["customer"] for order in shown]
    assert {"sku": "TEA-1", "product": {"name": "Tea"}} in shown[0]["lines"] + shown[1]["lines"]


async def test_filters_and_nodes_reach_no_further_than_the_scopes(client: Client, world: World) -> None:
    assert world
    secret = await secret_of("ORDERS_READ")
    filtered = '{ orders(filter: {customer: {name: {eq: "Tea Ltd"}}}) { totalCount } }'
    assert (await ask(client, secret, filtered))["data"] == {"orders": {"totalCount": 0}}
    nodes = await ask(client, secret, '{ nodes(ids: ["ord_1", "cus_1", "prd_1", "oln_1", "tok_1", "usr_1"]) { id } }')
    assert nodes["data"]["nodes"] == [{"id": "ord_1"}, None, None, {"id": "oln_1"}, None, {"id": "usr_1"}]
    contents = "{ users { nodes { email orders { totalCount } customers { totalCount } } } }"
    assert {"email": None, "orders": {"totalCount": 1}, "customers": {"totalCount": 0}} in (
        await ask(client, secret, contents)
    )["data"]["users"]["nodes"]


@pytest.mark.parametrize(
    ("document", "lacking"),
    [
        ("{ customers { totalCount } }", ["CUSTOMERS_READ"]),
        ('{ product(id: "prd_1") { id } }', ["PRODUCTS_READ"]),
        ("{ company { zone } orders { totalCount } jobs { totalCount } }", ["JOBS"]),
        ('mutation { orderCreate(input: {currency: "GBP", lines: []}) { errors { code } } }', ["ORDERS_WRITE"]),
        ('mutation { apiTokenRevoke(input: {id: "tok_1"}) { errors { code } } }', None),
        ("mutation { logout { ended } }", None),
        ("{ apiTokens { totalCount } }", None),
        ("query { ...F } fragment F on Query { x: customers { totalCount } }", ["CUSTOMERS_READ"]),
    ],
)
async def test_a_field_beyond_the_scopes_is_forbidden_and_the_scope_is_named(
    client: Client, world: World, document: str, lacking: list[str] | None
) -> None:
    assert world
    expected = {"code": "FORBIDDEN"} | ({"scopes": lacking} if lacking else {})
    assert await refusal(client, await secret_of("ORDERS_READ"), document) == expected
    headers = {
        "authorization": f"Bearer {await secret_of('ORDERS_READ')}",
        "accept": "application/graphql-response+json",
    }
    assert (await client.post(document, headers=headers)).status_code == 403


async def test_no_scope_lets_a_token_make_another(client: Client, world: World) -> None:
    assert world
    for secret in (await secret_of(*TokenScope), await secret_of(*TokenScope, email=world.admin.email)):
        given = {"name": "more", "scopes": ["ORDERS_WRITE"]}
        assert await refusal(client, secret, CREATE, given) == {"code": "FORBIDDEN"}
    assert await ApiToken.all().count() == 2


async def test_a_machine_enters_orders_for_nobody_or_for_whom_it_names(client: Client, world: World) -> None:
    secret = await secret_of("ORDERS_WRITE", "PRODUCTS_READ")
    given = {"currency": "GBP", "lines": [{"sku": "TEA-1", "quantity": "2"}], "idempotencyKey": "a"}
    first = (await ask(client, secret, ENTER, given))["data"]["orderCreate"]
    assert first == {"order": {"id": "ord_3", "owner": None}, "errors": []}
    # The key is the service account's: a token that replaces the first repeats its answer.
    again = (await ask(client, await secret_of("ORDERS_WRITE", "PRODUCTS_READ"), ENTER, given))["data"]["orderCreate"]
    assert again == first
    named = given | {"ownerId": f"usr_{world.rosa.id}", "idempotencyKey": "b"}
    assert (await ask(client, secret, ENTER, named))["data"]["orderCreate"]["order"]["owner"] == {"name": "Rosa"}
    assert (await Order.get(id=3)).team_id is None


async def test_a_token_of_a_person_has_that_persons_rights_cut_down_by_its_scopes(client: Client, world: World) -> None:
    secret = await secret_of("ORDERS_READ", email=world.rosa.email)
    assert (await ask(client, secret, ORDERS))["data"]["orders"]["totalCount"] == 1
    assert (await ask(client, secret, WHO))["data"]["viewer"] == {"name": "Rosa", "roles": ["REP"]}
    assert (await refusal(client, secret, "{ customers { totalCount } }"))["scopes"] == ["CUSTOMERS_READ"]
    admins = await secret_of("ORDERS_READ", email=world.admin.email)
    assert (await ask(client, admins, ORDERS))["data"]["orders"]["totalCount"] == 2
    emails = (await ask(client, admins, "{ users { nodes { email } } }"))["data"]["users"]["nodes"]
    assert {user["email"] for user in emails} == {None, world.admin.email}


async def test_integration_means_nothing_without_a_token(client: Client, world: World) -> None:
    machine = await make_user(Role.INTEGRATION, team=world.team)
    assert (await client.data(ORDERS, as_=machine))["orders"]["totalCount"] == 0
    answer = await client.data(ENTER, {"input": {"currency": "GBP", "lines": []}}, as_=machine)
    assert answer["orderCreate"]["errors"] == [{"code": "NOT_PERMITTED", "path": []}]


async def test_an_administrator_makes_tokens_and_sees_all_but_their_secrets(client: Client, world: World) -> None:
    given = {"name": "shop", "scopes": ["ORDERS_WRITE", "ORDERS_WRITE"], "expiresInDays": 30}
    made = (await client.data(CREATE, {"input": given}, as_=world.admin))["apiTokenCreate"]
    assert made["errors"] == []
    token, secret = made["apiToken"], made["secret"]
    assert token["hint"] == secret[-4:]
    assert token["user"]["roles"] == ["INTEGRATION"]
    assert token["createdBy"] == {"id": f"usr_{world.admin.id}"}
    assert (await ask(client, secret, WHO))["data"]["viewer"]["name"] == "shop"
    stored = [str(value) for value in dict(await pool().fetchrow("SELECT * FROM api_token")).values()]
    assert not [value for value in stored if secret[4:-4] in value]
    assert await client.data("{ apiTokens { nodes { name scopes } } }", as_=world.admin) == {
        "apiTokens": {"nodes": [{"name": "shop", "scopes": ["ORDERS_WRITE"]}]}
    }
    assert await client.data("{ apiTokens { totalCount } }", as_=world.rosa) == {"apiTokens": {"totalCount": 0}}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"scopes": []}, [("INVALID_INPUT", "scopes")]),
        ({"name": " "}, [("INVALID_INPUT", "name")]),
        ({"expiresInDays": 0}, [("INVALID_INPUT", "expiresInDays")]),
        ({"expiresInDays": 3651, "name": ""}, [("INVALID_INPUT", "name"), ("INVALID_INPUT", "expiresInDays")]),
        ({"userId": "usr_99"}, [("NOT_FOUND", "userId")]),
        ({"userId": "usr_4"}, [("INVALID_INPUT", "userId")]),
    ],
)
async def test_what_is_wrong_with_a_token_is_told_and_none_is_made(
    client: Client, world: World, given: dict[str, Any], errors: list[tuple[str, str]]
) -> None:
    assert (await make_user(active=False)).id == 4
    asked = {"name": "shop", "scopes": ["ORDERS_READ"]} | given
    made = (await client.data(CREATE, {"input": asked}, as_=world.admin))["apiTokenCreate"]
    assert [(error["code"], error["path"][-1]) for error in made["errors"]] == errors
    assert made["secret"] is made["apiToken"] is None
    assert await ApiToken.all().count() == 0


async def test_others_make_none_and_revoke_their_own_alone(client: Client, world: World) -> None:
    given = {"name": "mine", "scopes": ["ORDERS_READ"], "userId": f"usr_{world.rosa.id}"}
    refused = (await client.data(CREATE, {"input": given}, as_=world.rosa))["apiTokenCreate"]
    assert refused["errors"] == [{"code": "NOT_PERMITTED", "path": []}]
    await secret_of("ORDERS_READ", email=world.rosa.email)
    await secret_of("ORDERS_READ")
    own = (await client.data(REVOKE, {"input": {"id": "tok_1"}}, as_=world.rosa))["apiTokenRevoke"]
    assert own["errors"] == []
    assert own["apiToken"]["revokedAt"]
    written = [(entry.action, entry.subject_id, entry.actor_id) for entry in await AuditEntry.all().order_by("id")]
    assert written == [
        ("API_TOKEN_CREATED", "tok_1", None),
        ("API_TOKEN_CREATED", "tok_2", None),
        ("API_TOKEN_REVOKED", "tok_1", world.rosa.id),
    ]
    foreign = (await client.data(REVOKE, {"input": {"id": "tok_2"}}, as_=world.rosa))["apiTokenRevoke"]
    assert foreign == {"apiToken": None, "errors": [{"code": "NOT_FOUND"}]}


@pytest.mark.parametrize("ending", ["revoked", "expired", "deactivated", "all access ended"])
async def test_a_token_that_has_ended_is_unauthenticated(client: Client, world: World, ending: str) -> None:
    used, secret = [await secret_of("ORDERS_READ", email=world.rosa.email, days=1) for _ in range(2)]
    assert (await ask(client, used, WHO))["data"]
    if ending == "revoked":
        await revoke_by_operator(token_id=2)
    elif ending == "expired":
        await ApiToken.all().update(expires_at=datetime(2026, 1, 1, tzinfo=UTC))
    elif ending == "deactivated":
        await User.filter(id=world.rosa.id).update(active=False)
    else:
        async with transaction() as db:
            await end_all_access(db, user_id=world.rosa.id)
    assert await refusal(client, secret, WHO) == {"code": "UNAUTHENTICATED"}
    assert GOOD_FOR <= 5  # the one that was used a moment ago is asked about again by then


async def test_a_token_that_nobody_made_is_unauthenticated(client: Client, world: World) -> None:
    assert world
    secret = await secret_of("ORDERS_READ")
    for forged in (
        secret[:-1],
        secret + "A",
        secret[:-1] + ("A" if secret[-1] != "A" else "B"),
        "slc_",
        "slc_" + "é" * 43,
    ):
        headers = {"authorization": f"Bearer {forged}".encode()}
        response = await client.http.post("/graphql", json={"query": WHO}, headers=headers)
        assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_the_last_use_is_written_off_the_request_path_and_coarsely(world: World) -> None:
    assert world
    await secret_of("ORDERS_READ")
    uses = TokenUses()
    uses.saw(1)
    await uses.write()
    first = (await ApiToken.get(id=1)).last_used_at
    assert first is not None
    uses.saw(1)
    await uses.write()
    assert (await ApiToken.get(id=1)).last_used_at == first


async def test_an_operator_is_told_of_an_unknown_user_or_token(world: World) -> None:
    assert world
    with pytest.raises(Refused) as refused:
        await secret_of("ORDERS_READ", email="nobody@test.example")
    assert refused.value.errors == (NotFound(path=("user",)),)
    with pytest.raises(Refused):
        await revoke_by_operator(token_id=1)


def test_every_field_that_needs_a_scope_is_one_of_the_schema() -> None:
    graphql = schema._schema
    types = (graphql.query_type, graphql.mutation_type, graphql.subscription_type)
    fields = {name for of in types if of for name in of.fields}
    needs = needed_scopes(compiled_roots(schema))
    assert set(needs) <= fields
    assert {"apiTokens", "apiTokenCreate", "apiTokenRevoke", "logout", "login"}.isdisjoint(needs)
