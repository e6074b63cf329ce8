"""What is asked for by a request to /graphql: by GET and POST, and in messages of WebSockets."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from reads import operations

_JSON = "application/json"
_CHARSETS = frozenset({"", "utf-8", "utf8"})


class BadRequest(Exception):
    """Not a GraphQL request; `status` is the answer's."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


async def read_request(request: Request, *, largest: int) -> operations.Request:
    """The request, whose body may have `largest` bytes. Raises BadRequest."""
    if request.method == "GET":
        query = request.query_params
        given: dict[str, Any] = {name: query[name] for name in ("query", "operationName") if name in query}
        given |= {name: parsed(query[name].encode()) for name in ("variables", "extensions") if query.get(name)}
        return asked_for(given, only_queries=True)
    if request.method != "POST":
        raise BadRequest("Use POST, or GET for a query.", 405)
    _check_content_type(request.headers.get("content-type", ""))
    return asked_for(parsed(await _body(request, largest)))


def asked_for(given: Any, *, only_queries: bool = False, subscribes: bool = False) -> operations.Request:
    """The request that an object of `query`, `variables`, `operationName` and `extensions` is. Raises BadRequest."""
    if not isinstance(given, dict):
        raise BadRequest("The request is not an object with a query.")
    text, variables, name = given.get("query"), given.get("variables"), given.get("operationName")
    extensions = given.get("extensions")
    if not isinstance(text, str) or not text:
        raise BadRequest("`query` is missing or not a text.")
    if variables is not None and not isinstance(variables, Mapping):
        raise BadRequest("`variables` is not an object.")
    if name is not None and not isinstance(name, str):
        raise BadRequest("`operationName` is not a text.")
    if extensions is not None and not isinstance(extensions, Mapping):
        raise BadRequest("`extensions` is not an object.")
    tells_cost = extensions is not None and extensions.get("cost") is True
    return operations.Request(text, variables or {}, name or None, only_queries, subscribes, tells_cost)


def parsed(text: bytes | str) -> Any:
    """What a JSON text says. Raises BadRequest."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Lone surrogates are JSON all the same; they are refused later, with the path to them.
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The request is not JSON.") from error


def _check_content_type(content_type: str) -> None:
    if content_type == _JSON:
        return
    media, *parameters = (part.strip() for part in content_type.lower().split(";"))
    charset = next((value[8:].strip('"') for value in parameters if value.startswith("charset=")), "")
    if media != _JSON or charset not in _CHARSETS:
        raise BadRequest("Send the request as application/json in UTF-8.", 415)


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                raise BadRequest(f"The request is larger than {largest} bytes.", 413)
    except ClientDisconnect as error:
        raise BadRequest("The request ended early.") from error
    return bytes(body)
