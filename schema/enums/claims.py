"""Enums of who gets leads."""

from domain.leads.assigning import MemberStanding
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
enum(
    MemberStanding,
    {
        "CHOSEN": "入选: they got it.",
        "ELIGIBLE": "可选: they could have got it.",
        "OFF_DUTY": "休假: they were on leave.",
        "AT_CAPACITY": "已满: they held as many as they may.",
        "MISSED_IT": "曾逾期: they had missed a deadline of it.",
        "UNSKILLED": "无专长: they had no skill that it asked for.",
    },
)
