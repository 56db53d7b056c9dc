"""Units that readers expect beside those of the contracts: planners' in Chinese, the usual multiples in English.

The one table of the workbook; factors are exact, that of energy from services.common.units.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.units import GJ_PER_TCE


@dataclass(frozen=True)
class ReaderUnit:
    """A unit for readers: how many of the contract's unit one of it is, and the digits shown."""

    name: str
    size: float
    digits: int

    def of(self, values: FloatArray) -> FloatArray:
        """Values of the contract's unit in this one, not rounded."""
        return np.asarray(values, dtype=np.float64) / self.size


@dataclass(frozen=True)
class UnitPair:
    """The readers' units of one contract unit."""

    zh: ReaderUnit
    en: ReaderUnit

    def of(self, language: str) -> ReaderUnit:
        """The unit in a language."""
        return self.zh if language == "zh" else self.en


def _same(name: str, zh: ReaderUnit) -> UnitPair:
    """A unit that English readers take as it is."""
    return UnitPair(zh, ReaderUnit(name, 1.0, zh.digits))


_WAN, _YI, _MILLION, _BILLION = 1e4, 1e8, 1e6, 1e9

# Contract unit -> readers' units.
UNITS: Final[dict[str, UnitPair]] = {
    "MW": UnitPair(ReaderUnit("万千瓦", 10.0, 0), ReaderUnit("GW", 1e3, 2)),
    "MWh": UnitPair(ReaderUnit("亿千瓦时", 1e5, 1), ReaderUnit("TWh", 1e6, 1)),
    "tCO2": UnitPair(ReaderUnit("万吨", _WAN, 0), ReaderUnit("Mt", _MILLION, 2)),
    "t": UnitPair(ReaderUnit("万吨", _WAN, 1), ReaderUnit("Mt", _MILLION, 3)),
    "GJ": UnitPair(ReaderUnit("万吨标准煤", _WAN * GJ_PER_TCE, 0), ReaderUnit("PJ", _MILLION, 0)),
    "tce": UnitPair(ReaderUnit("万吨标准煤", _WAN, 0), ReaderUnit("Mtce", _MILLION, 2)),
    "kgce/MWh": UnitPair(ReaderUnit("克标准煤/千瓦时", 1.0, 0), ReaderUnit("gce/kWh", 1.0, 0)),
    "tkm": UnitPair(ReaderUnit("亿吨公里", _YI, 0), ReaderUnit("billion tkm", _BILLION, 1)),
    "pkm": UnitPair(ReaderUnit("亿人公里", _YI, 0), ReaderUnit("billion pkm", _BILLION, 1)),
    "m2": UnitPair(ReaderUnit("万平方米", _WAN, 0), ReaderUnit("million m2", _MILLION, 1)),
    "vehicles": UnitPair(ReaderUnit("万辆", _WAN, 1), ReaderUnit("million vehicles", _MILLION, 2)),
    "persons": UnitPair(ReaderUnit("万人", _WAN, 1), ReaderUnit("million persons", _MILLION, 2)),
    "CNY": UnitPair(ReaderUnit("亿元", _YI, 1), ReaderUnit("billion CNY", _BILLION, 1)),
    # Units of targets: documents are read in these; in English they stay as they are.
    "GW": _same("GW", ReaderUnit("万千瓦", 0.01, 0)),
    "GWh": _same("GWh", ReaderUnit("万千瓦时", 0.01, 0)),
    "Mt/yr": _same("Mt/yr", ReaderUnit("万吨/年", 0.01, 0)),
    "million m2": _same("million m2", ReaderUnit("万平方米", 0.01, 0)),
    "million m3": _same("million m3", ReaderUnit("万立方米", 0.01, 0)),
    "billion CNY": _same("billion CNY", ReaderUnit("亿元", 0.1, 1)),
    "gce/kWh": _same("gce/kWh", ReaderUnit("克标准煤/千瓦时", 1.0, 1)),
    "%/yr": _same("%/yr", ReaderUnit("%/年", 1.0, 1)),
    "%": _same("%", ReaderUnit("%", 1.0, 1)),
    "year": _same("year", ReaderUnit("年", 1.0, 0)),
    "count": _same("count", ReaderUnit("个", 1.0, 0)),
    "grade": _same("grade", ReaderUnit("级", 1.0, 0)),
    "share": UnitPair(ReaderUnit("%", 0.01, 1), ReaderUnit("%", 0.01, 1)),
}

# Totals of a region's CO2 are told in these.
CO2_TOTAL: Final = UnitPair(ReaderUnit("亿吨", _YI, 2), ReaderUnit("Mt", _MILLION, 1))


def reader_unit(unit: str, language: str) -> ReaderUnit | None:
    """The readers' unit of a contract unit; None when they use the contract's."""
    pair = UNITS.get(unit)
    return None if pair is None else pair.of(language)
