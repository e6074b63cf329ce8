"""Letters by SMTP: the standard library's client, in a thread, a connection for each batch."""

import asyncio
import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.header import Header
from email.mime.text import MIMEText
from email.utils import formataddr, formatdate, parseaddr

from connectors.mail.address import Encryption, SmtpAddress
from connectors.mail.mailer import Mail, NotSent

SECONDS_TO_ANSWER = 10.0
SECONDS_A_BATCH = 45.0
"""What has not been begun by then is not sent."""
_FAULTS = (smtplib.SMTPException, OSError)


class SmtpMailer:
    """Hands letters in at `address`, from `sender`: an address, or a name with one in angle brackets."""

    def __init__(self, address: SmtpAddress, sender: str, *, timeout: float = SECONDS_TO_ANSWER) -> None:
        self._address, self._sender, self._timeout = address, sender, timeout
        self.sender_domain = parseaddr(sender)[1].rpartition("@")[2]

    async def send(self, mails: Sequence[Mail]) -> Sequence[NotSent | None]:
        """As `Mailer.send`."""
        return await asyncio.to_thread(self._send, mails)

    def _send(self, mails: Sequence[Mail]) -> list[NotSent | None]:
        until, told = time.monotonic() + SECONDS_A_BATCH, list[NotSent | None]()
        try:
            with self._connected() as server:
                for mail in mails:
                    told.append(self._sent(server, mail) if time.monotonic() < until else NotSent(why="no time left"))
        except _FAULTS as fault:
            # Of the connection: whatever was not told of yet may have been in its way.
            why = NotSent(why=_told(fault))
            return [*told, *[why] * (len(mails) - len(told))]
        return told

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        at = self._address
        if at.encryption is Encryption.TLS:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(at.host, at.port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=self._timeout)
        try:
            if at.encryption is Encryption.STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if at.user is not None:
                server.login(at.user, at.password)
            yield server
            with suppress(*_FAULTS):
                server.quit()
        finally:
            server.close()

    def _sent(self, server: smtplib.SMTP, mail: Mail) -> NotSent | None:
        """What became of one letter. Raises what ends the connection."""
        try:
            server.send_message(self._message(mail))
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, _)] = refused.recipients.values()
            return NotSent(why=_told(refused), final=code >= 500)
        except smtplib.SMTPResponseException as refused:
            return NotSent(
                why=_told(refused), final=isinstance(refused, smtplib.SMTPDataError) and refused.smtp_code >= 500
            )
        except (smtplib.SMTPNotSupportedError, MessageError, ValueError) as wrong:
            return NotSent(why=_told(wrong), final=True)
        return None

    def _message(self, mail: Mail) -> MIMEText:
        # `EmailMessage` loses spaces where it folds a subject of two scripts.
        message, subject = MIMEText(mail.text, "plain", "utf-8"), " ".join(mail.subject.split())
        message["From"] = formataddr(parseaddr(self._sender))
        message["To"] = mail.to
        message["Subject"] = Header(subject, "us-ascii" if subject.isascii() else "utf-8").encode()
        message["Date"] = formatdate()
        message["Message-ID"] = mail.message_id
        # So that no machine answers (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        return message


def _told(fault: Exception) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())}"
