"""The demo company: whole, consistent, the same each time, and only where nothing else is."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time

import asyncpg
import pytest

from app.commands.demo_welcome import PASSWORD
from app.demo.seed import generate, seed_if_empty
from domain.leads.lead import LeadStatus
from domain.orders.life_cycle import OrderStatus, OrderType
from domain.people import Role
from services.payments.verify import payment_differences
from services.sessions.passwords import verify_password
from services.stock.verify import stock_differences

TODAY = date(2026, 6, 15)
ACCOUNTS = ["admin", "manager", *(f"rep{i}" for i in range(1, 6)), "reviewer", "fulfilment", "service", "finance"]


@pytest.fixture(scope="module")
async def company(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database with the demo company as of TODAY."""
    await seed_if_empty(database_url, today=TODAY)
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_every_kind_of_order_and_person_is_there(company: asyncpg.Connection) -> None:
    statuses = await company.fetch("SELECT DISTINCT status FROM sales_order")
    types = await company.fetch("SELECT DISTINCT type FROM sales_order")
    roles = await company.fetch("SELECT DISTINCT unnest(roles) FROM app_user")
    assert {status for (status,) in statuses} == {status.value for status in OrderStatus}
    assert {order_type for (order_type,) in types} == {order_type.value for order_type in OrderType}
    assert {role for (role,) in roles} == {role.value for role in Role}
    assert 3_800 < await company.fetchval("SELECT count(*) FROM sales_order") < 4_400
    assert await company.fetchval("SELECT count(*) FROM customer") == 300
    assert await company.fetchval("SELECT count(*) FROM product") == 120


async def test_leads_wait_in_pools_are_with_people_and_came_to_something_or_nothing(
    company: asyncpg.Connection,
) -> None:
    assert await company.fetchval("SELECT count(*) FROM lead") == 200
    statuses = await company.fetch("SELECT DISTINCT status FROM lead")
    assert {status for (status,) in statuses} == {status.value for status in LeadStatus}
    waiting = dict(
        await company.fetch("""
        SELECT p.code, count(*) FROM lead l JOIN lead_pool p ON p.id = l.pool_id WHERE l.owner_id IS NULL GROUP BY 1""")
    )
    assert set(waiting) == {"hot", "east-china", "open"}
    assert await company.fetchval("SELECT count(*) FROM lead WHERE phone_key IS NULL OR company_key IS NULL") == 0
    assert await company.fetchval("SELECT count(*) FROM lead WHERE status = 'DISQUALIFIED' AND reason_id IS NULL") == 0


async def test_orders_are_paid_as_their_ledgers_say_and_customers_say_what_they_think(
    company: asyncpg.Connection,
) -> None:
    assert await payment_differences(company) == []
    kinds = dict(await company.fetch("SELECT kind, count(*) FROM payment GROUP BY kind"))
    assert kinds["PAYMENT"] > 2_000
    assert kinds["REFUND"] > 50
    assert await company.fetchval("SELECT count(*) FROM sales_order WHERE status = 'COMPLETED' AND received = 0") > 50
    said = await company.fetchrow("""
        SELECT (SELECT count(*) FROM sales_order o JOIN feedback f ON f.id = o.feedback_id AND f.order_id = o.id),
               (SELECT count(*) FROM feedback), (SELECT count(DISTINCT state) FROM complaint),
               (SELECT count(*) FROM sales_order WHERE type = 'RETURN' AND return_reason_id IS NULL)""")
    assert said
    assert said[0] == said[1] > 500
    assert said[2:] == (4, 0)


async def test_deadlines_are_in_the_companys_working_time_and_stand_still_while_customers_are_asked(
    company: asyncpg.Connection,
) -> None:
    in_hours = await company.fetch(
        "SELECT count(*), count(*) FILTER (WHERE (respond_by AT TIME ZONE 'Europe/London')::time"
        " BETWEEN '09:00' AND '17:30' AND extract(isodow FROM respond_by AT TIME ZONE 'Europe/London') < 6),"
        " count(*) FILTER (WHERE respond_by IS NULL AND status = 'NEEDS_INFO') FROM sales_order"
        " WHERE response_minutes IS NOT NULL"
    )
    [(due, within, asked)] = map(tuple, in_hours)
    assert due == within + asked > 3_000
    works = await company.fetch(
        "SELECT c.code, count(u.id) FROM business_calendar c LEFT JOIN app_user u"
        " ON u.calendar_id = c.id GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row) for row in works] == [("china", 3), ("uk", 0)]
    assert await company.fetchval("SELECT count(*) FROM user_leave") == 1


async def test_fields_that_the_company_defined_have_values(company: asyncpg.Connection) -> None:
    for table, key in (("customer", "credit_rating"), ("sales_order", "po_number"), ("product", "warranty_months")):
        counts = await company.fetchrow(f"SELECT count(*), count(custom_fields->>'{key}') FROM {table}")
        assert counts
        assert 0 < counts[1] < counts[0]


async def test_every_account_has_the_password_that_the_demo_prints(company: asyncpg.Connection) -> None:
    emails = [f"{account}@demo.example" for account in ACCOUNTS]
    rows = await company.fetch("SELECT password_hash FROM app_user WHERE email = ANY($1)", emails)
    assert len(rows) == len(ACCOUNTS)
    for password_hash in {row["password_hash"] for row in rows}:
        assert (await verify_password(PASSWORD, password_hash)).right


async def test_lines_add_up_to_their_orders(company: asyncpg.Connection) -> None:
    assert not await company.fetch(
        """
        SELECT sales_order.id FROM sales_order LEFT JOIN order_line ON order_id = sales_order.id
        GROUP BY sales_order.id
        HAVING net_total <> sum(net) OR tax_total <> sum(tax) OR total <> sum(gross) OR count(*) < 1
        """
    )


async def test_lines_without_part_of_an_orders_discount_follow_the_rule_of_money(company: asyncpg.Connection) -> None:
    # PostgreSQL rounds numerics half away from zero, as the rule has it.
    ((wrong, checked),) = await company.fetch(
        """
        WITH priced AS (
            SELECT order_line.*, tax_included, CASE currency WHEN 'JPY' THEN 0 ELSE 2 END AS digits
            FROM order_line JOIN sales_order ON sales_order.id = order_id WHERE sales_order.discount = 0
        ), amounts AS (SELECT *, round(quantity * unit_price - discount, digits) AS amount FROM priced)
        SELECT count(*) FILTER (WHERE CASE WHEN tax_included
            THEN gross <> amount OR tax <> round(amount * tax_rate / (1 + tax_rate), digits)
            ELSE net <> amount OR tax <> round(amount * tax_rate, digits) END), count(*)
        FROM amounts
        """
    )
    assert wrong == 0
    assert checked > 10_000


async def test_totals_in_the_companys_currency_are_at_the_rate_of_the_companys_day(company: asyncpg.Connection) -> None:
    assert not await company.fetch(
        """
        SELECT o.id FROM sales_order o
        WHERE base_total IS DISTINCT FROM CASE currency WHEN 'GBP' THEN total ELSE round(total * (
            SELECT rate FROM exchange_rate r
            WHERE r.currency = o.currency AND date <= (placed_at AT TIME ZONE 'Europe/London')::date
            ORDER BY date DESC LIMIT 1), 2) END
        """
    )


async def test_histories_lead_from_the_making_to_where_the_order_stands(company: asyncpg.Connection) -> None:
    broken = await company.fetch(
        """
        WITH steps AS (
            SELECT *, lag(to_status) OVER life AS before, lag(at) OVER life AS earlier,
                   lead(id) OVER life IS NULL AS is_last
            FROM order_status_change WINDOW life AS (PARTITION BY order_id ORDER BY at, id)
        )
        SELECT order_id FROM steps JOIN sales_order ON sales_order.id = order_id
        WHERE from_status IS DISTINCT FROM before OR at <= earlier OR at > $1
           OR (before IS NULL AND at <> placed_at) OR (is_last AND (to_status <> status OR at <> updated_at))
        """,
        datetime.combine(TODAY, time(), UTC),
    )
    assert broken == []


async def test_warehouses_hold_what_the_ledger_says_some_of_it_low_and_orders_being_picked_have_reserved_theirs(
    company: asyncpg.Connection,
) -> None:
    assert await company.fetchval("SELECT count(DISTINCT warehouse_id) FROM stock_level") == 2
    assert await stock_differences(company) == []
    assert await company.fetchval("SELECT count(*) FROM stock_level WHERE low") > 10
    unreserved = await company.fetch("""
        SELECT l.id FROM order_line l JOIN sales_order o ON o.id = l.order_id AND o.status IN ('PICKING', 'PACKED')
        JOIN product p ON p.id = l.product_id AND p.stocked
        WHERE l.quantity > 0 AND l.quantity IS DISTINCT FROM
            (SELECT sum(reserved_change) FROM stock_movement WHERE order_line_id = l.id)
            + (SELECT coalesce(sum(s.quantity), 0) FROM shipment_line s WHERE s.order_line_id = l.id)""")
    assert unreserved == []


async def test_what_was_sent_went_in_shipments_that_have_all_of_it(company: asyncpg.Connection) -> None:
    assert await company.fetchval("SELECT count(*) FROM shipment WHERE delivered_at IS NOT NULL") > 100
    differing = await company.fetch("""
        SELECT l.id FROM order_line l JOIN sales_order o ON o.id = l.order_id
        WHERE l.kind = 'PRODUCT' AND l.quantity > 0 AND o.status <> 'PACKED'
          AND CASE WHEN o.status IN ('SHIPPED', 'COMPLETED') THEN l.quantity ELSE 0 END IS DISTINCT FROM
            (SELECT coalesce(sum(s.quantity), 0) FROM shipment_line s WHERE s.order_line_id = l.id)""")
    assert differing == []


async def test_some_of_what_is_packed_has_gone_and_what_orders_wait_for_is_not_there(
    company: asyncpg.Connection,
) -> None:
    parts = await company.fetch("""
        SELECT o.id, sum(l.quantity) AS ordered, coalesce(sum(sent.pieces), 0) AS gone FROM sales_order o
        JOIN order_line l ON l.order_id = o.id AND l.kind = 'PRODUCT'
        LEFT JOIN LATERAL (SELECT sum(quantity) AS pieces FROM shipment_line WHERE order_line_id = l.id) sent ON true
        WHERE o.status = 'PACKED' GROUP BY o.id""")
    assert {"none" if not row["gone"] else "some" for row in parts} == {"none", "some"}
    assert all(row["gone"] < row["ordered"] for row in parts)
    lacking = await company.fetch("""
        SELECT o.id FROM sales_order o WHERE o.status = 'BACKORDERED' AND NOT EXISTS (
            SELECT FROM order_line l JOIN product p ON p.id = l.product_id WHERE l.order_id = o.id AND (NOT p.stocked
                OR l.quantity > (SELECT sum(on_hand - reserved) FROM stock_level WHERE product_id = p.id)))""")
    assert lacking == []
    assert await company.fetchval("SELECT count(*) FROM sales_order WHERE status = 'BACKORDERED'") > 0


async def test_whatever_waits_for_a_reviewer_has_findings_and_some_were_approved_in_spite_of_them(
    company: asyncpg.Connection,
) -> None:
    found = await company.fetch("""
        SELECT o.status, count(*) AS orders, count(f.order_id) AS with_findings, bool_or(f.overridden) AS overridden,
               bool_and(f.overridden) AS all_overridden
        FROM sales_order o LEFT JOIN (SELECT order_id, bool_and(overridden_at IS NOT NULL) AS overridden
                                      FROM order_finding GROUP BY order_id) f ON f.order_id = o.id
        WHERE o.status IN ('PENDING_REVIEW', 'NEEDS_INFO', 'APPROVED') GROUP BY o.status""")
    of = {row["status"]: row for row in found}
    for status in ("PENDING_REVIEW", "NEEDS_INFO"):
        assert of[status]["orders"] == of[status]["with_findings"] > 0
        assert not of[status]["overridden"]
    assert 0 < of["APPROVED"]["with_findings"] < of["APPROVED"]["orders"]
    assert of["APPROVED"]["all_overridden"]
    kinds = {kind for (kind,) in await company.fetch("SELECT DISTINCT kind FROM order_finding")}
    assert kinds >= {
        "ADDRESS_MISSING",
        "CONTACT_MISSING",
        "PRICE_DEVIATES",
        "QUANTITY_BEYOND_POLICY",
        "CREDIT_EXCEEDED",
    }
    held = await company.fetchval("""
        SELECT count(*) FROM order_tier_override v JOIN sales_order o ON o.tier_override_id = v.id
        WHERE o.tier_id = v.tier_id AND o.tier_rule_id IS NULL AND v.ended_at IS NULL""")
    assert held > 3


async def test_what_comes_back_was_sold_by_the_order_it_points_to(company: asyncpg.Connection) -> None:
    returns = "type IN ('RETURN', 'EXCHANGE')"
    assert await company.fetchval(f"SELECT count(*) FROM sales_order WHERE {returns}") > 100
    assert not await company.fetch(
        f"SELECT id FROM sales_order WHERE ({returns}) <> (original_order_id IS NOT NULL)"
        f" OR (type = 'RETURN' AND total >= 0)"
    )
    assert not await company.fetch(
        """
        SELECT back.id FROM sales_order back JOIN order_line line ON line.order_id = back.id AND quantity < 0
        WHERE NOT EXISTS (SELECT FROM order_line sold WHERE sold.order_id = back.original_order_id
                          AND sold.product_id = line.product_id AND sold.quantity = -line.quantity
                          AND sold.unit_price = line.unit_price)
           OR back.placed_at <= (SELECT updated_at FROM sales_order WHERE id = back.original_order_id)
        """
    )


async def test_a_manager_sees_a_tree_of_teams_and_not_all_of_them(company: asyncpg.Connection) -> None:
    ((teams, orders, all_orders),) = await company.fetch(
        """
        WITH below AS (
            SELECT descendant_id FROM team_closure JOIN app_user ON team_id = ancestor_id
            WHERE email = 'manager@demo.example'
        )
        SELECT (SELECT count(*) FROM below), count(*) FILTER (WHERE team_id IN (SELECT * FROM below)), count(*)
        FROM sales_order
        """
    )
    assert teams == 3
    assert 0.2 < orders / all_orders < 0.8


async def test_each_rep_owns_customers_and_orders_and_some_are_nobodys(company: asyncpg.Connection) -> None:
    for table in ("customer", "sales_order"):
        owners = await company.fetch(f"SELECT DISTINCT u.email FROM {table} LEFT JOIN app_user u ON u.id = owner_id")
        assert {email for (email,) in owners} >= {*(f"rep{i}@demo.example" for i in range(1, 6)), None}
        assert await company.fetchval(f"SELECT count(*) FROM {table} WHERE owner_id IS NULL AND team_id IS NULL") > 0
    for share, table in (("customer_share", "customer"), ("order_share", "sales_order")):
        key = table.removeprefix("sales_") + "_id"
        foreign = f"SELECT count(*) FROM {share} s JOIN {table} t ON t.id = {key} AND owner_id IS DISTINCT FROM user_id"
        assert await company.fetchval(foreign) == await company.fetchval(f"SELECT count(*) FROM {share}") > 0


async def test_rules_gave_orders_of_the_web_shop_to_who_is_good_at_them(company: asyncpg.Connection) -> None:
    assert await company.fetchval("SELECT count(DISTINCT user_id) FROM user_skill") == 4
    given = dict(
        await company.fetch("""
        SELECT r.code, count(*) FROM assignment_decision d JOIN assignment_rule r ON r.id = d.rule_id
        JOIN sales_order o ON o.id = d.order_id AND o.owner_id = d.chosen_id AND o.team_id = r.team_id
        JOIN order_owner_change c ON c.order_id = o.id AND c.to_owner_id = o.owner_id AND c.reason = r.code
        GROUP BY r.code""")
    )
    assert given["experts"] > 10
    assert given["web-shop"] > 10
    standings = await company.fetchval(
        "SELECT array_agg(DISTINCT s ORDER BY s) FROM assignment_decision, unnest(standings) s"
    )
    assert standings == ["AT_CAPACITY", "CHOSEN", "ELIGIBLE", "UNSKILLED"]


async def test_regions_form_a_tree(company: asyncpg.Connection) -> None:
    path = await company.fetch(
        "SELECT up.name FROM region_closure JOIN region up ON up.id = ancestor_id JOIN region r ON r.id = descendant_id"
        " WHERE r.name = '上海' ORDER BY depth DESC"
    )
    assert [name for (name,) in path] == ["中国", "华东", "上海"]


async def test_new_rows_go_on_where_the_demo_ends(company: asyncpg.Connection) -> None:
    newest = await company.fetchval("SELECT max(id) FROM channel")
    made = await company.fetchval("INSERT INTO channel (code, name, created_at) VALUES ('x', 'x', now()) RETURNING id")
    assert made == newest + 1


async def test_seeding_again_adds_nothing(company: asyncpg.Connection, database_url: str) -> None:
    counts = "SELECT (SELECT count(*) FROM app_user), (SELECT count(*) FROM sales_order), (SELECT count(*) FROM region)"
    before = await company.fetchrow(counts)
    await seed_if_empty(database_url)
    assert await company.fetchrow(counts) == before


def test_a_day_always_gives_the_same_company() -> None:
    first, second = (generate(TODAY, password_hash="-") for _ in range(2))
    for table in ("app_user", "customer", "product", "sales_order", "order_line", "order_status_change"):
        assert first.of(table) == second.of(table)
    another_day = generate(date(2026, 6, 16), password_hash="-")
    assert another_day.of("customer")[0]["name"] == first.of("customer")[0]["name"]
    assert another_day.of("sales_order")[0]["placed_at"] > first.of("sales_order")[0]["placed_at"]
