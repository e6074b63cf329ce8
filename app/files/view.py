"""POST /files and GET /files/{id}."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.auth.bearer import Unauthenticated
from app.callers import account_of_viewer
from app.faults import UNAVAILABLE
from app.files.form import Form, NoFile
from app.languages import preferred_language
from app.limits.gate import Busy, Place
from app.outages import is_outage
from app.runtime import Connected, Runtime
from domain.audit import AuditAction
from domain.files import FileKind, Upload
from domain.scopes import TokenScope
from domain.words import Words
from rows.entities import FILE
from rows.ids import global_id, number_of
from rows.viewer import Viewer
from services.audit import record_alone
from services.files.download import Download, find_download
from services.files.store import UNFINISHED_FOR, read_file
from services.files.upload import (
    FileTooLarge,
    QuotaExceeded,
    Uploaded,
    UploadRefused,
    too_large,
    upload_file,
)

_FORM = b"multipart/form-data"
_FORM_OVERHEAD = 65_536
"""Bytes that a form may add to its file."""
POINTS = 10
BYTES_A_POINT = 10_000
"""What a file costs that is sent: so many points, and one for so many bytes."""
_STATUS: dict[type[UploadRefused], int] = {UploadRefused: 415, FileTooLarge: 413, QuotaExceeded: 413}
_SAFE = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
}

_BUSY = Words("There is too much to do at the moment; try again shortly.", "当前请求过多，请稍后重试。")
_ENDED_EARLY = Words("The request ended early.", "请求提前中断。")
_NO_FILE = Words("There is no such file, or the address is no longer good.", "文件不存在，或下载地址已失效。")
_LOGGED = Words("Something went wrong here; it was logged.", "服务器出错，已记录。")
_TOO_MUCH = Words("You have sent too much in a short time; try again later.", "短时间内发送过多，请稍后重试。")
_SIGN_IN = Words("Sign in first: send an access token.", "请先登录，并发送访问令牌。")
_NO_SCOPE = Words("This token has no scope FILES.", "此令牌没有 FILES 权限范围。")

log = structlog.get_logger(__name__)


class BadUpload(Exception):
    """The request is not one for this; `status` and `code` are the answer's, which says when to come again."""

    def __init__(
        self, message: Words, *, status: int = 400, code: str = "BAD_REQUEST", retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.words = message
        self.status = status
        self.code = code
        self.retry_after = retry_after


class Files:
    """The endpoints of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        settings = runtime.settings
        self._allowed = Upload(largest=settings.file_size_limit, quota=settings.file_quota)
        self._kept_for = timedelta(days=settings.files_kept_days)

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/files", self.upload, methods=["POST"]),
            Route("/files/{file}", self.download, methods=["GET"]),
        ]

    async def upload(self, request: Request) -> Response:
        """Keep the file that the request brings; never raises."""
        try:
            async with asyncio.timeout(UNFINISHED_FOR.total_seconds()):
                uploaded = await self._upload(request)
        except UploadRefused as refusal:
            return _refusal(request, _STATUS[type(refusal)], refusal.code, refusal.words)
        except BadUpload as error:
            return _refusal(request, error.status, error.code, error.words, retry_after=error.retry_after)
        except Busy:
            self._runtime.observer.metrics.turned_away.add()
            return _refusal(request, 503, "UNAVAILABLE", _BUSY)
        except NoFile as error:
            return _refusal(request, 400, "BAD_REQUEST", error.words)
        except ClientDisconnect:
            return _refusal(request, 400, "BAD_REQUEST", _ENDED_EARLY)
        except Exception as error:
            return _fault(request, error)
        return _json(201, _shown(uploaded))

    async def download(self, request: Request) -> Response:
        """Send a file to whoever has an address for it that is good now; never raises."""
        try:
            found = await self._find(request)
        except Exception as error:
            return _fault(request, error)
        if found is None:
            return _refusal(request, 404, "NOT_FOUND", _NO_FILE)
        return StreamingResponse(read_file(found.id), headers=_headers(found), media_type=found.media_type)

    async def _upload(self, request: Request) -> Uploaded:
        async with self._runtime.gate.place() as place:
            viewer = await self._viewer(request)
            announced = _length(request)
            if announced is not None and announced > self._allowed.largest + _FORM_OVERHEAD:
                raise FileTooLarge(too_large(self._allowed.largest))
            self._charge(viewer, announced)
            name, pieces = await _content(request, self._body(request, place, viewer, announced))
            return await upload_file(
                viewer=viewer,
                name=name,
                pieces=pieces,
                announced=announced,
                allowed=self._allowed,
                kept_for=self._kept_for,
            )

    def _charge(self, viewer: Viewer, announced: int | None) -> None:
        """Raises BadUpload where there are not enough points for as many bytes."""
        accounts, who = self._runtime.accounts, account_of_viewer(viewer)
        balance = accounts.overdrawn(who) or accounts.charge(who, POINTS + (announced or 0) // BYTES_A_POINT)
        if balance.retry_after:
            raise BadUpload(_TOO_MUCH, status=429, code="RATE_LIMITED", retry_after=balance.retry_after)

    async def _body(
        self, request: Request, place: Place, viewer: Viewer, announced: int | None
    ) -> AsyncIterator[bytes]:
        """The body as it comes. Who waits for a slow client leaves the place to others meanwhile."""
        stream, size = aiter(request.stream()), 0
        try:
            while True:
                async with place.aside():
                    piece = await anext(stream, None)
                if piece is None:
                    return
                size += len(piece)
                yield piece
        finally:
            if announced is None:
                self._runtime.accounts.debit(account_of_viewer(viewer), size // BYTES_A_POINT)

    async def _viewer(self, request: Request) -> Viewer:
        """Who sends the file. Raises BadUpload for somebody unknown, and for an API token without the scope."""
        connected, caller = self._connected(), None
        with contextlib.suppress(Unauthenticated):
            caller = await connected.authenticator.caller(request.headers.get("authorization"))
        if caller is None:
            raise BadUpload(_SIGN_IN, status=401, code="UNAUTHENTICATED")
        scopes = caller.viewer.scopes
        if scopes is not None and TokenScope.FILES not in scopes:
            raise BadUpload(_NO_SCOPE, status=403, code="FORBIDDEN")
        return caller.viewer

    async def _find(self, request: Request) -> Download | None:
        self._connected()
        file_id = number_of(request.path_params["file"], FILE)
        if file_id is None:
            return None
        query = request.query_params
        found = await find_download(file_id=file_id, until=query.get("until", ""), key=query.get("key", ""))
        if found and found.kind is FileKind.RESULT:
            await record_alone(actor=None, action=AuditAction.EXPORT_DOWNLOADED, subject=(FILE, found.id))
        return found

    def _connected(self) -> Connected:
        if self._runtime.connected is None:
            raise ConnectionError("not connected yet")
        return self._runtime.connected


async def _content(request: Request, body: AsyncIterator[bytes]) -> tuple[str, AsyncIterator[bytes]]:
    """Name and content of the file: the one in a form, or `body` itself, named by the parameter `name`."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != _FORM:
        return request.query_params.get("name", ""), body
    if not options.get(b"boundary"):
        raise BadUpload(Words("The form has no boundary.", "表单缺少 boundary。"))
    form = Form(body, options[b"boundary"])
    return await form.filename(), form.pieces()


def _length(request: Request) -> int | None:
    """How many bytes are announced, if that is said."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _headers(file: Download) -> dict[str, str]:
    """The name in ASCII for old clients, and as it is (RFC 6266); nothing of it can end the header."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in " ._-()") else "_" for char in file.name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return {**_SAFE, "content-length": str(file.size), "content-disposition": disposition}


def _shown(file: Uploaded) -> dict[str, Any]:
    return {
        "id": global_id(FILE, file.id),
        "name": file.name,
        "size": file.size,
        "mediaType": file.media_type,
        "sha256": file.sha256,
    }


def _fault(request: Request, error: Exception) -> Response:
    if is_outage(error):
        log.warning("unavailable", error=repr(error))
        return _refusal(request, 503, "UNAVAILABLE", UNAVAILABLE)
    log.error("failed", exc_info=error)
    return _refusal(request, 500, "INTERNAL", _LOGGED)


def _refusal(request: Request, status: int, code: str, words: Words, *, retry_after: float | None = None) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    seconds = 1 if status == 503 else retry_after
    return _json(status, {"code": code, "message": words.in_(language)}, retry_after=seconds)


def _json(status: int, content: dict[str, Any], *, retry_after: float | None = None) -> Response:
    headers = {"retry-after": str(math.ceil(retry_after))} if retry_after else None
    return Response(orjson.dumps(content), status, headers, media_type="application/json; charset=utf-8")
