"""One trace of a call through door, gateway and sectors. OpenTelemetry is imported only where traces are asked for.

Nothing here may disturb a call: what the collector does or does not take is its own affair.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

from services.common import spans
from services.common.errors import Violation, invalid
from services.common.revision import MODEL_VERSION
from services.runtime.gates import Call
from services.runtime.telemetry.settings import TelemetrySettings

TRACEPARENT: Final = "traceparent"
# Longest W3C traceparent of version 00.
_TRACEPARENT_CHARACTERS: Final = 55
# What waits for a collector that is slow; the rest is dropped.
_MOST_WAITING_SPANS: Final = 4096
_EXPORT_MILLIS: Final = 5_000

on = False
_tracer: Any = None
_provider: Any = None


def trace_calls(service: str, settings: TelemetrySettings, exporter: Any = None) -> None:
    """Trace from now on when the settings name a collector (or an exporter is given: tests). Once a process.

    DomainError(INVALID_INPUT) when the package is not there.
    """
    global on, _tracer, _provider
    if on or not (settings.otlp or exporter is not None):
        return
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

        made = exporter or _otlp(settings.otlp)
    except ImportError:
        text = "traces need the optional packages of dafeng[telemetry]"
        raise invalid([Violation("telemetry.otlp", text, settings.otlp)]) from None
    # The exporter tells every failure with its stack; once is enough, and ours to tell.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    resource = Resource.create({"service.name": f"dafeng-{service}", "service.version": MODEL_VERSION})
    _provider = TracerProvider(
        resource=resource, sampler=ParentBasedTraceIdRatio(settings.sampled_share), shutdown_on_exit=False
    )
    _provider.add_span_processor(
        BatchSpanProcessor(made, max_queue_size=_MOST_WAITING_SPANS, export_timeout_millis=_EXPORT_MILLIS)
    )
    _tracer = _provider.get_tracer("dafeng")
    spans.trace_with(_Stages())
    on = True


def trace_no_more(wait_millis: int = 2_000) -> None:
    """Hand over what waits, for a short time, and stop."""
    global on, _tracer, _provider
    if not on:
        return
    on = False
    spans.trace_with(None)
    with suppress(Exception):
        _provider.force_flush(wait_millis)
    with suppress(Exception):
        _provider.shutdown()
    _tracer = _provider = None


def begin_call(service: str, call: Call) -> Any:
    """The span of a call that comes in, current from here on; None when it cannot be begun."""
    try:
        from opentelemetry import context, trace

        name = call.method.lstrip("/") if call.rule is not None else "unlisted"
        begun = _tracer.start_span(
            name,
            context=_context_of(call.metadata.get(TRACEPARENT)),
            kind=trace.SpanKind.SERVER,
            attributes={"dafeng.request_id": call.request_id, "dafeng.service": service},
        )
        return begun, context.attach(trace.set_span_in_context(begun))
    except Exception:
        return None


def end_call(begun: Any, call: Call) -> None:
    """The span of a call ends."""
    with suppress(Exception):
        from opentelemetry import trace

        made, token = begun
        made.set_attribute("dafeng.outcome", call.outcome)
        if call.actor.user_id:
            made.set_attribute("dafeng.user", call.actor.user_id)
        if call.outcome != "ok":
            made.set_status(trace.StatusCode.ERROR, call.outcome)
        made.end()
        _detach(token)


@contextmanager
def request_span(name: str, traceparent: str | None) -> Iterator[None]:
    """The span of a request over HTTP, with the caller's as its parent."""
    if not on:
        yield
        return
    begun = None
    with suppress(Exception):
        from opentelemetry import context, trace

        made = _tracer.start_span(name, context=_context_of(traceparent), kind=trace.SpanKind.SERVER)
        begun = made, context.attach(trace.set_span_in_context(made))
    try:
        yield
    finally:
        if begun is not None:
            with suppress(Exception):
                begun[0].end()
                _detach(begun[1])


def trace_metadata() -> Iterable[tuple[str, str]]:
    """Metadata by which the next service goes on with the trace; nothing where there is none."""
    parent = traceparent() if on else ""
    return ((TRACEPARENT, parent),) if parent else ()


def traceparent() -> str:
    """W3C traceparent of the span under way; empty without one."""
    found = _current()
    if found is None:
        return ""
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{int(found.trace_flags):02x}"


def trace_id() -> str:
    """Id of the trace under way; empty without one."""
    found = _current() if on else None
    return "" if found is None else f"{found.trace_id:032x}"


def _current() -> Any:
    try:
        from opentelemetry import trace

        found = trace.get_current_span().get_span_context()
    except Exception:
        return None
    return found if found.is_valid else None


def _context_of(parent: Any) -> Any:
    """The context that a caller's traceparent describes; a broken one begins a trace of its own."""
    from opentelemetry.context import Context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    if not isinstance(parent, str) or len(parent) != _TRACEPARENT_CHARACTERS:
        return Context()
    return TraceContextTextMapPropagator().extract({TRACEPARENT: parent}, context=Context())


def _detach(token: Any) -> None:
    """Undo `attach`; a stream may be closed from another context than the one that opened it."""
    from opentelemetry import context

    with suppress(ValueError):
        context._RUNTIME_CONTEXT.detach(token)  # `context.detach` logs what is usual here


def _otlp(address: str) -> Any:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=address, insecure=True, timeout=_EXPORT_MILLIS // 1000)


class _Stages:
    """Tells stages of the calculation as spans."""

    def span(self, name: str) -> AbstractContextManager[None]:
        """A span below the one under way."""
        held: AbstractContextManager[None] = _tracer.start_as_current_span(name)
        return held

    def note(self, name: str, value: str) -> None:
        """An attribute of the span under way."""
        with suppress(Exception):
            from opentelemetry import trace

            trace.get_current_span().set_attribute(f"dafeng.{name}", value)
