"""What all who keep stock by hand have in common: the right to it, a warehouse, a product of which stock is kept."""

from collections.abc import Mapping

from domain.errors import DomainError, InvalidInput, NotFound, NotPermitted, Refused
from domain.paths import INPUT
from domain.permissions import Action, may
from domain.problems import Problem
from models.connection import TransactionClient
from rows.entities import PRODUCT
from rows.viewer import Viewer
from services.references import sees

_WAREHOUSES = "SELECT id, active FROM warehouse WHERE id = ANY ($1::bigint[])"
_STOCKED = "SELECT stocked FROM product WHERE id = $1"


def require_keeper(viewer: Viewer) -> None:
    """Raises Refused for whoever does not keep stock."""
    if not may(viewer, Action.KEEP_STOCK):
        raise Refused(NotPermitted())


async def place_problems(
    client: TransactionClient,
    viewer: Viewer,
    product_id: int,
    warehouses: Mapping[str, int],
    *,
    into: str = "",
    named_by: str = "productId",
) -> list[DomainError]:
    """Why stock of the product cannot be kept in `warehouses`, numbers by the names of their input fields.

    `into` is the field of the one that goods come into: an inactive warehouse takes no more. `named_by` is the field
    that names the product.
    """
    rows = await client.connection.fetch(_WAREHOUSES, list(warehouses.values()))
    active = {row["id"]: row["active"] for row in rows}
    problems: list[DomainError] = [
        NotFound(path=(*INPUT, name)) for name, number in warehouses.items() if number not in active
    ]
    if into and active.get(warehouses[into]) is False:
        problems.append(InvalidInput(path=(*INPUT, into), problem=Problem.WAREHOUSE_INACTIVE))
    if not await sees(client, viewer, PRODUCT, product_id):
        problems.append(NotFound(path=(*INPUT, named_by)))
    elif not await client.connection.fetchval(_STOCKED, product_id):
        problems.append(InvalidInput(path=(*INPUT, named_by), problem=Problem.PRODUCT_NOT_STOCKED))
    return problems
