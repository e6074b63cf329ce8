"""`sluice doctor` finds what is wrong with an installation, and nothing where nothing is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import redis

from app.commands.doctor import examine
from app.doctor.findings import Verdict
from app.embedded import Servers
from app.settings import Settings
from domain.files import FileKind
from domain.people import Role
from models import File, LevelRule, OutboxEvent, Reminder, ReminderDelivery, ReviewPolicy
from models.connection import pool
from services.clock import now
from tests.conftest import administer
from tests.factories import make_order, make_user
from workers.names import QueueName

pytestmark = pytest.mark.usefixtures("database")

LONG_KEY = "f3a9c1d07be2486590abcdef12347788"


@pytest.fixture
def settings(
    database_url: str, database_read_url: str, database_read_generic_url: str, redis_url: str, tmp_path: Path
) -> dict[str, Any]:
    """Settings of an installation in order."""
    return {
        "database_url": database_url,
        "database_read_url": database_read_url,
        "database_read_generic_url": database_read_generic_url,
        "redis_url": redis_url,
        "secret_key": LONG_KEY,
        "company_currency": "GBP",
        "company_zone": ZoneInfo("Europe/London"),
        "sluice_home": tmp_path,
        "database_pool_size": 5,
    }


@contextmanager
def changed(redis_url: str, name: str, value: str) -> Iterator[None]:
    """Valkey with another setting."""
    with redis.Redis.from_url(redis_url) as client:
        before = client.config_get(name)[name]
        client.config_set(name, value)
        yield
        client.config_set(name, before)


@pytest.fixture
def workers_listen(redis_url: str) -> None:
    """What living workers write."""
    with redis.Redis.from_url(redis_url) as client:
        for queue in QueueName:
            client.set(f"{queue.value}:health-check", "alive", ex=60)


async def troubles(settings: dict[str, Any]) -> list[str]:
    """What is found to be less than good, but for what the tests' servers are: fast by losing data, slow by what else
    runs here."""
    found = await examine(Settings(**settings))
    assert all(finding.remedy for finding in found if finding.verdict is not Verdict.OK)
    told = [finding.what for finding in found if finding.verdict is not Verdict.OK]
    aside = ("acknowledged", "wait for the disk", "a round trip")
    return [what for what in told if not any(words in what for words in aside)]


@pytest.mark.usefixtures("workers_listen")
async def test_an_installation_in_order_has_no_troubles(settings: dict[str, Any], redis_url: str) -> None:
    await make_user(Role.ADMIN)
    with changed(redis_url, "appendonly", "yes"):
        assert await troubles(settings) == []


@pytest.mark.usefixtures("workers_listen")
async def test_a_company_without_an_administrator_is_told_so(settings: dict[str, Any]) -> None:
    await make_user(Role.REP)
    assert "nobody is an administrator" in await troubles(settings)


async def test_missing_workers_are_missed(settings: dict[str, Any]) -> None:
    assert f"no worker takes jobs from {', '.join(QueueName)}" in await troubles(settings)


async def test_a_redis_that_forgets_under_pressure_is_a_problem(settings: dict[str, Any], redis_url: str) -> None:
    with changed(redis_url, "maxmemory-policy", "allkeys-lru"):
        assert "it forgets under pressure (maxmemory-policy allkeys-lru)" in await troubles(settings)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"redis_url": "redis://127.0.0.1:1"}, "Redis cannot be used"),
        ({"database_url": "postgresql://sluice@127.0.0.1:1/sluice"}, "PostgreSQL cannot be used"),
        ({"database_read_url": "postgresql://sluice@127.0.0.1:1/sluice"}, "DATABASE_READ_URL leads nowhere"),
        (
            {"oidc_issuer": "http://127.0.0.1:1", "oidc_audience": "sluice"},
            "the OpenID provider cannot be asked: http://127.0.0.1:1/.well-known",
        ),
        ({"secret_key": "x" * 40}, "SECRET_KEY can be guessed"),
        ({"database_pool_size": 200}, "one API process and one worker may open"),
    ],
)
async def test_a_wrong_setting_is_told(settings: dict[str, Any], wrong: dict[str, Any], told: str) -> None:
    assert any(what.startswith(told) for what in await troubles(settings | wrong))


async def test_reads_by_the_role_that_writes_are_told(settings: dict[str, Any]) -> None:
    only = {name: value for name, value in settings.items() if not name.startswith("database_read")}
    assert any(what.startswith("reads use the role that writes") for what in await troubles(only))


async def test_readers_in_each_others_place_are_told(settings: dict[str, Any]) -> None:
    swapped = {
        "database_read_url": settings["database_read_generic_url"],
        "database_read_generic_url": settings["database_read_url"],
    }
    told = await troubles(settings | swapped)
    assert sum("plans in mode" in what for what in told) == 2


async def test_tables_that_are_not_there_are_told_with_the_command(servers: Servers, settings: dict[str, Any]) -> None:
    await administer(servers, "CREATE DATABASE bare OWNER sluice")
    bare = dict.fromkeys(("database_url", "database_read_url"), servers.postgres.url(database="bare"))
    told = await troubles(settings | bare)
    await administer(servers, "DROP DATABASE bare WITH (FORCE)")
    assert any("migrations are missing" in what for what in told)


async def test_a_table_that_reads_may_not_see_is_told(
    servers: Servers, database_name: str, settings: dict[str, Any]
) -> None:
    owner = await asyncpg.connect(servers.postgres.url(database=database_name))
    await owner.execute("REVOKE SELECT ON channel FROM sluice_read")
    told = await troubles(settings)
    await owner.execute("GRANT SELECT ON channel TO sluice_read")
    await owner.close()
    assert "sluice_read cannot read 1 tables" in told


@pytest.mark.usefixtures("workers_listen")
async def test_events_that_nobody_gives_positions_are_told(settings: dict[str, Any]) -> None:
    await make_user(Role.ADMIN)
    await OutboxEvent.create(aggregate="Order", aggregate_id=1, seq=1, type="order.created", payload={})
    assert not any("no position" in what for what in await troubles(settings))
    await OutboxEvent.all().update(created_at=now() - timedelta(hours=1))
    assert any(what.startswith("events have had no position for 36") for what in await troubles(settings))


async def test_counts_that_nobody_folds_are_told(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    await make_order()
    assert not any("folded" in what for what in await troubles(settings))
    await pool().execute("UPDATE order_count_delta SET written_at = now() - interval '1 hour'")
    assert any(what.startswith("changes of counts have waited for 36") for what in await troubles(settings))
    monkeypatch.setattr("services.backlog.MOST_COUNTED", 1)
    monkeypatch.setattr("app.doctor.work.MOST_COUNTED", 1)
    assert any(what.startswith("counts are slow: 1 changes or more wait") for what in await troubles(settings))


async def test_orders_that_nobody_classifies_and_customers_that_nobody_measures_are_told(
    settings: dict[str, Any],
) -> None:
    for table in ("stale_tiers", "stale_customer"):
        await pool().execute(f"INSERT INTO {table} (customer_id) VALUES (1)")
    assert not any("1 customers" in what for what in await troubles(settings))
    for table, told in (("stale_tiers", "orders of 1 customers"), ("stale_customer", "1 customers")):
        await pool().execute(f"UPDATE {table} SET written_at = now() - interval '1 hour'")
        assert any(what.startswith(f"{told} or fewer have waited for 36") for what in await troubles(settings))


async def test_reminders_and_letters_that_are_late_or_given_up_are_told(settings: dict[str, Any]) -> None:
    assert not any("reminders" in what or "letters" in what for what in await troubles(settings))
    hour = now() - timedelta(hours=1)
    of = {"kind": "LEAD_LOST", "subject_kind": "Lead", "subject_id": 1, "cause_at": hour, "due_at": hour, "facts": {}}
    reminder = await Reminder.create(recipient=await make_user(), **of)
    letter = {"reminder": reminder, "channel": "EMAIL", "next_try_at": hour}
    await ReminderDelivery.create(fired_at=hour, **letter)
    await ReminderDelivery.create(fired_at=now(), state="PARKED", **letter)
    told = [what for what in await troubles(settings) if "reminders" in what or "letters" in what]
    assert [what.split(", the first since 36")[0] for what in told] == [
        "1 reminders are due",
        "1 letters are due",
        "1 letters were given up after many tries",
    ]


async def test_a_rule_of_levels_that_means_nothing_any_more_is_told(settings: dict[str, Any]) -> None:
    told = "a rule that proposes levels means nothing any more: no level is proposed or withdrawn"
    rule = await LevelRule.create(code="fits", condition={"customFields": {"gone": {"eq": "x"}}}, level="VIP")
    assert told in await troubles(settings)
    await LevelRule.filter(id=rule.id).update(active=False)
    assert told not in await troubles(settings)


async def test_a_policy_of_review_that_checks_less_than_none_would_is_told(settings: dict[str, Any]) -> None:
    checked = {"price_tolerance": Decimal("0.2"), "duplicate_hours": 1, "most_without_customer": Decimal(0)}
    policy = await ReviewPolicy.create(code="old", contact_needed=False, **checked)
    told = "the policy of review old approves orders without a look at contactNeeded, placedWithinDays: where there is"
    assert any(what.startswith(told) for what in await troubles(settings))
    await ReviewPolicy.filter(id=policy.id).update(approve_clean=False)
    assert not any("policy of review" in what for what in await troubles(settings))


async def test_a_user_whose_files_hardly_fit_is_told(settings: dict[str, Any]) -> None:
    user = await make_user(Role.ADMIN)
    await File.create(
        kind=FileKind.UPLOAD, owner=user, name="a.csv", media_type="text/csv", size=950, secret=b"", expires_at=now()
    )
    full = "a user has used nine tenths of what their files may have"
    assert full in await troubles(settings | {"file_quota": 1_000})
    assert full not in await troubles(settings)
