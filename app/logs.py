"""Structured logs on standard error: one JSON object a line, or readable lines for a terminal.

Whatever is bound by `structlog.contextvars` (the request's or the job's id) is in each line of its context,
those of libraries included.
"""

import logging
import sys
from typing import Any, Literal

import orjson
import structlog
from structlog.typing import Processor

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["json", "console"]

# arq tells each job's arguments, Tortoise that it closes; requests are logged by the application, with their ids.
QUIET = ("arq", "tortoise", "uvicorn.access")


def configure_logs(level: Level, form: Format) -> None:
    """Sends the logs of this process, of structlog and of the standard library alike, to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Our own lines do not pass through the standard library: there is one for each request, and it costs a tenth of it.
    structlog.configure(
        processors=[*shared, *_renderers(form)],
        logger_factory=_NamedLogger,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.PositionalArgumentsFormatter(),
                *shared,
                structlog.stdlib.ExtraAdder(),
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _NamedLogger(structlog.PrintLogger):
    """Writes lines to standard error, and knows the name that its lines bear."""

    def __init__(self, name: str = "sluice") -> None:
        super().__init__(sys.stderr)
        self.name = name


def _renderers(form: Format) -> list[Processor]:
    # Never with local variables: they hold passwords and tokens.
    if form == "console":
        return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(serializer=_json)]


def _json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
