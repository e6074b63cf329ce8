"""What a file says becomes orders; what it can't say is refused with a reason."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.jobs import JobState
from domain.orders.life_cycle import OrderStatus, OrderType
from models import Customer, Order, OrderStatusChange, OutboxEvent, Product, Region
from models.connection import pool
from services.imports.preset import Preset
from tests.factories import make_channel, make_customer, make_product, make_rate, make_region, make_team, make_user
from tests.integration.importing import PRESET, amounts, only_order, orders, row, run_import, write_rows

pytestmark = pytest.mark.usefixtures("database")


def in_currency(code: str) -> Preset:
    return PRESET.model_copy(update={"orders": PRESET.orders.model_copy(update={"currency": code})})


async def test_lines_of_an_invoice_need_not_be_together(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", [row("1", "A"), row("2", "B"), row("1", "A"), row("1", "C")])
    await run_import(tmp_path, file)
    found = await orders()
    assert list(found) == ["1", "2"]
    assert [(line["position"], line["sku"]) for line in found["1"]["lines"]] == [(1, "A"), (2, "A"), (3, "C")]
    assert found["1"]["total"] == Decimal("3.00")


async def test_an_invoice_may_go_on_in_the_next_file(tmp_path: Path) -> None:
    first = write_rows(tmp_path / "b.csv", [row("1", "A")])
    second = write_rows(tmp_path / "a.csv", [row("1", "B")])
    await run_import(tmp_path, first, second)
    assert [line["sku"] for line in (await only_order())["lines"]] == ["A", "B"]


async def test_an_order_has_what_the_preset_and_the_file_say(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", [row("536365", "85123A", Quantity="6", UnitPrice="2.550")])
    await run_import(tmp_path, file)
    order = await only_order()
    assert (order["type"], order["status"], order["channel"]) == ("NEW", "COMPLETED", "online-retail")
    assert (order["customer"], order["customer_name"], order["region"]) == ("17850", "Customer 17850", "United Kingdom")
    assert (order["customer_level"], order["urgency"], order["tax_included"]) == ("REGULAR", "NORMAL", False)
    assert (order["currency"], str(order["total"]), str(order["net_total"])) == ("GBP", "15.30", "15.30")
    assert (str(order["tax_total"]), str(order["discount"]), str(order["base_total"])) == ("0.00", "0.00", "15.30")
    assert order["number"].startswith("SO-")
    [line] = order["lines"]
    assert (line["kind"], line["product"], line["sku"], line["name"]) == ("PRODUCT", "85123A", "85123A", "THING")
    assert (str(line["quantity"]), str(line["unit_price"]), str(line["gross"])) == ("6", "2.55", "15.30")


async def test_an_order_is_placed_when_its_earliest_line_was_by_the_clock_in_london(tmp_path: Path) -> None:
    rows = [row(InvoiceDate="2011-05-03 10:31:00"), row(InvoiceDate="2011-05-03 10:30:00")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    assert (await only_order())["placed_at"] == datetime(2011, 5, 3, 9, 30, tzinfo=UTC)


async def test_a_cancellation_is_a_refunded_return_with_negative_lines(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "a.csv", [row("C536379", Quantity="-2", UnitPrice="27.5")])
    await run_import(tmp_path, file)
    order = await only_order()
    assert (order["type"], order["status"], order["external_id"]) == (OrderType.RETURN, OrderStatus.REFUNDED, "C536379")
    assert (order["total"], order["original_order_id"]) == (Decimal("-55.00"), None)


async def test_each_line_is_rounded_half_away_from_zero(tmp_path: Path) -> None:
    sale = [row("1", Quantity="3", UnitPrice="0.335"), row("1", Quantity="1", UnitPrice="0.335")]
    refund = [row("C1", Quantity="-3", UnitPrice="0.335")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [*sale, *refund]))
    found = await orders()
    assert amounts(found["1"]["lines"], "gross") == [Decimal("1.01"), Decimal("0.34")]
    assert (found["1"]["total"], found["C1"]["total"]) == (Decimal("1.35"), Decimal("-1.01"))


async def test_amounts_have_the_digits_of_their_currency(tmp_path: Path) -> None:
    await make_rate("JPY", "0.005", date="2011-01-01")
    file = write_rows(tmp_path / "a.csv", [row(Quantity="3", UnitPrice="100.5")])
    await run_import(tmp_path, file, preset=in_currency("JPY"))
    order = await only_order()
    assert (str(order["total"]), str(order["base_total"])) == ("302", "1.51")


async def test_the_rate_of_the_day_in_the_companys_zone_counts(tmp_path: Path) -> None:
    await make_rate("USD", "0.50", date="2011-01-01")
    await make_rate("USD", "0.60", date="2011-05-04")
    rows = [row("1", InvoiceDate="2011-05-03 23:59:00"), row("2", InvoiceDate="2011-05-04 00:00:00")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows), preset=in_currency("USD"))
    found = await orders()
    assert (found["1"]["base_total"], found["2"]["base_total"]) == (Decimal("0.50"), Decimal("0.60"))


async def test_an_invoice_without_a_rate_is_refused_line_by_line(tmp_path: Path) -> None:
    await make_rate("USD", "0.50", date="2011-02-01")
    rows = [row("1"), row("2", InvoiceDate="2011-02-01 10:00:00"), row("1", "B")]
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows), preset=in_currency("USD"))
    reason = "there is no exchange rate for USD 2011-01-04"
    assert ended.report == [["a.csv", "2", "1", reason], ["a.csv", "4", "1", reason]]
    assert list(await orders()) == ["2"]
    assert await Product.filter(sku="B").count() == 0


@pytest.mark.parametrize(
    ("column", "other"), [("CustomerID", "12345.0"), ("Country", "France")], ids=["customers", "regions"]
)
async def test_an_invoice_that_contradicts_itself_is_refused(tmp_path: Path, column: str, other: str) -> None:
    file = write_rows(tmp_path / "a.csv", [row("1"), row("1", **{column: other})])
    ended = await run_import(tmp_path, file)
    assert [line[1] for line in ended.report] == ["2", "3"]
    assert "different" in ended.report[0][3]
    assert await orders() == {}


async def test_an_invoice_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    lines = [row("1", Quantity="900000000", UnitPrice="1000000") for _ in range(2)]
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", lines))
    assert [line[3] for line in ended.report] == ["an amount beyond 1000000000000000"] * 2


async def test_what_a_line_leaves_out_another_line_of_the_invoice_may_say(tmp_path: Path) -> None:
    rows = [row(CustomerID="", Country=""), row(CustomerID="17850", Country="France")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    order = await only_order()
    assert (order["customer"], order["region"]) == ("17850", "France")


async def test_a_backslash_means_itself(tmp_path: Path) -> None:
    odd = row(r"\N", r"A\t", Description="\\", CustomerID=r"C\\1", Country=r"\.")
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", [odd, row(r"\n", Quantity=r"\N")]))
    order = await only_order()
    assert (order["external_id"], order["customer"], order["region"]) == (r"\N", r"C\\1", r"\.")
    assert [(line["sku"], line["name"]) for line in order["lines"]] == [(r"A\t", "\\")]
    assert ended.report == [["a.csv", "3", r"\n", r"Quantity '\N' is not a number"]]


async def test_an_order_may_have_no_customer(tmp_path: Path) -> None:
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row(CustomerID="")]))
    order = await only_order()
    assert (order["customer_id"], order["customer_name"], order["customer_level"]) == (None, None, None)
    assert await Customer.all().count() == 0


async def test_a_known_customer_is_found_by_its_number_in_the_channel(tmp_path: Path) -> None:
    channel, other = await make_channel("online-retail"), await make_channel("elsewhere")
    team = await make_team()
    rep = await make_user(team=team)
    region = await make_region("FR", name="France")
    await make_customer(channel=other, external_id="17850", name="Somebody else")
    known = await make_customer(channel=channel, external_id="17850", name="Ann", level="VIP", region=region, owner=rep)
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row(Country="")]))
    order = await only_order()
    assert (order["customer_id"], order["customer_name"], order["customer_level"]) == (known.id, "Ann", "VIP")
    assert (order["region"], order["owner_id"], order["team_id"]) == ("France", rep.id, team.id)
    assert await Customer.all().count() == 2


async def test_a_customer_that_is_made_is_of_the_region_of_its_first_invoice(tmp_path: Path) -> None:
    rows = [
        row("1", InvoiceDate="2011-01-05 10:00:00", Country="Belgium"),
        row("2", InvoiceDate="2011-01-04 10:00:00", Country="Spain"),
    ]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    made = await Customer.all().values_list("name", "region__name", "channel__code")
    assert made == [("Customer 17850", "Spain", "online-retail")]


async def test_a_region_is_found_by_code_or_name_and_made_at_the_top_otherwise(tmp_path: Path) -> None:
    europe = await make_region("EU", name="Europe")
    france = await make_region("FR", name="France", parent=europe)
    rows = [row("1", Country="France"), row("2", Country="EU"), row("3", Country="EIRE"), row("4", Country="EIRE")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    found = await orders()
    assert (found["1"]["region_id"], found["2"]["region_id"]) == (france.id, europe.id)
    eire = await Region.get(code="EIRE")
    assert (found["3"]["region_id"], found["4"]["region_id"], eire.name) == (eire.id, eire.id, "EIRE")
    closure = await pool().fetch("SELECT ancestor_id, depth FROM region_closure WHERE descendant_id = $1", eire.id)
    assert [tuple(link) for link in closure] == [(eire.id, 0)]


async def test_unknown_products_are_made_with_the_case_of_their_sku_kept(tmp_path: Path) -> None:
    await make_product("A", name="Known", price="9.00")
    rows = [row("1", "A"), row("1", "84997b", Description=""), row("1", "84997B"), row("2", "84997b")]
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    products = {product.sku: product for product in await Product.all()}
    assert {sku: product.name for sku, product in products.items()} == {
        "A": "Known",
        "84997b": "THING",
        "84997B": "THING",
    }
    assert products["84997b"].price is None
    assert products["84997b"].active
    assert [line["name"] for line in (await orders())["1"]["lines"]] == ["THING", "THING", "THING"]


async def test_everything_made_has_its_history_and_its_event(tmp_path: Path) -> None:
    await run_import(tmp_path, write_rows(tmp_path / "a.csv", [row("1"), row("C1", Quantity="-1")]))
    changes = await OrderStatusChange.all().order_by("order_id").values_list("from_status", "to_status", "reason")
    assert changes == [(None, "COMPLETED", "imported"), (None, "REFUNDED", "imported")]
    events = await OutboxEvent.all().order_by("id")
    assert [(event.type, event.seq) for event in events] == [
        ("customer.created", 1),
        ("product.created", 1),
        ("order.imported", 1),
        ("order.imported", 1),
    ]
    assert events[-1].payload == {"version": 1, "type": "RETURN", "status": "REFUNDED", "by": None}
    assert await pool().fetchval("SELECT array_agg(DISTINCT last_seq) FROM sales_order") == [1]


async def test_what_is_made_belongs_to_whom_it_is_imported_for(tmp_path: Path) -> None:
    team, other = await make_team("North"), await make_team("South")
    rep = await make_user(team=team, email="rep@test.example")
    first = write_rows(tmp_path / "a.csv", [row("1")])
    await run_import(tmp_path, first, as_user="Rep@test.example")
    ended = await run_import(tmp_path, write_rows(tmp_path / "b.csv", [row("2", CustomerID="2")]), team="South")
    found = await orders()
    assert (found["1"]["owner_id"], found["1"]["team_id"]) == (rep.id, team.id)
    assert (found["2"]["owner_id"], found["2"]["team_id"]) == (None, other.id)
    owners = await Customer.all().order_by("external_id").values_list("owner_id", "team_id")
    assert owners == [(rep.id, team.id), (None, other.id)]
    changes = await OrderStatusChange.all().order_by("id").values_list("by_id", flat=True)
    assert changes == [rep.id, None]
    assert ended.job.state is JobState.SUCCEEDED


async def test_the_job_tells_how_it_went(tmp_path: Path) -> None:
    rows = [row("1"), row("1", "B", UnitPrice="0"), row("C2", Quantity="-1"), row("3", Quantity="x")]
    ended = await run_import(tmp_path, write_rows(tmp_path / "a.csv", rows))
    assert (ended.job.state, ended.job.total, ended.job.done, ended.job.failed) == (JobState.SUCCEEDED, 4, 4, 2)
    assert ended.message == "Orders made: 1; returns made: 1; there already: 0; lines not imported: 2."
    assert len(ended.report) == 2
    assert await pool().fetchval("SELECT (SELECT count(*) FROM import_line) + (SELECT count(*) FROM import_order)") == 0
    assert await Order.all().count() == 2
