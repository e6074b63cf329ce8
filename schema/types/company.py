"""The company."""

from schema.describe import object_type, text
from schema.scalars import CurrencyCode


@object_type
class Company:
    """What is true of the whole company."""

    currency: CurrencyCode = text("The company's own currency, in which amounts are compared and added up.")
    zone: str = text("The IANA time zone in which the company's days begin.")
