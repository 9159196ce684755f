"""Structured logs: one JSON object a line (or coloured lines for a person), with the request's ids bound.

Never put a name, an address or a code into a log line: ids only.
"""

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def configure_logging(service: str, *, level: str = "INFO", json_lines: bool = True) -> None:
    """Set up this process's logs. Called once by each application; the standard library's records join in."""
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
    ):  # it gave them handlers of its own before it loaded us
        logging.getLogger(server).handlers.clear()
        logging.getLogger(server).setLevel(logging.NOTSET)
        logging.getLogger(server).propagate = True
    for noisy in ("aiormq", "aio_pika", "pymongo", "uvicorn.access", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("aiormq.connection").addFilter(_is_not_told_by_broker)
    structlog.contextvars.bind_contextvars(service=service)


def _is_not_told_by_broker(record: logging.LogRecord) -> bool:
    """Whether it is something else than an attempt to connect that failed, on which `Broker` has a line of its own."""
    return not str(record.msg).startswith("error when creating transport")
