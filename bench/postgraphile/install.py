"""What PostGraphile needs before it can start: its packages, and row-level security in the bench's database."""

import shutil
import subprocess
from pathlib import Path

import asyncpg

from app.embedded import Servers
from app.embedded.postgres import SUPERUSER

HERE = Path(__file__).parent
LOGIN = "bench_login"
COMMAND = [shutil.which("node") or "node", "-r", str(HERE / "polyfill.cjs"), str(HERE / "server.mjs")]


def missing() -> str:
    """What it takes and is not on this machine; "" where it can run. Its packages are fetched the first time."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "it needs Node 20 or later, with npm"
    fetched = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--silent"],
        cwd=HERE,
        check=False,
    )
    return "its packages cannot be fetched" if fetched.returncode else ""


async def secure_rows(servers: Servers, database: str) -> None:
    """Row-level security in the database, unless it has it."""
    connection = await asyncpg.connect(servers.postgres.url(database=database, user=SUPERUSER))
    try:
        if await connection.fetchval("SELECT count(*) FROM pg_policies WHERE policyname = 'seen'"):
            return
        async with connection.transaction():
            for statement in (HERE / "row_security.sql").read_text().split("\n--\n"):
                await connection.execute(statement)
    finally:
        await connection.close()
