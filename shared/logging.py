"""Structured logs: one JSON object per line (or coloured lines for people), with the ids of the request.

Never log a name, an address or a code: only ids.
"""

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def configure_logging(service: str, *, level: str = "INFO", json_lines: bool = True) -> None:
    """Set up this process's logs, including those of the standard library. Each application calls it once."""
    shared_steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for server in (
        "uvicorn",
        "uvicorn.error",
        "uvicorn.access",
    ):  # uvicorn gave them handlers before it loaded the application
        logging.getLogger(server).handlers.clear()
        logging.getLogger(server).setLevel(logging.NOTSET)
        logging.getLogger(server).propagate = True
    for noisy in ("aiormq", "aio_pika", "pymongo", "uvicorn.access", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("aiormq.connection").addFilter(_is_not_failed_connect)
    structlog.contextvars.bind_contextvars(service=service)


def _is_not_failed_connect(record: logging.LogRecord) -> bool:
    """Whether a record is anything but a failed attempt to connect, which `Broker` logs itself."""
    return not str(record.msg).startswith("error when creating transport")
