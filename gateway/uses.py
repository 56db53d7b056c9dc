"""A sector's energy and CO2 as the accounts read them: summed over the cities once, then read by many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.common.arrays import FloatArray, array
from services.common.outcome import FuelUse, Outcome


@dataclass(frozen=True)
class SectorUse:
    """Rows in the order of the outcome's own fuel and electricity uses; `making`: uses that make heat for sale."""

    outcome: Outcome
    making: frozenset[str]
    fuel_gj: FloatArray = array("fuel", "year")
    fuel_tco2: FloatArray = array("fuel", "year")
    electricity_mwh: FloatArray = array("use", "year")
    place_direct_tco2: FloatArray = array("place", "year")
    process_tco2: FloatArray = array("year")

    @property
    def fuels(self) -> Sequence[tuple[FuelUse, FloatArray, FloatArray]]:
        """Every fuel use with its energy, GJ, and direct CO2, t, of the region, [year]."""
        return list(zip(self.outcome.fuel_uses, self.fuel_gj, self.fuel_tco2, strict=True))


def sector_use(outcome: Outcome) -> SectorUse:
    """The sums of one outcome, in its own years."""
    shape = (len(outcome.places), len(outcome.years))
    tco2 = _stacked(outcome.fuel_uses, lambda f: f.energy_tco2, shape)
    return SectorUse(
        outcome=outcome,
        making=frozenset(h.use for h in outcome.heat_supplies),
        fuel_gj=_stacked(outcome.fuel_uses, lambda f: f.energy_gj, shape).sum(axis=1),
        fuel_tco2=tco2.sum(axis=1),
        electricity_mwh=_stacked(outcome.electricity_uses, lambda u: u.energy_mwh, shape).sum(axis=1),
        place_direct_tco2=tco2.sum(axis=0),
        process_tco2=sum((p.process_tco2.sum(axis=0) for p in outcome.process_emissions), np.zeros(shape[1])),
    )


def _stacked(items: Sequence[Any], values: Callable[[Any], FloatArray], shape: tuple[int, int]) -> FloatArray:
    """Arrays [place, year] one above the other, [item, place, year]."""
    return np.array([values(i) for i in items]).reshape(len(items), *shape)
