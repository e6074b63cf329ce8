"""Enums of reminders."""

from domain.reminders import Language, ReminderChannel, ReminderKind, ReminderState
from schema.describe import enum

enum(
    ReminderKind,
    {
        "FIRST_CONTACT_DUE": "首次联系到期: the first contact with a lead is due soon; for its owner.",
        "FOLLOW_UP_DUE": "跟进到期: a follow-up of a lead is due soon; for its owner.",
        "FOLLOW_UP_PLANNED": "计划跟进: a follow-up that was planned comes near; for the lead's owner.",
        "CONVERSION_DUE": "转化到期: a lead has to be converted or disqualified soon; for its owner.",
        "LEAD_RECEIVED": "分到线索: somebody else, or a rule, gave a lead; for whoever has it.",
        "LEAD_LOST": "线索被收回: a lead went because a deadline was missed; for whoever had it.",
        "DEADLINE_MISSED": "线索逾期: the owner of a lead missed a deadline; for the managers of its team.",
    },
)
enum(
    ReminderState,
    {
        "SCHEDULED": "It will fire; nobody sees it before.",
        "FIRED": "It is there, and nobody has acknowledged it.",
        "SNOOZED": "It was put off, and will fire again.",
        "ACKNOWLEDGED": "It was seen.",
        "WITHDRAWN": "Its cause is gone.",
    },
)
enum(ReminderChannel, {"EMAIL": "邮件: a letter."})
enum(Language, {"EN": "English.", "ZH": "中文: Chinese."})
