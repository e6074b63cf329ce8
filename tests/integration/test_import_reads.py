"""What an import reads of customers and orders does not grow with how many there are already."""

from pathlib import Path

import pytest

from services.imports import applying, batches, grouping
from services.imports.batches import Batch
from tests.integration.importing import row, run_import, write_rows

pytestmark = pytest.mark.usefixtures("database")

INVOICES = 200
AT_ONCE = 20
READS = 15
"""Of customers and orders, for an invoice: a handful by their keys, each a lookup."""

# Counted since the last flush, which is otherwise made once a second.
_READ = """
SELECT sum(seq_tup_read + idx_tup_fetch), pg_stat_force_next_flush()
FROM pg_stat_xact_user_tables WHERE relname IN ('customer', 'sales_order')
"""


async def test_the_last_batch_reads_as_few_customers_and_orders_as_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_rows(tmp_path / "a.csv", [row(str(number), CustomerID=str(number)) for number in range(INVOICES)])
    monkeypatch.setattr(batches, "LINES_AT_ONCE", AT_ONCE)
    reads: list[int] = []

    async def refuse_lines(batch: Batch) -> int:
        reads.append(await batch.client.connection.fetchval(_READ))
        return await refuse(batch)

    refuse = grouping.refuse_lines
    monkeypatch.setattr(applying, "refuse_lines", refuse_lines)
    await run_import(tmp_path, file)
    await run_import(tmp_path, file)
    assert len(reads) == 2 * INVOICES / AT_ONCE
    assert max(reads) <= READS * AT_ONCE
