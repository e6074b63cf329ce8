"""`sluice serve`: the API in one process."""

import socket

import uvicorn

from app.asgi import Api, create_app
from app.settings import Settings

SECONDS_TO_FINISH = 10
"""For requests that run when the process is told to end; streams would hold it for ever."""


def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT. Logs go where `configure_logs` sent them."""
    api = create_app(settings)
    config = uvicorn.Config(
        api,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        ws_max_size=settings.request_bytes,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    _Server(config, api).run()


class _Server(uvicorn.Server):
    """Tells clients of WebSockets that it goes, before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, api: Api) -> None:
        super().__init__(config)
        self._api = api

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the sockets, then as uvicorn does: accept nothing more, let requests end."""
        await self._api.close()
        await super().shutdown(sockets)
