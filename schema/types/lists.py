"""Lists that the company manages itself."""

import datetime
from decimal import Decimal

from schema.describe import object_type, text
from schema.enums import ReasonKind
from schema.scalars import CurrencyCode
from schema.types.base import Node

_VERSION = "Grows with every edit; give it back as `expectedVersion`."
_LABEL = "What it is called in the language of the request, or in the other where it has no name in that."
_ACTIVE = "Whether it can be chosen; what carries it already keeps it."


@object_type
class Labels:
    """What something is called, by language."""

    en: str | None = text("English.")
    zh: str | None = text("Chinese.")


@object_type
class Tier(Node):
    """How much an order matters (订单分层): a list that the company manages."""

    version: int = text(_VERSION)
    code: str = text("A short code, unique among tiers.")
    label: str = text(_LABEL)
    labels: Labels = text("Its names.")
    rank: int = text("Its place among tiers, the most important first.")
    colour: str | None = text('The colour that it is shown in, such as "#d4380d".')
    active: bool = text(_ACTIVE)
    created_at: datetime.datetime = text("When it was made.")


@object_type
class Reason(Node):
    """Why something came about: a list that the company manages, for each kind."""

    version: int = text(_VERSION)
    kind: ReasonKind = text("What it is a reason for.")
    code: str = text("A short code, unique among reasons of this kind.")
    label: str = text(_LABEL)
    labels: Labels = text("Its names.")
    position: int = text("Its place in the list.")
    active: bool = text(_ACTIVE)
    created_at: datetime.datetime = text("When it was made.")


@object_type
class Tag(Node):
    """A tag that is offered for orders and customers: a list that the company manages. Other tags are possible."""

    version: int = text(_VERSION)
    code: str = text("The text that orders and customers carry.")
    label: str = text(_LABEL)
    labels: Labels = text("Its names.")
    position: int = text("Its place in the list.")
    active: bool = text(_ACTIVE)
    created_at: datetime.datetime = text("When it was made.")


@object_type
class ExchangeRate(Node):
    """What one unit of a currency is worth in the company's from a day on, until the next rate's day."""

    version: int = text(_VERSION)
    currency: CurrencyCode = text("The currency.")
    date: datetime.date = text("From which day on, in the company's zone.")
    rate: Decimal = text("What one unit is worth in the company's currency.")
