"""Enums of leads and their pools."""

from domain.leads.lead import FollowUpChannel, FollowUpResult, LeadIntent, LeadMove, LeadStatus
from domain.leads.pools import OnBreach, PoolStrategy
from schema.describe import enum

enum(
    LeadIntent,
    {
        "HIGH": "高意向: wants to buy soon.",
        "MEDIUM": "中意向: may buy.",
        "LOW": "低意向: is only looking.",
    },
)
enum(
    LeadStatus,
    {
        "NEW": "新线索: nobody has been in touch.",
        "CONTACTED": "已联系: somebody has been in touch.",
        "QUALIFIED": "已确认: there is a need that can be met.",
        "CONVERTED": "已转化: became a customer.",
        "DISQUALIFIED": "无效: nothing comes of it, for a reason.",
    },
)
enum(
    LeadMove,
    {
        "CLAIMED": "抢单: somebody took it from a pool.",
        "ASSIGNED": "分配: it was given to its owner, by a person or by the pool's strategy.",
        "ROUTED": "撞单归属: the person is known, so it went to whoever looks after them.",
        "REASSIGNED": "重新分配: a deadline was missed, so somebody else got it.",
        "RELEASED": "释放: its owner put it back.",
        "RECYCLED": "回收: a deadline was missed, so it went back to its pool.",
        "ESCALATED": "升级: a deadline was missed, so the manager was told.",
        "MERGED": "合并: it is the same person as another one.",
        "CONVERTED": "转化: it became a customer.",
        "DISQUALIFIED": "判为无效: nothing comes of it.",
    },
)
enum(
    FollowUpChannel,
    {
        "PHONE": "电话: by phone.",
        "VISIT": "拜访: in person, at their place.",
        "EMAIL": "邮件: by email.",
        "MESSENGER": "即时通讯: by a messenger, such as WeChat.",
        "MEETING": "会议: at a meeting, in person or online.",
        "OTHER": "其他: otherwise.",
    },
)
enum(
    FollowUpResult,
    {
        "REACHED": "已联系上: there was a talk.",
        "NOT_REACHED": "未联系上: nobody answered.",
        "INTERESTED": "有意向: they want to know more.",
        "NOT_INTERESTED": "无意向: they do not.",
        "APPOINTMENT": "已预约: there is a date.",
    },
)
enum(
    PoolStrategy,
    {
        "CLAIM": "抢单: members compete.",
        "ROUND_ROBIN": "轮询: in turn.",
        "WEIGHTED": "按业绩加权: more to those who did well of late.",
        "EXPERTISE": "按专长: to those who know the industry, region or product.",
        "LEAST_LOADED": "负载最低: to whoever has fewest.",
    },
)
enum(
    OnBreach,
    {
        "RETURN_TO_POOL": "退回公海: it goes back to its pool.",
        "REASSIGN": "重新分配: somebody else gets it by the pool's strategy.",
        "ESCALATE": "升级: the manager is told.",
    },
)
