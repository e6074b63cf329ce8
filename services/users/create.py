"""Making a user."""

from collections.abc import Sequence

from domain.errors import AlreadyExists, Refused
from domain.passwords import password_problems
from domain.people import Role
from domain.text import email as email_problems
from domain.text import one_line
from models import User
from services.references import answering
from services.sessions.passwords import hash_password
from services.teams import find_team
from services.transaction import transaction


async def create_user(*, email: str, name: str, password: str, roles: Sequence[Role], team: str | None = None) -> int:
    """Make an active user in the team of that name; the id. `email` is kept in lower case.

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
        with answering("app_user_email_once", AlreadyExists(path=("email",))):
            user = await User.create(
                using_db=client,
                email=email.lower(),
                name=name,
                password_hash=hashed,
                roles=sorted(role.value for role in set(roles)),
                team_id=team_id,
            )
    return int(user.id)
