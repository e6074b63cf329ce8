"""How the contenders serve: each as Sluice does."""

import os

import uvicorn
from starlette.applications import Starlette


def serve(app: Starlette) -> None:
    """Serve on PORT with the settings of `sluice serve`."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    uvicorn.Server(config).run()
