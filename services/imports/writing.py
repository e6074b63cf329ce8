"""New invoices become orders, with lines, history and an event each."""

from domain.currencies import DIGITS
from domain.events import Aggregate, EventType
from domain.imports import IMPORTED
from domain.orders.life_cycle import LineKind, OrderType, Urgency
from services.calendars.deadlines import new_due_in
from services.imports.batches import Batch
from services.outbox import events_of
from services.tiers.classify import import_changed
from services.tiers.rules import rules_now

# Whoever wrote the same external id a moment ago was first. What belongs to an order is written for those alone that
# are there under the id that they were given.
_COLUMNS = (
    *("id", "version", "type", "status", "channel_id", "external_id", "customer_id", "customer_name", "customer_level"),
    *("region_id", "owner_id", "team_id", "currency", "tax_included", "discount", "net_total", "tax_total", "total"),
    *("base_total", "urgency", "required_by", "placed_at", "tags", "custom_fields", "content_hash", "last_seq"),
    *("created_at", "updated_at"),
)
_WRITE_ORDERS = f"""
INSERT INTO sales_order ({", ".join(_COLUMNS)}, tier_rule_id, tier_id, priority, response_minutes, respond_by,
    tier_version)
SELECT {", ".join(f"t.{name}" for name in _COLUMNS)}, ($15::bigint[])[met.place], ($16::bigint[])[met.place],
       ($17::int[])[met.place], ($18::int[])[met.place], {new_due_in("($18::int[])[met.place]")}, $14::int
FROM (
    SELECT order_id AS id, 1 AS version, CASE WHEN is_return THEN $4::varchar ELSE $5 END AS type,
           CASE WHEN is_return THEN $6::varchar ELSE $7 END AS status, $2::bigint AS channel_id, invoice.external_id,
           customer_id, customer.name AS customer_name, customer.level AS customer_level,
           coalesce(invoice.region_id, customer.region_id) AS region_id,
           CASE WHEN $9::bigint IS NULL THEN customer.owner_id ELSE $8::bigint END AS owner_id,
           coalesce($9, customer.team_id) AS team_id, $10::varchar AS currency, false AS tax_included,
           round(0, $11::int) AS discount, total AS net_total, round(0, $11) AS tax_total, total,
           round(total * rate, $12::int) AS base_total, $13::varchar AS urgency, NULL::date AS required_by, placed_at,
           '{{}}'::text[] AS tags, coalesce(invoice.custom_fields, '{{}}') AS custom_fields, content_hash,
           NULL::bigint AS split_from_id, 1 AS last_seq, $3::timestamptz AS created_at, $3 AS updated_at
    FROM import_order invoice LEFT JOIN customer ON customer.id = customer_id
    WHERE job_id = $1 AND order_id IS NOT NULL
) t CROSS JOIN LATERAL (SELECT {{place}} AS place) met
ORDER BY t.id
ON CONFLICT (channel_id, external_id) DO NOTHING
"""  # noqa: S608  # of columns of ours
_UNRULED = _WRITE_ORDERS.replace("{place}", "NULL::int")

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
    """The orders, without their lines, with their tiers; one whose external id is taken is left out."""
    run, preset = batch.run, batch.run.parameters.preset
    currency = preset.orders.currency
    rules = await rules_now(batch.client)
    statement, values = rules.compiled(_WRITE_ORDERS, own=18) if rules else (_UNRULED, [])
    await batch.execute(
        statement,
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
        *(rules.given[1:] if rules else [None] * 5),
        *values,
    )
    await import_changed(batch.client, run.job_id, rules)


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
