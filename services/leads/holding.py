"""A lead is held before somebody does something about it: the people first, then the lead."""

from domain.errors import NotEligible, NotFound, NotPermitted, Refused
from domain.leads.lead import OPEN, Ineligibility
from domain.paths import INPUT, Path
from domain.permissions import Action, may, may_with
from models import Lead
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import LEAD
from rows.viewer import Viewer
from services.leads.facts import hold_leads, hold_people
from services.transaction import Forestalled

ID = (*INPUT, "id")
_SHARED = "SELECT EXISTS (SELECT FROM lead_share WHERE lead_id = $1 AND user_id = $2)"


async def hold_lead(
    client: TransactionClient, viewer: Viewer, lead_id: int, *people: int | None, path: Path = ID
) -> Lead:
    """A lead that `viewer` sees, held together with its owner and with `people`, who come first.

    Raises Refused with NotFound, and Forestalled if it has another owner meanwhile.
    """
    await _seen(client, viewer, lead_id, path)
    before = await Lead.get(id=lead_id, using_db=client)
    await hold_people(client, [person for person in (before.owner_id, *people) if person is not None])
    held = await hold_leads(client, [lead_id])
    if held[lead_id].owner_id != before.owner_id:
        raise Forestalled("the lead has another owner")
    # What was seen before the lock may be hidden by now.
    await _seen(client, viewer, lead_id, path)
    return await Lead.get(id=lead_id, using_db=client)


async def hold_lead_to(
    client: TransactionClient, viewer: Viewer, lead_id: int, action: Action, *people: int | None
) -> Lead:
    """A lead with which `viewer` may do this, held as by `hold_lead`. Raises Refused with NotFound or NotPermitted."""
    lead = await hold_lead(client, viewer, lead_id, *people)
    if not may_with(viewer, action, owner_id=lead.owner_id, team_id=lead.team_id) and not _waits_for(
        viewer, action, lead
    ):
        raise Refused(NotPermitted(path=ID))
    return lead


async def hold_lead_to_follow_up(client: TransactionClient, viewer: Viewer, lead_id: int) -> Lead:
    """An open lead that `viewer` may follow up: who works on it, or with whom it is shared; held by itself.

    Raises Refused with NotFound, NotPermitted or NotEligible (it is closed).
    """
    await _seen(client, viewer, lead_id, ID)
    await hold_leads(client, [lead_id])
    await _seen(client, viewer, lead_id, ID)
    lead = await Lead.get(id=lead_id, using_db=client)
    works = may_with(viewer, Action.WORK_LEADS, owner_id=lead.owner_id, team_id=lead.team_id)
    if not works and not await client.connection.fetchval(_SHARED, lead_id, viewer.user_id):
        raise Refused(NotPermitted(path=ID))
    check_open(lead)
    return lead


def check_open(lead: Lead) -> None:
    """Raises Refused with NotEligible if the lead is closed."""
    if lead.status not in OPEN:
        raise Refused(NotEligible(path=ID, reason=Ineligibility.NOT_OPEN))


def _waits_for(viewer: Viewer, action: Action, lead: Lead) -> bool:
    """Whether the lead is nobody's, so that whoever assigns at all and sees it may give it to their people."""
    return action is Action.ASSIGN and lead.owner_id is None and may(viewer, action)


async def _seen(client: TransactionClient, viewer: Viewer, lead_id: int, path: Path) -> None:
    if not await visible_ids(client, LEAD, viewer, [lead_id]):
        raise Refused(NotFound(path=path))
