"""Orders that somebody is to take on, as SQL: what the viewer sees and may do, the most urgent first."""

from collections.abc import Iterator

from domain.orders.work import WORK, WorkReason
from domain.permissions import reach
from rows.entities import ORDER
from rows.sql import Compiler

LAST_PRIORITY = 10
"""Behind all that rules give."""
KEYS = (
    f"coalesce({{t}}.priority, {LAST_PRIORITY})",
    "coalesce({t}.respond_by, 'infinity')",
    "{t}.placed_at",
    "{t}.id",
)
"""The order of a work queue; `models.orders` has an index of it for each status."""


def work_found(compiler: Compiler, alias: str, *, today_slot: int) -> Iterator[tuple[WorkReason, str]]:
    """For each reason for which the viewer may have work: the condition of the order `alias`, and who sees and may.

    `today_slot` is where group 0 has the company's day. No order meets two of them.
    """
    for reason, work in WORK.items():
        if not reach(compiler.shape.roles, work.action).anywhere:
            continue
        conditions = [f"{alias}.status = '{work.status}'", compiler.visible(ORDER, alias)]
        conditions.append(compiler.may([work.action], alias))
        if work.types:
            conditions.append(f"{alias}.type IN ({', '.join(sorted(repr(of.value) for of in work.types))})")
        if reason is WorkReason.RESUME:
            today = compiler.parameters.value(0, today_slot, "date")
            conditions.append(f"coalesce({alias}.expected_on <= {today}, true)")
        yield reason, " AND ".join(filter(None, conditions))
