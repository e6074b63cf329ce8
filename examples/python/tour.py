"""A tour: read orders page by page, enter one, change it while somebody else does, and take it a step further.

python examples/python/tour.py [http://127.0.0.1:8000/graphql]
"""

import sys
from itertools import islice
from uuid import uuid4

from sluice_client import Refused, Sluice

ORDERS = """query ($filter: OrderFilter, $first: Int!, $after: String) {
  orders(filter: $filter, first: $first, after: $after) {
    nodes { id number status total { amount currency } customer { name } }
    pageInfo { hasNextPage endCursor }
  }
}"""
CREATE = """mutation ($input: OrderCreateInput!) {
  orderCreate(input: $input) {
    order { id number version total { amount currency } }
    errors { code message path }
  }
}"""
UPDATE = """mutation ($input: OrderUpdateInput!) {
  orderUpdate(input: $input) {
    order { id version notes }
    errors { code message path ... on VersionConflict { currentVersion } }
  }
}"""
STEPS = """query ($id: ID!) {
  order(id: $id) { version status availableTransitions { transition label allowed } }
}"""
SUBMIT = """mutation ($input: OrderSubmitInput!) {
  orderSubmit(input: $input) {
    order { status version statusChanges { toStatus at actor { name } } }
    errors { code message path }
  }
}"""


def main(url: str) -> None:
    """Take the tour; fails where the server does not do what it should."""
    with Sluice(url, email="rep1@demo.example", password="sluice-demo") as sluice:
        pending = sluice.pages(ORDERS, "orders", filter={"statusGroup": {"eq": "PENDING"}}, first=20)
        found = {order["id"]: order for order in islice(pending, 45)}
        for order in islice(found.values(), 3):
            print(order["number"], order["status"], order["total"]["amount"], (order["customer"] or {}).get("name"))
        print(f"{len(found)} pending orders read, none twice")

        lamp = {"sku": "LGT-0016", "name": "Desk lamp", "quantity": "2", "unitPrice": "126.40"}
        entry = {"currency": "GBP", "lines": [lamp], "idempotencyKey": str(uuid4())}
        order = sluice.change(CREATE, "orderCreate", entry)["order"]
        again = sluice.change(CREATE, "orderCreate", entry)["order"]
        assert again["id"] == order["id"]
        print(f"{order['number']} entered once, though asked for twice: {order['total']['amount']}")

        seen = {"id": order["id"], "expectedVersion": again["version"]}
        changed = sluice.change(UPDATE, "orderUpdate", {**seen, "notes": "call before noon"})["order"]
        try:
            sluice.change(UPDATE, "orderUpdate", {**seen, "notes": "call after noon"})
        except Refused as refusal:
            [error] = refusal.errors
            assert (error["code"], error["currentVersion"]) == ("VERSION_CONFLICT", changed["version"])
            print(f"a change made on an old version was refused: {error['message']}")
        else:
            raise AssertionError("the later change overwrote the earlier one")

        now = sluice.ask(STEPS, id=order["id"])["order"]
        steps = {step["transition"]: step["label"] for step in now["availableTransitions"] if step["allowed"]}
        print(f"from {now['status']} one may: {', '.join(steps.values())}")
        assert "SUBMIT" in steps
        step = {"id": order["id"], "expectedVersion": now["version"]}
        submitted = sluice.change(SUBMIT, "orderSubmit", step)["order"]
        print(f"{order['number']} is {submitted['status']}, after {len(submitted['statusChanges'])} steps")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql")
