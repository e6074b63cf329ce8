"""What is asked for by a request to /graphql: by GET and POST, and in messages of WebSockets."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request

from app.documents.persisted import HASH, hash_of
from app.headers import header
from domain.words import Words
from reads import operations
from reads.errors import Code, Limit, beyond, coded

_JSON = "application/json"
_TEXTS = ("query", "operationName", "documentId")
_CHARSETS = frozenset({"", "utf-8", "utf8"})


class BadRequest(Exception):
    """Not a GraphQL request; `status` is the answer's, `error` what it says."""

    def __init__(self, message: Words, status: int = 400, *, error: GraphQLError | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error = error or coded(message, Code.BAD_REQUEST)


async def read_request(request: Request, *, largest: int) -> operations.Request:
    """The request, whose body may have `largest` bytes. Raises BadRequest."""
    if request.method == "GET":
        query = request.query_params
        given: dict[str, Any] = {name: query[name] for name in _TEXTS if name in query}
        given |= {name: parsed(query[name].encode()) for name in ("variables", "extensions") if query.get(name)}
        return asked_for(given, only_queries=True)
    if request.method != "POST":
        raise BadRequest(Words("Use POST, or GET for a query.", "请使用 POST，查询也可用 GET。"), 405)
    _check_content_type(header(request.scope, b"content-type") or "")
    return asked_for(parsed(await _body(request, largest)))


def asked_for(given: Any, *, only_queries: bool = False, subscribes: bool = False) -> operations.Request:
    """The request that an object of `query`, `variables`, `operationName` and `extensions` is. Raises BadRequest.

    Instead of `query`, or beside it, a document can be named: by `documentId`, or by the hash in `extensions`.
    """
    if not isinstance(given, dict):
        raise BadRequest(Words("The request is not an object with a query.", "请求不是含有 query 的对象。"))
    variables, name, extensions = given.get("variables"), given.get("operationName"), given.get("extensions")
    if variables is not None and not isinstance(variables, Mapping):
        raise BadRequest(Words("`variables` is not an object.", "`variables` 不是对象。"))
    if name is not None and not isinstance(name, str):
        raise BadRequest(Words("`operationName` is not a text.", "`operationName` 不是文本。"))
    if extensions is not None and not isinstance(extensions, Mapping):
        raise BadRequest(Words("`extensions` is not an object.", "`extensions` 不是对象。"))
    text, document_id = _document(given, extensions or {})
    tells_cost = extensions is not None and extensions.get("cost") is True
    return operations.Request(text, variables or {}, name or None, only_queries, subscribes, tells_cost, document_id)


def _document(given: Mapping[str, Any], extensions: Mapping[str, Any]) -> tuple[str, str]:
    """The text of the document, and what it is named by; "" stands for what is not given."""
    text, name = given.get("query"), given.get("documentId")
    named = extensions.get("persistedQuery")
    if named is not None:
        if name is not None:
            raise BadRequest(
                Words(
                    "`documentId` and `persistedQuery` name two documents: send one of them.",
                    "`documentId` 与 `persistedQuery` 指定了两个文档：请只发送其一。",
                )
            )
        name = named.get("sha256Hash") if isinstance(named, Mapping) and named.get("version") == 1 else None
        if not isinstance(name, str) or not HASH.fullmatch(name):
            raise BadRequest(
                Words(
                    "`persistedQuery` has no version 1 and sha256Hash.",
                    "`persistedQuery` 缺少 version 1 与 sha256Hash。",
                )
            )
        if isinstance(text, str) and text and hash_of(text) != name:
            raise BadRequest(Words("`sha256Hash` is not that of `query`.", "`sha256Hash` 与 `query` 不符。"))
    if name is not None and not isinstance(name, str):
        raise BadRequest(Words("`documentId` is not a text.", "`documentId` 不是文本。"))
    if not isinstance(text, str | None) or not (text or name):
        raise BadRequest(Words("`query` is missing or not a text.", "缺少 `query`，或不是文本。"))
    return text or "", name or ""


def parsed(text: bytes | str) -> Any:
    """What a JSON text says. Raises BadRequest."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Lone surrogates are JSON all the same; they are refused later, with the path to them.
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadRequest(Words("The request is not JSON.", "请求不是 JSON。")) from error


def _check_content_type(content_type: str) -> None:
    if content_type == _JSON:
        return
    media, *parameters = (part.strip() for part in content_type.lower().split(";"))
    charset = next((value[8:].strip('"') for value in parameters if value.startswith("charset=")), "")
    if media != _JSON or charset not in _CHARSETS:
        raise BadRequest(
            Words("Send the request as application/json in UTF-8.", "请以 UTF-8 编码的 application/json 发送请求。"),
            415,
        )


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                words = Words(f"The request is larger than {largest} bytes.", f"请求超过 {largest} 字节。")
                error = beyond(words, Limit.REQUEST_BYTES, most=largest, code=Code.BAD_REQUEST)
                raise BadRequest(words, 413, error=error)
    except ClientDisconnect as error:
        raise BadRequest(Words("The request ended early.", "请求提前中断。")) from error
    return bytes(body)
