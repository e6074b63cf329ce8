"""Enums of who gets leads."""

from domain.leads.lead import Ineligibility
from schema.describe import enum

enum(
    Ineligibility,
    {
        "NOT_A_MEMBER": "非成员: they are no member of the lead's pool.",
        "NO_TEAM": "无团队: they have no team that the lead would belong to.",
        "NOT_OPEN": "已关闭: the lead is converted or disqualified.",
        "NOT_IN_A_POOL": "不在线索池: the lead is in no pool that is in use.",
        "DUPLICATE": "重复: the lead repeats another one, whose owner decides.",
    },
)
