"""Inputs about lists that the company manages itself."""

import datetime
from decimal import Decimal

from schema.describe import input_type, text
from schema.enums import ReasonKind
from schema.inputs.common import IDEMPOTENCY_KEY, change, optional
from schema.scalars import CurrencyCode

_VERSION = "The version that the change was decided on; absent for a new entry."
_LABELS = "What people call it, all languages together; needed for a new entry."
_ACTIVE = "Whether it can be chosen; true for a new entry."
_POSITION = "Its place in the list, small ones first; 0 for a new entry."


@input_type
class LabelsInput:
    """What an entry is called; one language at least."""

    en: str | None = optional("English.")
    zh: str | None = optional("Chinese.")


@input_type
class ChannelUpsertInput:
    """A channel by its code: what is left out stays as it is."""

    code: str = text("A short code, unique in the company.")
    expected_version: int | None = optional(_VERSION)
    name: str | None = change("Name; needed for a new channel.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TierUpsertInput:
    """A tier by its code: what is left out stays as it is, null empties."""

    code: str = text("A short code, unique among tiers.")
    expected_version: int | None = optional(_VERSION)
    labels: LabelsInput | None = change(_LABELS)
    rank: int | None = change("Its place among tiers, the most important first; needed for a new tier.")
    colour: str | None = change('The colour that it is shown in, such as "#d4380d".')
    active: bool | None = change(_ACTIVE)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ReasonUpsertInput:
    """A reason by its kind and code: what is left out stays as it is."""

    kind: ReasonKind = text("What it is a reason for.")
    code: str = text("A short code, unique among reasons of this kind.")
    expected_version: int | None = optional(_VERSION)
    labels: LabelsInput | None = change(_LABELS)
    position: int | None = change(_POSITION)
    active: bool | None = change(_ACTIVE)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class TagUpsertInput:
    """A tag by its code: what is left out stays as it is."""

    code: str = text("The text that orders and customers carry.")
    expected_version: int | None = optional(_VERSION)
    labels: LabelsInput | None = change(_LABELS)
    position: int | None = change(_POSITION)
    active: bool | None = change(_ACTIVE)
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@input_type
class ExchangeRateUpsertInput:
    """What a currency is worth from a day on. Orders that are there already keep the rate of their entry."""

    currency: CurrencyCode = text("The currency; not the company's own.")
    date: datetime.date = text("From which day on, in the company's zone.")
    expected_version: int | None = optional("The version that the change was decided on; absent for a new rate.")
    rate: Decimal | None = change("What one unit is worth in the company's currency; needed for a new rate.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)
