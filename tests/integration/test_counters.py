"""Counters of orders are what the orders add up to, whatever happens at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from importlib import import_module
from random import Random

import asyncpg
import pytest

from domain.errors import InUse, Refused
from domain.orders.life_cycle import OrderStatus
from domain.people import Role
from models import Order, Team
from models.connection import pool
from models.locks import AdvisoryLock
from rows.cuboids import CUBOIDS
from rows.viewer import Viewer
from services.counting.fold import fold_counts
from services.counting.rebuild import differences, rebuild_counters
from services.organisation.branches import TEAM_TREE
from services.organisation.delete import delete_node
from services.transaction import snapshot, transaction
from services.trees import TEAMS, move_node
from tests.factories import make_order, make_region, make_team, make_user
from workers.counters import fold_counters
from workers.metrics import WorkerMetrics

pytestmark = pytest.mark.usefixtures("database")

OF_A_TEAM = """
SELECT sum(orders), sum(amount) FROM order_counter WHERE team_id = $1 AND cuboid = 2 HAVING count(*) > 0
"""


async def wrong() -> list[object]:
    """How the counters with what is pending differ from the orders."""
    async with snapshot() as connection:
        return [*await differences(connection)]


async def pending() -> int:
    """How many deltas wait to be folded."""
    return int(await pool().fetchval("SELECT count(*) FROM order_count_delta"))


async def counted(team: Team) -> tuple[int, Decimal] | None:
    """What the counters say of a team with all below it, of one status and type."""
    row = await pool().fetchrow(OF_A_TEAM, team.id)
    return tuple(row) if row else None


async def fold_everything() -> None:
    """Leave nothing pending."""
    while await fold_counts():
        pass


async def move(team: Team, parent: Team | None) -> None:
    """Put a team with all below it under another."""
    async with transaction() as client:
        await move_node(client, TEAMS, node_id=team.id, parent_id=parent.id if parent else None)


@asynccontextmanager
async def session(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of one's own."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_what_is_folded_counts_for_the_team_and_all_above_it() -> None:
    top = await make_team()
    middle = await make_team(parent=top)
    bottom = await make_team(parent=middle)
    await make_order(team_id=bottom.id, base_total=Decimal("5.00"))
    await make_order(team_id=middle.id, base_total=Decimal("2.50"))
    await make_order(base_total=Decimal("1.00"))
    assert await fold_counts() == 3
    assert await pending() == 0
    assert await counted(top) == (2, Decimal("7.50"))
    assert await counted(bottom) == (1, Decimal("5.00"))
    assert await pool().fetchval(OF_A_TEAM, 0) == 3
    assert await wrong() == []


async def test_a_change_of_neither_grain_nor_amount_is_no_delta() -> None:
    order = await make_order()
    await fold_everything()
    await Order.filter(id=order.id).update(notes="later", version=2)
    assert await pending() == 0
    await Order.filter(id=order.id).update(status=OrderStatus.APPROVED)
    assert await pending() == 2


async def test_every_way_to_write_is_counted() -> None:
    team = await make_team()
    await make_order(team_id=team.id)
    await pool().execute(
        "INSERT INTO sales_order (version, type, status, currency, tax_included, discount, net_total, tax_total, total,"
        " base_total, urgency, placed_at, tags, last_seq, created_at, updated_at)"
        " SELECT 1, 'NEW', 'DRAFT', 'GBP', false, 0, 1, 0, 1, 1, 'NORMAL', now(), '{}', 0, now(), now()"
        " FROM generate_series(1, 30)"
    )
    assert await pending() == 2
    await pool().execute("DELETE FROM sales_order WHERE id % 2 = 0")
    await pool().execute("UPDATE sales_order SET team_id = $1, base_total = base_total * 2 WHERE id % 3 = 0", team.id)
    assert await wrong() == []
    await fold_everything()
    assert await wrong() == []
    await pool().execute("DELETE FROM sales_order")
    await fold_everything()
    assert await pool().fetchval("SELECT count(*) FROM order_counter") == 0


async def test_what_is_committed_late_is_folded_later(database: str) -> None:
    await make_order()
    async with session(database) as slow, slow.transaction():
        await slow.execute("UPDATE sales_order SET status = 'APPROVED'")
        await make_order()  # a delta behind the one that nobody sees yet
        assert await fold_counts() == 2
        assert await wrong() == []
    assert await fold_counts() == 2
    assert await wrong() == []


async def test_a_fold_that_dies_leaves_nothing_half_done(database: str) -> None:
    for _ in range(3):
        await make_order()
    async with session(database) as dying:
        transaction = dying.transaction()
        await transaction.start()
        await dying.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.COUNTERS)
        await dying.execute("DELETE FROM order_count_delta")
        await dying.execute("UPDATE order_counter SET orders = orders + 3")
        assert await fold_counts() is None  # one at a time
        assert await wrong() == []
        await pool().execute("SELECT pg_terminate_backend($1)", dying.get_server_pid())
    await asyncio.sleep(0.05)
    assert await pending() == 3
    await fold_everything()
    assert await wrong() == []


async def test_counters_follow_a_team_that_moves_and_what_was_pending_too() -> None:
    old, new = await make_team(), await make_team()
    team = await make_team(parent=old)
    below = await make_team(parent=team)
    await make_order(team_id=below.id)
    await fold_everything()
    await make_order(team_id=below.id)
    await move(team, new)
    assert [await counted(each) for each in (old, new, team)] == [None, (1, Decimal("0.00")), (1, Decimal("0.00"))]
    await fold_everything()
    assert [await counted(each) for each in (old, new, team)] == [None, (2, Decimal("0.00")), (2, Decimal("0.00"))]
    assert await wrong() == []


async def test_nobody_folds_while_a_team_moves(database: str) -> None:
    team = await make_team()
    await make_order(team_id=team.id)
    async with session(database) as moving, moving.transaction():
        await moving.execute("SELECT pg_advisory_xact_lock($1)", TEAMS.lock)
        folding = asyncio.create_task(fold_counts())
        await asyncio.sleep(0.05)
        assert not folding.done()
    assert await folding == 1


async def test_a_team_goes_with_all_that_was_counted_of_it() -> None:
    top, other = await make_team(), await make_team()
    team = await make_team(parent=top)
    order = await make_order(team_id=team.id)
    await fold_everything()
    await Order.filter(id=order.id).update(team_id=other.id)
    admin = await make_user(Role.ADMIN)
    viewer = Viewer(admin.id, frozenset({Role.ADMIN}))
    await delete_node(viewer=viewer, branch=TEAM_TREE, node_id=team.id)
    assert await counted(top) is None
    assert await wrong() == []
    with pytest.raises(Refused) as refused:
        await delete_node(viewer=viewer, branch=TEAM_TREE, node_id=other.id)
    assert isinstance(refused.value.errors[0], InUse)
    assert await wrong() == []


async def test_counters_are_made_anew_while_others_write(database: str) -> None:
    team = await make_team()
    for _ in range(3):
        await make_order(team_id=team.id)
    await pool().execute("DELETE FROM order_count_delta WHERE ctid = (SELECT max(ctid) FROM order_count_delta)")
    await pool().execute("INSERT INTO order_counter VALUES (2, 7, true, 'DRAFT', 'NEW', 0, 0, 0, '', 5, 5)")
    found = await wrong()
    assert len(found) > 6
    async with session(database) as slow, slow.transaction():
        await slow.execute("UPDATE sales_order SET status = 'APPROVED'")
        await rebuild_counters()
        assert await wrong() == []
    assert await pending() == 2
    assert await wrong() == []
    await fold_everything()
    assert await wrong() == []


@pytest.mark.parametrize("seed", range(2))
async def test_twenty_writers_folds_and_moves_at_once_leave_the_counters_right(database: str, seed: int) -> None:
    teams = [await make_team() for _ in range(3)]
    teams += [await make_team(parent=teams[0]), await make_team(parent=teams[1])]
    for place in range(20):
        await make_order(team_id=teams[place % 5].id, base_total=Decimal(place))
    done = asyncio.Event()

    async def write(number: int) -> None:
        choice = Random(seed * 100 + number)  # not a secret
        async with session(database) as connection:
            for _ in range(6):
                async with connection.transaction():
                    for _ in range(choice.choice([1, 1, 3])):
                        await connection.execute(
                            "UPDATE sales_order SET team_id = $2, status = $3, base_total = base_total + 1"
                            " WHERE id = $1",
                            *(number + 1, choice.choice(teams).id, choice.choice(["DRAFT", "APPROVED", "SHIPPED"])),
                        )
                        await asyncio.sleep(choice.choice([0, 0, 0.005]))

    async def fold_until_done() -> None:
        while not done.is_set():
            await fold_counts(batch=7)
            assert await wrong() == []

    async def move_about() -> None:
        for parent in (teams[1], teams[2], None, teams[0]):
            await move(teams[3], parent)
            await asyncio.sleep(0.01)

    folding = asyncio.create_task(fold_until_done())
    await asyncio.gather(move_about(), *(write(number) for number in range(20)))
    done.set()
    await folding
    await fold_everything()
    assert await wrong() == []
    assert await pool().fetchval("SELECT sum(orders) FROM order_counter WHERE team_id = 0") == 20 * len(CUBOIDS)


async def test_counters_as_they_were_kept_before_become_those_of_now(database: str) -> None:
    top = await make_team()
    bottom = await make_team(parent=await make_team(parent=top))
    region = await make_region()
    for team in (top, bottom, None):
        await make_order(team_id=team and team.id, region_id=region.id, base_total=Decimal("2.50"))
    before, count, now = (
        import_module(f"models.migrations.{name}")
        for name in ("0017_order_counters", "0018_count_orders", "0028_fewer_counters")
    )
    async with session(database) as connection:
        for statement in ("DROP TABLE order_counter", before.COUNTER, count.COUNT):
            await connection.execute(statement)
        await make_order(team_id=bottom.id)  # is pending meanwhile
        async with connection.transaction():
            for statement in now.STATEMENTS:
                await connection.execute(statement)
    assert await pending() == 1
    assert await wrong() == []
    assert await counted(top) == (2, Decimal("5.00"))


async def test_a_worker_folds_by_itself_and_stops_when_told() -> None:
    await make_order()
    stopping = asyncio.Event()
    folding = asyncio.create_task(fold_counters(stopping, WorkerMetrics()))
    while await pending():  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.wait_for(folding, 5)
    assert await wrong() == []
