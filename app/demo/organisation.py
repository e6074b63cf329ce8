"""The demo company itself: teams, people, regions, channels, exchange rates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from app.demo.people import PEOPLE, TEAMS
from app.demo.places import MARKETS
from app.demo.rows import Rows
from domain.people import Role

COMPANY_CURRENCY = "GBP"
COMPANY_ZONE = ZoneInfo("Europe/London")
DOMAIN = "demo.example"
CHANNELS = {
    "direct": "Direct sales 直销",
    "web-shop": "Web shop 官网商城",
    "marketplace-uk": "Marketplace UK",
    "tmall": "天猫旗舰店",
    "distributor": "Distributors 经销商",
}
RATES = {"EUR": "0.8547", "USD": "0.7712", "CNY": "0.1083", "JPY": "0.00514"}
"""What one unit of a currency was worth in GBP at first; it wanders from there."""


@dataclass(frozen=True)
class Organisation:
    """Ids by team's name, region's code, channel's code and a person's account; the reps of each team that has any."""

    teams: dict[str, int]
    regions: dict[str, int]
    channels: dict[str, int]
    people: dict[str, int]
    reps: dict[str, list[int]]


def add_organisation(rows: Rows, *, password_hash: str, made_at: datetime) -> Organisation:
    """Everything that does not depend on chance."""
    teams: dict[str, int] = {}
    for name, parent in TEAMS:
        parent_id = teams[parent] if parent else None
        teams[name] = rows.add("team", name=name, parent_id=parent_id, created_at=made_at)
    people: dict[str, int] = {}
    reps: dict[str, list[int]] = {}
    for person in PEOPLE:
        people[person.email] = rows.add(
            "app_user",
            email=f"{person.email}@{DOMAIN}",
            name=person.name,
            phone=f"+44 20 7946 09{len(people):02}",
            password_hash=password_hash if person.account else None,
            roles=[role.value for role in person.roles],
            team_id=teams[person.team],
            active=True,
            created_at=made_at,
        )
        if Role.REP in person.roles:
            reps.setdefault(person.team, []).append(people[person.email])
    channels = {code: rows.add("channel", code=code, name=name, created_at=made_at) for code, name in CHANNELS.items()}
    return Organisation(teams=teams, regions=_add_regions(rows, made_at), channels=channels, people=people, reps=reps)


def _add_regions(rows: Rows, made_at: datetime) -> dict[str, int]:
    regions: dict[str, int] = {}

    def add(code: str, name: str, parent: str | None) -> None:
        parent_id = regions[parent] if parent else None
        regions[code] = rows.add("region", code=code, name=name, parent_id=parent_id, created_at=made_at)

    for market in MARKETS:
        add(market.code, market.name, None)
        for (area, name), cities in market.areas.items():
            add(area, name, market.code)
            for city in cities:
                add(city.code, city.name, area)
    return regions


def add_rates(rows: Rows, choice: Random, *, start: date, end: date) -> None:
    """A rate for each currency at the start of every month from before `start` until `end`."""
    for currency, first in RATES.items():
        rate = Decimal(first)
        for day in _months(start, end):
            rows.add("exchange_rate", currency=currency, date=day, rate=rate.quantize(Decimal("0.00001")))
            rate *= Decimal(choice.randint(985, 1015)) / 1000


def _months(start: date, end: date) -> Iterator[date]:
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
