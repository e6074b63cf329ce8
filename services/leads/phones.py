"""Phone numbers in one form, whoever wrote them how."""

import re
import unicodedata

SHORTEST = 7
"""Digits: what is shorter is an extension, or nothing."""
_LAST = 7


def phone_key(text: str | None, country: str | None) -> str | None:
    """The number as E.164 has it, "+442079460000"; its digits where it is no number of any country; None for nothing.

    `country`, an ISO 3166 code, is the one whose numbers are written without their country.
    """
    if text is None:
        return None
    import phonenumbers  # 3 MB, for those processes alone to which somebody gives a number

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = _digits(text)
    return digits if len(digits) >= SHORTEST else None


def digits_of(key: str) -> str:
    """The last digits of a key, from the last on, as `search_end` begins for every way to write the number."""
    return _digits(key)[-_LAST:][::-1]


def _digits(text: str) -> str:
    return re.sub("[^0-9]+", "", unicodedata.normalize("NFKC", text))
