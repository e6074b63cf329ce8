"""Buttons of orders: what a reader is told that they may do is what the mutations then do, and refuse."""

from typing import Any

import pytest

from domain.orders.actions import OrderAction
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, StockLevel, User, Warehouse
from tests.api.conftest import Client
from tests.api.writing import ERRORS, payload, told, written
from tests.factories import make_order, make_product, make_team, make_user

START = """mutation($input: OrderStartPickingInput!) { orderStartPicking(input: $input) {
    order { id } errors { code ... on StockShort { lineId requested available } } } }"""
pytestmark = pytest.mark.usefixtures("database")
_S = OrderStatus
BUTTONS = """query($id: ID!) { order(id: $id) {
    availableTransitions { step: transition allowed
        blockedBy { __typename code problem message lineId sku requested available } }
    availableActions { action mutation allowed blockedBy { code problem } }
    refunded { amount } refundable { amount currency } lines { returnable }
    owner { id } team { id } } }"""


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team())


async def read(client: Client, order: Order | str, as_: User, **headers: str) -> dict[str, Any]:
    number = order if isinstance(order, str) else f"ord_{order.id}"
    found: dict[str, Any] = (await client.data(BUTTONS, {"id": number}, as_=as_, **headers))["order"]
    return found


def blocked(found: dict[str, Any]) -> dict[str, list[str]]:
    """What is in the way of each action."""
    for each in found["availableActions"]:
        assert each["allowed"] is (not each["blockedBy"])
    return {
        each["action"]: [why["problem"] or why["code"] for why in each["blockedBy"]]
        for each in found["availableActions"]
    }


async def test_what_stock_lacks_for_picking_is_told_line_by_line_to_who_picks(client: Client, rep: User) -> None:
    tea, pot = await make_product("TEA", stocked=True), await make_product("POT", stocked=True)
    order = await make_order(_S.APPROVED, owner=rep, lines=[(tea, "3"), (pot, "2.5"), (tea, "2")])
    house = await Warehouse.create(code="near", name="Near")
    level = await StockLevel.create(warehouse=house, product=tea, on_hand="4", reserved="0")
    fred = await make_user(Role.FULFILMENT)
    found = await read(client, order, fred, **{"accept-language": "zh"})
    [picking] = [each for each in found["availableTransitions"] if each["step"] == "START_PICKING"]
    lacking = [
        ("POT 需要 2.5，可用库存只有 0。", "oln_2", "POT", "2.5", "0"),
        ("TEA 需要 2，可用库存只有 1。", "oln_3", "TEA", "2", "1"),
    ]
    names, kind = ("message", "lineId", "sku", "requested", "available"), {"__typename": "Blocker", "problem": None}
    blockers = [kind | {"code": "STOCK_SHORT"} | dict(zip(names, each, strict=True)) for each in lacking]
    assert picking == {"step": "START_PICKING", "allowed": False, "blockedBy": blockers}
    given = {"id": f"ord_{order.id}", "expectedVersion": 1}
    refused = (await payload(client, START, given, as_=fred))["errors"]
    assert refused == [
        {name: each[name] for name in ("code", "lineId", "requested", "available")} for each in picking["blockedBy"]
    ]
    [picking, *_] = (await read(client, order, rep))["availableTransitions"]
    assert [each["code"] for each in picking["blockedBy"]] == ["NOT_PERMITTED"]
    await StockLevel.filter(id=level.id).update(on_hand="5")
    await StockLevel.create(warehouse=house, product=pot, on_hand="2.5", reserved="0")
    [picking, *_] = (await read(client, order, fred))["availableTransitions"]
    assert (picking["allowed"], (await payload(client, START, given, as_=fred))["errors"]) == (True, [])


async def test_an_action_is_told_with_what_its_mutation_would_refuse(client: Client, rep: User) -> None:
    tea = await make_product("TEA")
    order = await make_order(_S.APPROVED, owner=rep, lines=[(tea, "3")])
    reps, freds = [blocked(await read(client, order, by)) for by in (rep, await make_user(Role.FULFILMENT))]
    assert list(reps) == [action for action in OrderAction if action is not OrderAction.END_TIER_OVERRIDE]
    assert {action for action, why in reps.items() if not why} == {"UPDATE"}
    assert (reps["UPDATE_LINES"], reps["SPLIT"]) == (["NOT_EDITABLE"], ["NOT_PERMITTED"])
    assert (reps["CREATE_RETURN"], reps["SET_DELAY_REASON"]) == (
        ["original_not_shipped", "return_beyond_sold"],
        ["not_late"],
    )
    assert {action for action, why in freds.items() if not why} == {"CANCEL_LINES", "SUBSTITUTE_LINE", "SPLIT"}
    assert freds["CREATE_SHIPMENT"] == ["STEP_NOT_POSSIBLE"]


async def test_what_can_come_back_and_be_refunded_is_what_is_taken(client: Client, rep: User) -> None:
    """SERVICE enters a return of an order that it sees: it is the rep's, as the order is."""
    tea = await make_product("TEA")  # 10.00
    order = await make_order(_S.COMPLETED, owner=rep, lines=[(tea, "2"), (tea, "3")])
    sue, fay = await make_user(Role.SERVICE), await make_user(Role.FINANCE)
    before = await read(client, order, sue)
    assert [line["returnable"] for line in before["lines"]] == ["2", "3"]
    assert (before["refundable"], before["refunded"]) == ({"amount": "0.00", "currency": "GBP"}, {"amount": "0.00"})
    assert {action for action, why in blocked(before).items() if not why} == {
        *("CREATE_RETURN", "CREATE_EXCHANGE", "RECORD_FEEDBACK", "OPEN_COMPLAINT"),
    }
    named = f"ord_{order.id}"
    pay = "mutation($input: PaymentRecordInput!) { paymentRecord(input: $input) { payment { id } errors { code } } }"
    await written(client, pay, {"orderId": named, "amount": "50", "method": "CARD"}, as_=fay)
    create = f"mutation($input: OrderCreateInput!) {{ orderCreate(input: $input) {{ order {{ id }} {ERRORS} }} }}"

    async def give_back(quantity: str) -> dict[str, Any]:
        lines = [{"productId": f"prd_{tea.id}", "quantity": quantity}]
        asked = {"type": "RETURN", "originalOrderId": named, "currency": "GBP", "lines": lines}
        return await payload(client, create, asked, as_=sue)

    made = await give_back("-2.5")
    back = await read(client, made["order"]["id"], sue)
    assert (back["owner"], back["team"]) == ({"id": f"usr_{rep.id}"}, {"id": f"tem_{rep.team_id}"})  # type: ignore[attr-defined]  # made by Tortoise
    assert back["refundable"] == {"amount": "50.00", "currency": "GBP"}
    after = await read(client, order, sue)
    assert [line["returnable"] for line in after["lines"]] == ["0", "2.5"]
    assert told((await give_back("-2.6"))["errors"]) == [("input.lines.0.quantity", "return_beyond_sold")]
    assert (await give_back("-2.5"))["errors"] == []
    done = await read(client, order, sue)
    assert [line["returnable"] for line in done["lines"]] == ["0", "0"]
    assert [blocked(done)[action] for action in ("CREATE_RETURN", "CREATE_EXCHANGE")] == [["return_beyond_sold"]] * 2
    refund = "mutation($input: RefundRecordInput!) { refundRecord(input: $input) { payment { id } errors { code } } }"
    assert blocked(await read(client, order, fay))["RECORD_REFUND"] == []
    await written(client, refund, {"orderId": made["order"]["id"], "amount": "30", "method": "CARD"}, as_=fay)
    await written(client, refund, {"orderId": named, "amount": "20", "method": "CARD"}, as_=fay)
    paid = await read(client, order, fay)
    assert (paid["refunded"], paid["refundable"]["amount"]) == ({"amount": "50.00"}, "0.00")
    assert blocked(paid)["RECORD_REFUND"] == blocked(paid)["TRANSFER_PAYMENT"] == ["REFUND_EXCEEDS_PAID"]


async def test_an_order_of_an_unseen_original_does_not_tell_of_its_money(client: Client, rep: User) -> None:
    original = await make_order(_S.COMPLETED, owner=await make_user(Role.REP, team=await make_team()))
    await Order.filter(id=original.id).update(received="30.00")
    back = await make_order(_S.REQUESTED, owner=rep, type="RETURN", original_order=original)
    sue = await make_user(Role.SERVICE)
    assert (await read(client, back, rep))["refundable"] is None
    assert (await read(client, back, sue))["refundable"] == {"amount": "30.00", "currency": "GBP"}
