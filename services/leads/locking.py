"""A lead is locked by whoever changes it."""

from domain.errors import NotFound, NotPermitted, Refused, VersionConflict
from domain.paths import INPUT
from domain.permissions import Action, may_with
from models import Lead
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import LEAD
from rows.viewer import Viewer


async def lock_lead_as(
    client: TransactionClient, viewer: Viewer, lead_id: int, expected_version: int, action: Action
) -> Lead:
    """The lead, locked, if the viewer may take `action` with it and it is as the viewer knows it.

    Raises Refused with NotFound, NotPermitted or VersionConflict.
    """
    if not await visible_ids(client, LEAD, viewer, [lead_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    lead = await Lead.get(id=lead_id, using_db=client)
    if not may_with(viewer, action, owner_id=lead.owner_id, team_id=lead.team_id):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    if lead.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=lead.version))
    return lead
