"""The closure tables say what the parents say, whatever is added and moved."""

import asyncio
import random

import pytest

from models import Team
from models.connection import pool
from services.transaction import transaction
from services.trees import REGIONS, TEAMS, CycleError, Tree, move_node, place_node
from tests.factories import make_region, make_team

pytestmark = pytest.mark.usefixtures("database")

Link = tuple[int, int, int]


def links_by_walking_up(parents: dict[int, int | None]) -> set[Link]:
    """Each node with each of its ancestors and their distance: the closure, the slow way."""
    links = set()
    for node in parents:
        ancestor: int | None = node
        depth = 0
        while ancestor is not None:
            links.add((ancestor, node, depth))
            ancestor = parents[ancestor]
            depth += 1
    return links


def is_at_or_below(node: int | None, top: int, parents: dict[int, int | None]) -> bool:
    while node is not None and node != top:
        node = parents[node]
    return node == top


async def stored_links(tree: Tree) -> set[Link]:
    rows = await pool().fetch(f"SELECT ancestor_id, descendant_id, depth FROM {tree.closure}")
    return {tuple(row) for row in rows}


async def stored_parents(tree: Tree) -> dict[int, int | None]:
    rows = await pool().fetch(f"SELECT id, parent_id FROM {tree.nodes}")
    return {row["id"]: row["parent_id"] for row in rows}


async def move(tree: Tree, node: int, parent: int | None) -> None:
    async with transaction() as client:
        await move_node(client, tree, node_id=node, parent_id=parent)


@pytest.mark.parametrize("seed", range(8))
async def test_any_sequence_of_additions_and_moves_keeps_the_closure_right(seed: int) -> None:
    choice = random.Random(seed)  # not a secret
    parents: dict[int, int | None] = {}
    for _ in range(60):
        target = choice.choice([None, *parents])
        if len(parents) < 4 or choice.random() < 0.4:
            team = await make_team(parent=await Team.get(id=target) if target else None)
            parents[team.id] = target
            continue
        node = choice.choice(list(parents))
        if is_at_or_below(target, node, parents):
            with pytest.raises(CycleError):
                await move(TEAMS, node, target)
        else:
            await move(TEAMS, node, target)
            parents[node] = target
    assert await stored_parents(TEAMS) == parents
    assert await stored_links(TEAMS) == links_by_walking_up(parents)


async def test_a_region_moves_with_all_below_it() -> None:
    east, north = await make_region(name="华东"), await make_region(name="华北")
    shanghai = await make_region(name="上海", parent=east)
    pudong = await make_region(name="浦东", parent=shanghai)
    await move(REGIONS, shanghai.id, north.id)
    links = await stored_links(REGIONS)
    assert {below for above, below, _ in links if above == north.id} == {north.id, shanghai.id, pudong.id}
    assert {below for above, below, _ in links if above == east.id} == {east.id}


async def test_two_moves_at_once_cannot_make_a_cycle_together() -> None:
    one, other = await make_team("One"), await make_team("Other")
    results = await asyncio.gather(move(TEAMS, one.id, other.id), move(TEAMS, other.id, one.id), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [CycleError]
    assert await stored_links(TEAMS) == links_by_walking_up(await stored_parents(TEAMS))


async def test_a_node_added_while_its_parent_moves_comes_to_lie_below_the_new_place() -> None:
    top, parent = await make_team("Top"), await make_team("Parent")
    added = asyncio.Event()
    moving = asyncio.Event()

    async def add_below_parent() -> None:
        async with transaction() as client:
            child = await Team.create(name="Child", parent=parent)
            await place_node(client, TEAMS, node_id=child.id)
            added.set()
            await asyncio.wait_for(moving.wait(), 5)
            await asyncio.sleep(0.05)  # long enough for the move to come to the lock

    async def move_parent() -> None:
        await added.wait()
        moving.set()
        await move(TEAMS, parent.id, top.id)

    await asyncio.gather(add_below_parent(), move_parent())
    assert await stored_links(TEAMS) == links_by_walking_up(await stored_parents(TEAMS))
