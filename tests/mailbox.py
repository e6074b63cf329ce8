"""A server that takes letters by SMTP, over TCP, for tests; and does so in the ways in which servers fail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

Answer = Callable[[str], str]


@dataclass
class Mailbox:
    """The letters that came, in their order. `answers` is what it says to a verb other than what it should.

    While `held` is set, it has a letter and says nothing more.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    held: bool = False
    port: int = 0

    def to(self, address: str) -> list[EmailMessage]:
        """Letters to somebody."""
        return [letter for letter in self.letters if letter["To"] == address]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""

        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        try:
            await say("220 mailbox")
            while line := await reader.readline():
                verb = line.decode().split()[0].upper()
                if verb == "DATA" and verb not in self.answers:
                    await say("354 go on")
                    text = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
                    self.letters.append(message_from_bytes(text, policy=policy.default))  # type: ignore[arg-type]  # by its policy
                    while self.held:  # noqa: ASYNC110  # nobody tells
                        await asyncio.sleep(0.01)
                await say(self.answers.get(verb, "221 bye" if verb == "QUIT" else "250 fine"))
                if verb == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mailbox that listens on a port of its own."""
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
