"""Which media type an answer has, by the request's Accept header (RFC 9110, section 12.5.1)."""

from functools import lru_cache

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"
LONGEST = 1_000
"""How much of an Accept header is looked at."""


def negotiated(accept: str | None) -> str | None:
    """The media type that the client likes best; None where it takes none of ours.

    Among what it likes equally, the one that says more by its status wins if it is named, and plain JSON if not:
    clients that take anything are of the time before there was another.
    """
    return JSON if accept is None else _best(accept[:LONGEST])


def wants_events(accept: str | None) -> bool:
    """Whether the client asked, by name, for a stream of events, and likes it better than a plain answer.

    Clients such as urql name it beside JSON in every request, for what comes in parts, and mean JSON.
    """
    if accept is None or EVENTS not in accept:
        return False
    ranges = _ranges(accept[:LONGEST])
    return ranges.get(EVENTS, 0.0) > max(_quality(ranges, RESPONSE), _quality(ranges, JSON))


@lru_cache(maxsize=256)
def _best(accept: str) -> str | None:
    ranges = _ranges(accept)
    offered = (RESPONSE, JSON) if RESPONSE in ranges else (JSON, RESPONSE)
    best = max(offered, key=lambda media: _quality(ranges, media))
    return best if _quality(ranges, best) > 0 else None


def _ranges(accept: str) -> dict[str, float]:
    """The media ranges of the header with their qualities, 1 where none is given."""
    found: dict[str, float] = {}
    for part in accept.lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((value[2:].strip() for value in parameters if value.startswith("q=")), "1")
        if media:
            found[media] = _number(quality)
    return found


def _quality(ranges: dict[str, float], media: str) -> float:
    """That of the most specific range that holds the media type; of an empty header, which takes anything, 1."""
    kind = media.partition("/")[0]
    named = [ranges[each] for each in (media, f"{kind}/*", "*/*") if each in ranges]
    return named[0] if named else 0.0 if ranges else 1.0


def _number(quality: str) -> float:
    try:
        return min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return 0.0
