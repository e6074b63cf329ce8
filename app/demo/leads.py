"""The demo company's leads: in pools that are claimed from or give them away, with people, converted, of no use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import orjson

from app.demo.names import INDUSTRIES, company_name, person_name
from app.demo.organisation import Organisation
from app.demo.places import MARKETS, SOUTHERN_CHINA, Market
from app.demo.rows import Rows
from domain.leads.lead import FollowUpChannel, FollowUpResult, LeadIntent, LeadMove, LeadStatus
from domain.leads.pools import OnBreach, PoolStrategy

LEADS = 200
EAST_CHINA = "cn-east"
DAY = 24 * 60
_S = LeadStatus
STATUSES = {_S.NEW: 60, _S.CONTACTED: 15, _S.QUALIFIED: 10, _S.CONVERTED: 8, _S.DISQUALIFIED: 7}
SAID = (
    "Wants a sample first.",
    "Budget is decided next month.",
    "要求发送报价单",
    "Asked for delivery times.",
    "约好下周再谈",
)
# What leads are matched by: the database knows how.
_KEYS = """
UPDATE lead SET company_key = match_name(company), email_key = search_text(email),
    phone_key = '+' || regexp_replace(phone, '[^0-9]+', '', 'g'),
    reason_id = CASE WHEN status = 'DISQUALIFIED' THEN (
        SELECT r.id FROM reason r WHERE r.kind = 'DISQUALIFICATION' AND r.position = 10 + 10 * (lead.id % 4)) END
"""


@dataclass(frozen=True)
class _Came:
    """A lead's market, and where it stands."""

    market: Market
    region: str
    team: str
    status: LeadStatus
    at: datetime


def add_leads(rows: Rows, choice: Random, organisation: Organisation, *, end: datetime, made_at: datetime) -> None:
    """Three pools and 200 leads of the last sixty days."""
    pools = _add_pools(rows, organisation, made_at)
    for number in range(1, LEADS + 1):
        market = choice.choices(MARKETS, weights=[market.share for market in MARKETS])[0]
        area, city = choice.choice([(area, city) for (area, _), cities in market.areas.items() for city in cities])
        came = _Came(
            market=market,
            region=city.code,
            team="Shenzhen 深圳" if area in SOUTHERN_CHINA else market.team,
            status=choice.choices(list(STATUSES), weights=list(STATUSES.values()))[0],
            at=end - timedelta(minutes=choice.randint(30, 60 * DAY)),
        )
        intent = choice.choice(list(LeadIntent))
        pool = "hot" if intent is LeadIntent.HIGH else "east-china" if area == EAST_CHINA else "open"
        name = company_name(choice, market.country, city.name)
        _add_lead(rows, choice, organisation, came, number, name=name, intent=intent, pool_id=pools[pool])


async def know_leads(connection: asyncpg.Connection) -> None:
    """Give the stored leads what they are matched by, and those of no use a reason."""
    await connection.execute(_KEYS)


def _add_pools(rows: Rows, organisation: Organisation, made_at: datetime) -> dict[str, int]:
    east = f"reg_{organisation.regions[EAST_CHINA]}"
    wanted: tuple[tuple[str, str, str, PoolStrategy, dict[str, Any]], ...] = (
        ("hot", "Hot leads", "热线索", PoolStrategy.CLAIM, {"intent": {"eq": "HIGH"}}),
        ("east-china", "East China", "华东线索", PoolStrategy.ROUND_ROBIN, {"region": {"within": east}}),
        ("open", "Open pool", "公海", PoolStrategy.CLAIM, {}),
    )
    pools = {}
    for rank, (code, en, zh, strategy, entry_filter) in enumerate(wanted, start=1):
        hot = code == "hot"
        pools[code] = rows.add(
            "lead_pool",
            version=1,
            code=code,
            labels=_json({"en": en, "zh": zh}),
            rank=rank,
            active=True,
            entry_filter=_json(entry_filter),
            strategy=strategy,
            claim_quota=5 if hot else 10,
            hold_limit=20 if hot else 50,
            cool_down_minutes=3 * DAY,
            head_start_minutes=30 if hot else None,
            head_start_value=Decimal("5000.00") if hot else None,
            head_start_percent=20,
            first_contact_minutes=4 * 60 if hot else 8 * 60,
            follow_up_minutes=40 * 60,
            convert_minutes=160 * 60,
            remind_before_minutes=60,
            on_breach=OnBreach.REASSIGN if strategy is PoolStrategy.ROUND_ROBIN else OnBreach.RETURN_TO_POOL,
            weight_floor_percent=20,
            created_at=made_at,
        )
        teams = ["Shanghai 上海"] if code == "east-china" else sorted(organisation.reps)
        for team in teams:
            rows.add("lead_pool_member", pool_id=pools[code], user_id=None, team_id=organisation.teams[team])
    return pools


def _add_lead(
    rows: Rows,
    choice: Random,
    organisation: Organisation,
    came: _Came,
    number: int,
    *,
    name: str,
    intent: LeadIntent,
    pool_id: int,
) -> None:
    owned = came.status is not _S.NEW or choice.random() < 0.25
    owner = choice.choice(organisation.reps[came.team]) if owned else None
    since = came.at + timedelta(minutes=20)
    met = [since + timedelta(minutes=90 * nth) for nth in range(1, choice.choice((1, 2, 3)) + 1)]
    met = met if came.status is not _S.NEW else []
    closed = came.status in (_S.CONVERTED, _S.DISQUALIFIED)
    customers = [row["id"] for row in rows.of("customer") if row["owner_id"] == owner]
    status = came.status if customers or came.status is not _S.CONVERTED else _S.DISQUALIFIED
    worth = Decimal(choice.randint(3, 120) * 100).quantize(Decimal("0.01"))
    lead_id = rows.add(
        "lead",
        version=1,
        status=status,
        company=name,
        contact_name=person_name(choice, came.market.country),
        email=f"lead{number}@{came.market.country.lower()}-new.example",
        phone=came.market.phone.format(200 + number),
        tax_id=None,
        industry=choice.choice(INDUSTRIES),
        region_id=organisation.regions[came.region],
        source_id=choice.choice([None, organisation.channels["web-shop"], organisation.channels["direct"]]),
        external_id=f"L-{20_000 + number}",
        intent=intent,
        interest=choice.choice((None, "Catalogue 目录", "Prices for 50 pieces", "需要样品")),
        score=choice.randint(0, 100),
        expected_value=worth,
        tags=["fair"] if choice.random() < 0.1 else [],
        owner_id=owner,
        team_id=organisation.teams[came.team] if owned else None,
        pool_id=pool_id,
        customer_id=choice.choice(customers) if status is _S.CONVERTED else None,
        entered_at=came.at,
        pooled_at=None if owned else came.at,
        assigned_at=since if owned else None,
        first_contact_at=met[0] if met else None,
        last_follow_up_at=met[-1] if met else None,
        closed_at=met[-1] if closed else None,
        breach=0,
        custom_fields="{}",
        last_seq=0,
        updated_at=came.at,
    )
    if owned:
        _add_history(rows, choice, lead_id, owner, organisation.teams[came.team], pool_id, since, worth, met)


def _add_history(
    rows: Rows,
    choice: Random,
    lead_id: int,
    owner: int | None,
    team: int,
    pool_id: int,
    since: datetime,
    worth: Decimal,
    met: list[datetime],
) -> None:
    rows.add(
        "lead_assignment",
        lead_id=lead_id,
        move=LeadMove.CLAIMED,
        from_pool_id=pool_id,
        to_owner_id=owner,
        to_team_id=team,
        to_pool_id=pool_id,
        by_id=owner,
        worth=worth,
        at=since,
    )
    for at in met:
        rows.add(
            "lead_follow_up",
            lead_id=lead_id,
            by_id=owner,
            at=at,
            channel=choice.choice(list(FollowUpChannel)),
            result=choice.choice(list(FollowUpResult)),
            content=choice.choice(SAID),
            next_at=None,
            created_at=at,
        )


def _json(of: dict[str, Any]) -> str:
    return orjson.dumps(of).decode()
