"""A consumer of `changes` in a process of its own: `python -m tests.chaos.consumer URL FILE`.

It appends a line to FILE for each page: the changes and the cursor behind them, together, as a consumer that keeps a
copy writes both in one transaction. When it is started again it goes on from the last whole line.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.client import Client

CHANGES = """query($after: String) { changes(after: $after, first: 200, wait: 2) {
    nodes { kind id seq type node { id } } endCursor } }"""


def pages_in(file: Path) -> list[dict[str, Any]]:
    """The pages that were stored; what a kill left of a line counts as never written, and is cut off."""
    stored = file.read_bytes() if file.exists() else b""
    whole = stored[: stored.rfind(b"\n") + 1]
    if whole != stored:
        os.truncate(file, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


async def consume(url: str, file: Path) -> None:
    """Read on for ever."""
    pages = pages_in(file)
    after = pages[-1]["endCursor"] if pages else None
    async with httpx.AsyncClient(base_url=url, timeout=20) as http:
        client = Client(http, "admin", Counter())
        await client.sign_in()
        with file.open("ab", buffering=0) as stored:
            while True:
                page = (await client.ask(CHANGES, after=after))["changes"]
                stored.write(json.dumps(page).encode() + b"\n")
                after = page["endCursor"]


if __name__ == "__main__":
    asyncio.run(consume(sys.argv[1], Path(sys.argv[2])))
