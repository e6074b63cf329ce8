"""Brings the demo's database up to date and fills it if it is empty. The demo runs this as a process of its own."""

import asyncio
import os

from app.demo.seed import seed_if_empty
from models.migrate import migrate


async def prepare(database_url: str) -> None:
    """Migrates, then seeds the demo company into an empty database."""
    await migrate(database_url)
    await seed_if_empty(database_url)


if __name__ == "__main__":
    asyncio.run(prepare(os.environ["DATABASE_URL"]))
