"""Builders of leads and pools for tests, like those of `tests.factories`."""

from itertools import count
from typing import Any

from domain.leads.pools import OnBreach, PoolStrategy
from models import Lead, LeadPool, LeadPoolMember, Team, User
from services.clock import now

_numbers = count(1)


async def make_pool(*members: User | Team, **rules: Any) -> LeadPool:
    """A pool to compete for, of which these people and teams are members."""
    code = f"pool{next(_numbers)}"
    made = {"code": code, "labels": {"en": code}, "strategy": PoolStrategy.CLAIM, "on_breach": OnBreach.RETURN_TO_POOL}
    pool = await LeadPool.create(**(made | rules))
    for member in members:
        await LeadPoolMember.create(pool=pool, **{"user" if isinstance(member, User) else "team": member})
    return pool


async def make_lead(*, owner: User | None = None, pool: LeadPool | None = None, **columns: Any) -> Lead:
    """A lead of `owner`, or one that waits in `pool`."""
    moment, number = now(), next(_numbers)
    facts: dict[str, Any] = {"company": f"Company {number}", "phone": f"+8613800{number:06}", "entered_at": moment}
    waits = {"pooled_at": moment} if pool else {}
    owned = {"assigned_at": moment, "team_id": owner.team_id} if owner else {}  # type: ignore[attr-defined]  # Tortoise adds it
    return await Lead.create(**(facts | waits | owned | {"owner": owner, "pool": pool, "last_seq": 0} | columns))
