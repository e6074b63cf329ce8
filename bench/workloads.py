"""What is asked: as a GraphQL document for Sluice and the naive version, as an address for the hand-written one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from bench.viewers import Person

FIRST = 50
# The page that each asks for after turning the ones before; a rep has some four.
LATER_PAGE = {"rep": 2, "manager": 10, "admin": 10}

ORDER = """
id number status placedAt total { amount currency }
customer { id name level }
lines { id sku quantity gross { amount } }
"""
LIST = f"""
query List($first: Int, $filter: OrderFilter) {{ orders(first: $first, filter: $filter) {{ nodes {{ {ORDER} }} }} }}
"""
RELAY = f"""
query Relay($first: Int, $after: String) {{
  orders(first: $first, after: $after) {{
    edges {{ cursor node {{ {ORDER} }} }}
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  }}
}}
"""
ONE = f"query One($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}"
TOTALS = "query Totals { orders { totalCount totalAmount { amount currency } } }"
DOCUMENTS = (LIST, RELAY, ONE, TOTALS)


def name_of(document: str) -> str:
    """The id of a document in a manifest: the name of its operation."""
    return document.split()[1].partition("(")[0]


@dataclass(frozen=True)
class Question:
    """One request: the document with its variables, and the path that asks the same."""

    document: str
    variables: dict[str, Any]
    path: str

    def over_graphql(self, authorization: str) -> bytes:
        """As an HTTP request to /graphql."""
        return self._posted({"query": self.document, "variables": self.variables}, authorization)

    def by_name(self, authorization: str) -> bytes:
        """As an HTTP request to /graphql that names its document."""
        return self._posted({"documentId": name_of(self.document), "variables": self.variables}, authorization)

    def over_path(self, authorization: str) -> bytes:
        """As an HTTP request to the hand-written endpoint."""
        return f"GET {self.path} HTTP/1.1\r\nhost: bench\r\nauthorization: {authorization}\r\n\r\n".encode()

    @staticmethod
    def _posted(content: dict[str, Any], authorization: str) -> bytes:
        body = orjson.dumps(content)
        head = f"POST /graphql HTTP/1.1\r\nhost: bench\r\nauthorization: {authorization}\r\n"
        return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@dataclass(frozen=True)
class Workload:
    """Questions of one kind by viewers of one kind. `measure` names the row of the targets that it belongs to."""

    measure: str
    viewers: str
    ask: Callable[[Person], Sequence[Question]]

    @property
    def name(self) -> str:
        """As it is printed."""
        return f"{self.measure}, {self.viewers}"


def listed(first: int = FIRST, **filters: Any) -> Callable[[Person], Sequence[Question]]:
    """The newest orders; `level` and `region` filter them."""

    def ask(_person: Person) -> Sequence[Question]:
        level, region = filters.get("level"), filters.get("region")
        condition = {"customer": {"level": {"eq": level}}, "region": {"within": region}} if filters else None
        variables = {"first": first} | ({"filter": condition} if condition else {})
        return [Question(LIST, variables, f"/orders?{urlencode({'first': first, **filters})}")]

    return ask


def relay_page(cursor: str) -> Question:
    """The page behind `cursor` with a cursor for each of its orders; the first page without one."""
    variables = {"first": FIRST} | ({"after": cursor} if cursor else {})
    return Question(RELAY, variables, f"/orders?{urlencode({**variables, 'edges': 1})}")


def _relay(_person: Person) -> Sequence[Question]:
    return [relay_page("")]


def _later_relay(person: Person) -> Sequence[Question]:
    return [relay_page(person.cursor)]


def _one(person: Person) -> Sequence[Question]:
    return [Question(ONE, {"id": f"ord_{number}"}, f"/orders/ord_{number}") for number in person.orders]


def _totals(_person: Person) -> Sequence[Question]:
    return [Question(TOTALS, {}, "/orders/totals")]


KINDS = ("rep", "manager", "admin")
FILTERED = listed(level="VIP", region="reg_3")

WORKLOADS = (
    *(Workload("list", kind, listed()) for kind in KINDS),
    Workload("filtered list", "admin", FILTERED),
    *(Workload("relay list", kind, _relay) for kind in KINDS),
    *(Workload(f"relay page {page}", kind, _later_relay) for kind, page in LATER_PAGE.items()),
    *(Workload("one", kind, _one) for kind in KINDS),
)
PAGES = tuple(Workload(f"page of {first}", kind, listed(first)) for kind in KINDS for first in (10, 50, 250))
TOTAL = tuple(Workload("totals", kind, _totals) for kind in ("rep", "manager"))
DISTRICT = Workload("list", "district manager", listed())
