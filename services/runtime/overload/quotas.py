"""What admission grants the caller of the call under way, and how much of it is in use (published by GetQuotas)."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from services.common.access import CallClass


@dataclass(frozen=True)
class ClassQuota:
    """One class (dafeng.batch.v1.ClassQuota, same names and units)."""

    call_class: CallClass
    most_in_flight: int
    most_waiting: int
    most_waiting_of_a_caller: int
    in_flight: int
    waiting: int
    own_in_flight: int
    own_waiting: int
    default_deadline_s: float


Told = Callable[[], tuple[ClassQuota, ...]]
quotas_here: ContextVar[Told] = ContextVar("quotas_here", default=tuple)


def class_quotas() -> tuple[ClassQuota, ...]:
    """The quotas that the caller of the call under way has here; none outside a call."""
    return quotas_here.get()()
