"""Enums of levels by rule."""

from domain.levels import LevelConfirmation, LevelProposalState
from schema.describe import enum

enum(
    LevelConfirmation,
    {
        "BY_PERSON": "A manager of the customer's team, or an administrator, confirms or declines it.",
        "AUTOMATICALLY": "The customer gets the level at once.",
    },
)
enum(
    LevelProposalState,
    {
        "OPEN": "待确认: it waits for somebody.",
        "CONFIRMED": "已确认: the customer got the level.",
        "DECLINED": "已拒绝: somebody said no.",
        "WITHDRAWN": "已撤回: no rule says so any more, or the customer got another level meanwhile.",
    },
)
