"""Orders that somebody is to take on, as SQL: what the viewer sees and may do, the most urgent first."""

from collections.abc import Collection, Iterator

from domain.orders.transitions import STEPS
from domain.orders.work import WORK, WorkReason
from domain.permissions import Action, reach
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


def work_found(
    compiler: Compiler, alias: str, *, today_slot: int, reasons: Collection[WorkReason]
) -> Iterator[tuple[WorkReason, str]]:
    """Of `reasons` those for which the viewer may have work: with the condition of the order `alias`, who sees and may.

    `today_slot` is where group 0 has the company's day. No order meets two of them.
    """
    for reason, work in WORK.items():
        found = STEPS[work.transition].found
        actions = [work.action, found] if found else [work.action]
        if reason not in reasons or not any(reach(compiler.shape.roles, action).anywhere for action in actions):
            continue
        conditions = [f"{alias}.status = '{work.status}'", compiler.visible(ORDER, alias)]
        conditions.append(_may(compiler, work.action, found, alias))
        if work.types:
            conditions.append(f"{alias}.type IN ({', '.join(sorted(repr(of.value) for of in work.types))})")
        if reason is WorkReason.RESUME:
            today = compiler.parameters.value(0, today_slot, "date")
            conditions.append(f"coalesce({alias}.expected_on <= {today}, true)")
        yield reason, " AND ".join(filter(None, conditions))


def _may(compiler: Compiler, action: Action, found: Action | None, alias: str) -> str:
    """A condition that the viewer may take the step: what was `found` makes it somebody else's."""
    usual = compiler.may([action], alias)
    if found is None:
        return usual
    findings = ORDER.columns["to_override"].sql.format(t=alias)
    return f"CASE WHEN {findings} THEN {compiler.may([found], alias) or 'true'} ELSE {usual or 'true'} END"
