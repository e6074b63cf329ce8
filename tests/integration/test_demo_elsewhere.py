"""The demo company keeps out of a database that somebody uses."""

import asyncio

from app.demo.seed import seed_if_empty
from domain.people import Role
from models import Order, Product, User
from tests.factories import make_product, make_user


async def test_a_database_with_users_is_left_alone(database: str) -> None:
    await make_user(Role.ADMIN)
    await seed_if_empty(database)
    assert await User.all().count() == 1
    assert await Order.all().count() == 0


async def test_a_database_with_products_only_is_left_alone(database: str) -> None:
    await make_product()
    await seed_if_empty(database)
    assert await Product.all().count() == 1
    assert await User.all().count() == 0


async def test_two_demos_at_once_make_one_company(database: str) -> None:
    await asyncio.gather(seed_if_empty(database), seed_if_empty(database))
    assert await User.filter(email="admin@demo.example").count() == 1
