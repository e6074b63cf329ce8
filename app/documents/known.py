"""Which document a request means, by its text, its hash, or its id in the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.documents.persisted import PersistedDocuments
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
        if request.document_id in self.trusted:
            return replace(request, text=self.trusted[request.document_id])
        if self.only_trusted and request.text not in self._texts:
            raise coded("Only documents that are known here are answered.", Code.FORBIDDEN)
        if request.text:
            return request
        text = await self.persisted.text(request.document_id)
        if text is None:
            raise coded("PersistedQueryNotFound", Code.PERSISTED_QUERY_NOT_FOUND)
        return replace(request, text=text)

    def keep(self, request: Request) -> None:
        """Know the document of a request by the hash that it came with, from now on."""
        if request.document_id and request.document_id not in self.trusted:
            self.persisted.keep(request.document_id, request.text)
