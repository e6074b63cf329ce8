"""What is true of the whole company."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Company:
    """The company's own currency (ISO 4217) and time zone; figures and days are told in these."""

    currency: str
    zone: ZoneInfo
