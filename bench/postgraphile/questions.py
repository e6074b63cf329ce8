"""The workloads' questions as PostGraphile's schema has them, and whether its answers say the same."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from bench.workloads import LIST, ONE, RELAY, Question
from domain.moments import write_moment

_ORDER = """
id: rowId number status placedAt total currency
customer: customerByCustomerId { id: rowId name level }
lines: orderLinesByOrderId(orderBy: [POSITION_ASC, ROW_ID_ASC]) { nodes { id: rowId sku quantity gross } }
"""
_ORDERS = "orders: allSalesOrders(first: $first, orderBy: [PLACED_AT_DESC, ROW_ID_DESC])"
_PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
_DOCUMENTS = {
    LIST: f"query List($first: Int) {{ {_ORDERS} {{ nodes {{ {_ORDER} }} }} }}",
    RELAY: f"query Relay($first: Int) {{ {_ORDERS} {{ edges {{ cursor node {{ {_ORDER} }} }} {_PAGE_INFO} }} }}",
    ONE: f"query One($id: BigInt!) {{ order: salesOrderByRowId(rowId: $id) {{ {_ORDER} }} }}",
}
_CURSORS = re.compile(rb'("(?:cursor|startCursor|endCursor)":)"[^"]*"')


def takes(question: Question) -> bool:
    """Whether PostGraphile can be asked this without plug-ins: it knows neither such filters nor our cursors."""
    return question.document in _DOCUMENTS and not {"filter", "after"} & question.variables.keys()


def over_postgraphile(question: Question, authorization: str) -> bytes:
    """The question as an HTTP request to PostGraphile."""
    variables = {name: str(value).removeprefix("ord_") for name, value in question.variables.items() if name == "id"}
    return Question(_DOCUMENTS[question.document], question.variables | variables, "").over_graphql(authorization)


def without_cursors(answer: bytes) -> bytes:
    """An answer whose cursors are null: each server has cursors of its own."""
    return _CURSORS.sub(rb"\1null", answer)


def as_sluice_says_it(answer: bytes) -> bytes:
    """An answer of PostGraphile in the shape of Sluice's schema, to compare what they say."""
    data = orjson.loads(answer)["data"]
    if "order" in data:
        return orjson.dumps({"data": {"order": _order(data["order"])}})
    orders = data["orders"]
    if "nodes" in orders:
        return orjson.dumps({"data": {"orders": {"nodes": [_order(node) for node in orders["nodes"]]}}})
    edges = [{"cursor": edge["cursor"], "node": _order(edge["node"])} for edge in orders["edges"]]
    return orjson.dumps({"data": {"orders": {"edges": edges, "pageInfo": orders["pageInfo"]}}})


def _order(node: Mapping[str, Any]) -> Mapping[str, Any]:
    customer = node["customer"]
    return {
        "id": f"ord_{node['id']}",
        "number": node["number"],
        "status": node["status"],
        "placedAt": write_moment(datetime.fromisoformat(node["placedAt"])),
        "total": {"amount": node["total"], "currency": node["currency"]},
        "customer": customer and {**customer, "id": f"cus_{customer['id']}"},
        "lines": [_line(line) for line in node["lines"]["nodes"]],
    }


def _line(line: Mapping[str, Any]) -> Mapping[str, Any]:
    quantity = f"{Decimal(line['quantity']).normalize():f}"
    return {
        "id": f"oln_{line['id']}",
        "sku": line["sku"],
        "quantity": quantity,
        "gross": {"amount": line["gross"]},
    }
