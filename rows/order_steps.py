"""The steps that a reader may take with orders, for the answers of reads."""

from collections.abc import Sequence
from typing import Any

from domain.errors import ErrorCode
from domain.orders.labels import TRANSITION_LABELS
from domain.orders.life_cycle import Fulfilment, OrderStatus, OrderType
from domain.orders.transitions import STEPS, Standing, Transition, next_steps
from domain.scopes import TokenScope
from rows.viewer import Reader, Viewer

Row = tuple[str, str, int | None, int | None, str, bool]


def available_transitions(rows: Sequence[Row], reader: Reader) -> list[list[dict[str, Any]]]:
    """For each order the steps that lead on.

    It comes as status, type, owner's number, team's number, fulfilment, and whether findings wait to be overridden.
    """
    language = 1 if reader.language == "zh" else 0
    return [_steps(row, reader.viewer, language) for row in rows]


def _steps(row: Row, viewer: Viewer, language: int) -> list[dict[str, Any]]:
    status, kind, owner, team, fulfilment, found = row
    standing = Standing(
        status=OrderStatus(status),
        type=OrderType(kind),
        owner_id=owner,
        team_id=team,
        sent=fulfilment != Fulfilment.NONE,
        found=found,
    )
    writes = viewer.scopes is None or TokenScope.ORDERS_WRITE in viewer.scopes
    return [_step(step, language, allowed=allowed and writes) for step, allowed in next_steps(standing, viewer)]


def _step(transition: Transition, language: int, *, allowed: bool) -> dict[str, Any]:
    return {
        "transition": transition,
        "label": TRANSITION_LABELS[transition][language],
        "allowed": allowed,
        "blockedBy": None if allowed else ErrorCode.NOT_PERMITTED,
        "reasonNeeded": STEPS[transition].reason,
    }
