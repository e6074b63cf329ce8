"""Reasons that inputs name, out of the list that the company manages."""

from domain.errors import DomainError, InvalidInput, NotFound
from domain.managed_lists import ReasonKind
from domain.paths import INPUT
from domain.problems import Problem
from models import Reason
from models.connection import TransactionClient


async def reason_problems(
    client: TransactionClient, reason_id: int, kind: ReasonKind, *, named: str
) -> list[DomainError]:
    """Why this cannot be a reason of `kind` for something new; `named` is the input field that names it."""
    found = await Reason.filter(id=reason_id, kind=kind).using_db(client).values_list("active", flat=True)
    if not found:
        return [NotFound(path=(*INPUT, named))]
    return [] if found[0] else [InvalidInput(path=(*INPUT, named), problem=Problem.REASON_INACTIVE)]
