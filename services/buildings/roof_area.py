"""Roofs of the stock: area by building type, and what of it PV can use."""

from dataclasses import dataclass

import numpy as np

from services.buildings.base import TYPES, URBAN
from services.buildings.roof_kernels import roof_of_floor
from services.buildings.states import SAVING_75, STATES
from services.buildings.stock import Stock
from services.buildings.use import PHYSICS
from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import load_region


@dataclass(frozen=True)
class RoofFigures:
    """Figures of roofs by building type."""

    per_floor: (
        FloatArray  # [t, e] roof over floor area; dwellings of older standards are lower and have more roof
    )
    per_new_floor: FloatArray  # [t]
    usable: FloatArray  # [t] of existing roofs
    module: FloatArray  # [t] most module area over existing roof area
    new_usable: FloatArray  # [t] of roofs planned for PV
    new_module: FloatArray  # [t]
    institutions: FloatArray  # [t] share of public institutions; 0 for dwellings and factories


@kept(maxsize=8)
def roof_figures(region_id: str) -> RoofFigures:
    """The figures of a region."""
    region = load_region(region_id)
    archetypes = region.table("buildings/archetypes").by("archetype")
    per_floor = np.zeros((len(TYPES), len(STATES)))
    for t, name in enumerate(TYPES):
        if t == URBAN:
            mid, high = (archetypes[f"{name}_{k}"]["roof_m2_per_m2"] for k in ("mid", "high"))
            share = np.array(
                [region.number(PHYSICS, f"mid_rise_share_of_generation_{s.standard}") for s in STATES]
            )
            per_floor[t] = share * mid + (1 - share) * high
        else:
            per_floor[t] = archetypes[name]["roof_m2_per_m2"]
    rows = region.table("buildings/roof_types").by("building_type")

    def read(name: str) -> FloatArray:
        return np.array([rows[t][name] for t in TYPES])

    public = region.table("buildings/public_types").by("building_type")
    return RoofFigures(
        per_floor,
        per_floor[:, SAVING_75].copy(),
        read("usable_share"),
        read("usable_share") * read("module_share"),
        read("new_usable_share"),
        read("new_usable_share") * read("new_module_share"),
        np.array([public[t]["public_institution_share"] if t in public else 0.0 for t in TYPES]),
    )


def roof_m2(figures: RoofFigures, stock: Stock) -> FloatArray:
    """Roof area by type, m2 [p, t, y], year end."""
    area = stock.area_m2
    out = np.empty((*area.shape[:2], area.shape[3]))
    roof_of_floor(area, figures.per_floor, out)
    return out


def new_roof_m2(figures: RoofFigures, stock: Stock) -> FloatArray:
    """Roof area completed in the year, m2 [p, t, y]."""
    return np.asarray(stock.completed_m2 * figures.per_new_floor[None, :, None])


def standing_share(stock: Stock) -> FloatArray:
    """Share of the floor completed after the base year that still stands, [p, t, y]."""
    built = stock.completed_m2.copy()
    built[..., 0] = 0.0
    built = np.cumsum(built, axis=-1)
    share = np.divide(stock.vintages.later_m2, built, out=np.ones_like(built), where=built > 0)
    return np.asarray(np.minimum(share, 1.0))
