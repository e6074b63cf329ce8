"""The first token of a provider finds its user by email; from then on, the subject alone counts."""

from domain.audit import PERSON, AuditAction
from domain.identities import Identity
from models.connection import TransactionClient, pool
from rows.entities import USER
from services.audit import record
from services.clock import now
from services.transaction import retrying, transaction


@retrying
async def link_identity(identity: Identity) -> bool:
    """Link the identity to the active user with its verified email, if it has one; whether it is linked now.

    Of two first tokens at the same time one links, and both speak for the user. A user who has another subject at that
    provider keeps it: an address that was given to somebody new there opens nothing here.
    """
    if identity.email is None or not await _is_known(identity.email):
        return False
    async with transaction() as client:
        user_id = await client.connection.fetchval(
            """INSERT INTO user_identity (user_id, issuer, subject, created_at)
               SELECT id, $2, $3, $4 FROM app_user WHERE email = $1 AND active FOR SHARE
               ON CONFLICT DO NOTHING RETURNING user_id""",
            identity.email,
            identity.issuer,
            identity.subject,
            now(),
        )
        if user_id is None:
            return await _is_linked(client, identity)
        facts = {PERSON: {"identity": {"issuer": identity.issuer, "subject": identity.subject}}}
        await record(client, actor=user_id, action=AuditAction.USER_UPDATED, subject=(USER, user_id), facts=facts)
    return True


async def _is_known(email: str) -> bool:
    # Outside of a transaction: strangers, who come again and again, are to cost little.
    return bool(await pool().fetchval("SELECT EXISTS (SELECT FROM app_user WHERE email = $1 AND active)", email))


async def _is_linked(client: TransactionClient, identity: Identity) -> bool:
    """A statement of its own, after the one that waited for whoever was first: it sees what they did."""
    query = "SELECT EXISTS (SELECT FROM user_identity WHERE issuer = $1 AND subject = $2)"
    return bool(await client.connection.fetchval(query, identity.issuer, identity.subject))
