"""The messages of graphql-transport-ws, and the codes by which a socket is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.graphql_request import BadRequest, parsed

PROTOCOL = "graphql-transport-ws"


class Close(Exception):
    """The socket is to be closed with `code`; `reason` is for people."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


GOING_AWAY = 1001
TOO_LARGE = 1009
TRY_AGAIN = 1013
BAD_MESSAGE = 4400
UNAUTHORISED = 4401
BAD_SUBPROTOCOL = 4406
INIT_TIMEOUT = 4408
DUPLICATE = 4409
TOO_MANY_INITS = 4429


@dataclass(frozen=True)
class Message:
    """What a client says. `id` names the operation that it is about, "" where it is about none."""

    type: str
    id: str
    payload: Mapping[str, Any] | None


def read_message(text: str) -> Message:
    """A client's message. Raises Close for what is none."""
    try:
        given = parsed(text)
    except BadRequest:
        raise Close(BAD_MESSAGE, "The message is not JSON") from None
    if not isinstance(given, dict) or not isinstance(given.get("type"), str):
        raise Close(BAD_MESSAGE, "The message has no type")
    kind, name, payload = given["type"], given.get("id", ""), given.get("payload")
    if payload is not None and not isinstance(payload, Mapping):
        raise Close(BAD_MESSAGE, "The payload is not an object")
    if not isinstance(name, str) or (kind in {"subscribe", "complete"} and not name):
        raise Close(BAD_MESSAGE, "The id is missing or not a text")
    return Message(kind, name, payload)


def written(kind: str, name: str = "", payload: Any = None) -> str:
    """A message to a client."""
    message: dict[str, Any] = {"type": kind}
    if name:
        message["id"] = name
    if payload is not None:
        message["payload"] = payload
    return orjson.dumps(message).decode()
