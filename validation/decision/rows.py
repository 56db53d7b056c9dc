"""How a row of these parts is written."""

from services.common.words import Label
from validation.comparison import Comparison


def row(
    case: str, zh: str, en: str, unit: str, source: str, fields: dict[str, float], grade: str = "exact"
) -> Comparison:
    """A comparison `decisions.<case>`; `fields` as near() and at_most() give them."""
    numbers = {name: float(value) for name, value in fields.items()}
    return Comparison(f"decisions.{case}", Label(zh, en), unit=unit, source=source, grade=grade, **numbers)
