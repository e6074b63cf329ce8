"""Fills an empty database with the demo company."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import asyncpg

from app.commands.demo_welcome import PASSWORD
from app.demo.after_sales import add_after_sales
from app.demo.assignment import add_rules, add_skills
from app.demo.calendars import add_calendars
from app.demo.custom_fields import add_custom_fields
from app.demo.customers import add_customers
from app.demo.flaws import add_findings
from app.demo.leads import add_leads, know_leads
from app.demo.levels import add_level_rules
from app.demo.orders import OrderBook
from app.demo.organisation import add_organisation, add_rates
from app.demo.payments import add_payments
from app.demo.products import add_products
from app.demo.rows import Rows
from app.demo.selling import add_selling
from app.demo.shares import add_shares
from app.demo.shipments import add_shipments, send_some
from app.demo.stock import add_stock
from app.demo.tiers import classify_by_rules, override_some
from domain.people import Role
from models.connection import unpooled_client
from models.locks import AdvisoryLock
from services.sessions.passwords import hash_password
from services.trees import REGIONS, TEAMS, place_node

SEED = 20_260
DAYS = 540


async def seed_if_empty(database_url: str, *, today: date | None = None) -> None:
    """Make the demo company, as of the beginning of `today`, in a migrated database; in one with users, do nothing.

    The same day gives the same company, but for the salt of its passwords.
    """
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", AdvisoryLock.DEMO_DATA)
            if await connection.fetchval(_OCCUPIED):
                return
            day = today or datetime.now(UTC).date()
            rows = generate(day, password_hash=await hash_password(PASSWORD))
            await rows.store(connection)
            await know_leads(connection)
            end = datetime.combine(day, time(), UTC)
            await add_after_sales(connection, by=_somebody(rows, Role.SERVICE), end=end)
            client = unpooled_client(database_url, connection)
            for tree in (TEAMS, REGIONS):
                for node in rows.of(tree.nodes):
                    await place_node(client, tree, node_id=node["id"])
            await add_calendars(client, end=end)
            moment = datetime.now(UTC)
            await classify_by_rules(client, by=_somebody(rows, Role.ADMIN), at=moment)
            await override_some(connection, by=_somebody(rows, Role.MANAGER), at=moment)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _somebody(rows: Rows, role: Role) -> int:
    number: int = next(user["id"] for user in rows.of("app_user") if role in user["roles"])
    return number


_OCCUPIED = """
SELECT EXISTS (SELECT FROM app_user) OR EXISTS (SELECT FROM team) OR EXISTS (SELECT FROM region)
    OR EXISTS (SELECT FROM customer) OR EXISTS (SELECT FROM product) OR EXISTS (SELECT FROM sales_order)
"""


def generate(today: date, *, password_hash: str) -> Rows:
    """The rows of the company; all chance in it comes from one seed."""
    choice = Random(SEED)  # noqa: S311  # not a secret, and the same each time
    end = datetime.combine(today, time(), UTC)
    start = end - timedelta(days=DAYS)
    rows = Rows()
    organisation = add_organisation(rows, password_hash=password_hash, made_at=start)
    add_rates(rows, choice, start=start.date() - timedelta(days=31), end=today)
    add_skills(rows, organisation)
    add_rules(rows, organisation, made_at=start)
    add_custom_fields(rows, made_at=start)
    add_products(rows, choice, made_at=start)
    buyers = add_customers(rows, choice, organisation, end=end, days=DAYS)
    OrderBook(rows, choice, organisation, end=end).fill(buyers)
    add_shares(rows, choice, organisation)
    add_stock(rows, choice, organisation, made_at=start)
    add_selling(rows, organisation, made_at=start, today=today)
    add_level_rules(rows, made_at=start)
    add_shipments(rows, choice, organisation)
    add_payments(rows, choice, organisation, end=end)
    add_findings(rows, organisation)
    send_some(rows, organisation, end=end)
    add_leads(rows, choice, organisation, end=end, made_at=start)
    return rows
