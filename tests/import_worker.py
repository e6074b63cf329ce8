"""A real worker with the real jobs and short times: `python -m tests.import_worker DATABASE_URL REDIS_URL HOME`."""

import asyncio
import sys
from pathlib import Path

from app.logs import configure_logs
from tests.worker_process import TIMINGS, Settings
from workers.main import run

if __name__ == "__main__":
    configure_logs("info", "console")
    database_url, redis_url, home = sys.argv[1:]
    asyncio.run(run(Settings(database_url, redis_url, sluice_home=Path(home)), timings=TIMINGS))
