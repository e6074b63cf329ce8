"""Positions of events: dense, in order within each aggregate, given by one at a time, whatever happens meanwhile."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from domain.events import Aggregate, EventType
from models import Product
from models.connection import pool
from services.backlog import sequencer_lag
from services.feed import positions
from services.feed.partitions import drop_old_events
from services.feed.positions import position_events
from services.outbox import append
from services.transaction import transaction
from tests.factories import make_product

KILL_WAITING = """SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation IN (
    SELECT oid FROM pg_class WHERE relname LIKE 'event%')"""
FEED = "SELECT position, aggregate_id, seq, type FROM event ORDER BY position"


@pytest.fixture(autouse=True)
async def begun(database: str) -> None:  # noqa: ARG001  # emptied before
    """Each test begins with position 1 and no partition."""
    for name in await pool().fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
    ):
        await pool().execute(f"DROP TABLE {name[0]}")
    await pool().execute("UPDATE event_sequence SET room = 0")


@pytest.fixture
async def other(module_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else."""
    connection = await asyncpg.connect(module_database)
    yield connection
    await connection.close()


async def touch(product_id: int, *, pause: float = 0, fails: bool = False, by: int = 1) -> None:
    """A write that has an event; its transaction goes on for `pause` seconds after that."""
    async with transaction() as client:
        product = await Product.select_for_update().using_db(client).get(id=product_id)
        seq = product.last_seq + by
        await Product.filter(id=product_id).using_db(client).update(last_seq=seq)
        await append(
            client,
            aggregate=Aggregate.PRODUCT,
            aggregate_id=product_id,
            type=EventType.PRODUCT_UPDATED,
            before=product,
            payload={"by": None},
        )
        await asyncio.sleep(pause)
        if fails:
            raise LookupError


async def feed() -> list[tuple[int, int, int]]:
    """Position, aggregate and seq of all events, checked to be dense and in order within each aggregate."""
    rows = [(row["position"], row["aggregate_id"], row["seq"]) for row in await pool().fetch(FEED)]
    assert [position for position, _, _ in rows] == list(range(1, len(rows) + 1))
    seqs = defaultdict(list)
    for _, aggregate_id, seq in rows:
        seqs[aggregate_id].append(seq)
    assert all(found == list(range(1, len(found) + 1)) for found in seqs.values()), seqs
    assert await pool().fetchval("SELECT newest FROM event_sequence") == len(rows)
    return rows


async def test_an_event_that_is_committed_late_gets_a_late_position() -> None:
    early, late = await make_product(), await make_product()
    begun = asyncio.create_task(touch(late.id, pause=0.2))
    await asyncio.sleep(0.1)  # its event has its id now, the smaller one
    await touch(early.id)
    assert await position_events() == 1
    await begun
    assert await position_events() == 1
    assert await feed() == [(1, early.id, 1), (2, late.id, 1)]


async def test_what_was_rolled_back_has_no_position() -> None:
    product = await make_product()
    with pytest.raises(LookupError):
        await touch(product.id, fails=True)
    await touch(product.id)
    assert await position_events() == 1
    assert await feed() == [(1, product.id, 1)]


async def test_only_one_at_a_time_gives_positions(other: asyncpg.Connection) -> None:
    await touch((await make_product()).id)
    async with other.transaction():
        await other.execute("SELECT FROM event_sequence FOR UPDATE")
        assert await position_events() is None
    assert await position_events() == 1


async def test_one_that_is_frozen_is_ended_by_the_database(
    other: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await touch((await make_product()).id)
    monkeypatch.setattr(positions, "_HOLD", positions._HOLD.replace("'10s'", "'100ms'"))
    await other.execute("BEGIN")
    await other.execute(positions._HOLD)
    assert await position_events() is None
    await asyncio.sleep(0.3)
    assert await position_events() == 1


async def test_one_that_dies_leaves_nothing_half_done(other: asyncpg.Connection) -> None:
    await touch((await make_product()).id)
    async with other.transaction():
        await other.execute("LOCK TABLE event IN SHARE MODE")
        dying = asyncio.create_task(position_events())
        while not await other.fetchval(KILL_WAITING):  # noqa: ASYNC110  # the database sets no events of ours
            await asyncio.sleep(0.01)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await dying
    assert await feed() == []
    assert await position_events() == 1
    assert len(await feed()) == 1


async def test_order_is_kept_under_many_writers_and_rival_sequencers() -> None:
    products = [await make_product() for _ in range(6)]
    chance = random.Random(3)  # not a secret
    stopped = asyncio.Event()

    async def writer() -> None:
        for _ in range(8):
            pause = chance.choice([0, 0, 0, 0.02])
            await touch(chance.choice(products).id, pause=pause)

    async def sequencer() -> None:
        while not stopped.is_set():
            await position_events(batch=7)
            await asyncio.sleep(0)

    rivals = [asyncio.create_task(sequencer()) for _ in range(2)]
    await asyncio.gather(*(writer() for _ in range(20)))
    stopped.set()
    await asyncio.gather(*rivals)
    while await position_events(batch=7):
        pass
    assert len(await feed()) == 160


async def test_partitions_are_made_ahead_and_dropped_when_all_in_them_is_old() -> None:
    product = await make_product()
    for _ in range(12):
        await touch(product.id)
    assert await position_events(batch=15, partition=5) == 12
    assert await pool().fetchval("SELECT room FROM event_sequence") == 15
    await pool().execute("UPDATE event SET positioned_at = now() - interval '31 days' WHERE position < 10")
    assert await drop_old_events(kept_for=timedelta(days=30)) == 5
    kept = await pool().fetch("SELECT position FROM event ORDER BY position")
    assert [row["position"] for row in kept] == list(range(6, 13)), "one of the second five is young"
    assert await pool().fetchval("SELECT oldest FROM event_sequence") == 6
    assert await drop_old_events(kept_for=timedelta(days=0)) == 5
    assert await drop_old_events(kept_for=timedelta(days=0)) == 0, "one that is not full stays"


async def test_a_reader_in_the_way_of_dropping_is_not_waited_for_long(other: asyncpg.Connection) -> None:
    await touch((await make_product()).id)
    await position_events(batch=1, partition=1)
    async with other.transaction():
        await other.execute("SELECT FROM event")
        assert await drop_old_events(kept_for=timedelta(days=0)) == 0
    assert await drop_old_events(kept_for=timedelta(days=0)) == 1


async def test_the_lag_counts_what_waits() -> None:
    assert (await sequencer_lag()).waiting == 0
    product = await make_product()
    await touch(product.id)
    await pool().execute("UPDATE outbox_event SET created_at = now() - interval '1 minute'")
    await touch(product.id)
    lag = await sequencer_lag()
    assert lag.waiting == 2
    assert timedelta(minutes=1) <= lag.oldest < timedelta(minutes=2)
    await position_events()
    assert (await sequencer_lag()) == type(lag)(waiting=0, oldest=timedelta())


@pytest.mark.parametrize("jump", [0, 2])
async def test_an_event_whose_row_has_not_moved_on_by_one_is_refused(jump: int) -> None:
    product = await make_product()
    with pytest.raises(RuntimeError, match="grow by one"):
        await touch(product.id, by=jump)
