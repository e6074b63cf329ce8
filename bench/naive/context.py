"""What resolvers share in one request: the viewer, and a loader for each relation."""

from collections import defaultdict

from strawberry.dataloader import DataLoader

from bench.naive.viewer import Viewer, visible_customers
from models import Customer, OrderLine


class Context:
    """One request."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.customers: DataLoader[int, Customer | None] = DataLoader(self._load_customers)
        self.lines: DataLoader[int, list[OrderLine]] = DataLoader(self._load_lines)

    async def _load_customers(self, ids: list[int]) -> list[Customer | None]:
        rows = await Customer.filter(visible_customers(self.viewer), id__in=ids)
        found = {row.id: row for row in rows}
        return [found.get(number) for number in ids]

    async def _load_lines(self, order_ids: list[int]) -> list[list[OrderLine]]:
        rows = await OrderLine.filter(order_id__in=order_ids).order_by("position", "id")
        of_order = defaultdict(list)
        for row in rows:
            of_order[row.order_id].append(row)  # type: ignore[attr-defined]  # Tortoise adds it
        return [of_order[number] for number in order_ids]
