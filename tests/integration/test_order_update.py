"""Changing an order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.contact import ContactDetails, PostalAddress
from domain.errors import (
    NotEditable,
    NotFound,
    NotPermitted,
    RateMissing,
    TotalMismatch,
    VersionConflict,
)
from domain.orders.edited_lines import EditedLine
from domain.orders.editing import OrderChanges
from domain.orders.life_cycle import OrderStatus, Urgency
from domain.people import Role
from models import Order, OrderLine, OutboxEvent, Product, User
from models.connection import TransactionClient
from services.clock import clock_set_to
from tests.factories import (
    make_order,
    make_product,
    make_rate,
    make_region,
    make_team,
    make_user,
    share_order,
)
from tests.integration.order_change import change, edited, line_ids, refused
from tests.integration.writes import events, overtaken, race, refusals

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def rep() -> User:
    return await make_user(Role.REP, team=await make_team())


@pytest.fixture
async def product() -> Product:
    return await make_product("TEA", price="2.50")


@pytest.fixture
async def order(rep: User, product: Product) -> Order:
    return await make_order(owner=rep, lines=[(product, "2")])


async def test_a_change_grows_the_version_and_tells_others(rep: User, order: Order) -> None:
    moment = datetime(2026, 3, 3, 8, 0, 0, 5000, tzinfo=UTC)
    with clock_set_to(moment):
        changed = await change(
            rep, order, OrderChanges(notes="Ring twice", tags=["gift"], required_by=date(2026, 5, 1))
        )
    assert (changed.notes, changed.tags, changed.required_by) == ("Ring twice", ["gift"], date(2026, 5, 1))
    assert (changed.version, changed.updated_at) == (2, moment)
    assert await events("order", order.id) == [(1, "order.updated")]
    event = await OutboxEvent.get(aggregate_id=order.id)
    assert event.payload == {"version": 2, "changed": ["requiredBy", "notes", "tags"], "by": rep.id}


async def test_what_is_left_out_stays_and_what_is_null_is_emptied(rep: User, order: Order) -> None:
    region = await make_region()
    address = PostalAddress(street="1 High St", country="GB")
    await change(
        rep,
        order,
        OrderChanges(
            customer_name="Acme",
            contact=ContactDetails(name="Li", phone="1"),
            ship_to=address,
            bill_to=address,
            region_id=region.id,
            urgency=Urgency.HIGH,
            notes="x",
        ),
    )
    await change(rep, order, OrderChanges(contact=ContactDetails(email="li@x.example"), bill_to=None), version=2)
    row = await Order.get(id=order.id).values()
    assert (
        row
        | {
            "customer_name": "Acme",
            "contact_name": None,
            "contact_email": "li@x.example",
            "contact_phone": None,
            "bill_to": None,
            "region_id": region.id,
            "urgency": Urgency.HIGH,
            "notes": "x",
        }
        == row
    )
    assert row["ship_to"]["street"] == "1 High St"


async def test_new_lines_replace_the_old_and_are_priced(rep: User, order: Order, product: Product) -> None:
    other = await make_product("CUP", price="4.00", tax_rate=None)
    lines = [edited(other), edited(product, "3", discount=Decimal("0.5"))]
    changed = await change(rep, order, OrderChanges(lines=lines, discount=Decimal(1), total=Decimal("11.27")))
    totals = (changed.discount, changed.net_total, changed.tax_total, changed.total, changed.base_total)
    assert [str(amount) for amount in totals] == ["1.00", "10.00", "1.27", "11.27", "11.27"]
    rows = await OrderLine.filter(order_id=order.id).order_by("position")
    assert [(row.position, row.sku, str(row.gross)) for row in rows] == [(1, "CUP", "3.64"), (2, "TEA", "7.63")]


async def test_a_discount_alone_prices_the_lines_that_are_there(rep: User, order: Order) -> None:
    changed = await change(rep, order, OrderChanges(discount=Decimal(2)))
    assert [str(amount) for amount in (changed.discount, changed.net_total, changed.total)] == ["2.00", "3.00", "3.60"]
    included = await change(rep, order, OrderChanges(tax_included=True), version=2)
    assert [str(amount) for amount in (included.net_total, included.total)] == ["2.50", "3.00"]


async def test_a_new_total_is_converted_at_the_day_of_placement(rep: User, product: Product) -> None:
    await make_rate("USD", "0.5", date="2026-03-01")
    await make_rate("USD", "0.9", date="2026-03-09")
    order = await make_order(owner=rep, lines=[(product, "1")], currency="USD")
    changed = await change(rep, order, OrderChanges(discount=Decimal("0.5")))
    assert [str(amount) for amount in (changed.total, changed.base_total)] == ["2.40", "1.20"]
    await make_rate("EUR", "0.9", date="2026-03-09")
    other = await make_order(owner=rep, lines=[(product, "1")], currency="EUR")
    missing = RateMissing(path=("input", "currency"), currency="EUR", date=date(2026, 3, 2))
    assert await refusals(change(rep, other, OrderChanges(discount=Decimal("0.5")))) == (missing,)


async def test_what_changes_nothing_writes_nothing(rep: User, order: Order, product: Product) -> None:
    await change(rep, order, OrderChanges(notes="x", tags=["a"], ship_to=PostalAddress(street="1", country="GB")))
    before, lines = await Order.get(id=order.id).values(), await line_ids(order)
    same = OrderChanges(
        notes="x",
        tags=["a"],
        ship_to=PostalAddress(street="1", country="GB"),
        contact=None,
        discount=Decimal(0),
        lines=[edited(product, "2.0")],
        total=Decimal(6),
    )
    for changes in (OrderChanges(), same):
        await change(rep, order, changes, version=2)
    assert await Order.get(id=order.id).values() == before
    assert await line_ids(order) == lines
    assert len(await events("order", order.id)) == 1


async def test_events_of_an_order_are_numbered_without_gaps(rep: User, order: Order) -> None:
    for version in range(1, 6):
        await change(rep, order, OrderChanges(notes=str(version)), version=version)
    assert [seq for seq, _ in await events("order", order.id)] == [1, 2, 3, 4, 5]


async def test_a_stale_version_is_a_conflict(rep: User, order: Order) -> None:
    conflict = VersionConflict(path=("input", "expectedVersion"), current_version=1)
    for version in (0, 2, -1):
        assert await refused(rep, order, OrderChanges(notes="x"), version=version) == [conflict]
    assert await refused(rep, order, OrderChanges(), version=2) == [conflict]


async def test_of_two_people_the_second_gets_a_conflict(rep: User, order: Order) -> None:
    updates = [lambda notes=notes: change(rep, order, OrderChanges(notes=notes)) for notes in "abcdefgh"]
    outcomes = await race(*updates)
    conflict = (VersionConflict(path=("input", "expectedVersion"), current_version=2),)
    assert outcomes.count(conflict) == 7
    after = await Order.get(id=order.id)
    assert after.version == 2
    assert [outcome.notes for outcome in outcomes if isinstance(outcome, Order)] == [after.notes]


async def test_a_rival_between_check_and_write_has_to_wait(rep: User, order: Order) -> None:
    async def come_first(client: TransactionClient) -> None:
        await Order.filter(id=order.id).using_db(client).update(version=2, notes="first")

    outcome = await overtaken(lambda: change(rep, order, OrderChanges(notes="second")), come_first)
    assert outcome == (VersionConflict(path=("input", "expectedVersion"), current_version=2),)
    assert (await Order.get(id=order.id)).notes == "first"


async def test_a_retry_of_a_change_succeeds_instead_of_conflicting(rep: User, order: Order) -> None:
    for _ in range(3):
        await change(rep, order, OrderChanges(notes="x"), key="k")
    after = await Order.get(id=order.id)
    assert (after.version, len(await events("order", order.id))) == (2, 1)
    conflict = VersionConflict(path=("input", "expectedVersion"), current_version=2)
    assert await refusals(change(rep, order, OrderChanges(notes="x"), key="other")) == (conflict,)


async def test_a_foreign_order_is_not_there(order: Order) -> None:
    stranger = await make_user(Role.REP, team=await make_team())
    for version in (1, 2):
        found = await refused(stranger, order, OrderChanges(notes="x"), version=version)
        assert found == [NotFound(path=("input", "id"))]


async def test_who_sees_an_order_may_not_therefore_change_it(order: Order) -> None:
    sharing = await make_user(Role.REP, team=await make_team())
    await share_order(order, sharing)
    finance = await make_user(Role.FINANCE, team=await make_team())
    for user in (sharing, finance):
        assert await refused(user, order, OrderChanges(notes="x"), version=2) == [NotPermitted(path=("input", "id"))]


async def test_managers_change_orders_of_their_teams(order: Order) -> None:
    row = await Order.get(id=order.id).values("team_id")
    manager = await make_user(Role.MANAGER, team_id=row["team_id"])
    assert (await change(manager, order, OrderChanges(notes="x"))).notes == "x"


async def test_an_order_that_has_come_too_far_is_not_changed(rep: User, product: Product) -> None:
    order = await make_order(OrderStatus.PACKED, owner=rep, lines=[(product, "2")])
    found = await refused(rep, order, OrderChanges(lines=[edited(product)], urgency=Urgency.LOW, notes="x"))
    assert found == [
        NotEditable(path=("input", "lines"), status="PACKED"),
        NotEditable(path=("input", "urgency"), status="PACKED"),
    ]
    assert (await change(rep, order, OrderChanges(notes="x"))).notes == "x"


async def test_all_problems_of_a_change_are_told_at_once(rep: User, order: Order) -> None:
    changes = OrderChanges(
        lines=[EditedLine(sku="NONE", quantity=Decimal(1)), EditedLine(product_id=404, quantity=Decimal(0))],
        region_id=404,
        contact=ContactDetails(email="nobody"),
        notes="\0",
        tags=["a", "a"],
    )
    found = await refused(rep, order, changes)
    assert sorted(".".join(error.path) for error in found) == [
        "input.contact.email",
        "input.lines.0.sku",
        "input.lines.1.productId",
        "input.lines.1.quantity",
        "input.notes",
        "input.regionId",
        "input.tags.1",
    ]


async def test_a_typed_total_of_changed_lines_is_checked(rep: User, order: Order, product: Product) -> None:
    mismatch = TotalMismatch(path=("input", "total"), given=Decimal("5"), computed=Decimal("3.00"), currency="GBP")
    assert await refused(rep, order, OrderChanges(lines=[edited(product)], total=Decimal(5))) == [mismatch]


async def test_an_inactive_product_stays_on_the_order_that_has_it(rep: User, order: Order, product: Product) -> None:
    await Product.filter(id=product.id).update(active=False)
    changed = await change(rep, order, OrderChanges(lines=[edited(product, "4")]))
    assert str(changed.total) == "12.00"
    gone: dict[str, Any] = {"active": False}
    other = await make_product(**gone)
    found = await refusals(change(rep, order, OrderChanges(lines=[edited(other)]), version=2))
    assert [getattr(error, "problem", "") for error in found] == ["product_inactive"]
