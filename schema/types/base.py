"""What all types share: nodes, pages, money."""

from decimal import Decimal
from typing import Generic, TypeVar

import strawberry

from schema.describe import interface, object_type, text
from schema.scalars import CurrencyCode

T = TypeVar("T")


@interface
class Node:
    """Anything that has a global id and can be read again by it."""

    id: strawberry.ID = text("The global id: opaque, unique over all types.")


@object_type
class Money:
    """An amount of money, with exactly the digits of its currency."""

    amount: Decimal = text("The amount.")
    currency: CurrencyCode = text("The currency.")


@object_type
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = text("Whether rows follow this page.")
    has_previous_page: bool = text("Whether rows come before this page.")
    start_cursor: str | None = text("The cursor of the first row; null on an empty page.")
    end_cursor: str | None = text("The cursor of the last row: give it as `after` to read on; null on an empty page.")


@object_type
class Edge(Generic[T]):
    """A row in its place in a list."""

    cursor: str = text("The place: binds the order of the list, the row's value in it, and its id.")
    node: T = text("The row.")


@object_type
class Connection(Generic[T]):
    """A page of a list. Everything here follows what the viewer may see."""

    edges: list[Edge[T]] = text("The rows with their cursors.")
    nodes: list[T] = text("The rows alone.")
    page_info: PageInfo = text("Where this page lies in the list.")
    total_count: int = text("How many rows the filter selects, over all pages; counted only when asked for.")


@object_type
class PostalAddress:
    """An address as it was when the order was written."""

    recipient: str | None = text("Who receives it.")
    phone: str | None = text("The recipient's phone.")
    street: str | None = text("Street, number, and what else the carrier needs.")
    city: str | None = text("City.")
    province: str | None = text("Province, state or county.")
    postcode: str | None = text("Postcode.")
    country: str | None = text("ISO 3166 code of the country, two letters.")


@object_type
class ContactDetails:
    """Whom to ask about an order."""

    name: str | None = text("Name.")
    email: str | None = text("Email.")
    phone: str | None = text("Phone.")
