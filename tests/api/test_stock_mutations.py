"""Stock over the API: documents in, JSON out."""

from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, Product, User
from services.feed.positions import position_events
from tests.api.conftest import Client
from tests.api.writing import ERRORS, payload, refused, told, written
from tests.factories import make_order, make_product, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
LEVEL = "stockLevel { id onHand reserved available reorderPoint low warehouse { code } product { sku available } }"
SHORT = "... on StockShort { productId sku lineId requested available }"
WAREHOUSE = "mutation($input: WarehouseUpsertInput!) { warehouseUpsert(input: $input) { warehouse { id version } %s } }"


def document(name: str) -> str:
    kind = name[0].upper() + name[1:]
    errors = ERRORS[:-1] + SHORT + "}"
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {LEVEL} {errors} }} }}"


@pytest.fixture
async def pat(client: Client) -> User:
    """A packer, who has made two warehouses."""
    user = await make_user(Role.FULFILMENT)
    for position, code in enumerate(("main", "second")):
        asked = {"code": code, "name": code, "position": position}
        await written(client, WAREHOUSE % ERRORS, asked, as_=user)
    return user


@pytest.fixture
async def tea() -> Product:
    return await make_product("TEA", stocked=True)


def at(product: Product, quantity: str, place: int = 1, **more: Any) -> dict[str, Any]:
    return {"productId": f"prd_{product.id}", "warehouseId": f"whs_{place}", "quantity": quantity, **more}


async def test_goods_come_in_are_put_right_and_go_elsewhere(client: Client, pat: User, tea: Product) -> None:
    asked = at(tea, "10.0", reason="delivery 17", idempotencyKey="once")
    got = await written(client, document("stockReceive"), asked, as_=pat)
    assert got == {
        "id": "stk_1",
        "onHand": "10",
        "reserved": "0",
        "available": "10",
        "reorderPoint": None,
        "low": False,
        "warehouse": {"code": "main"},
        "product": {"sku": "TEA", "available": "10"},
    }
    assert await written(client, document("stockReceive"), asked, as_=pat) == got, "repeated under its key"
    lost = await written(client, document("stockAdjust"), at(tea, "-2.5", reason="broken"), as_=pat)
    assert (lost["onHand"], lost["available"]) == ("7.5", "7.5")
    going = {"productId": f"prd_{tea.id}", "fromWarehouseId": "whs_1", "toWarehouseId": "whs_2", "quantity": "3"}
    there = await written(client, document("stockTransfer"), going, as_=pat)
    assert (there["warehouse"], there["onHand"], there["product"]["available"]) == ({"code": "second"}, "3", "7.5")
    found = await client.data(
        """{ stockMovements(filter: {product: {sku: {eq: "TEA"}}}) {
            nodes { kind onHandChange reservedChange reason warehouse { code } actor { id } } } }""",
        as_=pat,
    )
    assert [(each["kind"], each["onHandChange"], each["reason"]) for each in found["stockMovements"]["nodes"]] == [
        ("TRANSFER", "3", None),
        ("TRANSFER", "-3", None),
        ("ADJUSTMENT", "-2.5", "broken"),
        ("RECEIPT", "10", "delivery 17"),
    ]


async def test_what_is_low_is_found_and_told_in_the_feed(client: Client, pat: User, tea: Product) -> None:
    await written(client, document("stockReceive"), at(tea, "3"), as_=pat)
    point = {"productId": f"prd_{tea.id}", "warehouseId": "whs_1", "reorderPoint": "4"}
    assert (await written(client, document("reorderPointSet"), point, as_=pat))["low"] is True
    low = "{ stock(filter: {low: {eq: true}}) { totalCount nodes { product { sku } } } }"
    assert (await client.data(low, as_=pat))["stock"] == {"totalCount": 1, "nodes": [{"product": {"sku": "TEA"}}]}
    await position_events()
    changes = "{ changes(types: [STOCK_LOW]) { nodes { kind entity facts node { ... on StockLevel { onHand } } } } }"
    [change] = (await client.data(changes, as_=pat))["changes"]["nodes"]
    assert (change["entity"], change["node"]) == ("STOCK", {"onHand": "3"})
    assert change["facts"] == {"available": "3", "reorderPoint": "4"}
    stranger = await make_user(Role.REP)
    assert (await client.data(changes, as_=stranger))["changes"]["nodes"] == []


async def test_sellers_see_what_can_be_promised_and_no_warehouse(client: Client, pat: User, tea: Product) -> None:
    plain = await make_product("PLAIN")
    await written(client, document("stockReceive"), at(tea, "3"), as_=pat)
    rep = await make_user(Role.REP)
    asked = """{ products(filter: {available: {gte: "1"}}) { nodes { sku stocked available stock { totalCount } } }
        plain: products(filter: {stocked: {eq: false}}) { nodes { sku available } } stock { totalCount } }"""
    assert await client.data(asked, as_=rep) == {
        "products": {"nodes": [{"sku": "TEA", "stocked": True, "available": "3", "stock": {"totalCount": 0}}]},
        "plain": {"nodes": [{"sku": plain.sku, "available": None}]},
        "stock": {"totalCount": 0},
    }


async def test_a_shortage_is_told_line_by_line_in_the_language_of_the_request(
    client: Client, pat: User, tea: Product
) -> None:
    await written(client, document("stockReceive"), at(tea, "3"), as_=pat)
    order = await make_order(OrderStatus.APPROVED, lines=[(tea, "2"), (tea, "2")])
    asked = f"""mutation($input: OrderStartPickingInput!) {{ orderStartPicking(input: $input) {{
        order {{ id }} errors {{ code message path {SHORT} }} }} }}"""
    given = {"id": f"ord_{order.id}", "expectedVersion": 1, "idempotencyKey": "monday"}
    for _ in range(2):  # told again from what is kept under the key
        answer = await client.data(asked, {"input": given}, as_=pat, **{"accept-language": "zh"})
        assert answer["orderStartPicking"]["errors"] == [
            {
                "code": "STOCK_SHORT",
                "message": f"{tea.sku} 需要 2，可用库存只有 1。",
                "path": ["input", "id"],
                "productId": f"prd_{tea.id}",
                "sku": tea.sku,
                "lineId": "oln_2",
                "requested": "2",
                "available": "1",
            }
        ]


async def test_an_order_that_waits_says_for_which_day_until_it_goes_on(client: Client, pat: User, tea: Product) -> None:
    order = await make_order(OrderStatus.APPROVED, lines=[(tea, "2")])
    back = """mutation($input: OrderBackorderInput!) { orderBackorder(input: $input) {
        order { status expectedOn } errors { code path ... on InvalidInput { problem } } } }"""
    given = {"id": f"ord_{order.id}", "expectedVersion": 1, "reason": "none there", "expectedOn": "2001-01-01"}
    early = (await client.data(back, {"input": given}, as_=pat))["orderBackorder"]["errors"]
    assert [(error["path"], error["problem"]) for error in early] == [(["input", "expectedOn"], "too_early")]
    answer = await client.data(back, {"input": given | {"expectedOn": "2999-01-31"}}, as_=pat)
    assert answer["orderBackorder"] == {"order": {"status": "BACKORDERED", "expectedOn": "2999-01-31"}, "errors": []}
    await written(client, document("stockReceive"), at(tea, "2"), as_=pat)
    resume = """mutation($input: OrderResumePickingInput!) { orderResumePicking(input: $input) {
        order { status expectedOn } errors { code } } }"""
    on = await written(client, resume, {"id": f"ord_{order.id}", "expectedVersion": 2}, as_=pat)
    assert on == {"status": "PICKING", "expectedOn": None}


async def test_of_many_orders_those_are_picked_for_which_there_is_enough(
    client: Client, pat: User, tea: Product
) -> None:
    await written(client, document("stockReceive"), at(tea, "3"), as_=pat)
    orders: list[Order] = [await make_order(OrderStatus.APPROVED, lines=[(tea, q)]) for q in ("2", "2", "1")]
    asked = """mutation($input: OrderStartPickingManyInput!) { orderStartPickingMany(input: $input) {
        results { order { status } errors { code path } } errors { code } } }"""
    items = [{"id": f"ord_{order.id}", "expectedVersion": 1} for order in orders]
    results = (await payload(client, asked, {"items": items}, as_=pat))["results"]
    assert [(each["order"] or {}).get("status") for each in results] == ["PICKING", None, "PICKING"]
    assert told(results[1]["errors"]) == [("input.items.1.id", "STOCK_SHORT")]


async def test_bad_input_names_its_field_and_changes_nothing(client: Client, pat: User, tea: Product) -> None:
    cases: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
        ("stockReceive", at(tea, "0"), [("input.quantity", "zero")]),
        ("stockReceive", at(tea, "-1"), [("input.quantity", "negative")]),
        ("stockReceive", at(tea, "1", place=99), [("input.warehouseId", "NOT_FOUND")]),
        ("stockReceive", at(tea, "1") | {"productId": "prd_99"}, [("input.productId", "NOT_FOUND")]),
        ("stockAdjust", at(tea, "1", reason=" "), [("input.reason", "blank")]),
        ("stockAdjust", at(tea, "-1", reason="lost"), [("input.quantity", "STOCK_SHORT")]),
        (
            "stockTransfer",
            {"productId": f"prd_{tea.id}", "fromWarehouseId": "whs_1", "toWarehouseId": "whs_1", "quantity": "1"},
            [("input.toWarehouseId", "duplicate")],
        ),
        (
            "reorderPointSet",
            {"productId": f"prd_{tea.id}", "warehouseId": "whs_1", "reorderPoint": "-1"},
            [("input.reorderPoint", "negative")],
        ),
    ]
    for name, given, expected in cases:
        assert told(await refused(client, document(name), given, as_=pat)) == expected, name
    rep = await make_user(Role.REP, team=await make_team())
    assert told(await refused(client, document("stockReceive"), at(tea, "1"), as_=rep)) == [("", "NOT_PERMITTED")]


async def test_out_of_a_shortage_lines_are_cancelled_or_another_product_is_sent(
    client: Client, pat: User, tea: Product
) -> None:
    milk = await make_product("MILK", price="4.00")
    order = await make_order(OrderStatus.APPROVED, lines=[(tea, "2"), (milk, "1")])
    answer = """order { version status total { amount } lines { id sku quantity net { amount } }
        statusChanges { fromStatus toStatus reason } } errors { code path ... on InvalidInput { problem } }"""
    fewer = f"mutation($input: OrderLinesCancelInput!) {{ orderLinesCancel(input: $input) {{ {answer} }} }}"
    given = {"id": f"ord_{order.id}", "expectedVersion": 1, "reason": "none", "lines": [{"lineId": "oln_1"}]}
    got = await written(client, fewer, given | {"idempotencyKey": "once"}, as_=pat)
    assert got == {
        "version": 2,
        "status": "APPROVED",
        "total": {"amount": "4.80"},
        "lines": [{"id": "oln_2", "sku": "MILK", "quantity": "1", "net": {"amount": "4.00"}}],
        "statusChanges": [{"fromStatus": "APPROVED", "toStatus": "APPROVED", "reason": "none"}],
    }
    assert await written(client, fewer, given | {"idempotencyKey": "once"}, as_=pat) == got
    last = given | {"expectedVersion": 2, "lines": [{"lineId": "oln_2", "quantity": "1"}]}
    assert told(await refused(client, fewer, last, as_=pat)) == [("input.lines", "line_needed")]
    other = f"mutation($input: OrderLineSubstituteInput!) {{ orderLineSubstitute(input: $input) {{ {answer} }} }}"
    swap = {"id": f"ord_{order.id}", "expectedVersion": 2, "reason": "as agreed", "lineId": "oln_2"}
    swap["productId"] = f"prd_{tea.id}"
    assert told(await refused(client, other, swap | {"unitPrice": "3.5"}, as_=pat)) == [
        ("input.unitPrice", "price_deviates")
    ]
    sent = await written(client, other, swap | {"unitPrice": "9.5"}, as_=pat)
    assert (sent["lines"], sent["total"]) == (
        [{"id": "oln_2", "sku": "TEA", "quantity": "1", "net": {"amount": "9.50"}}],
        {"amount": "11.40"},
    )
