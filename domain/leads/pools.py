"""Pools of leads: by which rules their leads find an owner, and lose one (线索池, 公海)."""

from enum import StrEnum


class PoolStrategy(StrEnum):
    """How leads of a pool find an owner; those that assign fall back to CLAIM when nobody is eligible."""

    CLAIM = "CLAIM"
    ROUND_ROBIN = "ROUND_ROBIN"
    WEIGHTED = "WEIGHTED"
    EXPERTISE = "EXPERTISE"
    LEAST_LOADED = "LEAST_LOADED"


class OnBreach(StrEnum):
    """What becomes of a lead whose owner missed a deadline."""

    RETURN_TO_POOL = "RETURN_TO_POOL"
    REASSIGN = "REASSIGN"
    ESCALATE = "ESCALATE"
