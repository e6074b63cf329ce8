"""The statements: each gives the whole answer as one text.

Parameters are written @me, @teams (the viewer's), @first (size of the page), @id, @moment and @number (the order
behind which the page begins), @level, @region.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from domain.people import Role
from rows.viewer import Viewer

SHARED = "SELECT s.order_id FROM order_share s WHERE s.user_id = @me::bigint"
NEWEST = "placed_at DESC, o.id DESC"


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters' names in their order."""

    sql: str
    names: tuple[str, ...]


def statement(text: str) -> Statement:
    """`text` with numbers for the names of its parameters."""
    names = tuple(dict.fromkeys(re.findall(r"@(\w+)", text)))
    return Statement(re.sub(r"@(\w+)", lambda name: f"${names.index(name[1]) + 1}", text), names)


class Sight(Enum):
    """How much of the orders and customers a viewer sees."""

    OWN = "own"
    TEAMS = "teams"
    ALL = "all"


def sight_of(viewer: Viewer) -> Sight:
    """What the viewer's roles amount to."""
    if Role.ADMIN in viewer.roles:
        return Sight.ALL
    return Sight.TEAMS if Role.MANAGER in viewer.roles else Sight.OWN


@cache
def page(sight: Sight, *, edges: bool, after: bool, filtered: bool) -> Statement:
    """A page of orders, as `nodes` or as `edges` with `pageInfo`."""
    order = _order()
    cursor = (
        "translate(encode(convert_to('placedAt.desc,' || o.id || ',=' || "
        + _moment("o.placed_at")
        + ", 'UTF8'), 'base64'),"
        " E'+/=\\n', '-_')"
    )
    element = f"""'{{"cursor":"' || {cursor} || '","node":' || {order} || '}}'""" if edges else order
    columns = f"{element} AS text" + (f", {cursor} AS cursor" if edges else "")
    found = _found(sight, after=after, filtered=filtered, more=edges)
    rows = f"SELECT {columns} FROM ({found}) o {_customer(sight)} ORDER BY o.{NEWEST}"
    return statement(_edges(rows, after=after) if edges else _nodes(rows))


def _nodes(rows: str) -> str:
    return f"""
SELECT '{{"data":{{"orders":{{"nodes":[' || coalesce(string_agg(r.text, ','), '') || ']}}}}}}'
FROM ({rows}) r"""


def _edges(rows: str, *, after: bool) -> str:
    return f"""
SELECT '{{"data":{{"orders":{{"edges":[' || coalesce(array_to_string(r.texts[1:@first::int], ','), '')
    || '],"pageInfo":{{"hasNextPage":' || CASE WHEN r.found > @first::int THEN 'true' ELSE 'false' END
    || ',"hasPreviousPage":{"true" if after else "false"}'
    || ',"startCursor":' || coalesce('"' || r.cursors[1] || '"', 'null')
    || ',"endCursor":' || coalesce('"' || r.cursors[least(r.found, @first::int)] || '"', 'null') || '}}}}}}}}'
FROM (SELECT count(*) AS found, array_agg(p.text) AS texts, array_agg(p.cursor) AS cursors FROM ({rows}) p) r"""


@cache
def one(sight: Sight) -> Statement:
    """The order @id, or null."""
    seen = {
        Sight.ALL: "true",
        Sight.TEAMS: f"(o.team_id = ANY(@teams::bigint[]) OR o.owner_id = @me::bigint OR o.id IN ({SHARED}))",
        Sight.OWN: f"(o.owner_id = @me::bigint OR EXISTS ({SHARED} AND s.order_id = o.id))",
    }[sight]
    found = f"SELECT {_order()} FROM sales_order o {_customer(sight)} WHERE o.id = @id::bigint AND {seen}"
    return statement(f"""SELECT '{{"data":{{"order":' || coalesce(({found}), 'null') || '}}}}'""")


@cache
def totals(sight: Sight) -> Statement:
    """How many orders the viewer sees and what they add up to."""
    seen = " UNION ALL ".join(
        f"SELECT count(*) AS found, sum(o.base_total) AS amount FROM sales_order o WHERE {branch}"
        for branch in _branches(sight)
    )
    return statement(f"""SELECT '{{"data":{{"orders":{{"totalCount":' || sum(found)
        || ',"totalAmount":{{"amount":"' || round(coalesce(sum(amount), 0), 2) || '","currency":"GBP"}}}}}}}}'
        FROM ({seen}) b""")


def _found(sight: Sight, *, after: bool, filtered: bool, more: bool) -> str:
    """The page's rows: from each branch as many as the page holds, merged in their order."""
    limit = "@first::bigint + 1" if more else "@first::bigint"
    conditions = ""
    if after:
        conditions += " AND (o.placed_at, o.id) < (@moment::timestamptz, @number::bigint)"
    if filtered:
        conditions += " AND o.customer_level = @level::text AND o.region_id = ANY(ARRAY("
        conditions += "SELECT x.descendant_id FROM region_closure x WHERE x.ancestor_id = @region::bigint))"
    columns = "o.id, o.number, o.status, o.placed_at, o.total, o.currency, o.customer_id"
    branches = " UNION ALL ".join(
        f"(SELECT {columns} FROM sales_order o WHERE {branch}{conditions} ORDER BY o.{NEWEST} LIMIT 251)"
        for branch in _branches(sight)
    )
    return f"SELECT * FROM ({branches}) o ORDER BY o.{NEWEST} LIMIT {limit}"


def _branches(sight: Sight) -> list[str]:
    shared = f"o.id = ANY(ARRAY({SHARED})) AND o.owner_id IS DISTINCT FROM @me::bigint"
    own = "o.owner_id = @me::bigint"
    in_teams = "o.team_id = ANY(@teams::bigint[])"
    match sight:
        case Sight.ALL:
            return ["true"]
        case Sight.TEAMS:
            elsewhere = f"AND ({in_teams}) IS NOT TRUE"
            return [in_teams, f"{own} {elsewhere}", f"{shared} {elsewhere}"]
        case Sight.OWN:
            return [own, shared]


def _order() -> str:
    line = """'{"id":"oln_' || l.id || '","sku":' || coalesce(to_json(l.sku)::text, 'null')
        || ',"quantity":"' || trim_scale(l.quantity) || '","gross":{"amount":"' || l.gross || '"}}'"""
    lines = f"""coalesce((SELECT string_agg(x.text, ',') FROM (
        SELECT {line} AS text FROM order_line l WHERE l.order_id = o.id ORDER BY l.position, l.id) x), '')"""
    customer = """CASE WHEN c.id IS NULL THEN 'null'
        ELSE '{"id":"cus_' || c.id || '","name":' || to_json(c.name) || ',"level":"' || c.level || '"}' END"""
    return f"""'{{"id":"ord_' || o.id || '","number":' || to_json(o.number) || ',"status":"' || o.status
        || '","placedAt":"' || {_moment("o.placed_at")} || '","total":{{"amount":"' || o.total || '","currency":"'
        || o.currency || '"}},"customer":' || {customer} || ',"lines":[' || {lines} || ']}}'"""


def _customer(sight: Sight) -> str:
    share = "EXISTS (SELECT FROM customer_share s WHERE s.customer_id = c.id AND s.user_id = @me::bigint)"
    seen = {
        Sight.ALL: "",
        Sight.TEAMS: f" AND (c.team_id = ANY(@teams::bigint[]) OR c.owner_id = @me::bigint OR {share})",
        Sight.OWN: f" AND (c.owner_id = @me::bigint OR {share})",
    }[sight]
    return f"LEFT JOIN customer c ON c.id = o.customer_id{seen}"


def _moment(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""
