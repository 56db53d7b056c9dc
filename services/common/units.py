"""The one table of unit conversions; factors are exact or from the standard named beside them."""

from typing import Final

GJ_PER_TCE: Final = 29.3076  # GB/T 2589-2020, standard coal of 7,000 kcal/kg
GJ_PER_MWH: Final = 3.6
KWH_PER_MWH: Final = 1e3
MWH_PER_KWH: Final = 1e-3  # as a factor: a division by 1e3 has other last bits
W_PER_KW: Final = 1e3
W_PER_MW: Final = 1e6
KW_PER_MW: Final = 1e3
MJ_PER_GJ: Final = 1e3
GJ_PER_MJ: Final = 1e-3
KG_PER_T: Final = 1e3
T_PER_KG: Final = 1e-3
T_PER_G: Final = 1e-6
TCE_PER_MTCE: Final = 1e6
GJ_PER_MTCE: Final = GJ_PER_TCE * TCE_PER_MTCE
MWH_PER_TWH: Final = 1e6
MW_PER_GW: Final = 1e3
T_PER_MT: Final = 1e6
M2_PER_MM2: Final = 1e6
M3_PER_MM3: Final = 1e6
PERSONS_PER_WAN: Final = 1e4
CNY_PER_YI: Final = 1e8
TONNES_PER_WAN: Final = 10_000

# Planner units: printed unit -> (factor, unit used inside).
PLANNER_UNITS: Final[dict[str, tuple[float, str]]] = {
    "万千瓦": (10.0, "MW"),
    "亿千瓦时": (1e5, "MWh"),
    "万千瓦时": (10.0, "MWh"),
    "万吨标准煤": (1e4 * GJ_PER_TCE, "GJ"),
    "亿吨公里": (1e8, "tkm"),
    "亿人公里": (1e8, "pkm"),
    "克/千瓦时": (1.0, "kgce/MWh"),
    "万吨": (1e4, "t"),
    "万平方米": (1e4, "m2"),
    "亿平方米": (1e8, "m2"),
}


def from_planner_unit(value: float, unit: str) -> tuple[float, str]:
    """Convert a printed figure, for example (3500, "万千瓦") -> (35000.0, "MW"). KeyError if unknown."""
    factor, inner = PLANNER_UNITS[unit]
    return value * factor, inner


# Units of statistics -> how much of the unit used inside one of them is (MWh, MW, tCO2/MWh, kgce/MWh, h, share,
# vehicles, t, tkm).
STATISTIC_UNITS: Final[dict[str, float]] = {
    "TWh": MWH_PER_TWH,
    "GW": MW_PER_GW,
    "kg CO2/kWh": 1.0,
    "gce/kWh": 1.0,
    "h": 1.0,
    "%": 0.01,
    "10^4 vehicles": 1e4,
    "10^8 t": 1e8,
    "10^8 t-km": 1e8,
}


def in_statistic_unit(value: float, unit: str) -> float:
    """A value of the unit used inside in a statistic's, for example (35000.0, "GW") -> 35.0. KeyError if unknown."""
    return value / STATISTIC_UNITS[unit]
