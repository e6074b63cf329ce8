"""Mutations as a whole: refusals are data, faults are not, and a payload is read like any query."""

from typing import Any

import pytest

import resolvers.orders
from domain.people import Role
from models import Order, Product, Team, User
from tests.api.conftest import Client
from tests.api.writing import ORDER_CREATE, ORDER_UPDATE, PRODUCT_UPSERT, everything
from tests.factories import make_customer, make_order, make_product, make_team, make_user, share_order

ZH = {"accept-language": "zh-CN"}
LINE = {"sku": "TEA", "quantity": "2"}


@pytest.fixture(autouse=True)
async def tea(database: str) -> Product:  # noqa: ARG001  # emptied before
    return await make_product("TEA", price="2.50")


@pytest.fixture
async def team(tea: Product) -> Team:  # noqa: ARG001  # made before
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def manager(team: Team) -> User:
    return await make_user(Role.MANAGER, team=team)


async def messages(client: Client, document: str, given: dict[str, Any], user: User, **headers: str) -> list[str]:
    """What the only mutation says of each error."""
    [answer] = (await client.data(document, {"input": given}, as_=user, **headers)).values()
    return [error["message"] for error in answer["errors"]]


async def test_messages_are_in_the_language_that_is_asked_for(client: Client, rep: User) -> None:
    line = {"sku": "TEA", "quantity": "0"}
    given = {"currency": "EUR", "lines": [line], "customerId": "cus_9", "notes": "x" * 10_001}
    assert await messages(client, ORDER_CREATE, given, rep) == [
        "lines.0.quantity must not be zero",
        "notes is longer than 10000 characters",
        "There is no such thing, or none that you may see.",
        "lines.0.unitPrice is needed: there is no list price in this currency",
    ]
    assert await messages(client, ORDER_CREATE, given, rep, **ZH) == [
        "lines.0.quantity 不能为零",
        "notes 超过 10000 个字符",
        "不存在，或您无权查看。",
        "lines.0.unitPrice 必填：没有该货币的标价",
    ]


async def test_facts_are_in_the_messages_of_both_languages(client: Client, rep: User, manager: User) -> None:
    rate = {"currency": "EUR", "lines": [{**LINE, "unitPrice": "1"}], "placedAt": "2026-03-02T12:00:00Z"}
    total = {"currency": "GBP", "lines": [LINE], "total": "5.99"}
    shared = await make_order(owner=manager)
    await share_order(shared, rep)
    late = await make_order(owner=rep, version=7)
    no = ("Your role does not allow this.", "您的角色不允许此操作。")
    cases: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
        (
            ORDER_CREATE,
            rate,
            ("There is no exchange rate for EUR on or before 2026-03-02.", "2026-03-02 及之前没有 EUR 的汇率。"),
        ),
        (
            ORDER_CREATE,
            total,
            ("The total 5.99 is not the sum of the lines, 6.00 GBP.", "总额 5.99 与明细合计 6.00 GBP 不符。"),
        ),
        (PRODUCT_UPSERT, {"sku": "TEA", "name": "x"}, no),
        (ORDER_UPDATE, {"id": f"ord_{shared.id}", "expectedVersion": 1, "notes": "n"}, no),
        (
            ORDER_UPDATE,
            {"id": f"ord_{late.id}", "expectedVersion": 1, "notes": "n"},
            ("Somebody else changed it first; its version is now 7.", "已被他人修改，当前版本为 7。"),
        ),
    ]
    for document, given, (english, chinese) in cases:
        assert await messages(client, document, given, rep) == [english]
        assert await messages(client, document, given, rep, **ZH) == [chinese]


async def test_a_stored_refusal_is_told_in_the_language_of_whoever_repeats_it(client: Client, rep: User) -> None:
    given = {"currency": "GBP", "lines": [LINE], "total": "1", "idempotencyKey": "k"}
    assert (await messages(client, ORDER_CREATE, given, rep))[0].startswith("The total 1.00 is not")
    assert await messages(client, ORDER_CREATE, given, rep, **ZH) == ["总额 1.00 与明细合计 6.00 GBP 不符。"]


async def test_mutations_of_one_operation_run_one_after_the_other_and_fail_alone(client: Client, manager: User) -> None:
    document = """mutation {
        made: productUpsert(input: {sku: "A", name: "a"}) { product { version } errors { code } }
        refused: productUpsert(input: {sku: "A", name: "b"}) { product { version } errors { code path } }
        changed: productUpsert(input: {sku: "A", name: "c", expectedVersion: 1}) { product { name } errors { code } }
        again: productUpsert(input: {sku: "A", expectedVersion: 2, active: false}) { product { name } errors { code } }
    }"""
    data = await client.data(document, as_=manager)
    assert list(data) == ["made", "refused", "changed", "again"]
    assert data == {
        "made": {"product": {"version": 1}, "errors": []},
        "refused": {
            "product": None,
            "errors": [{"code": "ALREADY_EXISTS", "path": ["input", "sku"]}],
        },
        "changed": {"product": {"name": "c"}, "errors": []},
        "again": {"product": {"name": "c"}, "errors": []},
    }


async def test_a_fault_in_one_mutation_takes_nothing_from_the_others_and_tells_nothing(
    client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(**_: Any) -> int:
        raise KeyError("the secret of /etc/passwd")

    monkeypatch.setattr(resolvers.orders, "create_order", fail)
    document = """mutation {
        before: productUpsert(input: {sku: "A", name: "a"}) { product { name } errors { code } }
        broken: orderCreate(input: {currency: "GBP", lines: []}) { order { id } errors { code } }
        after: productUpsert(input: {sku: "B", name: "b"}) { product { name } errors { code } } }"""
    answer = await client.query(document, as_=manager, headers={"x-request-id": "r-1"})
    assert answer["data"] == {
        "before": {"product": {"name": "a"}, "errors": []},
        "broken": None,
        "after": {"product": {"name": "b"}, "errors": []},
    }
    [error] = answer["errors"]
    assert (error["path"], error["extensions"]) == (["broken"], {"code": "INTERNAL", "requestId": "r-1"})
    assert "secret" not in str(answer)


async def test_a_payload_is_read_with_aliases_fragments_conditions_and_nested_lists(client: Client, rep: User) -> None:
    customer = await make_customer(owner=rep, name="Acme")
    older = await make_order(owner=rep, customer=customer, placed_at="2020-01-01T00:00:00Z")
    document = """
        mutation($input: OrderCreateInput!, $no: Boolean!, $first: Int) {
            one: orderCreate(input: $input) { ...Made errors { ...Why } __typename }
        }
        fragment Made on OrderCreatePayload {
            it: order { __typename ...Numbers hidden: number @include(if: $no) statusLabel
                kind: type owner { name }
                buyer: customer { title: name
                    past: orders(first: $first, sort: {field: PLACED_AT, direction: ASC}) {
                        totalCount totalAmount { amount } pageInfo { hasNextPage } edges { cursor node { id } } }
                    none: orders(filter: {status: {eq: SHIPPED}}) { totalCount nodes { id } } } }
            order { id }
            order { lines { gross { amount } order { id } } }
        }
        fragment Numbers on Node { id ... on Order { version total { amount } } }
        fragment Why on UserError { code ... on NotFound { __typename } }"""
    given = {"currency": "GBP", "lines": [LINE], "customerId": f"cus_{customer.id}"}
    data = await client.data(document, {"input": given, "no": False, "first": 1}, as_=rep, **ZH)
    payload = data["one"]
    made = payload["order"]["id"]
    [edge] = payload["it"]["buyer"]["past"].pop("edges")
    assert edge["node"] == {"id": f"ord_{older.id}"}
    assert payload == {
        "it": {
            "__typename": "Order",
            "id": made,
            "version": 1,
            "total": {"amount": "6.00"},
            "statusLabel": "草稿",
            "kind": "NEW",
            "owner": {"name": rep.name},
            "buyer": {
                "title": "Acme",
                "past": {"totalCount": 2, "totalAmount": {"amount": "6.00"}, "pageInfo": {"hasNextPage": True}},
                "none": {"totalCount": 0, "nodes": []},
            },
        },
        "order": {"id": made, "lines": [{"gross": {"amount": "6.00"}, "order": {"id": made}}]},
        "errors": [],
        "__typename": "OrderCreatePayload",
    }
    assert list(payload) == ["it", "order", "errors", "__typename"]


async def test_a_payload_shows_no_more_than_a_query_would(client: Client, rep: User, manager: User) -> None:
    customer = await make_customer(owner=rep)
    await make_order(owner=rep, customer=customer)
    await make_order(owner=await make_user(Role.REP, team=await make_team()), customer=customer)
    document = """mutation($input: OrderCreateInput!) { orderCreate(input: $input) { order {
        owner { email } customer { orders { totalCount } } } errors { code } } }"""
    given = {"currency": "GBP", "lines": [LINE], "customerId": f"cus_{customer.id}"}
    payload = (await client.data(document, {"input": given}, as_=manager))["orderCreate"]
    assert payload["order"] == {"owner": {"email": None}, "customer": {"orders": {"totalCount": 2}}}


async def test_a_wrong_argument_inside_a_payload_is_told_at_its_place_and_the_work_stands(
    client: Client, rep: User
) -> None:
    document = """mutation($input: OrderCreateInput!, $first: Int) { orderCreate(input: $input) {
        order { id returns(first: $first) { totalCount } } errors { code } } }"""
    variables = {"input": {"currency": "GBP", "lines": [LINE]}, "first": 251}
    answer = await client.query(document, variables, as_=rep)
    assert answer["data"] == {"orderCreate": {"order": None, "errors": []}}
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert await Order.all().count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("discount", "1e3"),
        ("discount", "NaN"),
        ("discount", "Infinity"),
        ("discount", 1.5),
        ("discount", True),
        ("discount", ""),
        ("discount", "1" * 29),
        ("discount", "0." + "1" * 13),
        ("placedAt", "2026-03-02T12:00:00"),
        ("placedAt", "2026-03-02T12:00:00.1234Z"),
        ("placedAt", "2026-02-30T12:00:00Z"),
        ("placedAt", 1772452800),
        ("requiredBy", "2026-3-2"),
        ("requiredBy", "2026-03-02T00:00:00Z"),
        ("currency", "gbp"),
        ("currency", "POUND"),
        ("urgency", "urgent"),
        ("taxIncluded", "yes"),
        ("tags", [1]),
        ("lines", [{"quantity": "x"}]),
        ("nonsense", 1),
    ],
)
async def test_what_is_no_value_of_its_type_fails_at_the_top_with_its_path(
    client: Client, rep: User, field: str, value: Any
) -> None:
    given = {"currency": "GBP", "lines": [LINE], field: value}
    before = await everything()
    answer = await client.query(ORDER_CREATE, {"input": given}, as_=rep)
    assert "data" not in answer
    paths = [error["extensions"].get("path", []) for error in answer["errors"]]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INVALID_INPUT"}
    assert all(path[:1] == ["input"] for path in paths)
    assert field == "nonsense" or all(path[1] == field for path in paths)
    assert await everything() == before
