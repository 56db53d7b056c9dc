"""How a metric row of transport is written."""

from services.common.words import Label, Metric


def row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    """The metric "transport.<name>"."""
    return Metric(f"transport.{name}", Label(zh, en), unit, policy_refs)
