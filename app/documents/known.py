"""Which document a request means, by its text, its hash, or its id in the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.documents.persisted import PersistedDocuments, hash_of
from domain.words import Words
from reads.errors import Code, coded
from reads.operations import Request

_ANOTHER = Words("`query` is not the document that `documentId` names.", "`query` 与 `documentId` 指定的文档不符。")
_UNKNOWN = Words("Only documents that are known here are answered.", "只接受已登记的文档。")
_NEITHER = Words(
    "`documentId` names no document that is known, nor is it the hash of `query`.",
    "`documentId` 不是已知文档，也不是 `query` 的哈希值。",
)
_NOT_FOUND = Words("PersistedQueryNotFound", "PersistedQueryNotFound")
"""Clients look for these letters, whatever their language."""


@dataclass(frozen=True)
class KnownDocuments:
    """`trusted` are those of the manifest, by their ids; `only_trusted` that no others are answered."""

    persisted: PersistedDocuments
    trusted: Mapping[str, str]
    only_trusted: bool = False
    _texts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_texts", frozenset(self.trusted.values()))

    async def found(self, request: Request) -> Request:
        """The request with its document. Raises a GraphQLError where it is not known, or not allowed."""
        name, text = request.document_id, request.text
        if name in self.trusted:
            if text and text != self.trusted[name]:
                raise coded(_ANOTHER, Code.BAD_REQUEST)
            return replace(request, text=self.trusted[name])
        if self.only_trusted and text not in self._texts:
            raise coded(_UNKNOWN, Code.FORBIDDEN)
        if text:
            if name and hash_of(text) != name:
                raise coded(_NEITHER, Code.BAD_REQUEST)
            return request
        known = await self.persisted.text(name)
        if known is None:
            raise coded(_NOT_FOUND, Code.PERSISTED_QUERY_NOT_FOUND)
        return replace(request, text=known)

    def keep(self, request: Request) -> None:
        """Know the document of a request by the hash that it came with, from now on."""
        if request.document_id and request.document_id not in self.trusted:
            self.persisted.keep(request.document_id, request.text)
