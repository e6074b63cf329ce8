"""Giving customers, leads and orders of one user to another user or team."""

from collections.abc import Sequence

from domain.audit import AuditAction
from domain.errors import DomainError, NotFound, NotPermitted, Refused
from domain.ownership import Ownership, Person
from domain.paths import INPUT
from domain.permissions import Action, may, may_with
from domain.users import Transfer, new_ownership, transfer_problems
from models.connection import TransactionClient
from rows.entities import TEAM, USER
from rows.ids import global_id
from rows.viewer import Viewer
from services.audit import record
from services.idempotency import Request, once
from services.records.moving import CUSTOMERS, LEADS, ORDERS, Chosen, Kind, move_rows
from services.references import sound, unseen
from services.transaction import retrying, transaction

_HOLD = "SELECT id, team_id, active FROM app_user WHERE id = ANY ($1::bigint[]) ORDER BY id FOR SHARE"


@retrying
async def transfer_records(*, viewer: Viewer, transfer: Transfer, idempotency_key: str | None = None) -> int:
    """Make `transfer`; the id of the user whose rows they were.

    At most `domain.users.MOST_TRANSFERRED` customers and as many leads and orders change hands; to be repeated until
    nothing is left. Managers give rows of their teams to people and teams of theirs. Raises Refused with NotPermitted,
    NotFound (also for an id of a row that is not that user's), InvalidInput or IdempotencyKeyReused.
    """
    request = Request(principal=viewer.user_id, mutation="recordsTransfer", key=idempotency_key, asked=transfer)
    async with transaction() as client:
        outcome = await once(client, request, lambda: _transfer(client, viewer, transfer))
    return outcome.settle()


async def _transfer(client: TransactionClient, viewer: Viewer, transfer: Transfer) -> int:
    if not may(viewer, Action.ASSIGN):
        raise Refused(NotPermitted())
    named = {
        "fromUserId": (USER, transfer.from_user_id),
        "toUserId": (USER, transfer.to_user_id),
        "toTeamId": (TEAM, transfer.to_team_id),
    }
    problems = [*transfer_problems(transfer), *await unseen(client, viewer, named)]
    if problems:
        raise Refused(*problems)
    to = await _destination(client, viewer, transfer)
    counts = await _move(client, viewer, transfer, to)
    facts = {
        "owner": to.owner_id and global_id(USER, to.owner_id),
        "team": to.team_id and global_id(TEAM, to.team_id),
        **counts,
    }
    await record(
        client,
        actor=viewer.user_id,
        action=AuditAction.RECORDS_TRANSFERRED,
        subject=(USER, transfer.from_user_id),
        facts=facts,
    )
    return transfer.from_user_id


async def _destination(client: TransactionClient, viewer: Viewer, transfer: Transfer) -> Ownership:
    """Whose the rows become. The people stay as they are until the transaction ends."""
    ids = sorted({transfer.from_user_id, transfer.to_user_id or transfer.from_user_id})
    people = {row["id"]: Person(**dict(row)) for row in await client.connection.fetch(_HOLD, ids)}
    if transfer.to_user_id is None:
        to = Ownership(owner_id=transfer.from_user_id, team_id=transfer.to_team_id)
    else:
        person = people[transfer.to_user_id]
        to = sound(new_ownership((*INPUT, "toUserId"), to=person, team_id=transfer.to_team_id))
    if (teams := _teams(viewer)) is not None and to.team_id not in teams:
        raise Refused(NotPermitted(path=(*INPUT, "toTeamId" if transfer.to_team_id else "toUserId")))
    return to


async def _move(client: TransactionClient, viewer: Viewer, transfer: Transfer, to: Ownership) -> dict[str, int]:
    """How many customers, leads and orders changed hands."""
    some = any(ids is not None for ids in (transfer.customer_ids, transfer.lead_ids, transfer.order_ids))
    counts = {}
    faults: list[DomainError] = []
    for name, kind, ids in (
        ("customers", CUSTOMERS, transfer.customer_ids),
        ("leads", LEADS, transfer.lead_ids),
        ("orders", ORDERS, transfer.order_ids),
    ):
        chosen = Chosen(
            owner_id=transfer.from_user_id, ids=ids if ids is not None or not some else (), teams=_teams(viewer)
        )
        counts[name] = len(await move_rows(client, kind, chosen, to, by=viewer.user_id, reason=transfer.reason))
        faults += await _elsewhere(client, kind, ids or (), to, f"{name[:-1]}Ids")
    if faults:
        raise Refused(*faults)
    return counts


async def _elsewhere(
    client: TransactionClient, kind: Kind, ids: Sequence[int], to: Ownership, name: str
) -> list[DomainError]:
    """A NotFound for each of `ids` that did not come to `to`: there is no such row, or it was not to be given away."""
    found = await client.connection.fetch(
        f"SELECT id FROM {kind.table} WHERE id = ANY ($1::bigint[])"  # noqa: S608  # a table of ours
        " AND owner_id IS NOT DISTINCT FROM $2 AND team_id IS NOT DISTINCT FROM $3",
        ids,
        to.owner_id,
        to.team_id,
    )
    there = {row["id"] for row in found}
    return [NotFound(path=(*INPUT, name, str(place))) for place, row_id in enumerate(ids) if row_id not in there]


def _teams(viewer: Viewer) -> Sequence[int] | None:
    """The teams whose rows the viewer may give away; None for all."""
    everywhere = may_with(viewer, Action.ASSIGN, owner_id=None, team_id=None)
    return None if everywhere else viewer.team_ids
