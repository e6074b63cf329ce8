"""Mutations of teams and regions."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry

from domain.errors import Refused
from domain.organisation import NewRegion, NewTeam, RegionChanges, TeamChanges
from resolvers.answers import Info, errors_of, written
from rows.ids import global_id
from schema.commands import command, row_id
from schema.describe import mutation
from schema.inputs.organisation import (
    RegionCreateInput,
    RegionDeleteInput,
    RegionUpdateInput,
    TeamCreateInput,
    TeamDeleteInput,
    TeamUpdateInput,
)
from schema.payloads.organisation import (
    RegionCreatePayload,
    RegionDeletePayload,
    RegionUpdatePayload,
    TeamCreatePayload,
    TeamDeletePayload,
    TeamUpdatePayload,
)
from services.organisation.branches import REGION_TREE, TEAM_TREE, Branch
from services.organisation.create import create_node
from services.organisation.delete import delete_node
from services.organisation.update import update_node

P = TypeVar("P")


@strawberry.type
class OrganisationMutations:
    @mutation("Make a team.")
    async def team_create(self, info: Info, input: TeamCreateInput) -> TeamCreatePayload | None:
        return await _create(info, TeamCreatePayload, TEAM_TREE, NewTeam, input)

    @mutation("Rename a team, or put it under another one.")
    async def team_update(self, info: Info, input: TeamUpdateInput) -> TeamUpdatePayload | None:
        return await _update(info, TeamUpdatePayload, TEAM_TREE, TeamChanges, input)

    @mutation("Remove a team to which nothing belongs.")
    async def team_delete(self, info: Info, input: TeamDeleteInput) -> TeamDeletePayload | None:
        return await _delete(info, TeamDeletePayload, TEAM_TREE, input)

    @mutation("Make a region.")
    async def region_create(self, info: Info, input: RegionCreateInput) -> RegionCreatePayload | None:
        return await _create(info, RegionCreatePayload, REGION_TREE, NewRegion, input)

    @mutation("Rename a region, or put it within another one.")
    async def region_update(self, info: Info, input: RegionUpdateInput) -> RegionUpdatePayload | None:
        return await _update(info, RegionUpdatePayload, REGION_TREE, RegionChanges, input)

    @mutation("Remove a region that nothing is in.")
    async def region_delete(self, info: Info, input: RegionDeleteInput) -> RegionDeletePayload | None:
        return await _delete(info, RegionDeletePayload, REGION_TREE, input)


async def _create(info: Info, payload: Callable[..., P], branch: Branch, of: type[NewTeam], given: Any) -> P:
    async def work() -> int:
        return await create_node(
            viewer=info.context.viewer,
            branch=branch,
            node=command(of, given),
            idempotency_key=given.idempotency_key,
        )

    return await written(info, payload, branch.entity, work)


async def _update(info: Info, payload: Callable[..., P], branch: Branch, of: type[TeamChanges], given: Any) -> P:
    async def work() -> int:
        return await update_node(
            viewer=info.context.viewer,
            branch=branch,
            node_id=row_id(branch.entity, given.id),
            expected_version=given.expected_version,
            changes=command(of, given),
            idempotency_key=given.idempotency_key,
        )

    return await written(info, payload, branch.entity, work)


async def _delete(info: Info, payload: Callable[..., P], branch: Branch, given: Any) -> P:
    try:
        number = await delete_node(
            viewer=info.context.viewer,
            branch=branch,
            node_id=row_id(branch.entity, given.id),
            idempotency_key=given.idempotency_key,
        )
    except Refused as refused:
        return payload(deleted_id=None, errors=errors_of(info, refused))
    return payload(deleted_id=global_id(branch.entity, number), errors=[])
