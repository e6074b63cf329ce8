"""Keeps the closure tables of teams and regions in step with their parents."""

from dataclasses import dataclass

from models.connection import TransactionClient
from models.locks import AdvisoryLock
from services.counting.moves import put_on, take_off


@dataclass(frozen=True)
class Tree:
    """The tables of one tree, and the number of the advisory lock under which its shape changes.

    `counted`: orders are counted by it, rolled up.
    """

    nodes: str
    closure: str
    lock: AdvisoryLock
    counted: bool = False


TEAMS = Tree(nodes="team", closure="team_closure", lock=AdvisoryLock.TREE_OF_TEAMS, counted=True)
REGIONS = Tree(nodes="region", closure="region_closure", lock=AdvisoryLock.TREE_OF_REGIONS)


class CycleError(ValueError):
    """The new parent is the node itself, or below it."""


_PLACE = """
INSERT INTO {closure} (ancestor_id, descendant_id, depth)
SELECT up.ancestor_id, node.id, up.depth + 1
FROM {nodes} node JOIN {closure} up ON up.descendant_id = node.parent_id WHERE node.id = $1
UNION ALL SELECT $1, $1, 0
"""

_IS_BELOW = "SELECT EXISTS (SELECT FROM {closure} WHERE ancestor_id = $1 AND descendant_id = $2)"

_DETACH = """
DELETE FROM {closure} link USING {closure} up, {closure} down
WHERE up.descendant_id = $1 AND up.ancestor_id <> $1 AND down.ancestor_id = $1
  AND link.ancestor_id = up.ancestor_id AND link.descendant_id = down.descendant_id
"""

_ATTACH = """
INSERT INTO {closure} (ancestor_id, descendant_id, depth)
SELECT up.ancestor_id, down.descendant_id, up.depth + 1 + down.depth
FROM {closure} up, {closure} down WHERE up.descendant_id = $2 AND down.ancestor_id = $1
"""

_POINT = "UPDATE {nodes} SET parent_id = $2 WHERE id = $1"


async def hold_shape(client: TransactionClient, tree: Tree) -> None:
    """Let no node move or go until the transaction ends; others may come at the same time."""
    await client.connection.execute("SELECT pg_advisory_xact_lock_shared($1)", tree.lock)


async def change_shape(client: TransactionClient, tree: Tree) -> None:
    """Wait until nobody else changes the tree, and let nobody else until the transaction ends.

    Taken before the locks of any rows, and never after `hold_shape`.
    """
    await client.connection.execute("SELECT pg_advisory_xact_lock($1)", tree.lock)


async def place_node(client: TransactionClient, tree: Tree, *, node_id: int) -> None:
    """Enter a node that was just inserted below its parent, if it has one. Nodes may be entered concurrently.

    To be called before anything else is entered below it, and in no transaction that also moves a node of the tree.
    """
    await hold_shape(client, tree)
    await client.connection.execute(_for(tree, _PLACE), node_id)


async def move_node(client: TransactionClient, tree: Tree, *, node_id: int, parent_id: int | None) -> None:
    """Put a node, with all below it, under another parent, or at the top for None.

    Moves take turns until their transactions end, so that two of them cannot make a cycle together. Raises
    CycleError, leaving the tree as it was.
    """
    await change_shape(client, tree)
    if await client.connection.fetchval(_for(tree, _IS_BELOW), node_id, parent_id):
        raise CycleError(f"{tree.nodes} {parent_id} is {node_id} itself or below it")
    if tree.counted:
        await take_off(client, team_id=node_id)
    await client.connection.execute(_for(tree, _POINT), node_id, parent_id)
    await client.connection.execute(_for(tree, _DETACH), node_id)
    await client.connection.execute(_for(tree, _ATTACH), node_id, parent_id)
    if tree.counted:
        await put_on(client, team_id=node_id)


def _for(tree: Tree, statement: str) -> str:
    return statement.format(nodes=tree.nodes, closure=tree.closure)
