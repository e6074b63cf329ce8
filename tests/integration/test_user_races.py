"""Users who are shut out while rows are given to them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.auth.keys import token_keys
from domain.errors import InvalidInput
from domain.identities import Identity
from domain.people import Role
from models import Order, User, UserIdentity
from models.connection import TransactionClient
from services.identities.link import link_identity
from services.orders.create import create_order
from services.sessions import change_password as changing
from services.sessions.attempts import Charge, charge
from services.users.deactivate import deactivate_user
from services.users.passwords import create_password_token, set_password
from tests.factories import make_order, make_product, make_team, make_user
from tests.integration.order_entry import simple
from tests.integration.writes import COMPANY, overtaken, viewing

KEYS = token_keys("a secret key of thirty-two letters")
OLD, NEW = "correct horse", "battery staple horse"


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


async def test_of_two_first_tokens_of_a_provider_at_once_both_speak_for_the_user(rosa: User) -> None:
    identity = Identity(issuer="https://id.example", subject="r", email=rosa.email, good_until=datetime.now(UTC))

    async def link(client: TransactionClient) -> None:
        await UserIdentity.create(user_id=rosa.id, issuer=identity.issuer, subject="r", using_db=client)

    assert await overtaken(lambda: link_identity(identity), link) is True
    assert await link_identity(replace(identity, subject="another")) is False


async def test_who_sets_a_password_waits_for_the_user_before_the_token(rosa: User) -> None:
    admin = await viewing(await make_user(Role.ADMIN))
    made = await create_password_token(viewer=admin, user_id=rosa.id)

    async def hold(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE", rosa.id)

    tokens = "SELECT FROM password_token FOR UPDATE NOWAIT"
    assert await overtaken(lambda: set_password(token=made.token, password=NEW), hold, needs=tokens) == rosa.email


async def test_who_changes_a_password_waits_for_the_attempts_before_the_user(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    rosa = await make_user(Role.REP, password=OLD)
    made = await charge(key=KEYS.attempts, email=rosa.email, user_id=rosa.id)
    viewer = await viewing(rosa)

    async def charged(**_: object) -> Charge:
        return made

    async def hold(client: TransactionClient) -> None:
        await client.connection.execute("SELECT FROM login_attempts FOR UPDATE")

    monkeypatch.setattr(changing, "charge", charged)
    users = "SELECT FROM app_user FOR NO KEY UPDATE NOWAIT"
    changed = await overtaken(
        lambda: changing.change_password(viewer=viewer, session_id=None, current=OLD, new=NEW, keys=KEYS),
        hold,
        needs=users,
    )
    assert changed == 0
