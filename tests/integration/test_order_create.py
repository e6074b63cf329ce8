"""Entering an order: what is written, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.customers import CustomerLevel
from domain.errors import (
    AlreadyExists,
    RateMissing,
    TotalMismatch,
)
from domain.orders.entry import NewLine
from domain.orders.life_cycle import LineKind, OrderStatus, OrderType, Urgency
from domain.people import Role
from models import IdempotencyKey, Order, OrderLine, OrderStatusChange, OutboxEvent, Product, Team, User
from services.clock import clock_set_to
from services.orders.create import create_order
from tests.factories import (
    make_channel,
    make_customer,
    make_product,
    make_rate,
    make_region,
    make_team,
    make_user,
    share_customer,
)
from tests.integration.order_entry import enter, refused, simple
from tests.integration.writes import COMPANY, events, line, race, refusals, viewing

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2026, 3, 2, 9, 30, 0, 123000, tzinfo=UTC)


@pytest.fixture
async def team() -> Team:
    return await make_team()


@pytest.fixture
async def rep(team: Team) -> User:
    return await make_user(Role.REP, team=team)


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="2.50")


async def test_an_order_is_a_draft_of_whoever_enters_it(rep: User, product: Product) -> None:
    with clock_set_to(NOW):
        order = await enter(rep, simple(product))
    assert (order.status, order.type, order.version) == (OrderStatus.DRAFT, OrderType.NEW, 1)
    assert (order.owner_id, order.team_id) == (rep.id, rep.team_id)  # type: ignore[attr-defined]  # Tortoise adds it
    assert (order.placed_at, order.created_at) == (NOW, NOW)
    assert order.number == f"SO-{order.id:08}"


async def test_everything_that_was_typed_is_kept(rep: User, product: Product) -> None:
    channel, region = await make_channel(), await make_region()
    address = PostalAddress(street="1 High St\nFlat 2", country="GB", recipient="Li", city="Leeds", postcode="LS1 4AP")
    typed = simple(
        product,
        type=OrderType.RENEWAL,
        channel_id=channel.id,
        external_id="PO-7",
        customer_name="Walk-in",
        contact=ContactDetails(name="Li", email="li@x.example", phone="0113 1"),
        ship_to=address,
        bill_to=replace(address, recipient=None),
        region_id=region.id,
        urgency=Urgency.HIGH,
        required_by=date(2026, 4, 1),
        placed_at=NOW,
        tags=["gift", "加急"],
        notes="Ring\ntwice",
    )
    order = await enter(rep, typed)
    row = await Order.get(id=order.id).values()
    assert (
        row
        | {
            "type": OrderType.RENEWAL,
            "channel_id": channel.id,
            "external_id": "PO-7",
            "customer_name": "Walk-in",
            "customer_level": None,
            "contact_name": "Li",
            "contact_email": "li@x.example",
            "contact_phone": "0113 1",
            "region_id": region.id,
            "urgency": Urgency.HIGH,
            "required_by": date(2026, 4, 1),
            "placed_at": NOW,
            "tags": ["gift", "加急"],
            "notes": "Ring\ntwice",
        }
        == row
    )
    assert (order.ship_to or {})["street"] == "1 High St\nFlat 2"
    assert set(order.bill_to or {}) == {"street", "country", "recipient", "phone", "city", "province", "postcode"}


async def test_lines_are_priced_in_the_currencys_digits(rep: User, product: Product) -> None:
    lines = [
        line(product, "3", discount=Decimal("0.50")),
        NewLine(sku="TEA", quantity=Decimal("2.0"), unit_price=Decimal("0.335"), tax_rate=Decimal(0), name="Sample"),
        NewLine(kind=LineKind.SHIPPING, quantity=Decimal(1), name="Post", unit_price=Decimal(5)),
    ]
    order = await enter(rep, simple(product, lines=lines, discount=Decimal(1), total=Decimal("12.96")))
    totals = (order.discount, order.net_total, order.tax_total, order.total, order.base_total)
    assert [str(amount) for amount in totals] == ["1.00", "11.67", "1.29", "12.96", "12.96"]
    rows = await OrderLine.filter(order_id=order.id).order_by("position")
    assert [(row.position, row.kind, row.sku, row.name) for row in rows] == [
        (1, LineKind.PRODUCT, "TEA", product.name),
        (2, LineKind.PRODUCT, "TEA", "Sample"),
        (3, LineKind.SHIPPING, None, "Post"),
    ]
    kept = [(row.quantity, row.unit_price, row.discount, row.tax_rate) for row in rows]
    assert [[str(number) for number in numbers] for numbers in kept] == [
        ["3", "2.5", "0.50", "0.2"],
        ["2", "0.335", "0.00", "0"],
        ["1", "5", "0.00", "0"],
    ]
    assert [[str(amount) for amount in (row.net, row.tax, row.gross)] for row in rows] == [
        ["6.45", "1.29", "7.74"],
        ["0.62", "0.00", "0.62"],
        ["4.60", "0.00", "4.60"],
    ]


async def test_prices_may_include_tax(rep: User, product: Product) -> None:
    order = await enter(rep, simple(product, tax_included=True))
    assert [str(amount) for amount in (order.net_total, order.tax_total, order.total)] == ["2.08", "0.42", "2.50"]


async def test_history_and_outbox_are_written_with_the_order(rep: User, product: Product) -> None:
    with clock_set_to(NOW):
        order = await enter(rep, simple(product))
    change = await OrderStatusChange.get(order_id=order.id).values("from_status", "to_status", "by_id", "at", "reason")
    assert change == {
        "from_status": None,
        "to_status": OrderStatus.DRAFT,
        "by_id": rep.id,
        "at": NOW,
        "reason": None,
    }
    assert await events("order", order.id) == [(1, "order.created")]
    assert order.last_seq == 1


async def test_the_customers_data_is_copied_unless_typed(rep: User, product: Product) -> None:
    region = await make_region()
    customer = await make_customer(owner=rep, name="Acme", level=CustomerLevel.VIP, region=region)
    order = await enter(rep, simple(product, customer_id=customer.id))
    assert (order.customer_name, order.customer_level) == ("Acme", CustomerLevel.VIP)
    other = await make_region()
    typed = simple(product, customer_id=customer.id, customer_name="Acme Ltd", region_id=other.id)
    row = await Order.get(id=(await enter(rep, typed)).id).values("customer_name", "region_id")
    assert row == {"customer_name": "Acme Ltd", "region_id": other.id}
    assert (await Order.get(id=order.id).values("region_id"))["region_id"] == region.id


async def test_a_foreign_customer_is_not_there(rep: User, product: Product) -> None:
    customer = await make_customer(owner=await make_user(Role.REP, team=await make_team()))
    assert await refused(rep, simple(product, customer_id=customer.id)) == [("input.customerId", "NOT_FOUND")]
    assert await refused(rep, simple(product, customer_id=999_999)) == [("input.customerId", "NOT_FOUND")]
    await share_customer(customer, rep)
    order = await enter(rep, simple(product, customer_id=customer.id))
    assert order.customer_name == customer.name


async def test_what_is_wrong_and_what_is_missing_is_told_at_once(rep: User, product: Product) -> None:
    foreign = await make_customer(owner=await make_user(Role.REP, team=await make_team()))
    order = simple(
        product,
        currency="USD",
        channel_id=404,
        external_id="\0",
        customer_id=foreign.id,
        region_id=404,
        contact=ContactDetails(email="nobody"),
        lines=[line(product), NewLine(sku="\0", quantity=Decimal(1)), NewLine(sku="COFFEE", quantity=Decimal(0))],
        placed_at=NOW - timedelta(days=40_000),
    )
    assert sorted(await refused(rep, order)) == [
        ("input.channelId", "NOT_FOUND"),
        ("input.contact.email", "not_an_email"),
        ("input.customerId", "NOT_FOUND"),
        ("input.externalId", "forbidden_character"),
        ("input.lines.0.unitPrice", "price_needed"),
        ("input.lines.1.sku", "NOT_FOUND"),
        ("input.lines.1.sku", "forbidden_character"),
        ("input.lines.2.quantity", "zero"),
        ("input.lines.2.sku", "NOT_FOUND"),
        ("input.placedAt", "too_early"),
        ("input.regionId", "NOT_FOUND"),
    ]


async def test_a_typed_total_that_differs_is_refused(rep: User, product: Product) -> None:
    viewer = await viewing(rep)
    order = simple(product, total=Decimal("2.99"))
    assert await refusals(create_order(viewer=viewer, company=COMPANY, order=order)) == (
        TotalMismatch(path=("input", "total"), given=Decimal("2.99"), computed=Decimal("3.00"), currency="GBP"),
    )
    assert not await Order.exists()


async def test_the_base_total_is_at_the_latest_rate_up_to_the_day_in_the_companys_zone(
    rep: User, product: Product
) -> None:
    await make_rate("USD", "0.8", date="2026-06-01")
    await make_rate("USD", "0.70005", date="2026-06-02")
    lines = [line(product, unit_price=Decimal(100), tax_rate=Decimal(0))]
    totals = []
    for placed_at in (datetime(2026, 6, 1, 22, 59, tzinfo=UTC), datetime(2026, 6, 1, 23, 0, tzinfo=UTC)):
        order = await enter(rep, simple(product, currency="USD", lines=lines, placed_at=placed_at))
        totals.append(str(order.base_total))
    assert totals == ["80.00", "70.01"]  # 23:00 UTC is the next day in a London summer


async def test_without_a_rate_there_is_no_order(rep: User, product: Product) -> None:
    await make_rate("USD", "0.8", date="2026-03-03")
    order = simple(product, currency="USD", lines=[line(product, unit_price=Decimal(1))], placed_at=NOW)
    found = await refusals(create_order(viewer=await viewing(rep), company=COMPANY, order=order))
    assert found == (RateMissing(path=("input", "currency"), currency="USD", date=date(2026, 3, 2)),)
    assert not await Order.exists()


async def test_an_external_id_is_taken_once_in_its_channel(rep: User, product: Product) -> None:
    channel, other = await make_channel(), await make_channel()
    order = simple(product, channel_id=channel.id, external_id="7")
    await enter(rep, order)
    found = await refusals(create_order(viewer=await viewing(rep), company=COMPANY, order=order))
    assert found == (AlreadyExists(path=("input", "externalId")),)
    await enter(rep, replace(order, channel_id=other.id))
    assert await Order.all().count() == await OutboxEvent.all().count() == 2


async def test_of_racing_orders_with_one_external_id_one_wins(rep: User, product: Product) -> None:
    viewer, channel = await viewing(rep), await make_channel()
    order = simple(product, channel_id=channel.id, external_id="7")
    outcomes = await race(
        *[
            lambda key=key: create_order(viewer=viewer, company=COMPANY, order=order, idempotency_key=key)
            for key in (None, "a", "b", "c", None)
        ]
    )
    assert outcomes.count((AlreadyExists(path=("input", "externalId")),)) == 4
    assert await Order.all().count() == await OrderLine.all().count() == await OutboxEvent.all().count() == 1


async def test_twins_under_one_key_make_one_order(rep: User, product: Product) -> None:
    viewer = await viewing(rep)
    twin = lambda: create_order(viewer=viewer, company=COMPANY, order=simple(product), idempotency_key="k")  # noqa: E731  # both are made the same
    assert len(set(await race(*[twin] * 20))) == 1
    assert await Order.all().count() == await OutboxEvent.all().count() == await IdempotencyKey.all().count() == 1


async def test_an_inactive_product_cannot_be_ordered(rep: User) -> None:
    gone = await make_product(active=False)
    assert await refused(rep, simple(gone)) == [("input.lines.0.productId", "product_inactive")]


async def test_500_lines_are_an_order(rep: User, product: Product) -> None:
    order = await enter(rep, simple(product, lines=[line(product)] * 500))
    assert str(order.total) == "1500.00"
    assert await OrderLine.filter(order_id=order.id).count() == 500
    assert await refused(rep, simple(product, lines=[line(product)] * 501)) == [("input.lines", "too_many")]


async def test_no_day_before_the_placement_can_be_required(rep: User, product: Product) -> None:
    placed_at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # the next day in a London summer
    order = simple(product, placed_at=placed_at, required_by=date(2026, 6, 1))
    with clock_set_to(placed_at):
        assert await refused(rep, order) == [("input.requiredBy", "too_early")]
        assert await refused(rep, replace(order, placed_at=None)) == [("input.requiredBy", "too_early")]
        assert (await enter(rep, replace(order, required_by=date(2026, 6, 2)))).required_by == date(2026, 6, 2)
