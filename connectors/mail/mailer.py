"""Whoever sends letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A letter of plain text to one address. `message_id` is the same however often it is sent."""

    to: str
    subject: str
    text: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class NotSent:
    """Why a letter was not taken; `final` if it would not be another time, either."""

    why: str
    final: bool = False


class Mailer(Protocol):
    """Sends letters. One that was taken before something broke may be told as not sent: it may arrive twice."""

    @property
    def sender_domain(self) -> str:
        """The domain of the address from which it sends, for the ids of messages."""

    async def send(self, mails: Sequence[Mail]) -> Sequence[NotSent | None]:
        """What became of each, in their order: None where it was taken. Never raises for what a server does."""
