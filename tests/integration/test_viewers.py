"""Who asks is read from the database, and again within seconds."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from domain.people import Role
from models import Session, User
from models.connection import pool
from rows.viewer import Viewer
from services.clock import clock_set_to, now
from services.sessions.viewers import OfSession, ViewerCache, load_viewer
from services.transaction import transaction
from services.trees import TEAMS, move_node
from tests.factories import make_team, make_user

pytestmark = pytest.mark.usefixtures("database")


async def make_session(user: User) -> uuid.UUID:
    expires_at = now() + timedelta(days=30)
    return (await Session.create(user=user, token_hash=b"", rotations=[], expires_at=expires_at)).id


async def seen(user: User, session_id: uuid.UUID) -> Viewer | None:
    return await load_viewer(pool().fetchrow, OfSession(user.id, session_id))


async def test_a_viewer_has_roles_and_the_teams_below_the_own_one() -> None:
    company = await make_team("Company")
    sales = await make_team("Sales", parent=company)
    north = await make_team("North", parent=sales)
    await make_team("Finance", parent=company)
    user = await make_user(Role.MANAGER, Role.REP, team=sales)
    assert await seen(user, await make_session(user)) == Viewer(
        user_id=user.id,
        roles=frozenset({Role.MANAGER, Role.REP}),
        team_id=sales.id,
        team_ids=(sales.id, north.id),
    )


async def test_a_viewer_without_team_or_roles_has_none() -> None:
    user = await make_user()
    assert await seen(user, await make_session(user)) == Viewer(user_id=user.id, roles=frozenset())


async def test_an_ended_session_has_no_viewer() -> None:
    user = await make_user()
    session_id = await make_session(user)
    await Session.filter(id=session_id).update(ended_at=now())
    assert await seen(user, session_id) is None


async def test_an_expired_session_has_no_viewer() -> None:
    user = await make_user()
    session_id = await make_session(user)
    with clock_set_to(now() + timedelta(days=31)):
        assert await seen(user, session_id) is None


async def test_an_inactive_user_is_no_viewer() -> None:
    user = await make_user(active=False)
    assert await seen(user, await make_session(user)) is None


async def test_a_session_is_no_viewer_for_another_user() -> None:
    user, other = await make_user(), await make_user(Role.ADMIN)
    assert await seen(other, await make_session(user)) is None


class Questions:
    """The database, counting what it is asked, with a clock that stands still between `pass_seconds`."""

    def __init__(self) -> None:
        self.asked = 0
        self.seconds = 100.0
        self.fault: Exception | None = None
        self.cache = ViewerCache(self.fetchrow, clock=lambda: self.seconds)

    async def fetchrow(self, query: str, /, *args: Any) -> Any:
        self.asked += 1
        if self.fault:
            raise self.fault
        return await pool().fetchrow(query, *args)


async def test_the_database_is_asked_again_after_five_seconds_and_not_before() -> None:
    questions = Questions()
    user = await make_user(Role.REP)
    who = OfSession(user.id, await make_session(user))
    await questions.cache.viewer(who)
    await User.filter(id=user.id).update(roles=["MANAGER"])
    questions.seconds += 4.9
    viewer = await questions.cache.viewer(who)
    assert viewer is not None
    assert viewer.roles == {Role.REP}
    questions.seconds += 0.1
    viewer = await questions.cache.viewer(who)
    assert viewer is not None
    assert viewer.roles == {Role.MANAGER}
    assert questions.asked == 2


async def test_a_team_that_moved_is_seen_at_its_new_place_within_five_seconds() -> None:
    questions = Questions()
    sales, service = await make_team("Sales"), await make_team("Service")
    north = await make_team("North", parent=sales)
    user = await make_user(Role.MANAGER, team=sales)
    who = OfSession(user.id, await make_session(user))
    await questions.cache.viewer(who)
    async with transaction() as client:
        await move_node(client, TEAMS, node_id=north.id, parent_id=service.id)
    questions.seconds += 5
    viewer = await questions.cache.viewer(who)
    assert viewer is not None
    assert viewer.team_ids == (sales.id,)


async def test_requests_that_come_together_share_one_question_even_if_the_first_goes_away() -> None:
    questions = Questions()
    user = await make_user()
    who = OfSession(user.id, await make_session(user))
    waiting = [asyncio.create_task(questions.cache.viewer(who)) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [Viewer(user_id=user.id, roles=frozenset())] * 9
    assert questions.asked == 1


async def test_a_fault_is_told_and_not_remembered() -> None:
    questions = Questions()
    user = await make_user()
    who = OfSession(user.id, await make_session(user))
    questions.fault = ConnectionError("gone")
    with pytest.raises(ConnectionError):
        await questions.cache.viewer(who)
    questions.fault = None
    assert await questions.cache.viewer(who) is not None


async def test_signing_out_is_seen_at_once_where_it_is_said() -> None:
    questions = Questions()
    user = await make_user()
    who = OfSession(user.id, await make_session(user))
    await questions.cache.viewer(who)
    await Session.all().update(ended_at=now())
    questions.cache.forget(who)
    assert await questions.cache.viewer(who) is None


async def test_the_cache_is_bounded() -> None:
    questions = Questions()
    user = await make_user()
    for _ in range(10_050):
        questions.cache._ask(OfSession(user.id, uuid.uuid4()))
    assert len(questions.cache._answers) == 10_000
    await asyncio.gather(*(answer.viewer for answer in questions.cache._answers.values()))
