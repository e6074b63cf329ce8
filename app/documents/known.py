"""Which document a request means, by its text, its hash, or its id in the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.documents.persisted import PersistedDocuments, hash_of
from reads.errors import Code, coded
from reads.operations import Request


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
                raise coded("`query` is not the document that `documentId` names.", Code.BAD_REQUEST)
            return replace(request, text=self.trusted[name])
        if self.only_trusted and text not in self._texts:
            raise coded("Only documents that are known here are answered.", Code.FORBIDDEN)
        if text:
            if name and hash_of(text) != name:
                raise coded(
                    "`documentId` names no document that is known, nor is it the hash of `query`.", Code.BAD_REQUEST
                )
            return request
        known = await self.persisted.text(name)
        if known is None:
            raise coded("PersistedQueryNotFound", Code.PERSISTED_QUERY_NOT_FOUND)
        return replace(request, text=known)

    def keep(self, request: Request) -> None:
        """Know the document of a request by the hash that it came with, from now on."""
        if request.document_id and request.document_id not in self.trusted:
            self.persisted.keep(request.document_id, request.text)
