"""Payments over the API: documents in, JSON out."""

from decimal import Decimal
from typing import Any

import pytest

from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from models import Order, User
from services.feed.positions import position_events
from tests.api.conftest import Client
from tests.api.writing import ERRORS, refused, told, written
from tests.factories import make_order, make_team, make_user

pytestmark = pytest.mark.usefixtures("database")
_S = OrderStatus
ACCOUNT = "number paymentState paid { amount currency } due { amount }"
ENTRY = f"""payment {{ kind amount {{ amount currency }} method reference reversed reason
    reverses {{ kind }} actor {{ id }} order {{ {ACCOUNT} }} }}"""
LEFT = "... on RefundExceedsPaid { asked { amount currency } paid { amount } left { amount } }"


def document(name: str, answer: str = ENTRY) -> str:
    kind = name[0].upper() + name[1:]
    errors = ERRORS[:-1] + LEFT + "}"
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {answer} {errors} }} }}"


@pytest.fixture
async def fay() -> User:
    return await make_user(Role.FINANCE)


async def worth(total: str, status: OrderStatus = _S.COMPLETED, **columns: Any) -> Order:
    sums = {name: Decimal(total) for name in ("net_total", "total", "base_total")}
    return await make_order(status, **(sums | columns))


def moved(order: Order, amount: str, **more: Any) -> dict[str, Any]:
    return {"orderId": f"ord_{order.id}", "amount": amount, "method": "CARD", **more}


async def test_an_order_is_paid_in_parts_too_much_and_paid_back(client: Client, fay: User) -> None:
    order = await worth("100.00")
    asked = moved(order, "40", reference="line 1", receivedAt="2026-03-01T10:00:00Z", idempotencyKey="once")
    got = await written(client, document("paymentRecord"), asked, as_=fay)
    account = {"number": order.number, "paymentState": "PARTLY_PAID", "paid": {"amount": "40.00", "currency": "GBP"}}
    assert got == {
        "kind": "PAYMENT",
        "amount": {"amount": "40.00", "currency": "GBP"},
        "method": "CARD",
        "reference": "line 1",
        "reversed": False,
        "reason": None,
        "reverses": None,
        "actor": {"id": f"usr_{fay.id}"},
        "order": account | {"due": {"amount": "60.00"}},
    }
    assert await written(client, document("paymentRecord"), asked, as_=fay) == got, "repeated under its key"
    again = await refused(client, document("paymentRecord"), asked | {"idempotencyKey": "twice"}, as_=fay)
    assert told(again) == [("input.reference", "ALREADY_EXISTS")]
    for amount, name, state, due in (
        ("60", "paymentRecord", "PAID", "0.00"),
        ("20", "paymentRecord", "OVERPAID", "-20.00"),
        ("20", "refundRecord", "PAID", "0.00"),
        ("30", "refundRecord", "PARTLY_REFUNDED", "30.00"),
        ("70", "refundRecord", "REFUNDED", "100.00"),
    ):
        after = (await written(client, document(name), moved(order, amount), as_=fay))["order"]
        assert (after["paymentState"], after["due"]["amount"]) == (state, due), amount
    [error] = await refused(client, document("refundRecord"), moved(order, "0.01"), as_=fay)
    assert (error["__typename"], error["path"]) == ("RefundExceedsPaid", ["input", "amount"])
    assert (error["asked"], error["left"]) == ({"amount": "0.01", "currency": "GBP"}, {"amount": "0.00"})
    assert error["message"] == "0.01 GBP is more than is left of the 120.00 that was paid: 0.00."


async def test_a_mistake_is_reversed_and_its_entries_stay(client: Client, fay: User) -> None:
    order = await worth("100.00")
    await written(client, document("paymentRecord"), moved(order, "100", reference="7"), as_=fay)
    undone = await written(client, document("paymentReverse"), {"paymentId": "pay_1", "reason": "of Acme"}, as_=fay)
    assert (undone["kind"], undone["reason"], undone["reverses"]) == ("REVERSAL", "of Acme", {"kind": "PAYMENT"})
    assert (undone["order"]["paymentState"], undone["order"]["paid"]["amount"]) == ("UNPAID", "0.00")
    twice = await refused(client, document("paymentReverse"), {"paymentId": "pay_1", "reason": "again"}, as_=fay)
    assert told(twice) == [("input.paymentId", "ALREADY_EXISTS")]
    late = "2999-01-01T00:00:00Z"
    bad = moved(order, "0", reference=" 7", receivedAt=late)
    wrong = [("input.amount", "zero"), ("input.reference", "surrounded_by_space"), ("input.receivedAt", "too_late")]
    assert told(await refused(client, document("paymentRecord"), bad, as_=fay)) == wrong
    found = await client.data(
        """{ payments(filter: {reference: {eq: "7"}}) { totalCount nodes { reversed } }
             orders(filter: {payments: {reversed: {eq: true}}}) { nodes { payments { kind } } } }""",
        as_=fay,
    )
    assert found["payments"] == {"totalCount": 1, "nodes": [{"reversed": True}]}
    assert found["orders"]["nodes"] == [{"payments": [{"kind": "PAYMENT"}, {"kind": "REVERSAL"}]}]


async def test_orders_are_found_by_how_far_they_are_paid(client: Client, fay: User) -> None:
    states = {}
    for total, status, came, went in (
        ("100.00", _S.SHIPPED, "", ""),
        ("100.00", _S.SHIPPED, "99.99", ""),
        ("100.00", _S.SHIPPED, "100", ""),
        ("100.00", _S.CANCELLED, "30", ""),
        ("100.00", _S.CANCELLED, "30", "30"),
        ("100.00", _S.CANCELLED, "", ""),
        ("0.00", _S.SHIPPED, "", ""),
    ):
        order = await worth(total, status)
        for name, amount in (("paymentRecord", came), ("refundRecord", went)):
            if amount:
                await written(client, document(name), moved(order, amount), as_=fay)
        states[order.number] = (total, status.value, came, went)
    found = {}
    for state in ("UNPAID", "PARTLY_PAID", "PAID", "OVERPAID", "PARTLY_REFUNDED", "REFUNDED"):
        document_ = f"{{ orders(filter: {{paymentState: {{eq: {state}}}}}) {{ nodes {{ number }} }} }}"
        nodes = (await client.data(document_, as_=fay))["orders"]["nodes"]
        found[state] = sorted(states[node["number"]] for node in nodes)
    assert found == {
        "UNPAID": [("100.00", "CANCELLED", "", ""), ("100.00", "SHIPPED", "", "")],
        "PARTLY_PAID": [("100.00", "SHIPPED", "99.99", "")],
        "PAID": [("0.00", "SHIPPED", "", ""), ("100.00", "SHIPPED", "100", "")],
        "OVERPAID": [("100.00", "CANCELLED", "30", "")],
        "PARTLY_REFUNDED": [],
        "REFUNDED": [("100.00", "CANCELLED", "30", "30")],
    }
    owed = await client.data("{ orders(filter: {due: {gt: 0}}) { totalCount } }", as_=fay)
    assert owed["orders"]["totalCount"] == 2


async def test_a_return_and_an_exchange_are_paid_by_the_same_rule(client: Client, fay: User) -> None:
    order = await worth("100.00")
    await written(client, document("paymentRecord"), moved(order, "100"), as_=fay)
    of = {"original_order": order}
    back = await worth("-40.00", _S.RECEIVED, type=OrderType.RETURN, **of)
    dearer = await worth("15.00", _S.RECEIVED, type=OrderType.EXCHANGE, **of)
    cheaper = await worth("-15.00", _S.RECEIVED, type=OrderType.EXCHANGE, **of)
    step = document("orderRefund", f"order {{ {ACCOUNT} originalOrder {{ {ACCOUNT} }} }}")
    given = {"id": f"ord_{back.id}", "expectedVersion": 1}
    assert told(await refused(client, step, given, as_=fay)) == [("input.method", "missing")]
    [error] = await refused(client, step, given | {"amount": "100.01", "method": "CARD"}, as_=fay)
    assert (error["code"], error["left"]) == ("REFUND_EXCEEDS_PAID", {"amount": "100.00"})
    paid = await written(client, step, given | {"method": "CARD", "reference": "re_1"}, as_=fay)
    assert (paid["paymentState"], paid["paid"]["amount"], paid["due"]["amount"]) == ("REFUNDED", "-40.00", "0.00")
    assert (paid["originalOrder"]["paymentState"], paid["originalOrder"]["due"]["amount"]) == (
        "PARTLY_REFUNDED",
        "0.00",
    )
    came = await written(client, document("paymentRecord"), moved(dearer, "15"), as_=fay)
    assert came["order"]["paymentState"] == "PAID"
    went = await written(client, document("refundRecord"), moved(cheaper, "5"), as_=fay)
    assert (went["order"]["paymentState"], went["order"]["due"]["amount"]) == ("PARTLY_REFUNDED", "-10.00")


async def test_a_declined_return_gives_back_only_what_came_in_for_it(client: Client, fay: User) -> None:
    order = await worth("100.00")
    await written(client, document("paymentRecord"), moved(order, "100"), as_=fay)
    declined = await worth("15.00", _S.REQUESTED, type=OrderType.EXCHANGE, original_order=order)
    await written(client, document("paymentRecord"), moved(declined, "15"), as_=fay)
    await Order.filter(id=declined.id).update(status=_S.DECLINED)
    [error] = await refused(client, document("refundRecord"), moved(declined, "15.01"), as_=fay)
    assert (error["code"], error["path"], error["left"]) == (
        "REFUND_EXCEEDS_PAID",
        ["input", "amount"],
        {"amount": "15.00"},
    )
    went = await written(client, document("refundRecord"), moved(declined, "15"), as_=fay)
    assert went["order"]["paid"]["amount"] == "0.00"


async def test_payments_are_seen_with_their_order_and_told(client: Client, fay: User) -> None:
    rep = await make_user(Role.REP, team=await make_team())
    order = await worth("10.00", owner=rep)
    await written(client, document("paymentRecord"), moved(order, "10"), as_=fay)
    await position_events()
    asked = """query($id: ID!) {
        payments { totalCount nodes { amount { amount } } }
        order(id: $id) { payments { method } }
        changes(types: [PAYMENT_RECORDED]) { nodes { facts node { ... on Order { paymentState } } } } }"""
    given = {"id": f"ord_{order.id}"}
    seen = await client.data(asked, given, as_=rep)
    assert seen["payments"] == {"totalCount": 1, "nodes": [{"amount": {"amount": "10.00"}}]}
    assert seen["order"] == {"payments": [{"method": "CARD"}]}
    [change] = seen["changes"]["nodes"]
    assert change == {"facts": {"amount": "10.00", "currency": "GBP"}, "node": {"paymentState": "PAID"}}
    stranger = await client.data(asked, given, as_=await make_user(Role.REP))
    assert stranger == {"payments": {"totalCount": 0, "nodes": []}, "order": None, "changes": {"nodes": []}}
