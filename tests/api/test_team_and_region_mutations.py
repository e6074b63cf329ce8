"""Teams and regions: made, renamed, moved and removed by administrators."""

import asyncio
from typing import Any

import pytest

from domain.people import Role
from models import AuditEntry, Region, RegionClosure, Team, TeamClosure, User, UserSkill
from tests.api.conftest import Client
from tests.api.writing import ERRORS, everything, payload, refused, told, written
from tests.factories import make_customer, make_order, make_region, make_team, make_user

NODES = {"team": "team { id version name parent { id } }", "region": "region { id version code name parent { id } }"}
GIVEN: dict[str, dict[str, Any]] = {"team": {"name": "North"}, "region": {"name": "East", "code": "E"}}
PREFIXES = {"team": "tem", "region": "reg"}
MODELS: dict[str, Any] = {"team": (Team, TeamClosure), "region": (Region, RegionClosure)}
every_tree = pytest.mark.parametrize("name", NODES)


def do(name: str, verb: str) -> str:
    answer = "deletedId" if verb == "Delete" else NODES[name]
    kind = f"{name.capitalize()}{verb}"
    return f"mutation($input: {kind}Input!) {{ {name}{verb}(input: $input) {{ {answer} {ERRORS} }} }}"


@pytest.fixture
async def ada(database: str) -> User:  # noqa: ARG001  # emptied before
    return await make_user(Role.ADMIN)


async def make(name: str, parent: Any = None) -> Any:
    return await (make_team(parent=parent) if name == "team" else make_region(parent=parent))


async def links(name: str) -> set[tuple[int, int, int]]:
    rows = await MODELS[name][1].all().values_list("ancestor_id", "descendant_id", "depth")
    return set(rows)


async def true_links(name: str) -> set[tuple[int, int, int]]:
    """What the closure table must hold, found by walking up."""
    parents = dict(await MODELS[name][0].all().values_list("id", "parent_id"))
    found = set()
    for node in parents:
        above, depth = node, 0
        while above is not None:
            found.add((above, node, depth))
            above, depth = parents[above], depth + 1
            assert depth <= len(parents), "a cycle"
    return found


@every_tree
async def test_a_node_is_made_renamed_moved_and_removed(client: Client, ada: User, name: str) -> None:
    top = await written(client, do(name, "Create"), GIVEN[name], as_=ada)
    assert (top["version"], top["name"], top["parent"]) == (1, GIVEN[name]["name"], None)
    below = GIVEN[name] | {"parentId": top["id"]} | ({"code": "E1"} if name == "region" else {})
    node = await written(client, do(name, "Create"), below, as_=ada)
    assert node["parent"] == {"id": top["id"]}
    renamed = await written(client, do(name, "Update"), {"id": node["id"], "expectedVersion": 1, "name": "X"}, as_=ada)
    assert renamed == node | {"version": 2, "name": "X"}
    moved = await written(
        client, do(name, "Update"), {"id": node["id"], "expectedVersion": 2, "parentId": None}, as_=ada
    )
    assert moved == renamed | {"version": 3, "parent": None}
    assert await links(name) == await true_links(name)
    assert await written(client, do(name, "Delete"), {"id": top["id"]}, as_=ada) == top["id"]
    assert await links(name) == await true_links(name)
    actions = await AuditEntry.all().order_by("id").values_list("action", "subject_id")
    verbs = ["CREATED", "CREATED", "UPDATED", "MOVED", "DELETED"]
    subjects = [top, node, node, node, top]
    assert list(actions) == [(f"TREE_NODE_{verb}", row["id"]) for verb, row in zip(verbs, subjects, strict=True)]


@every_tree
async def test_a_node_does_not_come_under_itself_or_what_is_below_it(client: Client, ada: User, name: str) -> None:
    top = await make(name)
    below = await make(name, await make(name, top))
    for parent in (top, below):
        given = {
            "id": f"{PREFIXES[name]}_{top.id}",
            "expectedVersion": 1,
            "parentId": f"{PREFIXES[name]}_{parent.id}",
        }
        assert told(await refused(client, do(name, "Update"), given, as_=ada)) == [("input.parentId", "within_itself")]


@every_tree
async def test_of_two_that_move_under_each_other_at_once_one_does(client: Client, ada: User, name: str) -> None:
    one, other = await make(name), await make(name)
    ids = [f"{PREFIXES[name]}_{node.id}" for node in (one, other)]
    answers = await asyncio.gather(
        *(
            payload(client, do(name, "Update"), {"id": node, "expectedVersion": 1, "parentId": parent}, as_=ada)
            for node, parent in (ids, reversed(ids))
        )
    )
    assert sorted(told(error for answer in answers for error in answer["errors"])) == [
        ("input.parentId", "within_itself")
    ]
    assert await links(name) == await true_links(name)


@every_tree
async def test_of_a_removal_and_a_child_that_comes_at_once_one_wins(client: Client, ada: User, name: str) -> None:
    node = f"{PREFIXES[name]}_{(await make(name)).id}"
    removal, child = await asyncio.gather(
        payload(client, do(name, "Delete"), {"id": node}, as_=ada),
        payload(client, do(name, "Create"), GIVEN[name] | {"parentId": node}, as_=ada),
    )
    assert (removal["deletedId"] is None) is (child[name] is not None)
    assert await links(name) == await true_links(name)


@every_tree
async def test_only_what_nothing_refers_to_is_removed(client: Client, ada: User, name: str) -> None:
    parent, held, free = await make(name), await make(name), await make(name)
    await make(name, parent)
    match name:
        case "team":
            user = await make_user(team=held)
            others = [await make(name), await make(name)]
            await make_customer(owner=user, team_id=others[0].id)
            await make_order(owner=user, team_id=others[1].id)
        case _:
            others = [await make(name), await make(name)]
            await make_customer(region_id=held.id)
            await make_order(region_id=others[0].id)
            await UserSkill.create(user=ada, region=others[1])
    for node in (parent, held, *others):
        given = {"id": f"{PREFIXES[name]}_{node.id}"}
        assert told(await refused(client, do(name, "Delete"), given, as_=ada)) == [("input.id", "IN_USE")]
    await written(client, do(name, "Delete"), {"id": f"{PREFIXES[name]}_{free.id}"}, as_=ada)


@every_tree
async def test_a_change_names_its_version_and_a_parent_that_is_there(client: Client, ada: User, name: str) -> None:
    node = f"{PREFIXES[name]}_{(await make(name)).id}"
    assert told(await refused(client, do(name, "Update"), {"id": node, "expectedVersion": 2}, as_=ada)) == [
        ("input.expectedVersion", "VERSION_CONFLICT")
    ]
    given = {"id": node, "expectedVersion": 1, "parentId": f"{PREFIXES[name]}_77", "name": ""}
    assert sorted(told(await refused(client, do(name, "Update"), given, as_=ada))) == [
        ("input.name", "blank"),
        ("input.parentId", "NOT_FOUND"),
    ]
    before = await everything()
    same = {"id": node, "expectedVersion": 1, "parentId": None}
    assert (await written(client, do(name, "Update"), same, as_=ada))["version"] == 1
    assert await everything() == before


async def test_a_code_of_a_region_is_given_once(client: Client, ada: User) -> None:
    await make_region("E")
    other = await make_region("W")
    assert told(await refused(client, do("region", "Create"), GIVEN["region"], as_=ada)) == [
        ("input.code", "ALREADY_EXISTS")
    ]
    given = {"id": f"reg_{other.id}", "expectedVersion": 1, "code": "E"}
    assert told(await refused(client, do("region", "Update"), given, as_=ada)) == [("input.code", "ALREADY_EXISTS")]


@every_tree
async def test_a_repeated_request_has_one_effect(client: Client, ada: User, name: str) -> None:
    given = GIVEN[name] | {"idempotencyKey": "k"}
    first = await written(client, do(name, "Create"), given, as_=ada)
    assert await written(client, do(name, "Create"), given, as_=ada) == first
    removal = {"id": first["id"], "idempotencyKey": "k"}
    assert await written(client, do(name, "Delete"), removal, as_=ada) == first["id"]
    assert await written(client, do(name, "Delete"), removal, as_=ada) == first["id"]
    assert await MODELS[name][0].all().count() == 0


@every_tree
async def test_trees_are_for_administrators_to_keep(client: Client, ada: User, name: str) -> None:  # noqa: ARG001
    node = f"{PREFIXES[name]}_{(await make(name)).id}"
    everybody = await make_user(*(set(Role) - {Role.ADMIN}), team=await make_team())
    for verb, given in {
        "Create": GIVEN[name],
        "Update": {"id": node, "expectedVersion": 1, "name": "X"},
        "Delete": {"id": node},
    }.items():
        [error] = await refused(client, do(name, verb), given, as_=everybody)
        assert error["code"] == "NOT_PERMITTED"
