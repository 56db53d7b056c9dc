"""Sums of a fleet over powertrains, by class: what metrics, energy and costs are made of."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.transport.base import BEV, CNG, LNG, NEW_ENERGY, PHEV, POWERTRAINS
from services.transport.fleet.sum_kernels import sum_powertrains

CLEAN: Final = (CNG, LNG, *NEW_ENERGY)
PLUGGED: Final = (BEV, PHEV)
EVERY: Final = tuple(range(len(POWERTRAINS)))


@dataclass(frozen=True)
class Totals:
    """Sums over powertrains, [c, p, y]; those of vehicles are made when one of them is first asked for."""

    standing: FloatArray  # vehicles by powertrain, [p, c, k, y]
    sold: FloatArray
    gone: FloatArray
    gone_early: FloatArray
    km: FloatArray
    fuel_gj: FloatArray
    electric_mwh: FloatArray
    exhaust_t: FloatArray  # [i, c, p, y] of the fleet's pollutants

    @cached_property
    def _stocks(self) -> FloatArray:
        return over_powertrains(self.standing, _STOCKS)

    @cached_property
    def _sales(self) -> FloatArray:
        return over_powertrains(self.sold, _SALES)

    @property
    def stock(self) -> FloatArray:
        """Vehicles."""
        return np.asarray(self._stocks[0])

    @property
    def new_energy_stock(self) -> FloatArray:
        """Battery vehicles, plug-in hybrids and fuel cells."""
        return np.asarray(self._stocks[1])

    @property
    def plugged_stock(self) -> FloatArray:
        """Battery vehicles and plug-in hybrids."""
        return np.asarray(self._stocks[2])

    @property
    def sales(self) -> FloatArray:
        """Vehicles sold."""
        return np.asarray(self._sales[0])

    @property
    def new_energy_sales(self) -> FloatArray:
        """New-energy vehicles sold."""
        return np.asarray(self._sales[1])

    @property
    def clean_sales(self) -> FloatArray:
        """New-energy and gas vehicles sold."""
        return np.asarray(self._sales[2])

    @cached_property
    def scrapped(self) -> FloatArray:
        """Vehicles scrapped."""
        return np.asarray(over_powertrains(self.gone, _ALL)[0])

    @cached_property
    def retired(self) -> FloatArray:
        """Vehicles scrapped early."""
        return np.asarray(over_powertrains(self.gone_early, _ALL)[0])


def over_powertrains(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Sums of weight [n, c, k] or [n, c, k, y] times values [p, c, k, y], [n, c, p, y].

    Classes of weight may be one for all. Values lie as the cohorts left them; others are brought to that order.
    """
    at = np.ascontiguousarray(values.transpose(1, 3, 2, 0))
    classes, years, kinds, places = at.shape
    own = weight[..., None] if weight.ndim == 3 else weight
    whole = np.ascontiguousarray(np.broadcast_to(own, (len(own), classes, kinds, own.shape[3])))
    if whole.shape[3] not in (1, years):
        raise ValueError(f"weights have {whole.shape[3]} years, the fleet {years}")
    out = np.empty((len(own), classes, places, years))
    sum_powertrains(at, whole, np.empty(places), out)
    return out


def kinds(*groups: tuple[int, ...]) -> FloatArray:
    """Weights that count powertrains: 1 for the members of each group, [n, 1, k]."""
    weight = np.zeros((len(groups), 1, len(POWERTRAINS)))
    for n, group in enumerate(groups):
        weight[n, 0, list(group)] = 1.0
    return weight


_ALL: Final = kinds(EVERY)
_STOCKS: Final = kinds(EVERY, NEW_ENERGY, PLUGGED)
_SALES: Final = kinds(EVERY, NEW_ENERGY, CLEAN)
