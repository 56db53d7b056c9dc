"""The figures of this process, as Prometheus reads them: one registry of our own, filled by gates and by rooms' hooks.

Names and labels are a contract with the dashboard and the alerts (k8s/components/monitoring). Labels hold ids of a
bounded set only: services, methods of the access table, classes, reasons.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector

from services.runtime.telemetry.log_sink import sink

# Seconds of a call: fine where planners wait, coarse where solves and batches run.
CALL_BUCKETS_S: Final = (
    0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 600.0,
)  # fmt: skip
# Refusals are to be quick.
REFUSAL_BUCKETS_S: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 1.0)

Reading = float | Mapping[tuple[str, ...], float]
Kind = Literal["gauge", "counter"]


disable_created_metrics()  # type: ignore[no-untyped-call]


class _Callbacks:
    """Figures that are asked for when somebody looks; the owner of each is whoever registered it last."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, Kind, tuple[str, ...], Callable[[], Reading]]] = {}
        self._lock = threading.Lock()

    def put(
        self, name: str, text: str, kind: Kind, labels: tuple[str, ...], read: Callable[[], Reading]
    ) -> Callable[[], None]:
        row = (text, kind, labels, read)
        with self._lock:
            self._rows[name] = row

        def take_back() -> None:
            with self._lock:
                if self._rows.get(name) is row:
                    del self._rows[name]

        return take_back

    def collect(self) -> Iterator[Metric]:
        """What every callback says; one that fails is left out of this look."""
        with self._lock:
            rows = list(self._rows.items())
        for name, (text, kind, labels, read) in rows:
            try:
                found = read()
                values = found if isinstance(found, Mapping) else {(): found}
                family = (CounterMetricFamily if kind == "counter" else GaugeMetricFamily)(
                    name, text, labels=labels
                )
                for key, value in values.items():
                    family.add_metric(key, float(value))
            except Exception:
                continue
            yield family


class Metrics:
    """Every figure of the process. Children (`.labels`) are cheap to keep and to use from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        self._callbacks = _Callbacks()
        self.registry.register(self._callbacks)
        self.calls = self._counter(
            "dafeng_calls_total", "Calls that ended.", "service", "method", "class", "outcome"
        )
        self.call_seconds = Histogram(
            "dafeng_call_seconds",
            "Seconds of calls that were let in.",
            ("service", "method", "class"),
            registry=self.registry,
            buckets=CALL_BUCKETS_S,
        )
        self.refusal_seconds = Histogram(
            "dafeng_refusal_seconds",
            "Seconds until a call was refused.",
            ("service",),
            registry=self.registry,
            buckets=REFUSAL_BUCKETS_S,
        )
        self.refusals = self._counter("dafeng_refusals_total", "Calls not let in.", "service", "reason")
        self.under_way = self._gauge(
            "dafeng_calls_under_way", "Calls inside the door, waiting ones too.", "service", "class"
        )
        self.computing = self._gauge(
            "dafeng_calls_computing", "Calls that admission let through.", "service", "class"
        )
        self.queue = self._gauge("dafeng_queue_length", "Calls that wait for admission.", "service", "class")
        self.answers = self._counter(
            "dafeng_answers_total", "Answers by how they came: computed, shared, kept.", "service", "how"
        )
        self.sector_calls = self._counter(
            "dafeng_sector_calls_total", "Calls to sector services that ended.", "sector", "outcome"
        )
        self.breaker = self._gauge("dafeng_breaker_state", "0 closed, 1 one call tries, 2 open.", "sector")
        self.ready = self._gauge("dafeng_ready", "1: ready for calls.", "service")
        self.warm_seconds = self._gauge("dafeng_warm_seconds", "Seconds that warming up took.", "service")
        self.self_test = self._gauge(
            "dafeng_self_test_passed", "1: known answers were met, 0: not.", "service"
        )
        self.info = self._gauge(
            "dafeng_info", "1 for what is served.", "service", "model_version", "region", "data_revision"
        )
        self.loop_lag = self._gauge(
            "dafeng_loop_lag_seconds", "How late the event loop's heartbeat was.", "service"
        )
        self.audit_entries = Counter(
            "dafeng_audit_entries_total", "Entries of the audit log written here.", registry=self.registry
        )
        self.audit_waiting = Gauge(
            "dafeng_audit_waiting_entries", "Entries that wait to be written.", registry=self.registry
        )
        self.audit_well = Gauge(
            "dafeng_audit_well", "1: the audit log can be written.", registry=self.registry
        )
        self.audit_well.set(1)
        self.audit_sealed = Gauge(
            "dafeng_audit_sealed",
            "1: the last seal of the audit log was written, 0: not.",
            registry=self.registry,
        )
        self.audit_sealed.set(1)
        self.register("dafeng_process_threads", "Threads of the process.", _thread_count)
        self.register(
            "dafeng_log_lines_dropped_total",
            "Lines that could not be written.",
            lambda: sink().dropped,
            kind="counter",
        )

    def register(
        self,
        name: str,
        text: str,
        read: Callable[[], Reading],
        *,
        labels: Sequence[str] = (),
        kind: Kind = "gauge",
    ) -> Callable[[], None]:
        """Ask `read` for a figure at each look: a number, or numbers by label values.

        `read` is called in another thread than the event loop's and must be quick. Returns what takes it back; a
        second figure of the same name takes the first one's place.
        """
        return self._callbacks.put(name, text, kind, tuple(labels), read)

    def text(self) -> bytes:
        """All figures in the text form."""
        return generate_latest(self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)


def _thread_count() -> float:
    """Threads of the process as the system counts them: gRPC's and the compiler's own too."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
        return float(status.partition("\nThreads:")[2].split(None, 1)[0])
    except (OSError, IndexError, ValueError):
        return float(threading.active_count())


_metrics: Metrics | None = None
_making: Final = threading.Lock()


def metrics() -> Metrics:
    """The figures of this process."""
    global _metrics
    if _metrics is None:
        with _making:
            if _metrics is None:
                _metrics = Metrics()
    return _metrics
