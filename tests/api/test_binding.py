"""A type that promises what cannot be compiled is refused when the schema is built, with the field's name."""

from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLFloat,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
)
from strawberry.schema.config import StrawberryConfig

from reads.binding import CannotCompile, compiled_roots
from resolvers.reads import Query
from schema.scalars import SCALARS
from schema.types.customers import CustomerAddress, CustomerContact
from schema.types.orders import OrderLine, OrderStatusChange

Fields = dict[str, GraphQLField]


@pytest.fixture
def own_schema() -> strawberry.Schema:
    """A schema that a test may spoil."""
    types = [OrderLine, OrderStatusChange, CustomerContact, CustomerAddress]
    return strawberry.Schema(query=Query, types=types, config=StrawberryConfig(scalar_map=SCALARS))


def fields(schema: strawberry.Schema, of: str) -> Fields:
    found: Any = schema._schema.type_map[of]
    assert isinstance(found, GraphQLObjectType)
    own: Fields = found.fields
    return own


def required(name: str) -> Callable[[Fields], None]:
    def change(of: Fields) -> None:
        nullable: Any = of[name].type
        of[name].type = GraphQLNonNull(nullable)

    return change


def of_type(name: str, type_: Any) -> Callable[[Fields], None]:
    def change(of: Fields) -> None:
        of[name] = GraphQLField(type_, args=of[name].args if name in of else None)

    return change


def with_argument(name: str) -> Callable[[Fields], None]:
    def change(of: Fields) -> None:
        of[name].args["currency"] = GraphQLArgument(GraphQLString)

    return change


def test_every_root_field_that_reads_rows_is_compiled(own_schema: strawberry.Schema) -> None:
    assert set(compiled_roots(own_schema)) == set(fields(own_schema, "Query")) - {
        "changes",
        "company",
        "sessions",
        "importPresets",
        "segmentTotals",
        "previewTierRules",
        "explainTier",
        "explainAssignment",
        "assignmentFairness",
        "explainLeadAssignment",
        "leadPoolFairness",
        "workQueue",
        "orderTimeInStatus",
    }


@pytest.mark.parametrize(
    ("on", "change", "named"),
    [
        ("Order", of_type("colour", GraphQLString), "Order.colour"),
        ("OrderLine", of_type("weight", GraphQLFloat), "OrderLine.weight"),
        ("Order", of_type("number", GraphQLNonNull(GraphQLInt)), "Order.number"),
        ("Order", required("notes"), "Order.notes"),
        ("Order", required("customer"), "Order.customer"),
        ("Order", required("shipTo"), "Order.shipTo"),
        ("User", required("email"), "User.email"),
        ("Order", with_argument("total"), "Order.total"),
        ("Order", with_argument("lines"), "Order.lines"),
        ("Customer", with_argument("orders"), "Customer.orders"),
        ("Money", of_type("words", GraphQLString), "Order.total: words"),
        ("PostalAddress", required("city"), "Order.shipTo: city"),
        ("OrderConnection", of_type("average", GraphQLString), "Query.orders: average"),
        ("CustomerConnection", of_type("totalAmount", GraphQLString), "Query.customers: totalAmount"),
        ("OrderEdge", of_type("weight", GraphQLInt), "Query.orders: edges.weight"),
        ("PageInfo", of_type("pages", GraphQLInt), "Query.orders: pageInfo.pages"),
        ("Query", with_argument("orders"), "Query.orders"),
        ("Query", with_argument("node"), "Query.node"),
        ("Query", with_argument("viewer"), "Query.viewer"),
        ("Query", required("customers"), "Query.customers"),
    ],
)
def test_what_cannot_be_compiled_is_refused_by_name(
    own_schema: strawberry.Schema, on: str, change: Callable[[Fields], None], named: str
) -> None:
    change(fields(own_schema, on))
    with pytest.raises(CannotCompile) as refused:
        compiled_roots(own_schema)
    assert named in str(refused.value)


def test_a_declared_entity_without_a_type_is_refused(own_schema: strawberry.Schema) -> None:
    del own_schema._schema.type_map["OrderStatusChange"]
    with pytest.raises(CannotCompile, match="OrderStatusChange: no such object type"):
        compiled_roots(own_schema)
