"""Rooftop PV of a scenario: the region's capacity on roofs of cities and types, its output and own use.

The region's capacity is a lever. New roofs come first, at the coverage asked for (module area over roof area); the
rest goes on the other roofs by what they can still hold, and what no roof can hold is told, not hidden.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, RURAL, URBAN, StockBase
from services.buildings.own_use import own_use_share
from services.buildings.pv_fleet import health
from services.buildings.roof_area import RoofFigures, new_roof_m2, roof_figures, roof_m2, standing_share
from services.buildings.roof_kernels import fit_new_roofs
from services.buildings.roofs.places import city_yields
from services.buildings.roofs.pv_yield import LEAVES
from services.buildings.stock import Stock
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import MW_PER_GW, W_PER_MW


@dataclass(frozen=True)
class NewRoofs:
    """PV on the roofs of new public institutions, factories and dwellings."""

    roof_m2: FloatArray  # [p, t, y] completed in the year; of public types the institutions'
    module_m2: FloatArray  # [p, t, y] put on them, what they really get
    capacity_mw: FloatArray  # [p, t, y] on roofs completed after the base year, renewed at the end of life


@dataclass(frozen=True)
class Rooftops:
    """Rooftop PV by place and year."""

    capacity_mw: FloatArray  # [p, y] year end; sums to the lever
    type_mw: FloatArray  # [p, t, y] on roofs
    beyond_mw: FloatArray  # [p, y] more than usable roofs hold: sheds, car parks, fields
    potential_mw: FloatArray  # [p, y] all usable roofs at today's modules
    new: NewRoofs
    old_roof_m2: FloatArray  # [p, y] roofs of the base year, and later ones that no coverage lever is on
    old_module: Callable[[], FloatArray]  # makes old_module_m2
    energy_mwh: FloatArray  # [p, y]
    type_energy_mwh: FloatArray  # [p, t, y] of modules on roofs
    full_mwh: FloatArray  # [p, t, y] if roofs carried all that they can hold
    region_id: str

    @cached_property
    def old_module_m2(self) -> FloatArray:
        """Modules on old roofs, [p, y]."""
        return self.old_module()

    def self_used_mwh(self, load_mwh: FloatArray) -> FloatArray:
        """Energy used behind the meter, [p, t, y], from the electricity of all buildings of a type."""
        full = self.full_mwh
        ratio = np.divide(full, load_mwh, out=np.full_like(full, np.inf), where=load_mwh > 0)
        return np.asarray(self.type_energy_mwh * own_use_share(self.region_id, ratio))

    @property
    def urban_share(self) -> FloatArray:
        """Share of the energy that comes from urban dwellings and public buildings, [p, y]."""
        urban = self.type_energy_mwh[:, URBAN] + self.type_energy_mwh[:, PUBLIC].sum(axis=1)
        share = np.divide(urban, self.energy_mwh, out=np.zeros_like(urban), where=self.energy_mwh > 0)
        return np.asarray(share)


def rooftops(base: StockBase, paths: LeverPaths, stock: Stock) -> Rooftops:
    """Roofs of a scenario."""
    region = base.region
    figures = roof_figures(region.region_id)
    density = paths.by_place("buildings.pv_module_power_density")
    total = paths.path("buildings.distributed_pv_capacity") * MW_PER_GW
    standing = standing_share(stock)
    new = _new_roofs(base, paths, stock, figures, density, total, standing)
    roofs = roof_m2(figures, stock)
    planned = np.minimum(_after_base(new.roof_m2) * standing, roofs)
    hold_old_m2 = (roofs - planned) * figures.module[:, None]
    hold_m2 = hold_old_m2 + planned * figures.new_module[:, None]
    potential = np.maximum(hold_m2 * density[:, None] / W_PER_MW, new.capacity_mw)
    free = potential - new.capacity_mw
    rest = np.maximum(total - new.capacity_mw.sum(axis=(0, 1)), 0.0)
    on_later = np.minimum(rest, free.sum(axis=(0, 1))) * _shares(free)
    beyond = np.maximum(rest - free.sum(axis=(0, 1)), 0.0) * _shares(potential.sum(axis=1))
    by_type = new.capacity_mw + on_later
    capacity = by_type.sum(axis=1) + beyond
    yields = city_yields(region.region_id)[:, None] * health(region, total)
    energy = _mean_of_year(base, capacity, total) * yields
    type_energy = energy[:, None] * np.divide(
        by_type, capacity[:, None], out=np.zeros_like(by_type), where=capacity[:, None] > 0
    )
    full_mwh = hold_m2 * density[:, None] / W_PER_MW * yields[:, None]
    return Rooftops(
        capacity,
        by_type,
        beyond,
        potential.sum(axis=1),
        new,
        (roofs - planned).sum(axis=1),
        partial(_old_module_m2, on_later, free, hold_old_m2, density),
        energy,
        type_energy,
        full_mwh,
        region.region_id,
    )


def _new_roofs(
    base: StockBase,
    paths: LeverPaths,
    stock: Stock,
    figures: RoofFigures,
    density: FloatArray,
    total: FloatArray,
    standing: FloatArray,
) -> NewRoofs:
    """Coverage asked for as far as roofs and the region's capacity allow."""
    wanted = np.zeros(stock.completed_m2.shape)
    wanted[:, [URBAN, RURAL]] = paths.by_place("buildings.rooftop_pv_coverage_new_residential")[:, None]
    wanted[:, PUBLIC] = paths.by_place("buildings.rooftop_pv_coverage_new_public")[:, None]
    wanted[:, FACTORY] = paths.by_place("buildings.rooftop_pv_coverage_new_factory")
    counted = figures.institutions.copy()
    counted[[URBAN, RURAL, FACTORY]] = 1.0
    roofs = new_roof_m2(figures, stock) * counted[:, None]
    module = roofs * np.minimum(wanted, figures.new_module[:, None])
    power = density[:, None] / W_PER_MW
    built = module * power
    built[..., 0] = 0.0
    renewed = np.zeros_like(built)  # more power on the same roof when modules are renewed
    life = int(base.region.number(LEAVES, "life_years"))
    if life < len(total):
        renewed[..., life + 1 :] = module[..., 1:-life] * (power[..., life + 1 :] - power[..., 1:-life])
    fit, shrink = _fit(built.sum(axis=(0, 1)), renewed.sum(axis=(0, 1)), total, life)
    renewed[..., life:] *= fit[: max(len(total) - life, 0)]
    capacity = np.maximum(np.cumsum(built * fit + renewed, axis=-1), 0.0) * shrink
    return NewRoofs(roofs, module * fit, capacity * standing)


def _fit(
    built: FloatArray, renewed: FloatArray, total: FloatArray, life: int
) -> tuple[FloatArray, FloatArray]:
    """How much of each year's new roofs the region's capacity allows, and how much of them still stands, [y]."""
    fit, shrink = np.empty(len(total)), np.empty(len(total))
    fit_new_roofs(built, renewed, total, life, fit, shrink)
    return fit, shrink


def _old_module_m2(
    on_later_mw: FloatArray, free_mw: FloatArray, hold_old_m2: FloatArray, density: FloatArray
) -> FloatArray:
    """Modules on old roofs, m2 [p, y]: what is put on later goes on old and new roofs by what they can hold."""
    old_mw = np.minimum(hold_old_m2 * density[:, None] / W_PER_MW, free_mw)
    part = np.divide(old_mw, free_mw, out=np.zeros_like(old_mw), where=free_mw > 0)
    return np.asarray((on_later_mw * part).sum(axis=1) / density * W_PER_MW)


def _after_base(values: FloatArray) -> FloatArray:
    """Sum over the years after the base year, [..., y]."""
    later = values.copy()
    later[..., 0] = 0.0
    return np.asarray(np.cumsum(later, axis=-1))


def _shares(values: FloatArray) -> FloatArray:
    """Of the region's sum by year, all axes but the last; 0 where the sum is."""
    whole = values.sum(axis=tuple(range(values.ndim - 1)))
    return np.asarray(np.divide(values, whole, out=np.zeros_like(values), where=whole > 0))


def _mean_of_year(base: StockBase, capacity: FloatArray, total: FloatArray) -> FloatArray:
    """Mean of the capacity at both ends of the year, [p, y]."""
    start = total[0] / MW_PER_GW
    before = base.region.observed("capacity_pv_distributed").get(BASE_YEAR - 1, start)
    first = capacity[:, :1] * (before / start if start > 0 else 1.0)
    return np.asarray(0.5 * (np.concatenate([first, capacity[:, :-1]], axis=1) + capacity))
