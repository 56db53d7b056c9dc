"""How a metric row of buildings is written."""

from services.common.words import Label, Metric


def row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    """The metric "buildings.<name>"."""
    return Metric(f"buildings.{name}", Label(zh, en), unit, policy_refs)
