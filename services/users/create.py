"""Making a user."""

from collections.abc import Sequence

from domain.audit import AuditAction
from domain.errors import AlreadyExists, NotPermitted, Refused
from domain.passwords import password_problems
from domain.paths import INPUT, Path
from domain.people import Role
from domain.permissions import Action, may
from domain.text import email as email_problems
from domain.text import one_line
from domain.users import NewUser, user_problems
from models import User
from models.connection import TransactionClient
from rows.entities import BUSINESS_CALENDAR, TEAM, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.clock import now
from services.idempotency import Request, once
from services.references import Reference, answering, unseen
from services.sessions.passwords import hash_password
from services.teams import find_team
from services.transaction import retrying, transaction


@retrying
async def create_user(*, viewer: Viewer, user: NewUser, idempotency_key: str | None = None) -> int:
    """Make `user`, active and without a password (see `services.users.passwords`); the id.

    `email` is kept in lower case. Raises Refused with NotPermitted, InvalidInput, NotFound (the team), AlreadyExists
    (the email address is taken) or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="userCreate", key=idempotency_key, asked=user)

    async def create() -> int:
        if not may(viewer, Action.ADMINISTER):
            raise Refused(NotPermitted())
        problems = [*user_problems(user), *await unseen(client, viewer, _references(user))]
        if problems:
            raise Refused(*problems)
        return await _insert(client, user, path=INPUT, by=viewer.user_id)

    async with transaction() as client:
        outcome = await once(client, request, create)
    return outcome.settle()


async def create_user_by_operator(
    *, email: str, name: str, password: str, roles: Sequence[Role], team: str | None = None
) -> int:
    """Make an active user in the team of that name, on behalf of whoever runs this installation; the id.

    Raises Refused with InvalidInput or AlreadyExists (the email address is taken), and TeamNotFound.
    """
    problems = [
        *email_problems(("email",), email),
        *one_line(("name",), name),
        *password_problems(("password",), password, email=email, name=name),
    ]
    if problems:
        raise Refused(*problems)
    hashed = await hash_password(password)
    async with transaction() as client:
        team_id = await find_team(client, team) if team else None
        user = NewUser(email=email, name=name, roles=roles, team_id=team_id)
        return await _insert(client, user, path=(), by=None, password_hash=hashed)


async def _insert(
    client: TransactionClient, user: NewUser, *, path: Path, by: int | None, password_hash: str | None = None
) -> int:
    roles = sorted(role.value for role in set(user.roles))
    with answering("app_user_email_once", AlreadyExists(path=(*path, "email"))):
        row = await User.create(
            using_db=client,
            email=user.email.lower(),
            name=user.name,
            phone=user.phone,
            password_hash=password_hash,
            roles=roles,
            team_id=user.team_id,
            calendar_id=user.calendar_id,
            created_at=now(),
        )
    facts = {"roles": roles, "teamId": user.team_id and global_id(TEAM, user.team_id)}
    await record(client, actor=by, action=AuditAction.USER_CREATED, subject=(USER, row.id), facts=facts)
    return int(row.id)


def _references(user: NewUser) -> dict[str, Reference]:
    return {"teamId": (TEAM, user.team_id), "calendarId": (BUSINESS_CALENDAR, user.calendar_id)}
