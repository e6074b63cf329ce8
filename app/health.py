"""/healthz: the process lives. /readyz: it can answer."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.runtime import Runtime


class Health:
    """The two endpoints of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    async def live(self, _request: Request) -> Response:
        """200 as long as the process turns its loop."""
        return JSONResponse({"status": "alive"})

    async def ready(self, _request: Request) -> Response:
        """200 when requests can be answered, else 503 with what is waited for."""
        missing = await self._runtime.check()
        if missing:
            return JSONResponse({"status": "waiting", "for": missing}, 503)
        return JSONResponse({"status": "ready"})
