"""Pools of leads: their rules, and who belongs to them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from domain.audit import AuditAction
from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, Refused, VersionConflict
from domain.leads.pools import LeadPoolEntry, Members, members_problems, worth_problems
from domain.money import round_money
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from models import LeadPool, LeadPoolMember
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.custom_fields import CustomFields
from rows.declare import Entity
from rows.entities import LEAD, LEAD_POOL, TEAM, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.company import Company
from services.idempotency import Request, once
from services.lists.filters import filter_problems
from services.lists.upsert import upsert_entry
from services.transaction import retrying, transaction

_OTHERS = "SELECT entry_filter AS condition FROM lead_pool WHERE active AND entry_filter IS NOT NULL AND code <> $1"
_ACTIVE = "SELECT id FROM app_user WHERE id = ANY ($1::bigint[]) AND active ORDER BY id FOR SHARE"


async def upsert_pool(
    *,
    viewer: Viewer,
    company: Company,
    pool: LeadPoolEntry,
    custom_fields: CustomFields,
    expected_version: int | None,
    idempotency_key: str | None,
) -> int:
    """As `upsert_entry`, of a pool; where its filter means nothing, the path leads into it.

    The filters of active pools together may ask as much as tier rules may.
    """
    problems = list(worth_problems("headStartValue", pool.head_start_value, company.currency))
    if isinstance(pool.entry_filter, dict):
        problems += await filter_problems(
            LEAD, pool.entry_filter, custom_fields, code=pool.code, column="entry_filter", others=_OTHERS
        )
    if isinstance(pool.head_start_value, Decimal) and not problems:
        pool = replace(pool, head_start_value=round_money(pool.head_start_value, company.currency))
    return await upsert_entry(
        viewer=viewer,
        entry=pool,
        expected_version=expected_version,
        idempotency_key=idempotency_key,
        problems=problems,
    )


async def pool_problems(client: TransactionClient, viewer: Viewer, pool_id: int) -> list[DomainError]:
    """Why `viewer` may not send leads into this pool."""
    path = (*INPUT, "poolId")
    if not await visible_ids(client, LEAD_POOL, viewer, [pool_id]):
        return [NotFound(path=path)]
    if not may(viewer, Action.ASSIGN):
        return [NotPermitted(path=path)]
    pool = await LeadPool.get(id=pool_id, using_db=client)
    return [] if pool.active else [InvalidInput(path=path, problem=Problem.POOL_INACTIVE)]


@retrying
async def set_members(
    *, viewer: Viewer, pool_id: int, expected_version: int, members: Members, idempotency_key: str | None = None
) -> int:
    """Make `members` those of the pool, if it still has `expected_version`; its id.

    Its version grows by one, or not at all when nothing really changes. Raises Refused with NotFound, NotPermitted,
    VersionConflict, InvalidInput (the path names the member) or IdempotencyKeyReused.
    """
    asked = {"id": pool_id, "expectedVersion": expected_version, "members": members}
    request = Request(principal=viewer.user_id, mutation="leadPoolMembersSet", key=idempotency_key, asked=asked)

    async def change() -> int:
        pool = await _lock(client, viewer, pool_id, expected_version)
        if problems := [*members_problems(members), *await _unknown(client, viewer, members)]:
            raise Refused(*problems)
        await _write(client, viewer, pool, members)
        return pool_id

    async with transaction() as client:
        outcome = await once(client, request, change)
    return outcome.settle()


async def _lock(client: TransactionClient, viewer: Viewer, pool_id: int, expected_version: int) -> LeadPool:
    if not await visible_ids(client, LEAD_POOL, viewer, [pool_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    if not may(viewer, Action.ADMINISTER):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    pool = await LeadPool.get(id=pool_id, using_db=client)
    if pool.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=pool.version))
    return pool


async def _unknown(client: TransactionClient, viewer: Viewer, members: Members) -> list[DomainError]:
    problems = await _unseen(client, viewer, USER, "userIds", members.user_ids)
    problems += await _unseen(client, viewer, TEAM, "teamIds", members.team_ids)
    if problems:
        return problems
    active = {row["id"] for row in await client.connection.fetch(_ACTIVE, list(members.user_ids))}
    return [
        InvalidInput(path=(*INPUT, "userIds", str(place)), problem=Problem.USER_INACTIVE)
        for place, user_id in enumerate(members.user_ids)
        if user_id not in active
    ]


async def _unseen(
    client: TransactionClient, viewer: Viewer, entity: Entity, name: str, ids: Sequence[int]
) -> list[DomainError]:
    seen = set(await visible_ids(client, entity, viewer, ids))
    return [NotFound(path=(*INPUT, name, str(place))) for place, each in enumerate(ids) if each not in seen]


async def _write(client: TransactionClient, viewer: Viewer, pool: LeadPool, members: Members) -> None:
    rows = await LeadPoolMember.filter(pool_id=pool.id).using_db(client)
    there = {(row.user_id, row.team_id): row.id for row in rows}
    wanted = [*((user_id, None) for user_id in members.user_ids), *((None, team_id) for team_id in members.team_ids)]
    gone = [row_id for key, row_id in there.items() if key not in wanted]
    new = [key for key in wanted if key not in there]
    if not gone and not new:
        return
    await LeadPoolMember.filter(id__in=gone).using_db(client).delete()
    await LeadPoolMember.bulk_create(
        [LeadPoolMember(pool_id=pool.id, user_id=user_id, team_id=team_id) for user_id, team_id in new], using_db=client
    )
    await LeadPool.filter(id=pool.id).using_db(client).update(version=pool.version + 1)
    facts = {
        "code": pool.code,
        "users": [global_id(USER, user_id) for user_id in members.user_ids],
        "teams": [global_id(TEAM, team_id) for team_id in members.team_ids],
    }
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.LIST_ENTRY_UPDATED,
        subject=(LEAD_POOL, pool.id),
        facts=facts,
    )
