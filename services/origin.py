"""Where a request comes from, for those who keep a record of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The id of a request, as in its log lines, and the client's address; None where there is none, as in jobs.

    `agent` is what the client says that it is, `language` that in which it wants to be answered.
    """

    request_id: str | None = None
    address: str | None = None
    agent: str | None = None
    language: str = "en"


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039  # frozen


def origin() -> Origin:
    """Where what happens now was asked for."""
    return _origin.get()


@contextmanager
def coming_from(asked_in: Origin) -> Iterator[None]:
    """Let `origin` answer this inside the block."""
    token = _origin.set(asked_in)
    try:
        yield
    finally:
        _origin.reset(token)
