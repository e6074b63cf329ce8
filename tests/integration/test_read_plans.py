"""The plans that PostgreSQL makes for reads over 50,000 orders: by index, and reading few rows more than are shown."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from graphql import OperationDefinitionNode
from graphql.execution.values import VariableValues, get_variable_values

from app.embedded import Servers
from domain.custom_fields.kinds import CustomFieldEntity, CustomFieldType
from domain.orders.work import WORK
from domain.people import Role
from reads.binding import compiled_roots
from reads.documents import DocumentCache
from reads.engine import Asked, Engine, spread_of
from reads.work import work_queue
from rows.custom_fields import NO_CUSTOM_FIELDS, CustomField, CustomFields
from rows.parameters import Context
from rows.sql import ViewerShape
from rows.viewer import Viewer
from rows.weights import TeamWeights, team_weights
from schema.root import schema
from services.custom_fields.indexing import indexes_of

COMPANY = Path(__file__).parents[1] / "many_orders.sql"
BIG = {"sales_order", "order_line", "customer", "shipment"}
WEIGHT = CustomField(1, "weight", CustomFieldType.NUMBER, indexed=True)
CUSTOM_FIELDS = CustomFields([(CustomFieldEntity.ORDER, WEIGHT)])
ORDER = """id number status placedAt total { amount } customer { id name level }
    lines { sku name quantity gross { amount } }"""
FEW = 600
"""How many rows of a table a page of fifty may look at, those that the viewer does not see included."""
SOME = 2_500
"""The same for a page that is filtered: far from the whole table."""


@dataclass
class Explained:
    """A plan: how many rows were looked at by table, and what was done that should not be."""

    root: dict[str, Any]
    selective: bool
    rows: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for node in _nodes(self.root):
            table, kind, loops = node.get("Relation Name", ""), node["Node Type"], node["Actual Loops"]
            seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            self.rows[table] = self.rows.get(table, 0) + seen * loops
            if node.get("Index Searches", 0) > FEW:
                self.faults.append(f"{node['Index Searches']} searches of {node['Index Name']}")
            if kind == "Seq Scan" and table in BIG and loops:
                self.faults.append(f"Seq Scan of {table}")
            if kind == "Sort" and node["Plans"][0]["Actual Rows"] > FEW:
                self.faults.append(f"Sort of {node['Plans'][0]['Actual Rows']} rows")


class Explaining:
    """In place of the read pools: explains each statement, in the way in which it would be planned."""

    def __init__(self, generic: asyncpg.Connection, custom: asyncpg.Connection) -> None:
        self.generic, self.custom = generic, custom
        self.found: list[Explained] = []

    async def fetchrow(self, sql: str, arguments: list[Any], *, selective: bool) -> asyncpg.Record:
        """The row of a statement."""
        [row] = await self.fetch(sql, arguments, selective=selective)
        return row

    async def fetch(self, sql: str, arguments: list[Any], *, selective: bool) -> list[asyncpg.Record]:
        """The rows of a statement."""
        connection = self.custom if selective else self.generic
        await connection.execute(f"PREPARE read AS {sql}")
        values = f"({', '.join(map(_literal, arguments))})" if arguments else ""
        plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING OFF) EXECUTE read{values}")
        await connection.execute("DEALLOCATE read")
        self.found.append(Explained(json.loads(plan)[0]["Plan"], selective))
        rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
        return rows


async def _no_fields() -> CustomFields:
    return NO_CUSTOM_FIELDS


class Company:
    """The company of `many_orders.sql`, read by any of its people."""

    def __init__(self, connections: Explaining, weights: TeamWeights) -> None:
        self.connections, self.weights = connections, weights
        self.documents = DocumentCache(schema._schema, introspection=False)
        self.engine = Engine(schema._schema, compiled_roots(schema), connections, _no_fields)  # type: ignore[arg-type]  # it explains

    async def viewer(self, user_id: int, *roles: Role) -> Viewer:
        """A user, with other roles if any are given."""
        query = """SELECT roles, team_id, ARRAY(SELECT descendant_id FROM team_closure
                   WHERE ancestor_id = team_id ORDER BY 1) AS team_ids FROM app_user WHERE id = $1"""
        row = await self.connections.custom.fetchrow(query, user_id)
        assert row is not None
        held = frozenset(roles or map(Role, row["roles"]))
        return Viewer(user_id, held, row["team_id"], tuple(row["team_ids"]))

    async def read(self, viewer: Viewer, text: str, **variables: Any) -> tuple[dict[str, Any], Explained]:
        """The answer and the plan of its statement."""
        document = self.documents.get(text)
        assert not document.errors, document.errors
        operation: OperationDefinitionNode = document.operation(None)
        values = get_variable_values(schema._schema, operation.variable_definitions or (), variables)
        assert isinstance(values, VariableValues), values
        asked = Asked(
            Context(viewer, "GBP", 2, "UTC", date(2026, 3, 2)), "en", spread_of(viewer, self.weights), CUSTOM_FIELDS
        )
        reading = await self.engine.bind(self.engine.plan(document, None, values), values, asked)
        assert not reading.failed, reading.failed
        return orjson.loads(orjson.dumps(await self.engine.read(reading, asked))), self.connections.found[-1]


@pytest.fixture(scope="module")
async def company(
    servers: Servers, database_name: str, database_read_url: str, database_read_generic_url: str
) -> AsyncIterator[Company]:
    owner = await asyncpg.connect(servers.postgres.url(database=database_name, user="postgres"))
    await _fill(owner)
    await owner.close()
    custom, generic = await asyncpg.connect(database_read_url), await asyncpg.connect(database_read_generic_url)
    yield Company(Explaining(generic, custom), await team_weights(custom.fetch))
    await custom.close()
    await generic.close()


async def _fill(owner: asyncpg.Connection) -> None:
    """Make all rows. Indexes are made afterwards, and foreign keys, which hold, are not checked: both take longest."""
    indexes = await owner.fetch(
        """SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('sales_order', 'order_line', 'customer')
           AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
    )
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("DROP INDEX " + ", ".join(index["indexname"] for index in indexes))
    for statement in COMPANY.read_text().split("\n--\n"):
        await owner.execute(statement)
    for index in indexes:
        await owner.execute(index["indexdef"])
    for name, on in indexes_of(WEIGHT, "sales_order").items():
        await owner.execute(f"CREATE INDEX {name} ON {on}")
    await owner.execute("ANALYZE")


PEOPLE: dict[str, tuple[int, *tuple[Role, ...]]] = {
    "a rep": (101,),
    "a manager of one team": (6,),
    "a manager of three teams": (8, Role.MANAGER),
    "a manager of a quarter": (2,),
    "a manager of everything": (1, Role.MANAGER),
    "fulfilment": (103, Role.FULFILMENT),
    "service": (104, Role.SERVICE),
    "finance": (105, Role.FINANCE),
    "an administrator": (1,),
}
REVIEWERS: dict[str, tuple[int, *tuple[Role, ...]]] = {
    "a reviewer": (2, Role.REVIEWER),
    "a reviewer who has not begun": (102, Role.REVIEWER),
    "a manager who reviews": (7, Role.MANAGER, Role.REVIEWER),
}
SORTS = [
    f"{{field: {field}, direction: {way}}}"
    for field in ("PLACED_AT", "BASE_TOTAL", "REQUIRED_BY")
    for way in ("ASC", "DESC")
]
PAGE = f"edges {{ cursor node {{ {ORDER} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}"


async def every_page(company: Company, who: tuple[int, *tuple[Role, ...]], sort: str) -> None:
    """The first page, the one behind a cursor, the one before it, and the last one, are cheap."""
    viewer = await company.viewer(*who)
    first, plan = await company.read(viewer, f"{{ orders(sort: {sort}) {{ {PAGE} }} }}")
    assert len(first["orders"]["edges"]) == 50
    assert_cheap(plan)
    cursor = first["orders"]["edges"][30]["cursor"]
    for arguments in ("after: $cursor", "last: 50, before: $cursor"):
        document = f"query Q($cursor: String) {{ orders(sort: {sort}, {arguments}) {{ {PAGE} }} }}"
        assert_cheap((await company.read(viewer, document, cursor=cursor))[1])
    assert_cheap((await company.read(viewer, f"{{ orders(sort: {sort}, last: 50) {{ {PAGE} }} }}"))[1])


def assert_cheap(plan: Explained, **most: int) -> None:
    """No big table was read through or sorted, and few rows of any were looked at."""
    assert plan.faults == []
    for table in BIG & set(plan.rows):
        assert plan.rows[table] <= most.get(table, FEW), f"{plan.rows[table]} rows of {table}"


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("sort", SORTS)
async def test_pages_of_orders_are_read_by_index(company: Company, who: str, sort: str) -> None:
    await every_page(company, PEOPLE[who], sort)
    assert not company.connections.found[-1].selective


@pytest.mark.parametrize("who", REVIEWERS)
async def test_pages_of_the_review_queue_are_read_by_index(company: Company, who: str) -> None:
    await every_page(company, REVIEWERS[who], "{field: PLACED_AT, direction: DESC}")


@pytest.mark.parametrize("who", ["a rep", "a manager of three teams", "a manager of a quarter", "an administrator"])
@pytest.mark.parametrize("sort", SORTS[1::2])
async def test_pages_are_read_by_index_when_planned_for_their_values_too(
    company: Company, who: str, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company.connections, "generic", company.connections.custom)
    await every_page(company, PEOPLE[who], sort)


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "fulfilment"])  # who hardly sees any customers
@pytest.mark.parametrize(
    "condition",
    [
        "{customer: {level: {eq: KEY_ACCOUNT}}}",
        "{customer: {level: {in: [KEY_ACCOUNT, VIP]}}}",
        '{customer: {id: {eq: "cus_77"}}}',
        '{customer: {name: {eq: "Customer 77"}}}',
        '{owner: {id: {eq: "usr_101"}}}',
        '{id: {in: ["ord_5", "ord_777"]}}',
        '{number: {eq: "SO-777"}}',
        "{status: {eq: DRAFT}}",
        '{baseTotal: {gte: "119990"}}',
        '{placedAt: {lt: "2024-01-01T12:00:00Z"}}',
        "{paymentState: {eq: OVERPAID}}",
        "{paymentState: {in: [OVERPAID, REFUNDED]}}",
        "{paymentState: {eq: UNPAID}}",
        '{due: {lt: "0"}}',
        '{due: {gte: "119000"}}',
    ],
)
async def test_filtered_pages_of_orders_are_read_by_index(company: Company, who: str, condition: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    _, plan = await company.read(viewer, f"{{ orders(filter: {condition}) {{ {PAGE} }} }}")
    assert_cheap(plan, sales_order=SOME, customer=SOME)


@pytest.mark.parametrize("who", ["fulfilment", "finance", "an administrator"])
@pytest.mark.parametrize(
    "condition",
    [
        "{}",
        "{state: {eq: IN_TRANSIT}}",
        '{carrier: {eq: "Rare"}}',
        '{trackingNumber: {eq: "T-777"}}',
        '{state: {eq: IN_TRANSIT}, shippedAt: {lt: "2024-02-01T00:00:00Z"}}',
    ],
)
async def test_shipments_are_read_by_index(company: Company, who: str, condition: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    _, plan = await company.read(
        viewer, f"{{ shipments(filter: {condition}) {{ nodes {{ id order {{ number }} }} }} }}"
    )
    assert_cheap(plan, sales_order=SOME)


# A manager of three teams has no index of their own: their rows are looked for in the sort's.
@pytest.mark.parametrize("who", ["a rep", "finance", "an administrator"])
@pytest.mark.parametrize("way", ["ASC", "DESC"])
async def test_pages_sorted_by_an_indexed_custom_field_are_read_by_index(company: Company, who: str, way: str) -> None:
    await every_page(company, PEOPLE[who], f'{{customField: "weight", direction: {way}}}')


@pytest.mark.parametrize("who", ["a rep", "a manager of three teams", "finance", "an administrator"])
@pytest.mark.parametrize("condition", ['number: {eq: "77"}', 'number: {gt: "4995"}', 'number: {in: ["1", "2"]}'])
async def test_filters_by_an_indexed_custom_field_use_its_index(company: Company, who: str, condition: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    document = f'{{ orders(filter: {{customField: {{key: "weight", {condition}}}}}) {{ {PAGE} }} }}'
    _, plan = await company.read(viewer, document)
    assert_cheap(plan, sales_order=SOME)


async def test_custom_fields_of_a_page_are_read_without_looking_for_rows(company: Company) -> None:
    viewer = await company.viewer(*PEOPLE["finance"])
    _, plan = await company.read(viewer, "{ orders { nodes { customFields { key label number person { name } } } } }")
    assert_cheap(plan)


@pytest.mark.parametrize("who", PEOPLE)
async def test_orders_below_customers_are_read_by_index(company: Company, who: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    document = """{ customers { nodes { name
        orders(first: 3) { totalCount pageInfo { hasNextPage } nodes { number lines { sku } } } } } }"""
    _, plan = await company.read(viewer, document)
    assert_cheap(plan, sales_order=1_000)


SEARCH = """query Search($sought: String!) { search(text: $sought) { match field
    node { ... on Order { number } ... on Customer { name } ... on Product { sku } } } }"""


@pytest.mark.parametrize("who", [*PEOPLE, *REVIEWERS])
@pytest.mark.parametrize("text", ["so-777", "customer 4777", "zzyzx", "020 7946 0958"])
async def test_texts_are_searched_for_by_index_in_all_rows_that_are_seen(company: Company, who: str, text: str) -> None:
    viewer = await company.viewer(*(PEOPLE | REVIEWERS)[who])
    _, plan = await company.read(viewer, SEARCH, sought=text)
    assert_cheap(plan, sales_order=SOME, customer=SOME)
    assert not plan.selective


async def test_a_text_in_old_rows_alone_is_found_by_the_index_of_pieces(company: Company) -> None:
    viewer = await company.viewer(*PEOPLE["a manager of a quarter"])
    found, plan = await company.read(viewer, SEARCH, sought="o-77")
    assert len(found["search"]) == 10
    assert_cheap(plan, sales_order=SOME, customer=SOME)


@pytest.mark.parametrize("who", PEOPLE)
async def test_texts_that_contain_others_are_found_by_index(company: Company, who: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    document = """query Q($part: String!) { orders(filter: {number: {contains: $part}}) { nodes { number } } }"""
    _, plan = await company.read(viewer, document, part="o-1234")
    assert_cheap(plan, sales_order=SOME)


@pytest.mark.parametrize("who", PEOPLE)
async def test_single_rows_are_read_by_their_ids(company: Company, who: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    document = f"""{{ order(id: "ord_777") {{ {ORDER} }}
        node(id: "oln_77") {{ ... on OrderLine {{ order {{ number }} }} }}
        nodes(ids: ["ord_7", "cus_9", "oln_7"]) {{ ... on Order {{ {ORDER} }} ... on Customer {{ name }} }} }}"""
    _, plan = await company.read(viewer, document)
    assert_cheap(plan, sales_order=10, order_line=10, customer=10)


@pytest.mark.parametrize("who", ["a rep", "a manager of three teams", "fulfilment", "service", "an administrator"])
async def test_work_queues_are_read_by_index(company: Company, who: str) -> None:
    viewer = await company.viewer(*PEOPLE[who])
    context, shape = Context(viewer, "GBP", 2, "UTC", date(2026, 3, 2)), ViewerShape(viewer.roles, 0)
    pools: Any = company.connections
    first = await work_queue(pools, context, shape, today=date(2026, 1, 1), size=51, after=None, reasons=WORK.keys())
    assert_cheap(company.connections.found[-1])
    assert first or who == "a rep"  # this one has handed in all orders
    after = first[len(first) // 2].place if first else None
    rest = await work_queue(pools, context, shape, today=date(2026, 1, 1), size=51, after=after, reasons=WORK.keys())
    assert_cheap(company.connections.found[-1])
    behind = first[len(first) // 2 + 1 :]
    assert rest[: len(behind)] == behind


async def test_a_rep_counts_own_rows_and_not_all(company: Company) -> None:
    viewer = await company.viewer(*PEOPLE["a rep"])
    _, plan = await company.read(viewer, "{ orders { totalCount totalAmount { amount } } customers { totalCount } }")
    assert_cheap(plan)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    text = "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else str(value)
    return "'" + text.replace("'", "''") + "'"
