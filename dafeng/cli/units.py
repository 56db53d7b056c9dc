"""Figures of metrics in the units that a planner reads: Mt, TWh, PJ, GW, bn CNY, %."""

from collections.abc import Iterable

from dafeng.cli.output import number

# Unit of a metric -> unit shown and how many of the one make one of the other.
SHOWN: dict[str, tuple[str, float]] = {
    "tCO2": ("Mt", 1e6),
    "MWh": ("TWh", 1e6),
    "GJ": ("PJ", 1e6),
    "MW": ("GW", 1e3),
    "CNY": ("bn CNY 十亿元", 1e9),
    "1": ("%", 0.01),
    "share": ("%", 0.01),
}


def shown_unit(unit: str) -> str:
    """The unit in which a metric of this unit is shown."""
    return SHOWN.get(unit, (unit, 1.0))[0]


def shown(values: Iterable[float], unit: str, *, sign: bool = False) -> list[str]:
    """Values in the shown unit, with a plus before what rises when `sign` is asked for."""
    scale = SHOWN.get(unit, (unit, 1.0))[1]
    return [f"{'+' if sign and v > 0 else ''}{number(v / scale)}" for v in values]
