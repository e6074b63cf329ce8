"""Nobody sees what the table does not let them see, through any path that there is in the schema.

The schema is walked, so that a type, a field, a filter, a sort or a query that is added is asked for as well, by
everybody; what the table does not name fails by its name.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type
from tortoise.models import Model

from app.settings import Settings
from domain.events import Aggregate, EventType
from domain.naming import camel
from models import Customer, Order, Product, StockLevel
from models.leads import Lead
from services.feed.positions import position_events
from services.outbox import append
from services.transaction import transaction
from tests.api.authorised import UNLIMITED, Caller, Json, World, table
from tests.api.authorised_reads import (
    BY_ID,
    LISTS,
    NODES,
    PAGE,
    SCHEMA,
    Truth,
    ask_for,
    conditions,
    documents,
    enum_values,
    node_of,
    object_of,
    page,
    reader_of,
    sorts,
    truth_of,
)
from tests.api.authorised_world import Builder
from tests.api.conftest import Client

AT_ONCE = 40


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """So many questions in so short a time are more than anybody may ask."""
    return settings.model_copy(update=UNLIMITED)


@pytest.fixture(scope="module")
async def world(asking: Client) -> World:
    """The rows, and everybody who asks."""
    return await Builder(asking).build()


@pytest.fixture(scope="module")
async def truth(world: World, asking: Client) -> Truth:
    """What there is to be seen."""
    return await truth_of(world, asking)


def everybody(world: World, needs: str = "any") -> Iterator[Caller]:
    """Who may ask at all for what needs a scope."""
    yield from (caller for caller in world.callers.values() if caller.granted(needs))


def needed(type_name: str) -> str:
    """The scope that a token needs for rows of a type."""
    entry: dict[str, str] = table()["sees"][type_name]
    return entry["scope"] if "scope" in entry else needed(entry["with"])


def test_the_table_names_every_type_and_query() -> None:
    assert set(NODES) == set(table()["sees"])
    assert SCHEMA.query_type
    assert SCHEMA.subscription_type
    fields = {**SCHEMA.query_type.fields, **SCHEMA.subscription_type.fields}
    assert set(fields) - set(LISTS) - set(BY_ID) == set(table()["queries"])


async def test_whoever_is_not_signed_in_reads_nothing(world: World, asking: Client) -> None:
    assert world
    for document in documents():
        assert await asking.error(document) == {"code": "UNAUTHENTICATED"}, document


async def test_a_token_reads_by_the_scope_that_the_table_names(world: World, asking: Client) -> None:
    needs = {name: needed(node_of(of)) for name, of in LISTS.items()}
    needs |= {name: needed(of) for name, of in BY_ID.items()} | table()["queries"]
    for document in documents():
        name = document.split()[1].partition("(")[0]
        for caller in world.callers.values():
            answer = await caller.ask(asking, document)
            codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
            assert ("FORBIDDEN" in codes) is not caller.granted(needs[name]), (caller.name, document, answer)


async def test_every_field_of_every_row_is_told_to_those_who_see_it_and_nothing_of_it_to_others(
    world: World, truth: Truth, asking: Client
) -> None:
    nobodys = world.all_labelled("File", "incomplete") | world.all_labelled("Reminder", "scheduled")
    assert set(world.rows) - set(truth.rows) == nobodys
    for caller in everybody(world):
        for type_name in NODES:
            answers = await ask_for(world, asking, caller, type_name)
            for row, answer in zip(world.of(type_name), answers, strict=True):
                assert answer == truth.seen(caller, row), (caller.name, row, world.rows[row])


async def test_one_row_by_its_id(world: World, asking: Client) -> None:
    for name, type_name in BY_ID.items():
        asked = [f'r{number}: {name}(id: "{row}") {{ id }}' for number, row in enumerate(world.of(type_name))]
        single = [f'n{number}: node(id: "{row}") {{ id }}' for number, row in enumerate(world.of(type_name))]
        for caller in everybody(world, needed(type_name)):
            found = await caller.data(asking, "{" + " ".join(asked + single) + "}")
            expected = [{"id": row} if world.sees(caller, row) else None for row in world.of(type_name)]
            assert list(found.values()) == expected * 2, (caller.name, name)


async def test_lists_with_their_counts_and_totals_in_every_order(world: World, truth: Truth, asking: Client) -> None:
    for name, of in LISTS.items():
        assert isinstance(of, GraphQLObjectType)
        asked = [
            f"s{number}: {name}(first: 40, sort: {sort}) {{ {page(of)} }}" for number, sort in enumerate(sorts(of))
        ]
        document = f"{{ plain: {name}{PAGE} {{ {page(of)} }} {' '.join(asked)} }}"
        whole = await reader_of(world, node_of(of)).data(asking, document)
        assert {node["id"] for node in whole["plain"]["nodes"]} == set(world.of(node_of(of))) & set(truth.rows)
        for caller in everybody(world, needed(node_of(of))):
            expected = {alias: truth.page(caller, answer) for alias, answer in whole.items()}
            assert await caller.data(asking, document) == expected, (caller.name, name)


async def test_counts_of_orders_are_of_those_that_are_seen_by_what_is_seen_of_them(
    world: World, truth: Truth, asking: Client
) -> None:
    for dimension in enum_values("OrderDimension"):
        name = camel(dimension.lower())
        of = get_named_type(object_of("OrderCount").fields[name].type)
        asked = name if of.name not in NODES else f"{name} {{ id }}"
        document = f"{{ orderCounts(groupBy: [{dimension}]) {{ {asked} count }} }}"
        for caller in everybody(world, table()["queries"]["orderCounts"]):
            found = (await caller.data(asking, document))["orderCounts"]
            told = {str(each[name]): each["count"] for each in found}
            expected = Counter(str(truth.told(caller, row, name)) for row in truth.visible(caller, world.of("Order")))
            assert told == expected, (caller.name, dimension)


@pytest.mark.parametrize("name", LISTS)
async def test_filters_on_own_fields_and_on_those_of_related_rows(
    world: World, truth: Truth, asking: Client, name: str
) -> None:
    of = LISTS[name]
    assert isinstance(of, GraphQLObjectType)
    rows = [row for row in world.of(node_of(of)) if row in truth.rows]
    found = list(conditions(truth, node_of(of)))
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        asked = [
            f"c{n}: {name}(first: 40, filter: {{{text}}}) {{ totalCount nodes {{ id }} }}"
            for n, (_, _, text) in enumerate(part)
        ]
        document = f"{{ {' '.join(asked)} }}"
        for caller in everybody(world, needed(node_of(of))):
            answers = (await caller.data(asking, document)).values()
            visible = truth.visible(caller, rows)
            for (path, value, text), answer in zip(part, answers, strict=True):
                expected = {row for row in visible if truth.holds(caller, row, path, value)}
                assert {node["id"] for node in answer["nodes"]} == expected, (caller.name, name, text)
                assert answer["totalCount"] == len(expected)


@pytest.mark.parametrize("name", ["orders", "customers", "products", "leads"])
async def test_filters_and_sorts_by_custom_fields(world: World, truth: Truth, asking: Client, name: str) -> None:
    of = node_of(LISTS[name])
    rows = [row for row in world.of(of) if row in truth.rows]
    notes = {row: f"note-{world.rows[row][1]}" for row in rows if of != "Product"}
    helpers = 'customField: {key: "helper", person: {eq: "' + world.callers["nobody"].user_id + '"}}'
    for caller in everybody(world, needed(of)):
        visible = truth.visible(caller, rows)
        for note in {"note-reps", "note-others"}:
            for text, expected in (
                (f'customField: {{key: "note", text: {{eq: "{note}"}}}}', {r for r in visible if notes.get(r) == note}),
                (helpers, set(visible) & set(notes)),
                (f"not: {{{helpers}}}", set(visible) - set(notes)),
            ):
                answer = await caller.data(asking, f"{{ {name}(first: 40, filter: {{{text}}}) {{ nodes {{ id }} }} }}")
                assert {node["id"] for node in answer[name]["nodes"]} == expected, (caller.name, text)
        # One that is archived is none: not for whom it is hidden from, nor for whom it is not.
        gone = f'{{ {name}(filter: {{customField: {{key: "gone", text: {{eq: "gone-reps"}}}}}}) {{ totalCount }} }}'
        unknown = await caller.ask(asking, gone.replace('key: "gone"', 'key: "never"'))
        assert str(await caller.ask(asking, gone)).replace("'gone'", "'never'") == str(unknown)


async def test_a_search_finds_what_the_searcher_sees(world: World, truth: Truth, asking: Client) -> None:
    texts = {
        "Order": ("number", "externalId", "customerName", "contact.name", "contact.email", "contact.phone"),
        "Customer": ("name", "externalId", "email", "phone", "taxId"),
        "Lead": ("company", "contactName", "email", "phone", "externalId"),
        "Product": ("sku", "name"),
        "Shipment": ("trackingNumber",),
    }
    assert set(texts) == {name.capitalize() for name in enum_values("SearchEntity")}
    asked = {"order", "customer", "seen"} | {
        str(value)
        for type_name, paths in texts.items()
        for path in paths
        for row in (world.of(type_name)[0], world.of(type_name)[-1])
        if (value := _at(truth.rows[row], path))
    }
    where = {
        row: {path: text for path in texts[type_name] if (text := _at(truth.rows[row], path))}
        for row, (type_name, _) in world.rows.items()
        if type_name in texts
    }
    for text in sorted(asked):
        document = f'{{ search(text: "{text}", first: 50) {{ node {{ id }} }} }}'
        holding = {
            row: paths
            for row, found in where.items()
            if (paths := [path for path, each in found.items() if text.lower() in each.lower()])
        }
        assert holding, text
        for caller in everybody(world):
            found = (await caller.data(asking, document))["search"]
            expected = {
                row
                for row, paths in holding.items()
                if world.sees(caller, row) and any(world.reads(caller, row, path) for path in paths)
            }
            assert {each["node"]["id"] for each in found} == expected, (caller.name, text)


def _at(row: Json, path: str) -> str | None:
    for name in path.split("."):
        row = (row or {}).get(name)
    return str(row) if row else None


async def test_changes_tell_of_rows_that_the_reader_sees(world: World, asking: Client) -> None:
    told = {
        "Order": (Order, Aggregate.ORDER, EventType.ORDER_UPDATED),
        "Customer": (Customer, Aggregate.CUSTOMER, EventType.CUSTOMER_UPDATED),
        "Product": (Product, Aggregate.PRODUCT, EventType.PRODUCT_UPDATED),
        "StockLevel": (StockLevel, Aggregate.STOCK, EventType.STOCK_LOW),
        "Lead": (Lead, Aggregate.LEAD, EventType.LEAD_UPDATED),
    }
    assert {aggregate for _, aggregate, _ in told.values()} == set(Aggregate)
    for type_name, (model, aggregate, kind) in told.items():
        for row in world.of(type_name):
            await _event(model, aggregate, kind, int(row.split("_")[1]))
    await position_events()
    document = "{ changes(first: 250) { nodes { id node { id } } } }"
    for caller in everybody(world, table()["queries"]["changes"]):
        nodes = (await caller.data(asking, document))["changes"]["nodes"]
        expected = [row for type_name in told for row in world.of(type_name) if world.sees(caller, row)]
        assert [node["id"] for node in nodes] == [node["node"]["id"] for node in nodes] == expected, caller.name


async def _event(model: type[Model], aggregate: Aggregate, kind: EventType, number: int) -> None:
    async with transaction() as client:
        before = await model.select_for_update().using_db(client).get(id=number)
        await model.filter(id=number).using_db(client).update(last_seq=before.last_seq + 1)  # type: ignore[attr-defined]  # all of these have it
        await append(client, aggregate=aggregate, aggregate_id=number, type=kind, before=before, payload={})


async def test_a_cursor_of_a_row_that_is_not_seen_is_a_place_and_nothing_more(
    world: World, truth: Truth, asking: Client
) -> None:
    whole = (await world.callers["admin"].data(asking, f"{{ orders{PAGE} {{ edges {{ cursor node {{ id }} }} }} }}"))[
        "orders"
    ]
    order = [edge["node"]["id"] for edge in whole["edges"]]
    for place, edge in list(enumerate(whole["edges"]))[::5]:
        document = f'{{ orders(first: 40, after: "{edge["cursor"]}") {{ nodes {{ id }} }} }}'
        for caller in everybody(world, "ORDERS_READ"):
            found = (await caller.data(asking, document))["orders"]["nodes"]
            assert [node["id"] for node in found] == truth.visible(caller, order[place + 1 :])


async def test_a_viewer_is_oneself_and_sessions_are_ones_own(world: World, asking: Client) -> None:
    own: set[str] = set()
    for caller in everybody(world):
        found = await caller.data(asking, "{ viewer { id email phone } }")
        assert found["viewer"]["id"] == caller.user_id
        assert None not in found["viewer"].values()
        if caller.granted("none"):
            [session] = (await caller.data(asking, "{ sessions { id current } }"))["sessions"]
            assert session["current"]
            own.add(session["id"])
    assert len(own) == len([caller for caller in world.callers.values() if caller.scopes is None])


async def test_the_progress_of_a_job_is_told_to_those_who_see_it(world: World, asking: Client) -> None:
    headers = {"accept": "text/event-stream"}
    for caller in everybody(world, table()["queries"]["jobProgress"]):
        for job in world.of("Job"):
            document = f'subscription {{ jobProgress(id: "{job}") {{ id startedBy {{ id }} }} }}'
            told = (await asking.post(document, headers={**headers, **caller.headers})).text
            assert (f'"{job}"' in told) is world.sees(caller, job), (caller.name, told)
