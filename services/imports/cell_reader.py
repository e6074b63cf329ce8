"""The cells of a line are read together, and what they say is kept: files repeat themselves."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache, partial

from services.imports.cells import Cell, read_code, read_customer, read_name, read_price, read_quantity, read_time
from services.imports.preset import Preset

KEPT = 5_000  # of each kind: some thousand products, and what stands together in a file

# The columns that the lines of an invoice share, those that the lines of a product share, and a line's own.
OF_INVOICE = ("invoice", "placed_at", "customer", "region")
OF_PRODUCT = ("sku", "name")
AMOUNTS = ("quantity", "unit_price")

Texts = tuple[str, ...]
Read = Callable[[str], Cell]


class CellReader:
    """Reads cells as `preset` says; nothing is placed long after `now`.

    `of_invoice`, `of_product`, `sold` and `returned` give the cells of their columns as they are staged, or None if
    there is a problem with any of them. `sale` and `return_` read the cell of each column.
    """

    def __init__(self, preset: Preset, *, now: datetime) -> None:
        names = preset.columns
        self.sale = {
            "invoice": _kept(read_code, column=names.invoice),
            "sku": _kept(read_code, column=names.sku),
            "quantity": _kept(read_quantity, column=names.quantity, is_return=False),
            "unit_price": _kept(read_price, column=names.unit_price),
            "placed_at": _kept(read_time, column=names.placed_at, form=preset.file, now=now),
            "name": _kept(read_name, column=names.name or ""),
            "customer": _kept(read_customer, column=names.customer or "", drop_suffix=preset.customers.drop_suffix),
            "region": _kept(read_name, column=names.region or ""),
        }
        self.return_ = self.sale | {"quantity": _kept(read_quantity, column=names.quantity, is_return=True)}
        self.of_invoice = _joined(self.sale, OF_INVOICE)
        self.of_product = _joined(self.sale, OF_PRODUCT)
        self.sold = _joined(self.sale, AMOUNTS)
        self.returned = _joined(self.return_, AMOUNTS)


def _kept(read: Callable[..., Cell], **options: object) -> Read:
    return lru_cache(KEPT)(partial(read, **options))


def _joined(readers: dict[str, Read], names: Sequence[str]) -> Callable[[Texts], str | None]:
    reading = [readers[name] for name in names]

    @lru_cache(KEPT)
    def joined(texts: Texts) -> str | None:
        cells = [read(text) for read, text in zip(reading, texts, strict=True)]
        return None if any(cell.problems for cell in cells) else "\t".join([cell.staged for cell in cells])

    return joined
