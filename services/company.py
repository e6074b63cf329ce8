"""What is true of the whole company."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Company:
    """The company's own currency (ISO 4217) and time zone; figures and days are told in these.

    `country` (ISO 3166) is the one whose phone numbers are written without their country; None for none.
    """

    currency: str
    zone: ZoneInfo
    country: str | None = None

    def day_of(self, moment: datetime) -> date:
        """The day that it is at `moment` in the company's zone."""
        return moment.astimezone(self.zone).date()
