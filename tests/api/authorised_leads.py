"""The leads and pools that tests of authorisation ask for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from models import (
    Channel,
    Lead,
    LeadAssignment,
    LeadFollowUp,
    LeadForm,
    LeadPool,
    LeadPoolMember,
    LeadShare,
    Region,
    User,
)

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OWNERS: Mapping[str, str | None] = {
    "reps": "rep",
    "shared": "other",
    "others": "other",
    "unowned": None,
    "pooled": None,
    "elsewhere": None,
}
"""Who has a lead of each label: those that are pooled wait where the rep belongs to, or where the other does."""
TEXTS = ("company", "industry", "contact_name", "email", "tax_id", "external_id", "interest")


class Builder(Protocol):
    """What makes the world."""

    users: dict[str, User]
    region: Region
    channel: Channel

    def add(self, label: str, row: Any) -> Any:
        """Remember a row by its label; the row."""

    def custom(self, label: str) -> dict[str, Any]:
        """Values of custom fields."""


async def make_leads(builder: Builder) -> None:
    """Pools with their members, and leads with all that is seen with them."""
    pools = {
        "pooled": await make_pool(builder, "mine", team_id=builder.users["rep"].team_id),
        "elsewhere": await make_pool(builder, "others", user=builder.users["other"]),
    }
    for number, label in enumerate(OWNERS, start=1):
        texts = {name: f"{name}-lead-{label}" for name in TEXTS}
        phone = f"+49 30 9000 000{number}"
        facts = {"tags": [f"tag-lead-{label}"], "custom_fields": builder.custom(label), "intent": "HIGH"}
        facts |= {"expected_value": Decimal(f"{number}000.00"), "score": number}
        where = {"region": builder.region, "source": builder.channel, "pool": pools.get(label)}
        await make_lead(builder, label, **texts, phone=phone, **facts, **where)
    form = {"source": builder.channel, "pool": pools["pooled"], "tags": ["tea"], "origins": ["https://a.example"]}
    builder.add("any", await LeadForm.create(code="contact", labels={"en": "word"}, key_hint="hint", **form))


async def make_pool(builder: Builder, label: str, **member: Any) -> LeadPool:
    """A pool with one member."""
    rules = {"strategy": "CLAIM", "on_breach": "RETURN_TO_POOL", "entry_filter": {"score": {"gt": 1000}}}
    pool: LeadPool = builder.add(label, await LeadPool.create(code=label, labels={"en": label}, active=False, **rules))
    builder.add(label, await LeadPoolMember.create(pool=pool, **member))
    return pool


async def make_lead(builder: Builder, label: str, **columns: Any) -> Lead:
    """A lead as its label says, with its history."""
    owner = OWNERS[label] and builder.users[OWNERS[label]]
    owned = {"owner": owner, "team_id": owner.team_id, "assigned_at": AT} if owner else {}
    lead: Lead = builder.add(label, await Lead.create(entered_at=AT, **owned, **columns))
    by = builder.users["admin"]
    met = {"by": by, "at": AT, "created_at": AT, "channel": "PHONE", "result": "REACHED"}
    builder.add(label, await LeadFollowUp.create(lead=lead, content=f"content-{label}", **met))
    moved = {"by": by, "at": AT, "move": "ASSIGNED", "reason": f"moved-{label}", "to_pool": columns.get("pool")}
    builder.add(label, await LeadAssignment.create(lead=lead, to_owner=owner, **moved))
    if label == "shared":
        builder.add(label, await LeadShare.create(lead=lead, user=builder.users["rep"], percent=50))
    return lead
