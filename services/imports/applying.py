"""A batch of invoices becomes orders, all in one transaction."""

from dataclasses import dataclass

from services.imports.batches import Batch, next_batch
from services.imports.grouping import compare_with_earlier, group_lines, refuse_lines
from services.imports.making import make_customers, make_products, make_regions
from services.imports.run import ImportRun
from services.imports.writing import write_events, write_history, write_lines, write_orders
from services.transaction import retrying, transaction

_COUNT = """
SELECT coalesce(sum(lines), 0) AS lines,
       count(*) FILTER (WHERE sales_order.id IS NOT NULL AND NOT is_return) AS orders,
       count(*) FILTER (WHERE sales_order.id IS NOT NULL AND is_return) AS returns,
       count(*) FILTER (WHERE sales_order.id IS NULL AND problem IS NULL) AS known,
       coalesce(sum(lines) FILTER (WHERE sales_order.id IS NULL AND problem IS NULL), 0) AS unchanged
FROM import_order LEFT JOIN sales_order ON sales_order.id = order_id WHERE job_id = $1
"""


# What would be made, of a dry run.
_COUNT_CHECKED = """
SELECT coalesce(sum(lines), 0) AS lines,
       count(*) FILTER (WHERE order_id IS NOT NULL AND problem IS NULL AND NOT is_return) AS orders,
       count(*) FILTER (WHERE order_id IS NOT NULL AND problem IS NULL AND is_return) AS returns,
       count(*) FILTER (WHERE order_id IS NULL AND problem IS NULL) AS known,
       coalesce(sum(lines) FILTER (WHERE order_id IS NULL AND problem IS NULL), 0) AS unchanged
FROM import_order WHERE job_id = $1
"""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What became of a batch, or of all so far.

    Of its `lines`, some were `refused`; `orders` and `returns` were made, others were `known` already and say the
    same, in lines that leave everything `unchanged`. `last` is the number of its last invoice.
    """

    lines: int
    refused: int
    unchanged: int = 0
    orders: int = 0
    returns: int = 0
    known: int = 0
    last: str = ""

    def __add__(self, later: "Applied") -> "Applied":
        return Applied(
            lines=self.lines + later.lines,
            refused=self.refused + later.refused,
            unchanged=self.unchanged + later.unchanged,
            orders=self.orders + later.orders,
            returns=self.returns + later.returns,
            known=self.known + later.known,
            last=later.last,
        )


@retrying
async def apply_batch(run: ImportRun, *, channel_id: int, after: str) -> Applied | None:
    """Make orders of the invoices that follow `after`; None when there are no more. Raises LeaseLost.

    Locks are taken in one order: the job, regions, customers, products, orders.
    """
    async with transaction() as client:
        batch = await next_batch(client, run, channel_id=channel_id, after=after)
        return await _apply(batch) if batch else None


async def _apply(batch: Batch) -> Applied:
    await group_lines(batch)
    if batch.run.parameters.dry_run:
        await compare_with_earlier(batch)
        refused = await refuse_lines(batch)
        return await _counted(batch, _COUNT_CHECKED, refused)
    await make_regions(batch)
    await make_customers(batch)
    await make_products(batch)
    await write_orders(batch)
    await compare_with_earlier(batch)
    await write_lines(batch)
    await write_history(batch)
    await write_events(batch)
    refused = await refuse_lines(batch)
    return await _counted(batch, _COUNT, refused)


async def _counted(batch: Batch, statement: str, refused: int) -> Applied:
    [counts] = await batch.client.connection.fetch(statement, batch.run.job_id)
    return Applied(**counts, refused=refused, last=batch.last)
