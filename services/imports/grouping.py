"""Lines are grouped into invoices, each with what is to be known of it before it can become an order."""

from domain.currencies import DIGITS
from domain.numbers import MOST_MONEY
from domain.row_problems import RowFault
from services.imports.batches import Batch

_FORGET = "DELETE FROM import_order WHERE job_id = $1"

# The hash is that of what the file says, in whatever order it says it.
_GROUP = f"""
WITH lines AS (
    SELECT *, round(quantity * unit_price, $6::int) AS amount,
           ROW(sku, name, quantity, unit_price, extract(epoch FROM placed_at))::text AS content
    FROM import_line
    WHERE job_id = $1 AND problem IS NULL AND invoice > $2 AND invoice <= $3
), invoices AS (
    SELECT invoice, is_return, count(*) AS lines, min(placed_at) AS placed_at, sum(amount) AS total,
           min(customer) AS customer, min(region) AS region,
           min(customer) <> max(customer) AS customers_differ,
           min(region) <> max(region) AS regions_differ,
           greatest(max(abs(amount)), abs(sum(amount))) > $8::numeric AS beyond,
           string_agg(content, E'\\n' ORDER BY content) AS content,
           (array_agg(custom_fields ORDER BY file, line) FILTER (WHERE custom_fields IS NOT NULL))[1] AS custom_fields
    FROM lines GROUP BY invoice, is_return
), rated AS (
    SELECT *, (placed_at AT TIME ZONE $7)::date AS day, CASE WHEN $4::text = $5::text THEN 1 ELSE (
        SELECT rate FROM exchange_rate
        WHERE currency = $4 AND date <= (placed_at AT TIME ZONE $7)::date ORDER BY date DESC LIMIT 1
    ) END AS rate
    FROM invoices
), judged AS (
    SELECT *,
           CASE WHEN customers_differ THEN '[{{"problem":"{RowFault.CUSTOMERS_DIFFER}"}}]'
                WHEN regions_differ THEN '[{{"problem":"{RowFault.REGIONS_DIFFER}"}}]'
                WHEN beyond THEN format('[{{"problem":"{RowFault.AMOUNT_BEYOND}","limit":"%s"}}]', $8)
                WHEN rate IS NULL THEN format('[{{"problem":"{RowFault.RATE_MISSING}","limit":"%s %s"}}]', $4, day)
           END AS problem,
           (SELECT id FROM sales_order WHERE channel_id = $9 AND external_id = invoice) AS earlier
    FROM rated
)
INSERT INTO import_order (
    job_id, external_id, is_return, lines, placed_at, customer, region, total, rate, content_hash, problem, order_id,
    custom_fields
)
SELECT $1, invoice, is_return, lines, placed_at, customer, region, total, rate,
       sha256(convert_to(concat(ROW($4, is_return, customer, region)::text, content, custom_fields::text), 'UTF8')),
       problem,
       CASE WHEN problem IS NULL AND earlier IS NULL
            THEN nextval((SELECT pg_get_serial_sequence('sales_order', 'id')::regclass)) END,
       custom_fields
FROM judged
"""  # noqa: S608  # of names of the code

# Each is looked up by the index, as in `_GROUP`: a join would be planned on old statistics, and read the whole channel.
_COMPARE = f"""
UPDATE import_order invoice SET problem = CASE
    WHEN (SELECT content_hash FROM sales_order WHERE channel_id = $2 AND external_id = invoice.external_id) IS NULL
    THEN '[{{"problem":"{RowFault.EXISTS_ALREADY}"}}]'
    ELSE '[{{"problem":"{RowFault.DIFFERS}"}}]'
END
WHERE job_id = $1 AND problem IS NULL AND (
    SELECT content_hash IS DISTINCT FROM invoice.content_hash
    FROM sales_order WHERE channel_id = $2 AND external_id = invoice.external_id
)
"""  # noqa: S608  # of names of the code

_REFUSE = """
UPDATE import_line SET problem = import_order.problem
FROM import_order
WHERE import_order.job_id = $1 AND import_order.problem IS NOT NULL
  AND import_line.job_id = $1 AND import_line.invoice = import_order.external_id AND import_line.problem IS NULL
"""


async def group_lines(batch: Batch) -> None:
    """Make a row of each invoice: with a problem if it can't be an order, with an id for its order if it is new."""
    currency, company = batch.run.parameters.preset.orders.currency, batch.run.company
    await batch.execute(_FORGET)
    await batch.execute(
        _GROUP,
        batch.after,
        batch.last,
        currency,
        company.currency,
        DIGITS[currency],
        company.zone.key,
        MOST_MONEY,
        batch.channel_id,
    )


async def compare_with_earlier(batch: Batch) -> None:
    """Mark the invoices that are orders already and say something else now."""
    await batch.execute(_COMPARE, batch.channel_id)


async def refuse_lines(batch: Batch) -> int:
    """Give the lines of invoices with a problem that problem; how many they are."""
    return await batch.execute(_REFUSE)
