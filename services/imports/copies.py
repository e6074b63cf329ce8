"""Files are copied below the home, for the worker: what is imported is what was there when the import was started."""

import hashlib
import os
import shutil
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import uuid4

from services.imports.run import ImportRefused, KeptFile

FOLDER = Path("imports")
BYTES_AT_ONCE = 1 << 20
KEPT_FOR = 86_400.0  # seconds after the last change; only what no open import needs goes


def keep_copies(home: Path, files: Sequence[Path]) -> tuple[KeptFile, ...]:
    """Copies of `files` in a new folder, named by their content, safe on the disk.

    Raises ImportRefused when two have the same content, which would double each line.
    """
    folder = FOLDER / uuid4().hex
    (home / folder).mkdir(mode=0o700, parents=True)
    try:
        kept = tuple(_keep_copy(home, folder, file) for file in files)
        _refuse_doubles(kept)
    except BaseException:
        shutil.rmtree(home / folder)
        raise
    return kept


def remove_copies(home: Path, *, needed: Collection[str]) -> None:
    """Remove the folders in which nothing is `needed`, a list of what KeptFile calls `copy_at`."""
    folders = {Path(path).parent for path in needed}
    for folder in (home / FOLDER).iterdir():
        if FOLDER / folder.name not in folders and folder.stat().st_mtime < time.time() - KEPT_FOR:
            shutil.rmtree(folder, ignore_errors=True)


def _keep_copy(home: Path, folder: Path, file: Path) -> KeptFile:
    unfinished = home / folder / "unfinished"
    content = hashlib.sha256()
    with file.open("rb") as original, unfinished.open("wb") as copy:
        while piece := original.read(BYTES_AT_ONCE):
            content.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    at = folder / content.hexdigest()
    unfinished.rename(home / at)
    return KeptFile(name=file.name, copy_at=str(at))


def _refuse_doubles(files: Sequence[KeptFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if file.copy_at in seen:
            raise ImportRefused(f"{seen[file.copy_at]} and {file.name} have the same content")
        seen[file.copy_at] = file.name
