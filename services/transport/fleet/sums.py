"""Sums of a fleet over powertrains, by class: what metrics, energy and costs are made of."""

from dataclasses import dataclass
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
    """Sums over powertrains, [c, p, y]."""

    stock: FloatArray
    new_energy_stock: FloatArray
    plugged_stock: FloatArray  # battery vehicles and plug-in hybrids
    sales: FloatArray
    new_energy_sales: FloatArray
    clean_sales: FloatArray  # new-energy and gas
    scrapped: FloatArray
    retired: FloatArray
    km: FloatArray
    fuel_gj: FloatArray
    electric_mwh: FloatArray
    exhaust_t: FloatArray  # [q, c, p, y]


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
