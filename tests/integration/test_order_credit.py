"""Orders of one customer are counted against its limit in turns."""

from decimal import Decimal

from domain.orders.life_cycle import OrderStatus
from domain.orders.transitions import Transition
from domain.people import Role
from models import Order, OrderFinding
from models.connection import TransactionClient
from services.orders.step import take_step
from tests.factories import make_customer, make_order, make_product, make_team, make_user
from tests.integration.writes import COMPANY, overtaken, viewing

SHARED = "SELECT FROM customer WHERE id = $1 FOR SHARE"


async def test_an_order_that_is_handed_in_waits_for_another_of_the_customer_and_counts_it(database: str) -> None:
    assert database  # emptied before
    rep, product = await make_user(Role.REP, team=await make_team()), await make_product(price="50.00")
    customer, viewer = await make_customer(owner=rep, credit_limit=Decimal("100.00")), await viewing(rep)
    address = {"ship_to": {"street": "1 Mill Lane", "country": "GB"}, "contact_phone": "1"}
    other, order = [
        await make_order(owner=rep, customer=customer, lines=[(product, quantity)], **address)
        for quantity in ("1", "1.5")
    ]

    async def hand_in() -> int:
        asked = {"transition": Transition.SUBMIT, "order_id": order.id, "expected_version": 1}
        return await take_step(viewer=viewer, company=COMPANY, mutation="orderSubmit", **asked)  # type: ignore[arg-type]  # as named

    async def come_first(client: TransactionClient) -> None:
        await client.connection.execute(SHARED, customer.id)
        await Order.filter(id=other.id).using_db(client).update(status=OrderStatus.APPROVED)

    assert await overtaken(hand_in, come_first) == order.id
    assert [finding.kind async for finding in OrderFinding.all()] == ["CREDIT_EXCEEDED"]
