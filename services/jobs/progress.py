"""How far a job has come."""

from typing import Protocol


class Progress(Protocol):
    """Stores how far the job has come. What it raises, such as CancelAsked, ends the run."""

    async def __call__(self, *, done: int, failed: int = 0, unchanged: int = 0, total: int | None = None) -> None: ...
