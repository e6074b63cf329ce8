"""A user who has left is erased: what they did stays, done by nobody who could be named."""

from domain.errors import InUse, Refused
from domain.paths import INPUT
from domain.personal_data import ERASED
from models import User
from models.connection import TransactionClient
from rows.entities import USER
from rows.viewer import Viewer
from services.personal.traces import Traces
from services.users.holding import hold_user

_THEIRS = ("session", "user_identity", "password_token", "user_skill")


async def erase_user(client: TransactionClient, viewer: Viewer, user_id: int) -> Traces:
    """Erase the user; what is left to look for. Roles, team, and what they own and did stay, but segments of their own.

    Raises Refused with NotFound, or with InUse for whoever is active still.
    """
    path = (*INPUT, "userId")
    user = await hold_user(client, viewer, user_id, path=path)
    if user.active:
        raise Refused(InUse(path=path))
    traces = Traces(subject=(USER, user_id), user_id=user_id)
    nobody = f"erased-{user_id}@erased.invalid"  # unique, and no address by RFC 2606
    if user.email != nobody:
        traces.found(user.name, user.email, user.phone)
        await (
            User.filter(id=user_id)
            .using_db(client)
            .update(name=ERASED, email=nobody, phone=None, password_hash=None, version=user.version + 1)
        )
    traces.counts["users"] = int(user.email != nobody)
    identities = await client.connection.fetch("SELECT subject FROM user_identity WHERE user_id = $1", user_id)
    traces.found(*(row["subject"] for row in identities))
    gone = await client.connection.execute("DELETE FROM user_leave WHERE user_id = $1", user_id)
    traces.counts["leaves"] = int(gone.split()[-1])
    told = await client.connection.execute("DELETE FROM reminder WHERE recipient_id = $1", user_id)
    traces.counts["reminders"] = int(told.split()[-1])
    kept = await client.connection.execute("DELETE FROM segment WHERE owner_id = $1 AND NOT shared", user_id)
    traces.counts["segments"] = int(kept.split()[-1])
    for table in _THEIRS:
        await client.connection.execute(f"DELETE FROM {table} WHERE user_id = $1", user_id)  # noqa: S608  # ours
    return traces
