"""What users are good at, by which orders are given to them."""

from typing import Any

from domain.audit import AuditAction
from domain.errors import DomainError, NotFound, Refused, VersionConflict
from domain.naming import camel
from domain.paths import INPUT
from domain.unset import Unset
from domain.users import SkillChanges, skill_problems
from models import User
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import REGION, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.transaction import retrying, transaction
from services.users.holding import hold_user

_COLUMNS = {"region_ids": "region_id", "industries": "industry", "categories": "category"}


@retrying
async def set_skills(
    *,
    viewer: Viewer,
    user_id: int,
    expected_version: int,
    skills: SkillChanges,
    idempotency_key: str | None = None,
) -> int:
    """Make `skills` those of the user if they still have `expected_version`; the id.

    The user's version grows by one, if anything changes. Raises Refused with NotPermitted, NotFound (the user, or a
    region), VersionConflict, InvalidInput or IdempotencyKeyReused.
    """
    asked = {"id": user_id, "expectedVersion": expected_version, "skills": skills}
    request = Request(principal=viewer.user_id, mutation="userSkillsSet", key=idempotency_key, asked=asked)

    async def update() -> int:
        user = await hold_user(client, viewer, user_id)
        if user.version != expected_version:
            raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=user.version))
        if problems := [*skill_problems(skills), *await _unseen(client, viewer, skills)]:
            raise Refused(*problems)
        await _change(client, viewer, user, skills)
        return user_id

    async with transaction() as client:
        outcome = await once(client, request, update)
    return outcome.settle()


async def _unseen(client: TransactionClient, viewer: Viewer, skills: SkillChanges) -> list[DomainError]:
    ids = [] if isinstance(skills.region_ids, Unset) else list(skills.region_ids)
    seen = set(await visible_ids(client, REGION, viewer, ids)) if ids else set()
    return [NotFound(path=(*INPUT, "regionIds", str(place))) for place, region in enumerate(ids) if region not in seen]


async def _change(client: TransactionClient, viewer: Viewer, user: User, skills: SkillChanges) -> None:
    facts: dict[str, Any] = {}
    for name in skills.mentioned:
        wanted, column = list(getattr(skills, name)), _COLUMNS[name]
        found = await client.connection.fetch(
            f"SELECT {column} FROM user_skill WHERE user_id = $1 AND {column} IS NOT NULL ORDER BY id",  # noqa: S608  # ours
            user.id,
        )
        before = [row[column] for row in found]
        if set(before) != set(wanted):
            await _replace(client, user.id, column, wanted)
            facts[camel(name)] = {"from": _told(column, before), "to": _told(column, wanted)}
    if facts:
        await User.filter(id=user.id).using_db(client).update(version=user.version + 1)
        subject = (USER, user.id)
        await record(client, actor=viewer.user_id, action=AuditAction.USER_UPDATED, subject=subject, facts=facts)


async def _replace(client: TransactionClient, user_id: int, column: str, wanted: list[Any]) -> None:
    await client.connection.execute(
        f"DELETE FROM user_skill WHERE user_id = $1 AND {column} IS NOT NULL",  # noqa: S608  # ours
        user_id,
    )
    await client.connection.executemany(
        f"INSERT INTO user_skill (user_id, {column}) VALUES ($1, $2)",  # noqa: S608  # ours
        [(user_id, skill) for skill in wanted],
    )


def _told(column: str, skills: list[Any]) -> list[str]:
    return [global_id(REGION, skill) for skill in skills] if column == "region_id" else skills
