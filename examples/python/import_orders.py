"""Sends a file in, imports its orders, and waits for the job: one row of the three cannot be taken, and is told.

python examples/python/import_orders.py [http://127.0.0.1:8000/graphql]
"""

import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from sluice_client import Sluice

IMPORT = """mutation ($input: OrderImportInput!) {
  orderImport(input: $input) { job { id } errors { code message path } }
}"""
ROWS = """No,Item,Pieces,Price,Date
W-{run}-1,LGT-0016,2,126.40,03.11.2026 09:30
W-{run}-2,LGT-0016,1,126.40,03.11.2026 10:05
W-{run}-3,LGT-0016,many,126.40,03.11.2026 10:40
"""
MAPPING = {
    "channelCode": "web",
    "columns": {"invoice": "No", "sku": "Item", "quantity": "Pieces", "unitPrice": "Price", "placedAt": "Date"},
    "currency": "GBP",
    "zone": "Europe/London",
    "timeFormat": "%d.%m.%Y %H:%M",
}


def main(url: str) -> None:
    """Import three made-up orders; fails where the server does not do what it should."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Sluice(url, email="manager@demo.example", password="sluice-demo") as sluice,
    ):
        file = Path(folder) / "orders.csv"
        file.write_text(ROWS.format(run=uuid4().hex[:8]))
        wanted = {"files": [sluice.upload(file)], "mapping": MAPPING}
        job = sluice.ended(sluice.change(IMPORT, "orderImport", wanted)["job"]["id"])
        print(f"{job['state']}: {job['message']}")
        for row in job["report"]["nodes"]:
            print(f"line {row['line']}, {row['subject']}: {row['reason']}")
        assert job["state"] == "SUCCEEDED"
        assert [row["line"] for row in job["report"]["nodes"]] == [4]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/graphql")
