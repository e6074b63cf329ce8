"""A schema that may not be asked for is not told by suggestions either."""

import pytest

from reads.documents import DocumentCache
from schema.root import schema


@pytest.mark.parametrize(
    "document",
    [
        "{ ordrs { totalCount } }",
        "{ orders { nodes { numbr } } }",
        "{ orders(fltr: {}) { totalCount } }",
        "{ orders(filter: {statu: {eq: DRAFT}}) { totalCount } }",
        "{ orders(sort: {field: PLACED_ATT}) { totalCount } }",
        "query($filter: OrderFiltr) { orders(filter: $filter) { totalCount } }",
        "query { ... on Ordr { id } }",
        "mutation { orderCreat(input: {}) { errors { code } } }",
        "{ viewer { id @skipp(if: true) } }",
        "{ viewer { id @skip(iff: true) } }",
    ],
)
def test_an_unknown_name_is_told_with_known_ones_only_where_the_schema_may_be_asked_for(document: str) -> None:
    for introspection in (True, False):
        errors = DocumentCache(schema._schema, introspection=introspection).get(document).errors
        told = " ".join(error.message for error in errors)
        assert told
        assert ("Did you mean" in told) <= introspection
