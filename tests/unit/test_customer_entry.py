"""What is wrong with a customer or a product by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from domain.customer_entry import (
    CustomerChanges,
    NewCustomer,
    customer_problems,
    origin_problems,
)
from domain.customer_parts import NewAddress, NewContact
from domain.customers import AddressKind
from domain.edited_parts import EditedContact, edited_problems
from domain.errors import InvalidInput
from domain.product_entry import ProductEntry, list_price_problems, product_problems

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def told(found: "list[InvalidInput]") -> list[tuple[str, str]]:
    return [(".".join(error.path), error.problem) for error in found]


def test_everything_wrong_with_a_customer_is_told_at_once() -> None:
    customer = NewCustomer(
        name="",
        email="nobody",
        tax_id=" 1",
        preferences="x" * 10_001,
        tags=[""],
        contacts=[NewContact(name="Li", email="li"), NewContact(name="\0", title="a\nb")],
        addresses=[NewAddress(kind=AddressKind.BILLING, street="", country="gb", postcode="1" * 21)],
    )
    assert told(list(customer_problems(customer, now=NOW))) == [
        ("input.name", "blank"),
        ("input.email", "not_an_email"),
        ("input.taxId", "surrounded_by_space"),
        ("input.preferences", "too_long"),
        ("input.tags.0", "blank"),
        ("input.contacts.0.email", "not_an_email"),
        ("input.contacts.1.name", "forbidden_character"),
        ("input.contacts.1.title", "forbidden_character"),
        ("input.addresses.0.street", "blank"),
        ("input.addresses.0.postcode", "too_long"),
        ("input.addresses.0.country", "unknown_country"),
    ]


def test_lists_of_a_customer_are_bounded() -> None:
    customer = NewCustomer(
        name="Li",
        contacts=[NewContact(name="")] * 101,
        addresses=[NewAddress(kind=AddressKind.SHIPPING, street="", country="")] * 101,
    )
    bounded = [("input.contacts", "too_many"), ("input.addresses", "too_many")]
    assert told(list(customer_problems(customer, now=NOW))) == bounded
    edited = [EditedContact(name="")] * 101
    assert told(list[Any](edited_problems(("input", "contacts"), edited, {}))) == bounded[:1]


def test_parts_that_stay_are_of_the_customer_and_new_ones_complete() -> None:
    edited = [EditedContact(id=1), EditedContact(id=2, name="Li"), EditedContact(id=1), EditedContact(title="Buyer")]
    before = {1: NewContact(name="Wang", phone="1")}
    found = edited_problems(("input", "contacts"), edited, before)
    assert [(".".join(error.path), getattr(error, "problem", error.code)) for error in found] == [
        ("input.contacts.1.id", "NOT_FOUND"),
        ("input.contacts.2.id", "duplicate"),
        ("input.contacts.3.name", "missing"),
    ]


def test_what_a_part_that_stays_leaves_out_is_as_it_was() -> None:
    wang = NewContact(name="Wang", title="Buyer", phone="1")
    assert EditedContact(id=1).typed(wang) == wang
    assert EditedContact(id=1, title=None, email="w@x.example").typed(wang) == NewContact(
        name="Wang", phone="1", email="w@x.example"
    )


def test_nobody_is_born_later_than_today_wherever_that_has_begun() -> None:
    evening = datetime(2026, 3, 2, 10, tzinfo=UTC)
    too_late = InvalidInput(path=("input", "birthday"), problem="too_late", limit="2026-03-02")
    assert list(customer_problems(CustomerChanges(birthday=date(2026, 3, 3)), now=NOW)) == [too_late]
    assert list(customer_problems(NewCustomer(name="Li", birthday=date(2026, 3, 2)), now=NOW)) == []
    assert list(customer_problems(NewCustomer(name="Li", birthday=date(2026, 3, 3)), now=evening)) == []


def test_what_is_not_mentioned_is_not_looked_at() -> None:
    assert list(customer_problems(CustomerChanges(), now=NOW)) == []
    assert CustomerChanges(industry=None).mentioned == ("industry",)


def test_an_external_id_needs_its_channel() -> None:
    assert told(list(origin_problems(channel_id=None, external_id="7"))) == [("input.channelId", "channel_needed")]
    assert list(origin_problems(channel_id=1, external_id="7")) == []
    assert list(origin_problems(channel_id=1, external_id=None)) == []


def test_everything_wrong_with_a_product_is_told_at_once() -> None:
    product = ProductEntry(sku=" A", name=" ", description="\0", category="", tax_rate=Decimal(2), currency="DEM")
    assert told(list(product_problems(product))) == [
        ("input.sku", "surrounded_by_space"),
        ("input.name", "blank"),
        ("input.description", "forbidden_character"),
        ("input.category", "blank"),
        ("input.taxRate", "too_large"),
        ("input.currency", "unknown_currency"),
    ]


def test_a_price_and_its_currency_come_together() -> None:
    one = Decimal(1)
    assert told(list(list_price_problems(price=one, currency=None))) == [("input.currency", "currency_needed")]
    assert told(list(list_price_problems(price=None, currency="GBP"))) == [("input.price", "price_of_currency_needed")]
    assert told(list(list_price_problems(price=-one, currency="GBP"))) == [("input.price", "negative")]
    assert list(list_price_problems(price=one, currency="GBP")) == []
    assert list(list_price_problems(price=None, currency=None)) == []
