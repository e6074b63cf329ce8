"""Keeps a copy of the orders that one sees in a SQLite file. Stop it whenever you like: it goes on where it was.

python examples/python/follow.py orders.sqlite [http://127.0.0.1:8000/graphql] [--once]
"""

import sqlite3
import sys
from typing import Any

from sluice_client import Refused, Sluice

ORDER = "id number status total { amount currency }"
ORDERS = f"""query ($after: String) {{
  orders(first: 250, after: $after) {{ nodes {{ {ORDER} }} pageInfo {{ hasNextPage endCursor }} }}
}}"""
NEWEST = "{ changes(first: 0) { newestCursor } }"
CHANGES = f"""query ($after: String, $wait: Int) {{
  changes(after: $after, first: 250, wait: $wait) {{
    nodes {{ cursor kind id node {{ ... on Order {{ {ORDER} }} }} }}
    endCursor
    hasMore
  }}
}}"""
TABLES = """
CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, number TEXT, status TEXT, amount TEXT, currency TEXT);
CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), cursor TEXT NOT NULL);
"""


def follow(sluice: Sluice, copy: sqlite3.Connection, *, once: bool) -> None:
    """Bring the copy up to date, and unless it is to be `once`, keep it so."""
    copy.executescript(TABLES)
    place = copy.execute("SELECT cursor FROM place").fetchone()
    cursor = place[0] if place else read_all(sluice, copy)
    while True:
        try:
            feed = sluice.ask(CHANGES, after=cursor, wait=0 if once else 20)["changes"]
        except Refused as refusal:
            if refusal.errors[0]["extensions"]["code"] != "CURSOR_EXPIRED":
                raise
            cursor = read_all(sluice, copy)  # it was away for longer than changes are kept
            continue
        cursor = feed["endCursor"]
        if any(change["kind"] == "RESYNC" for change in feed["nodes"]):
            cursor = read_all(sluice, copy)  # the viewer's rights are others now
        else:
            take(copy, feed["nodes"], cursor)
        if once and not feed["hasMore"]:
            return


def read_all(sluice: Sluice, copy: sqlite3.Connection) -> str:
    """Read everything by lists; the place in the feed from which on to follow it."""
    cursor: str = sluice.ask(NEWEST)["changes"]["newestCursor"]  # first: what changes meanwhile comes again
    orders = list(sluice.pages(ORDERS, "orders"))
    with copy:
        copy.execute("DELETE FROM orders")
        for order in orders:
            keep(copy, order)
        stand_at(copy, cursor)
    print(f"{len(orders)} orders read")
    return cursor


def take(copy: sqlite3.Connection, changes: list[dict[str, Any]], cursor: str) -> None:
    """Do what the changes say. The rows and the place are written together, so that nothing is lost or done twice."""
    with copy:
        for change in changes:
            if change["kind"] == "REMOVED" or change["node"] is None:
                copy.execute("DELETE FROM orders WHERE id = ?", [change["id"]])
            elif "number" in change["node"]:
                keep(copy, change["node"])
        stand_at(copy, cursor)
    if changes:
        print(f"{len(changes)} changes taken")


def keep(copy: sqlite3.Connection, order: dict[str, Any]) -> None:
    """Write the order as it is now."""
    total = order["total"] or {"amount": None, "currency": None}
    row = [order["id"], order["number"], order["status"], total["amount"], total["currency"]]
    copy.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)", row)


def stand_at(copy: sqlite3.Connection, cursor: str) -> None:
    """Remember up to where the copy is true."""
    copy.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", [cursor])


def main(file: str, url: str = "http://127.0.0.1:8000/graphql", *options: str) -> None:
    """Follow as the demo's first representative, until stopped."""
    copy = sqlite3.connect(file)
    with Sluice(url, email="rep1@demo.example", password="sluice-demo") as sluice:
        follow(sluice, copy, once="--once" in options)


if __name__ == "__main__":
    main(*sys.argv[1:])
