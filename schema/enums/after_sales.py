"""Enums of what customers say afterwards."""

from domain.after_sales import ComplaintState
from schema.describe import enum

enum(
    ComplaintState,
    {
        "OPEN": "待处理: nobody has seen to it.",
        "IN_PROGRESS": "处理中: somebody sees to it.",
        "RESOLVED": "已解决: what was wrong was put right.",
        "REJECTED": "已驳回: there was nothing to put right.",
    },
)
