"""Structured logs: one JSON line an event on standard error, with request id, method and outcome."""

import logging
import sys

import structlog


def configure_logs(level: str = "info") -> None:
    """Set up logs once a process; `level` is debug, info, warning or error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger() -> structlog.typing.FilteringBoundLogger:
    """The process' logger."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound
