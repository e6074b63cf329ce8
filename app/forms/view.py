"""POST /forms/<key>: a form of a web site, as JSON or as browsers encode forms."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.faults import UNAVAILABLE
from app.languages import preferred_language
from app.limits.gate import Busy
from app.outages import is_outage
from app.runtime import Runtime
from domain.attempts import client_network
from domain.leads.forms import Submission, submission
from domain.messages import PROBLEMS
from domain.problems import Problem
from domain.words import Words
from services.leads.forms import OpenForm, find_form, submit_form

LARGEST = 65_536
"""Bytes of a form."""
_OF_ONE_NETWORK = 4
_NO_FORM = Words("There is no such form.", "表单不存在。")
_TOO_LARGE = Words("The form is too large.", "表单内容过大。")
_NOT_READABLE = Words("The form is neither a JSON object nor URL-encoded.", "表单既不是 JSON 对象，也不是 URL 编码。")
_TOO_MUCH = Words("The form was sent too often; try again later.", "表单提交过于频繁，请稍后重试。")
_LOGGED = Words("Something went wrong here; it was logged.", "服务器出错，已记录。")
_MADE = orjson.dumps({"ok": True})

log = structlog.get_logger(__name__)


class _Refusal(Exception):
    """The request is answered with this."""

    def __init__(self, status: int, code: str, words: Words, retry_after: float = 0, fields: Any = None) -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words
        self.retry_after, self.fields = retry_after, fields


class Forms:
    """The endpoint of one process. It tells nobody whether somebody is known."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/forms/{key}", self.send, methods=["POST", "OPTIONS"])]

    async def send(self, request: Request) -> Response:
        """Take the form, or tell a browser that its page may send it; never raises."""
        headers: dict[str, str] = {"vary": "origin"}
        try:
            async with self._runtime.gate.place():
                form = await self._form(request)
                headers |= _cors(request, form)
                if request.method == "OPTIONS":
                    return Response(status_code=204, headers=headers)
                self._charge(request, form)
                await self._take(request, form)
        except _Refusal as refusal:
            return _refused(request, refusal, headers)
        except Busy:
            return _refused(request, _Refusal(503, "UNAVAILABLE", UNAVAILABLE, 1), headers)
        except ClientDisconnect:
            return _refused(request, _Refusal(400, "BAD_REQUEST", _NOT_READABLE), headers)
        except Exception as error:
            return _refused(request, _fault(error), headers)
        return Response(_MADE, 202, headers, media_type="application/json; charset=utf-8")

    async def _form(self, request: Request) -> OpenForm:
        if self._runtime.connected is None:
            raise ConnectionError("not connected yet")
        form = await find_form(request.path_params["key"])
        if form is None:
            raise _Refusal(404, "NOT_FOUND", _NO_FORM)
        return form

    def _charge(self, request: Request, form: OpenForm) -> None:
        """Of the form's own account, and of one for each network that sends it."""
        accounts = self._runtime.form_accounts
        network = client_network(request.client.host if request.client else None)
        for who, most in (
            (f"form {form.id} {network}", max(form.per_minute / _OF_ONE_NETWORK, 1)),
            (f"form {form.id}", form.per_minute),
        ):
            balance = accounts.charge(who, math.ceil(accounts.capacity / most))
            if balance.retry_after:
                raise _Refusal(429, "RATE_LIMITED", _TOO_MUCH, balance.retry_after)

    async def _take(self, request: Request, form: OpenForm) -> None:
        found = submission(_fields(request, await _body(request)))
        if isinstance(found, str):
            raise _invalid(request, {found: (Problem.UNKNOWN, "")})
        if found.is_trapped:
            return
        problems = {name: (problem.problem, problem.limit) for name, problem in _problems(self._runtime, found)}
        if problems:
            raise _invalid(request, problems)
        await submit_form(form=form, company=self._runtime.company, submission=found)


def _problems(runtime: Runtime, found: Submission) -> Any:
    return found.problems(currency=runtime.company.currency)


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise _Refusal(413, "BAD_REQUEST", _TOO_LARGE)
    return body


def _fields(request: Request, body: bytes) -> Mapping[str, object]:
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            fields = orjson.loads(body)
        else:
            fields = dict(parse_qsl(body.decode(), strict_parsing=bool(body), max_num_fields=100))
    except ValueError:
        raise _Refusal(400, "BAD_REQUEST", _NOT_READABLE) from None
    if not isinstance(fields, dict):
        raise _Refusal(400, "BAD_REQUEST", _NOT_READABLE)
    return fields


def _cors(request: Request, form: OpenForm) -> dict[str, str]:
    origin = request.headers.get("origin")
    if origin is None or origin not in form.origins:
        return {}
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "600",
    }


def _invalid(request: Request, problems: Mapping[str, tuple[str, str]]) -> _Refusal:
    place = 1 if preferred_language(request.headers.get("accept-language")) == "zh" else 0
    told = {
        name: {"problem": problem, "message": PROBLEMS[Problem(problem)][place].format(limit=limit)}
        for name, (problem, limit) in problems.items()
    }
    return _Refusal(422, "INVALID_INPUT", Words("Some fields are not right.", "部分字段有误。"), fields=told)


def _fault(error: Exception) -> _Refusal:
    if is_outage(error):
        log.warning("unavailable", error=repr(error))
        return _Refusal(503, "UNAVAILABLE", UNAVAILABLE, 1)
    log.error("failed", exc_info=error)
    return _Refusal(500, "INTERNAL", _LOGGED)


def _refused(request: Request, refusal: _Refusal, headers: dict[str, str]) -> Response:
    language = preferred_language(request.headers.get("accept-language"))
    told = {"code": refusal.code, "message": refusal.words.in_(language)}
    told |= {"fields": refusal.fields} if refusal.fields else {}
    after = {"retry-after": str(math.ceil(refusal.retry_after))} if refusal.retry_after else {}
    return Response(orjson.dumps(told), refusal.status, headers | after, media_type="application/json; charset=utf-8")
