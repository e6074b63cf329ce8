"""Half a year of a real retailer's orders, if it lies beside this checkout, and the same again under other numbers."""

import csv
import gzip
from pathlib import Path

from bench.contenders import CHECKOUT

DATA = CHECKOUT.parent / "shared" / "data" / "online-retail"
INVOICE = "InvoiceNo"
FAST = 1  # of gzip's levels


def retailer_files() -> list[Path]:
    """The files, one a month; none where the data is not."""
    return sorted(DATA.glob("*.csv.gz"))


def copied_files(folder: Path, copies: int) -> list[Path]:
    """The files with their lines `copies` times: the first time as they are, then in `folder`, with new numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    originals = retailer_files()
    made = [_renumbered(file, folder, copy) for copy in range(2, copies + 1) for file in originals]
    return [*originals, *made]


def _renumbered(original: Path, folder: Path, copy: int) -> Path:
    """A copy in which invoice 536365 is 536365-2, and its cancellation C536365 is C536365-2."""
    made = folder / f"{original.name.removesuffix('.csv.gz')}-{copy}.csv.gz"
    with (
        gzip.open(original, "rt", encoding="utf-8-sig", newline="") as source,
        gzip.open(made, "wt", encoding="utf-8", newline="", compresslevel=FAST) as target,
    ):
        lines = csv.DictReader(source)
        writer = csv.DictWriter(target, lines.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**line, INVOICE: f"{line[INVOICE]}-{copy}"} for line in lines)
    return made
