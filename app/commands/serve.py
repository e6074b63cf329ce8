"""`sluice serve`: the API in one process."""

import uvicorn

from app.asgi import create_app
from app.settings import Settings

SECONDS_TO_FINISH = 10
"""For requests that run when the process is told to end; streams would hold it for ever."""


def run(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT. Logs go where `configure_logs` sent them."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    uvicorn.Server(config).run()
