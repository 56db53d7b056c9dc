"""The base of powertrains within new-energy vehicles (a table by year) and within engines (the stock of 2020)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.recording import kept
from services.transport.base import (
    BEV,
    COMBUSTION,
    FCEV,
    NEW_ENERGY,
    PHEV,
    POWERTRAINS,
    TransportBase,
    transport_base,
)

_ENGINES: Final = list(COMBUSTION)
_CHARGED: Final = list(NEW_ENERGY)


@dataclass(frozen=True)
class Split:
    """Powertrains within engines and within new-energy vehicles."""

    engines: FloatArray  # [c, engine] sums to 1
    charged: FloatArray  # [c, new-energy powertrain, y] sums to 1

    def of_classes(
        self, base: TransportBase, classes: Sequence[str], nev: FloatArray, years: Sequence[int]
    ) -> FloatArray:
        """Shares of all powertrains [c, k, year] of some classes for new-energy shares [c, year]."""
        at = [base.position(name) for name in classes]
        shares = np.zeros((len(at), len(POWERTRAINS), len(years)))
        shares[:, _ENGINES] = self.engines[at][:, :, None] * (1.0 - nev[:, None, :])
        shares[:, _CHARGED] = self.charged[at][:, :, years] * nev[:, None, :]
        return shares


def powertrain_split(base: TransportBase) -> Split:
    """The split of a region, every class and year to the last."""
    return _split(base.region.region_id, base.region.as_of_year)


@kept(maxsize=8)
def _split(region_id: str, as_of_year: int) -> Split:
    base = transport_base(region_id, as_of_year)
    rows = base.region.table("transport/nev_split").rows()
    years = tuple(range(BASE_YEAR, LAST_YEAR + 1))
    charged = np.zeros((len(base.classes), len(NEW_ENERGY), len(years)))
    for c, name in enumerate(base.classes):
        own = [r for r in rows if r["vehicle_class"] == name]
        known = [r["year"] for r in own]
        charged[c, NEW_ENERGY.index(PHEV)] = np.interp(years, known, [r["phev_share"] for r in own])
        charged[c, NEW_ENERGY.index(FCEV)] = np.interp(years, known, [r["fcev_share"] for r in own])
    charged[:, NEW_ENERGY.index(BEV)] = 1.0 - charged.sum(axis=1)
    mix = base.stock_count.sum(axis=0)[:, _ENGINES]
    return Split(mix / mix.sum(axis=1, keepdims=True), charged)
