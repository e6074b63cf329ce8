"""Making and changing products by sku."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import AlreadyExists, DomainError, IdempotencyKeyReused, NotFound, NotPermitted, VersionConflict
from domain.people import Role
from domain.product_entry import ProductEntry
from models import OutboxEvent, Product, User
from models.connection import TransactionClient
from services.clock import clock_set_to
from services.products.upsert import upsert_product
from tests.factories import make_product, make_team, make_user
from tests.integration.writes import events, overtaken, race, refusals, viewing

TAKEN = AlreadyExists(path=("input", "sku"))
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def manager() -> User:
    return await make_user(Role.MANAGER, team=await make_team())


async def upsert(
    user: User, *, version: int | None = None, key: str | None = None, sku: str = "TEA", **facts: Any
) -> dict[str, Any]:
    """The row of the product that `user` makes or changes."""
    product_id = await upsert_product(
        viewer=await viewing(user),
        product=ProductEntry(sku=sku, **facts),
        expected_version=version,
        idempotency_key=key,
    )
    return await Product.get(id=product_id).values()


async def refused(user: User, **request: Any) -> list[DomainError]:
    """Why `user` cannot do it; nothing changes."""
    before = await Product.all().order_by("id").values()
    found = await refusals(upsert(user, **request))
    assert await Product.all().order_by("id").values() == before
    assert not await OutboxEvent.exists()
    return [*found]


async def test_a_product_that_is_not_there_is_made(manager: User) -> None:
    moment = datetime(2026, 3, 3, 8, 0, 0, 5000, tzinfo=UTC)
    with clock_set_to(moment):
        row = await upsert(manager, name="Tea", price=Decimal("2.50"), currency="GBP", tax_rate=Decimal("0.20"))
    made = {"sku": "TEA", "name": "Tea", "description": None, "category": None, "active": True, "version": 1}
    assert row | made == row
    assert (str(row["price"]), row["currency"], str(row["tax_rate"])) == ("2.50", "GBP", "0.2")
    assert (row["created_at"], row["last_seq"]) == (moment, 1)
    assert await events("product", row["id"]) == [(1, "product.created")]


async def test_a_product_that_is_there_is_changed(manager: User) -> None:
    product = await make_product("TEA", name="Tea", category="Drinks")
    row = await upsert(manager, version=1, name="Green tea", category=None, active=False)
    assert (row["name"], row["category"], row["active"], row["version"]) == ("Green tea", None, False, 2)
    assert row["price"] == product.price
    event = await OutboxEvent.get(aggregate="product", aggregate_id=product.id)
    assert (event.type, event.payload["changed"]) == ("product.updated", ["name", "category", "active"])


async def test_what_changes_nothing_writes_nothing(manager: User) -> None:
    product = await make_product("TEA", name="Tea")
    before = await Product.get(id=product.id).values()
    assert await upsert(manager, version=1, name="Tea", price=Decimal(10), tax_rate=Decimal("0.200")) == before
    assert not await OutboxEvent.exists()


async def test_without_a_version_it_must_not_exist_yet(manager: User) -> None:
    await make_product("TEA", version=4)
    conflict = [VersionConflict(path=("input", "expectedVersion"), current_version=4)]
    assert await refused(manager, name="Tea") == [TAKEN]
    assert await refused(manager, name="Tea", version=3) == conflict
    assert (await upsert(manager, sku="tea", name="Another"))["version"] == 1


async def test_with_a_version_it_must_exist(manager: User) -> None:
    assert await refused(manager, name="Tea", version=1) == [NotFound(path=("input", "sku"))]


async def test_of_racing_makers_one_wins(manager: User) -> None:
    outcomes = await race(*[lambda name=name: upsert(manager, name=name) for name in "abcdefgh"])
    assert outcomes.count((TAKEN,)) == 7
    assert await Product.all().count() == await OutboxEvent.all().count() == 1


async def test_a_rival_who_makes_it_between_check_and_write_wins(manager: User) -> None:
    async def come_first(client: TransactionClient) -> None:
        await Product.create(using_db=client, sku="TEA", name="first")

    outcome = await overtaken(lambda: upsert(manager, key="k", name="second"), come_first)
    assert outcome == (TAKEN,)


async def test_of_racing_changes_one_wins(manager: User) -> None:
    await make_product("TEA")
    outcomes = await race(*[lambda name=name: upsert(manager, version=1, name=name) for name in "abcdefgh"])
    assert outcomes.count((VersionConflict(path=("input", "expectedVersion"), current_version=2),)) == 7


async def test_a_retry_gets_the_same_answer_and_another_input_does_not(manager: User) -> None:
    first = await upsert(manager, key="k", name="Tea")
    assert await upsert(manager, key="k", name="Tea") == first
    reused = IdempotencyKeyReused(path=("input", "idempotencyKey"))
    assert await refusals(upsert(manager, key="k", name="Tee")) == (reused,)
    assert await refusals(upsert(manager, key="k", name="Tea", version=1)) == (reused,)


async def test_all_problems_are_told_at_once(manager: User) -> None:
    found = await refused(manager, sku=" ", description="\0", price=Decimal("-1"), tax_rate=Decimal(2))
    assert [(".".join(error.path), getattr(error, "problem", "")) for error in found] == [
        ("input.sku", "blank"),
        ("input.description", "forbidden_character"),
        ("input.taxRate", "too_large"),
        ("input.currency", "currency_needed"),
        ("input.name", "missing"),
    ]
    assert [error.path for error in await refused(manager, sku="\0", name="x")] == [("input", "sku")]


async def test_a_price_is_completed_by_what_is_there(manager: User) -> None:
    await make_product("TEA", price="2.50")
    found = await refused(manager, version=1, currency="JPY")
    assert [(error.path, getattr(error, "problem", "")) for error in found] == [
        (("input", "price"), "too_many_decimals")
    ]
    found = await refused(manager, version=1, price=None, currency="EUR")
    assert [(error.path, getattr(error, "problem", "")) for error in found] == [
        (("input", "price"), "price_of_currency_needed")
    ]


async def test_a_price_that_is_emptied_takes_its_currency_along(manager: User) -> None:
    product = await make_product("TEA", price="2.50")
    row = await upsert(manager, version=1, price=None)
    assert (row["price"], row["currency"], row["version"]) == (None, None, 2)
    event = await OutboxEvent.get(aggregate="product", aggregate_id=product.id)
    assert event.payload["changed"] == ["price", "currency"]
    assert (await upsert(manager, sku="CUP", name="Cup", price=None))["currency"] is None


@pytest.mark.parametrize("role", [Role.REP, Role.REVIEWER, Role.FULFILMENT, Role.SERVICE, Role.FINANCE])
async def test_only_managers_and_admins_keep_products(role: Role) -> None:
    assert await refused(await make_user(role, team=await make_team()), name="Tea") == [NotPermitted()]
    assert (await upsert(await make_user(Role.ADMIN), name="Tea"))["name"] == "Tea"
