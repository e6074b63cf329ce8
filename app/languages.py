"""The language of an answer, from Accept-Language (RFC 9110, 12.5.4)."""

from functools import lru_cache

LANGUAGES = ("en", "zh")
LONGEST = 1_000
"""How much of the header is looked at."""


def preferred_language(header: str | None) -> str:
    """The one of LANGUAGES that the header likes best: "en" without a header, or where it likes neither."""
    return _preferred(header[:LONGEST]) if header else LANGUAGES[0]


@lru_cache(maxsize=256)
def _preferred(header: str) -> str:
    best, best_weight = LANGUAGES[0], 0.0
    for item in header.split(","):
        tag, _, parameters = item.partition(";")
        language = tag.strip().lower().split("-")[0]
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
