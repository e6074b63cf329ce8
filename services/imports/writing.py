"""New invoices become orders, with lines, history and an event each."""

from domain.currencies import DIGITS
from domain.events import Aggregate, EventType
from domain.imports import IMPORTED
from domain.orders.life_cycle import LineKind, OrderType, Urgency
from services.imports.batches import Batch
from services.outbox import events_of

# Whoever wrote the same external id a moment ago was first. What belongs to an order is written for those alone that
# are there under the id that they were given.
_WRITE_ORDERS = """
INSERT INTO sales_order (
    id, version, type, status, channel_id, external_id, customer_id, customer_name, customer_level, region_id,
    owner_id, team_id, currency, tax_included, discount, net_total, tax_total, total, base_total, urgency,
    placed_at, tags, custom_fields, content_hash, last_seq, created_at, updated_at
)
SELECT order_id, 1, CASE WHEN is_return THEN $4 ELSE $5 END, CASE WHEN is_return THEN $6 ELSE $7 END, $2,
       invoice.external_id, customer_id, customer.name, customer.level,
       coalesce(invoice.region_id, customer.region_id),
       CASE WHEN $9::bigint IS NULL THEN customer.owner_id ELSE $8::bigint END, coalesce($9, customer.team_id),
       $10, false, round(0, $11::int), total, round(0, $11), total, round(total * rate, $12::int), $13,
       placed_at, '{}', coalesce(invoice.custom_fields, '{}'), content_hash, 1, $3::timestamptz, $3
FROM import_order invoice LEFT JOIN customer ON customer.id = customer_id
WHERE job_id = $1 AND order_id IS NOT NULL
ORDER BY order_id
ON CONFLICT (channel_id, external_id) DO NOTHING
"""

_WRITE_LINES = """
INSERT INTO order_line (
    order_id, position, kind, product_id, sku, name, quantity, unit_price, discount, tax_rate, net, tax, gross
)
SELECT sales_order.id, row_number() OVER (PARTITION BY sales_order.id ORDER BY file, line), $2, product.id, line.sku,
       coalesce(line.name, product.name), quantity, unit_price, round(0, $3), 0, amount, round(0, $3), amount
FROM import_order invoice
JOIN sales_order ON sales_order.id = order_id
JOIN import_line line ON line.job_id = $1 AND line.invoice = invoice.external_id AND line.problem IS NULL
JOIN product ON product.sku = line.sku
CROSS JOIN LATERAL (SELECT round(quantity * unit_price, $3::int) AS amount) priced
WHERE invoice.job_id = $1
"""

_WRITE_HISTORY = f"""
INSERT INTO order_status_change (order_id, from_status, to_status, by_id, reason, at)
SELECT order_id, NULL, status, $2, '{IMPORTED}', $3
FROM import_order JOIN sales_order ON sales_order.id = order_id WHERE job_id = $1 ORDER BY order_id
"""  # noqa: S608  # a text of the code

_WRITE_EVENTS = events_of(
    Aggregate.ORDER,
    EventType.ORDER_IMPORTED,
    rows="import_order JOIN sales_order t ON t.id = order_id WHERE job_id = $1 ORDER BY order_id",
    payload="jsonb_build_object('version', t.version, 'type', t.type, 'status', t.status, 'by', $2::bigint)",
    at="$3::timestamptz",
)


async def write_orders(batch: Batch) -> None:
    """The orders, without their lines; one whose external id is taken is left out."""
    run, preset = batch.run, batch.run.parameters.preset
    currency = preset.orders.currency
    await batch.execute(
        _WRITE_ORDERS,
        batch.channel_id,
        batch.at,
        OrderType.RETURN,
        preset.sales.type,
        preset.returns.status if preset.returns else None,
        preset.sales.status,
        run.parameters.owner_id,
        run.parameters.team_id,
        currency,
        DIGITS[currency],
        DIGITS[run.company.currency],
        Urgency.NORMAL,
    )


async def write_lines(batch: Batch) -> None:
    """The lines of the new orders, in the order of the files; equal ones stay apart."""
    digits = DIGITS[batch.run.parameters.preset.orders.currency]
    await batch.execute(_WRITE_LINES, LineKind.PRODUCT, digits)


async def write_history(batch: Batch) -> None:
    """How the new orders came to their status."""
    await batch.execute(_WRITE_HISTORY, batch.run.started_by, batch.at)


async def write_events(batch: Batch) -> None:
    """What others are told of the new orders."""
    await batch.execute(_WRITE_EVENTS, batch.run.started_by, batch.at)
