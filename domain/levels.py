"""Levels of customers by rule (客户级别): rules propose them, a person confirms them, or nobody has to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.customers import CustomerLevel
from domain.unset import UNSET, Change, Unset


class LevelConfirmation(StrEnum):
    """What a level that a rule proposes waits for."""

    BY_PERSON = "BY_PERSON"
    AUTOMATICALLY = "AUTOMATICALLY"


class LevelProposalState(StrEnum):
    """What became of a proposal. One customer has one open at the most."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class LevelRuleEntry(Change):
    """A rule by its `code`: customers for whom `filter`, as JSON has it, holds should have the level.

    The smallest `rank` is asked first, and the first rule that a customer meets decides.
    """

    code: str
    rank: int | Unset = UNSET
    filter: Mapping[str, Any] | Unset = UNSET
    level: CustomerLevel | Unset = UNSET
    confirm: LevelConfirmation | Unset = UNSET
    active: bool | Unset = UNSET
