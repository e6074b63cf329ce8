"""A customer is locked by whoever changes them."""

from domain.errors import NotFound, NotPermitted, Refused, VersionConflict
from domain.paths import INPUT
from domain.permissions import Action, may_with
from models import Customer
from models.connection import TransactionClient
from rows.access import visible_ids
from rows.entities import CUSTOMER
from rows.viewer import Viewer


async def lock_customer_as(
    client: TransactionClient, viewer: Viewer, customer_id: int, expected_version: int, action: Action
) -> Customer:
    """The customer, locked, if the viewer may take `action` with them and they are as the viewer knows them.

    Raises Refused with NotFound, NotPermitted or VersionConflict.
    """
    if not await visible_ids(client, CUSTOMER, viewer, [customer_id], lock=True):
        raise Refused(NotFound(path=(*INPUT, "id")))
    customer = await Customer.get(id=customer_id, using_db=client)
    if not may_with(viewer, action, owner_id=customer.owner_id, team_id=customer.team_id):
        raise Refused(NotPermitted(path=(*INPUT, "id")))
    if customer.version != expected_version:
        raise Refused(VersionConflict(path=(*INPUT, "expectedVersion"), current_version=customer.version))
    return customer
