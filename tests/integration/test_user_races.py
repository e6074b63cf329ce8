"""Users who are shut out while rows are given to them."""

import pytest

from domain.errors import InvalidInput
from domain.people import Role
from models import Order, User
from models.connection import TransactionClient
from services.orders.create import create_order
from services.users.deactivate import deactivate_user
from tests.factories import make_order, make_product, make_team, make_user
from tests.integration.order_entry import simple
from tests.integration.writes import COMPANY, overtaken, viewing


@pytest.fixture
async def rosa(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.REP, team=await make_team())


async def test_an_order_that_comes_after_is_refused(rosa: User) -> None:
    viewer, order = await viewing(rosa), simple(await make_product())

    async def shut_out(client: TransactionClient) -> None:
        await User.filter(id=rosa.id).using_db(client).update(active=False)

    refusals = await overtaken(lambda: create_order(viewer=viewer, company=COMPANY, order=order), shut_out)
    assert refusals == (InvalidInput(path=("input", "ownerId"), problem="owner_inactive"),)


async def test_an_order_that_came_before_is_found_and_transferred(rosa: User) -> None:
    admin = await viewing(await make_user(Role.ADMIN))
    ben = await make_user(Role.REP, team=await make_team())

    async def enter(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM app_user WHERE id = $1 FOR SHARE", rosa.id)
        await make_order(owner=rosa)

    await overtaken(lambda: deactivate_user(viewer=admin, user_id=rosa.id, transfer_to_id=ben.id), enter)
    assert (await Order.get()).owner_id == ben.id
