"""A file of invoices in the shape of the preset `online-retail`, and what it comes to."""

import csv
import random
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

HEADER = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
INVOICES = 6_000
LINES = 12
UNPRICED_EVERY = 50


@dataclass(frozen=True)
class Figures:
    """Orders, lines and their sum in all; rows of the file, and how many of these cannot be imported."""

    orders: int
    lines: int
    total: Decimal
    rows: int
    failed: int


def write_invoices(path: Path, *, first: int = 900_000) -> Figures:
    """Write the file. Invoices are numbered from `first` on; their lines are spread over the file, as is allowed."""
    chance = random.Random(7)  # the same file each time
    cents = failed = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for line in range(LINES):
            for invoice in range(INVOICES):
                quantity, price = chance.randint(1, 12), chance.randint(1, 2_000)
                if (invoice + line) % UNPRICED_EVERY == 0:
                    price, failed = 0, failed + 1
                cents += quantity * price
                number, customer = first + invoice, 20_000 + invoice % 700
                sku = f"CH{chance.randint(0, 1_500)}"
                amount = f"{price // 100}.{price % 100:02}"
                moment = f"2011-02-{1 + invoice % 28:02} 10:{line:02}:00"
                writer.writerow((number, sku, "THING", quantity, moment, amount, f"{customer}.0", "France"))
    rows = LINES * INVOICES
    return Figures(INVOICES, rows - failed, Decimal(cents) / 100, rows, failed)
