"""Making a user."""

from collections.abc import Sequence

from domain.errors import AlreadyExists, InvalidInput, NotFound, Refused
from domain.people import SHORTEST_PASSWORD, Role
from domain.problems import Problem
from domain.text import email as email_problems
from domain.text import one_line
from models import Team, User
from services.references import answering
from services.sessions.passwords import hash_password
from services.transaction import transaction


async def create_user(*, email: str, name: str, password: str, roles: Sequence[Role], team: str | None = None) -> int:
    """Make an active user in the team of that name; the id. `email` is kept in lower case.

    Raises Refused with InvalidInput, NotFound (the team) or AlreadyExists (the email address is taken).
    """
    problems = [*email_problems(("email",), email), *one_line(("name",), name)]
    if len(password) < SHORTEST_PASSWORD:
        problems.append(InvalidInput(path=("password",), problem=Problem.TOO_SHORT, limit=str(SHORTEST_PASSWORD)))
    if problems:
        raise Refused(*problems)
    hashed = await hash_password(password)
    async with transaction() as client:
        found = await Team.filter(name=team).using_db(client).order_by("id").first() if team else None
        if team and found is None:
            raise Refused(NotFound(path=("team",)))
        with answering("app_user_email_once", AlreadyExists(path=("email",))):
            user = await User.create(
                using_db=client,
                email=email.lower(),
                name=name,
                password_hash=hashed,
                roles=sorted(role.value for role in set(roles)),
                team=found,
            )
    return int(user.id)
