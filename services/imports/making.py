"""What new orders need and the database lacks is made: channel, regions, customers, products. What is there stays.

Rows are made in the order of their keys, so that imports that run at the same time wait for each other, but never in
a circle.
"""

from domain.customers import CustomerLevel, ValueClass
from domain.events import Aggregate, EventType
from models.connection import TransactionClient
from services.clock import now
from services.imports.batches import Batch
from services.imports.preset import ChannelTable
from services.outbox import events_of
from services.trees import REGIONS, place_node

_CHANNEL = "SELECT id FROM channel WHERE code = $1"
_MAKE_CHANNEL = "INSERT INTO channel (code, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING"

# Here and below, what two columns find is asked for in a subquery for each row, which goes by the index. A join would
# be planned on statistics that know nothing of rows made a moment ago, and read all of a channel for each row.

# A region is known by its code or, failing that, by its name.
_MAKE_REGIONS = """
INSERT INTO region (code, name, created_at)
SELECT DISTINCT invoice.region, invoice.region, $2::timestamptz FROM import_order invoice
WHERE job_id = $1 AND order_id IS NOT NULL AND invoice.region IS NOT NULL
  AND NOT EXISTS (SELECT FROM region WHERE code = invoice.region OR name = invoice.region)
ORDER BY invoice.region
ON CONFLICT (code) DO NOTHING RETURNING id
"""

_FIND_REGIONS = """
UPDATE import_order invoice SET region_id = (
    SELECT id FROM region WHERE code = invoice.region OR name = invoice.region
    ORDER BY code = invoice.region DESC, id LIMIT 1
)
WHERE job_id = $1 AND order_id IS NOT NULL AND region IS NOT NULL
"""

_MAKE_CUSTOMERS = """
WITH made AS (
    INSERT INTO customer (
        version, name, level, value_class, region_id, channel_id, external_id, owner_id, team_id, tags, last_seq,
        created_at, updated_at
    )
    SELECT DISTINCT ON (customer)
           1, replace($4, '{number}', customer), $5, $6, region_id, $2, customer, $7::bigint, $8::bigint, '{}', 1,
           $3::timestamptz, $3
    FROM import_order invoice
    WHERE job_id = $1 AND order_id IS NOT NULL AND customer IS NOT NULL
      AND (SELECT id FROM customer WHERE channel_id = $2 AND external_id = invoice.customer) IS NULL
    ORDER BY customer, placed_at, external_id
    ON CONFLICT (channel_id, external_id) DO NOTHING RETURNING *
)
""" + events_of(  # noqa: S608  # of names and expressions of the code
    Aggregate.CUSTOMER,
    EventType.CUSTOMER_CREATED,
    rows="made t ORDER BY t.id",
    payload="jsonb_build_object('version', t.version, 'by', $9::bigint)",
    at="$3",
)

_FIND_CUSTOMERS = """
UPDATE import_order invoice SET customer_id = (
    SELECT id FROM customer WHERE channel_id = $2 AND external_id = invoice.customer
)
WHERE job_id = $1 AND order_id IS NOT NULL AND customer IS NOT NULL
"""

_HOLD_CUSTOMERS = """
SELECT FROM customer WHERE id = ANY (ARRAY(SELECT customer_id FROM import_order WHERE job_id = $1))
ORDER BY id FOR SHARE
"""

# Named as in the first invoice that names it.
_MAKE_PRODUCTS = """
WITH made AS (
    INSERT INTO product (version, sku, name, active, last_seq, created_at, updated_at)
    SELECT DISTINCT ON (line.sku) 1, line.sku, coalesce(line.name, line.sku), true, 1, $2::timestamptz, $2
    FROM import_order invoice
    JOIN import_line line ON line.job_id = $1 AND line.invoice = external_id AND line.problem IS NULL
    WHERE invoice.job_id = $1 AND order_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM product WHERE sku = line.sku)
    ORDER BY line.sku, line.name IS NULL, line.placed_at, line.invoice, line.file, line.line
    ON CONFLICT (sku) DO NOTHING RETURNING *
)
""" + events_of(  # noqa: S608  # of names and expressions of the code
    Aggregate.PRODUCT,
    EventType.PRODUCT_CREATED,
    rows="made t ORDER BY t.id",
    payload="jsonb_build_object('version', t.version, 'by', $3::bigint)",
    at="$2",
)


async def make_channel(client: TransactionClient, channel: ChannelTable) -> int:
    """The id of the channel."""
    found: int | None = await client.connection.fetchval(_CHANNEL, channel.code)
    if found is not None:
        return found
    await client.connection.execute(_MAKE_CHANNEL, channel.code, channel.name, now())
    return int(await client.connection.fetchval(_CHANNEL, channel.code))


async def make_regions(batch: Batch) -> None:
    """The regions of new orders."""
    for made in await batch.client.connection.fetch(_MAKE_REGIONS, batch.run.job_id, batch.at):
        await place_node(batch.client, REGIONS, node_id=made["id"])
    await batch.execute(_FIND_REGIONS)


async def make_customers(batch: Batch) -> None:
    """The customers of new orders, held until the transaction ends: what an order copies from its customer has to be
    true when the order appears."""
    given = batch.run.parameters
    await batch.execute(
        _MAKE_CUSTOMERS,
        batch.channel_id,
        batch.at,
        given.preset.customers.name,
        CustomerLevel.REGULAR,
        ValueClass.GENERAL,
        given.owner_id,
        given.team_id,
        batch.run.started_by,
    )
    await batch.execute(_FIND_CUSTOMERS, batch.channel_id)
    await batch.execute(_HOLD_CUSTOMERS)


async def make_products(batch: Batch) -> None:
    """The products of new orders."""
    await batch.execute(_MAKE_PRODUCTS, batch.at, batch.run.started_by)
