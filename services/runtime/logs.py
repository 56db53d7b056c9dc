"""Structured logs: one JSON line an event on standard error, with service, request, user, batch and trace ids.

Lines never hold tokens or bodies: nobody logs them, and what looks like one is blacked out all the same. What other
packages log (gRPC, uvicorn, alembic) goes the same way.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from services.common import spans
from services.common.acting import actor
from services.runtime.telemetry import tracing
from services.runtime.telemetry.log_sink import sink

BLACKED_OUT: Final = "[secret]"
_SECRET_KEYS: Final = re.compile(
    r"authorization|cookie|password|secret|token$|private_key|assertion|credential", re.IGNORECASE
)
# A JWT, whole or in part of a text; what follows the word of an authorization header; a password in an address.
_SECRET_TEXT: Final = re.compile(
    r"eyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?|(?<=bearer )[^\s'\",;)]+|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)",
    re.IGNORECASE,
)
# They tell at `debug` what only their own makers read, at every call or compiled function.
_NOISY: Final = ("grpc._cython.cygrpc", "numba", "asyncio")
# It tells statements with their values, which are drafts and people.
_TELLS_VALUES: Final = "sqlalchemy"
_process_service = ""


def configure_logs(level: str = "info", service: str = "") -> None:
    """Set up logs once a process; `level` is debug, info, warning or error, `service` what lines outside calls say."""
    global _process_service
    _process_service = service or _process_service
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _around,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    write = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    structlog.configure(
        processors=[*shared, write],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=_Lines,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, _OtherPackages)]:
        root.removeHandler(handler)
    root.addHandler(
        _OtherPackages(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, write],
            )
        )
    )
    root.setLevel(getattr(logging, level.upper()))
    for name in _NOISY:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    logging.getLogger(_TELLS_VALUES).setLevel(max(logging.WARNING, root.level))


def logger() -> structlog.typing.FilteringBoundLogger:
    """The process' logger."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound


class _Lines:
    """What structlog writes to."""

    def __init__(self, *_: Any) -> None:
        self._put = sink().put

    def msg(self, message: str) -> None:
        """One line."""
        self._put(message)

    log = debug = info = warn = warning = error = critical = exception = failure = fatal = msg


class _OtherPackages(logging.Handler):
    """Lines of the standard library's loggers."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(form)

    def emit(self, record: logging.LogRecord) -> None:
        """One line."""
        try:
            sink().put(self.format(record))
        except Exception:
            sink().put('{"event": "a log line could not be written", "level": "error"}')


def _around(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add what is known of the call under way."""
    for name, value in spans.facts().items():
        event.setdefault(name, value)
    if "batch" in event:
        event.setdefault("batch_id", event["batch"])
    if _process_service:
        event.setdefault("service", _process_service)
    who = actor().user_id
    if who:
        event.setdefault("user", who)
    if tracing.on:
        found = tracing.trace_id()
        if found:
            event.setdefault("trace_id", found)
    return event


def _without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if _SECRET_KEYS.search(name):
            event[name] = BLACKED_OUT
        elif isinstance(value, str):
            if len(value) > 8:
                event[name] = _SECRET_TEXT.sub(BLACKED_OUT, value)
        elif not isinstance(value, int | float | None):
            event[name] = _SECRET_TEXT.sub(BLACKED_OUT, str(value))
    return event
