"""Where letters are handed in: SMTP_URL."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit


class Encryption(StrEnum):
    """How the connection is kept private, by the scheme of the URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Encryption.NONE: 25, Encryption.STARTTLS: 587, Encryption.TLS: 465}


@dataclass(frozen=True, kw_only=True)
class SmtpAddress:
    """A server, and who one is there; without a `user`, nobody."""

    host: str
    port: int
    encryption: Encryption
    user: str | None = None
    password: str = field(default="", repr=False)


def parse_smtp_url(url: str) -> SmtpAddress:
    """The address that a URL such as smtp+starttls://user:password@host:587 names.

    Raises ValueError, without the URL in it; also for a password that would go over the network in the open.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        encryption = Encryption(parts.scheme)
    except ValueError:
        raise ValueError(_FORM) from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(_FORM)
    if parts.username and encryption is Encryption.NONE and not _is_here(parts.hostname):
        raise ValueError("must not send a password in the open: use smtp+starttls:// or smtps://")
    return SmtpAddress(
        host=parts.hostname,
        port=port or _PORTS[encryption],
        encryption=encryption,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
    )


_FORM = "must look like smtp+starttls://user:password@mail.example.com:587"


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
