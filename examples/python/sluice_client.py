"""A small client of Sluice over httpx: signs in, renews its tokens, repeats what got no answer."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

TRIES = 5
_LOGIN = """mutation ($input: LoginInput!) {
  login(input: $input) { accessToken refreshToken errors { code message } }
}"""
_REFRESH = """mutation ($input: TokenRefreshInput!) {
  tokenRefresh(input: $input) { accessToken refreshToken errors { code message } }
}"""
_JOB = """query ($id: ID!) {
  job(id: $id) { id state total done failed message report(first: 20) { nodes { line subject reason } } }
}"""


class Refused(Exception):
    """The server said no; `errors` are the payload's, or those of the response."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(error["message"] for error in errors))
        self.errors = errors


class Sluice:
    """The API at `url` for one person, from `with` to its end."""

    def __init__(self, url: str, *, email: str, password: str) -> None:
        self._http = httpx.Client(base_url=httpx.URL(url).join("/"), timeout=30)
        self._credentials = {"email": email, "password": password}
        self._session: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._session = self._open(_LOGIN, "login", self._credentials)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """`data` of the answer. Raises Refused."""
        answer = self._post(document, variables)
        if _code(answer) == "UNAUTHENTICATED":
            self._renew()
            answer = self._post(document, variables)
        if "errors" in answer:
            raise Refused(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    def change(self, document: str, field: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """The payload of mutation `field`, whose one variable is `$input`.

        The input gets an idempotency key, so that it may be sent again when no answer came. Raises Refused.
        """
        payload: dict[str, Any] = self.ask(document, input={"idempotencyKey": str(uuid4()), **change})[field]
        if payload["errors"]:
            raise Refused(payload["errors"])
        return payload

    def pages(self, document: str, field: str, **variables: Any) -> Iterator[dict[str, Any]]:
        """Every node of connection `field`, page after page: the document takes `$after` and selects `pageInfo`."""
        after = None
        while True:
            found = self.ask(document, after=after, **variables)[field]
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]

    def upload(self, path: Path) -> str:
        """The id of a copy of the file on the server, for an import. Raises Refused."""
        response = self._send("/files", params={"name": path.name}, content=path.read_bytes())
        if response.status_code == 401:
            self._renew()
            response = self._send("/files", params={"name": path.name}, content=path.read_bytes())
        answer = response.json()
        if response.status_code != 201:
            raise Refused([answer])
        return str(answer["id"])

    def ended(self, job_id: str, *, seconds: float = 60) -> dict[str, Any]:
        """The job, when it has ended. Raises TimeoutError if it goes on for longer than that."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job: dict[str, Any] = self.ask(_JOB, id=job_id)["job"]
            if job["state"] not in {"QUEUED", "RUNNING"}:
                return job
            time.sleep(0.5)
        raise TimeoutError(f"{job_id} goes on: {job['done']} of {job['total']}")

    def _post(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._send("/graphql", json={"query": document, "variables": variables}).json()
        return answer

    def _send(self, path: str, **what: Any) -> httpx.Response:
        headers = {"accept": "application/graphql-response+json"}  # with it, refusals have status codes of their own
        if token := self._session.get("accessToken"):
            headers["authorization"] = f"Bearer {token}"
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            try:
                response = self._http.post(path, headers=headers, **what)
            except httpx.TransportError:
                if last:
                    raise
                time.sleep(0.2 * 2**attempt)
                continue
            if response.status_code not in {429, 503} or last:
                break
            time.sleep(float(response.headers.get("retry-after", "1")))
        return response

    def _renew(self) -> None:
        token, self._session = self._session.get("refreshToken"), {}
        try:
            self._session = self._open(_REFRESH, "tokenRefresh", {"refreshToken": token})
        except Refused:  # the session has ended
            self._session = self._open(_LOGIN, "login", self._credentials)

    def _open(self, document: str, field: str, change: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._post(document, {"input": change})
        session: dict[str, Any] | None = (answer.get("data") or {}).get(field)
        if not session or not session["accessToken"]:
            raise Refused(session["errors"] if session else answer["errors"])
        return session


def _code(answer: Mapping[str, Any]) -> str | None:
    errors = answer.get("errors") or [{}]
    code: str | None = errors[0].get("extensions", {}).get("code")
    return code
