"""Rooftop PV: capacity of the region split over cities, new roofs first, and its energy."""

from dataclasses import dataclass

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, PUBLIC_TYPES, RURAL, TYPES, URBAN, StockBase
from services.buildings.stock import Stock
from services.buildings.systems import END_USES
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import MW_PER_GW

_W_PER_MW = 1e6


@dataclass(frozen=True)
class Rooftops:
    """Rooftop PV by place and year."""

    capacity_mw: FloatArray  # [p, y] year end
    energy_mwh: FloatArray  # [p, y]
    new_roof_mw: FloatArray  # [p, y] on roofs completed after the base year
    coverage_public: FloatArray  # [p, y] module over roof of new public institutions
    coverage_factory: FloatArray  # [p, y]
    coverage_both: FloatArray  # [y] weighted by roof area
    potential_mw: FloatArray  # [p, y] all usable roofs at today's modules
    urban_share: FloatArray  # [p, y] share of the potential on urban dwellings and public buildings


def rooftops(base: StockBase, paths: LeverPaths, stock: Stock) -> Rooftops:
    """Capacity = the lever's; coverage of new roofs is filled first, the rest goes by potential of roofs."""
    read = base.region.leaves(END_USES)
    density = paths.by_place("buildings.pv_module_power_density")
    per_floor = _roof_per_floor(base)
    usable, usable_new = (
        np.array([read[f"{which}_usable_share_{k}"].number() for k in _roof_kinds()])
        * read["module_share_of_usable"].number()
        for which in ("roof", "new_roof")
    )
    public = _institutions(base)
    wanted = np.zeros((len(TYPES), *density.shape))
    wanted[URBAN] = wanted[RURAL] = paths.by_place("buildings.rooftop_pv_coverage_new_residential")
    wanted[PUBLIC] = paths.by_place("buildings.rooftop_pv_coverage_new_public")
    wanted[FACTORY] = paths.by_place("buildings.rooftop_pv_coverage_new_factory")
    coverage = np.minimum(wanted, usable_new[:, None, None])
    roof = stock.completed_m2.transpose(1, 0, 2) * per_floor[:, None, None]
    roof[:, :, 0] = 0.0
    counted = np.where(public > 0, public, 1.0)[:, None, None] * roof
    new = _within_life(
        (counted * coverage).sum(axis=0) * density / _W_PER_MW, int(read["pv_life_years"].number())
    )
    total = paths.path("buildings.distributed_pv_capacity") * MW_PER_GW
    new = new * np.minimum(1.0, total / np.maximum(new.sum(axis=0), 1.0))
    by_type = stock.type_m2.transpose(1, 0, 2) * (per_floor * usable)[:, None, None]
    potential = by_type.sum(axis=0) * density / _W_PER_MW
    urban_share = (by_type[URBAN] + by_type[PUBLIC].sum(axis=0)) / by_type.sum(axis=0)
    free = np.maximum(potential - new, 0.0)
    free = np.where(free.sum(axis=0) > 0, free, potential)
    capacity = new + (total - new.sum(axis=0)) * free / free.sum(axis=0)
    before = base.region.observed("capacity_pv_distributed").get(BASE_YEAR - 1, total[0] / MW_PER_GW)
    earlier = np.concatenate([capacity[:, :1] * before * MW_PER_GW / total[0], capacity[:, :-1]], axis=1)
    energy = 0.5 * (earlier + capacity) * base.pv_yield_mwh_per_mw[:, None]
    first = PUBLIC.start
    roofs = np.array([(public[:, None, None] * roof).sum(axis=(0, 1)), roof[FACTORY].sum(axis=0)])
    covered = np.array(
        [
            (public[:, None, None] * roof * coverage).sum(axis=(0, 1)),
            (roof * coverage)[FACTORY].sum(axis=0),
        ]
    )
    both = covered.sum(axis=0) / np.maximum(roofs.sum(axis=0), 1.0)
    both[0] = 0.5 * (coverage[first, :, 0].mean() + coverage[FACTORY, :, 0].mean())
    return Rooftops(capacity, energy, new, coverage[first], coverage[FACTORY], both, potential, urban_share)


def _within_life(added: FloatArray, life: int) -> FloatArray:
    """Running sum over the last `life` years, [p, y]."""
    total = np.cumsum(added, axis=1)
    ended = np.zeros_like(total)
    ended[:, life:] = total[:, :-life]
    return total - ended


def _roof_kinds() -> list[str]:
    return ["urban", "rural", *("public" for _ in PUBLIC_TYPES), "factory"]


def _institutions(base: StockBase) -> FloatArray:
    """Share of each type that belongs to public institutions, [t]; 0 for dwellings and factories."""
    rows = base.region.table("buildings/public_types").by("building_type")
    return np.array([rows[t]["public_institution_share"] if t in rows else 0.0 for t in TYPES])


def _roof_per_floor(base: StockBase) -> FloatArray:
    """Roof area over floor area, [t]."""
    rows = base.region.table("buildings/archetypes").by("archetype")
    names = {"urban_residential": "urban_residential_high"}
    return np.array([rows[names.get(t, t)]["roof_m2_per_m2"] for t in TYPES])
