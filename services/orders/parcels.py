"""What goes to the carrier: the rows of a shipment, and the stock that leaves with it. The order is locked before."""

from collections.abc import Mapping
from decimal import Decimal

from domain.errors import Refused
from domain.orders.shipments import NewShipment, OpenLine, is_last, parcel_problems, pieces_of, pieces_problems
from domain.stock.movements import MovementKind
from models import Order, Shipment
from models.connection import TransactionClient
from services.clock import now
from services.stock.orders import undo_pieces

_OPEN = """
SELECT l.id, l.quantity, coalesce((
    SELECT sum(s.quantity) FROM shipment_line s WHERE s.order_line_id = l.id), 0) AS shipped
FROM order_line l WHERE l.order_id = $1 AND l.kind = 'PRODUCT' AND l.quantity > 0 ORDER BY l.position, l.id
"""
_SEND = """
INSERT INTO shipment_line (shipment_id, order_line_id, quantity)
SELECT $1::bigint, * FROM unnest($2::bigint[], $3::numeric[])
"""
_SENT = "SELECT EXISTS (SELECT FROM shipment WHERE order_id = $1)"
# Of an order that is wholly sent, when the last of it arrived, once all of it has.
_ARRIVED = """
SELECT CASE WHEN bool_and(delivered_at IS NOT NULL) THEN max(delivered_at) END FROM shipment WHERE order_id = $1
"""


async def open_lines(client: TransactionClient, order_id: int) -> dict[int, OpenLine]:
    """The lines of goods that the order sends, by their ids, with how many pieces have gone."""
    rows = await client.connection.fetch(_OPEN, order_id)
    return {row["id"]: OpenLine(**dict(row)) for row in rows}


async def has_shipments(client: TransactionClient, order_id: int) -> bool:
    """Whether something of the order was sent."""
    found: bool = await client.connection.fetchval(_SENT, order_id)
    return found


async def send(client: TransactionClient, order: Order, shipment: NewShipment, *, by: int) -> tuple[int, bool]:
    """Make the shipment and take its goods out of stock; its id, and whether nothing of the order is left to be sent.

    Raises Refused with InvalidInput or NotFound.
    """
    lines, moment = await open_lines(client, order.id), now()
    problems = [*parcel_problems(shipment, placed_at=order.placed_at, now=moment), *pieces_problems(shipment, lines)]
    if problems:
        raise Refused(*problems)
    pieces = pieces_of(shipment, lines)
    await undo_pieces(client, MovementKind.ISSUE, pieces, order_id=order.id, by=by)
    row = await Shipment.create(
        using_db=client,
        order_id=order.id,
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at or moment,
        by_id=by,
        created_at=moment,
    )
    await _add_lines(client, row.id, pieces)
    return row.id, is_last(pieces, lines)


async def arrived_at(client: TransactionClient, order_id: int) -> object:
    """When the last shipment of the order arrived; None while one is on its way, or where there is none."""
    return await client.connection.fetchval(_ARRIVED, order_id)


async def _add_lines(client: TransactionClient, shipment_id: int, pieces: Mapping[int, Decimal]) -> None:
    await client.connection.execute(_SEND, shipment_id, list(pieces), list(pieces.values()))
