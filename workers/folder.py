"""Where a worker keeps files while it works on them. Nothing in it is needed once the process is gone."""

import time
from pathlib import Path

_LEFT_BEHIND_AFTER = 86_400.0  # seconds since the last change: a worker that was killed cannot tidy up


def work_folder(home: Path) -> Path:
    """The folder below `home`, made if need be, without what workers that are gone left behind."""
    folder = home / "work"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.stat().st_mtime < time.time() - _LEFT_BEHIND_AFTER:
            file.unlink(missing_ok=True)
    return folder
