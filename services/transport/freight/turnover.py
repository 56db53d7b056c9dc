"""Freight turnover by mode: demand follows GDP, rail and water follow their levers, road takes what is left."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.transport.base import TransportBase

PER_YI = 1e8


@dataclass(frozen=True)
class Freight:
    """Tonne-km of carriers by mode and containers, [p, y]."""

    road_tkm: FloatArray
    rail_tkm: FloatArray
    inland_tkm: FloatArray
    coastal_tkm: FloatArray
    ocean_tkm: FloatArray
    throughput_t: FloatArray
    inland_container_teu: FloatArray
    multimodal_container_teu: FloatArray
    port_bulk_share: FloatArray

    @property
    def water_tkm(self) -> FloatArray:
        """All water, [p, y]."""
        total: FloatArray = self.inland_tkm + self.coastal_tkm + self.ocean_tkm
        return total


def freight_turnover(
    base: TransportBase, paths: LeverPaths, baseline: LeverPaths, gdp_cny: FloatArray
) -> Freight:
    """Turnover from 2020 on.

    trend = base x prod(1 + eta g) x (1 - d)^t, for every mode; rail and water by lever; what they carry beyond the
    trend leaves the road for the part that can change mode, over the shorter road distance.
    """
    trend = _trend(base, paths, gdp_cny)
    observed = base.region.observed
    rail_0 = observed("freight_turnover_rail")[BASE_YEAR] * PER_YI * base.rail_weight[:, None]
    water_0 = observed("freight_turnover_water")[BASE_YEAR] * PER_YI * base.port_weight[:, None]
    road_0 = observed("freight_turnover_road")[BASE_YEAR] * PER_YI * base.truck_weight[:, None]
    rail = rail_0 * (1.0 + paths.by_place("transport.freight_rail_growth"))
    water = water_0 * (1.0 + paths.by_place("transport.freight_water_growth"))
    moved = base.number("rail_contestable_share") / base.number("rail_detour_ratio") * (rail - rail_0 * trend)
    moved = moved + base.number("water_contestable_share") / base.number("water_detour_ratio") * (
        water - water_0 * trend
    )
    road = np.maximum(road_0 * trend - moved, base.number("road_floor_share") * road_0 * trend)
    inland = base.local("inland_water_share")
    coastal = base.local("coastal_water_share")
    throughput = observed("port_throughput")[BASE_YEAR] * PER_YI * base.port_weight[:, None]
    return Freight(
        road_tkm=road,
        rail_tkm=rail,
        inland_tkm=inland * water,
        coastal_tkm=coastal * water,
        ocean_tkm=(1.0 - inland - coastal) * water,
        throughput_t=throughput * water / water_0,
        inland_container_teu=_grown(base, paths, "inland_container"),
        multimodal_container_teu=_grown(base, paths, "multimodal_container"),
        port_bulk_share=paths.by_place("transport.port_bulk_rail_water_share"),
    )


def _trend(base: TransportBase, paths: LeverPaths, gdp_cny: FloatArray) -> FloatArray:
    """Freight demand over that of 2020 at the mode shares of 2020, [p, y]."""
    elasticity = paths.constant("transport.freight_gdp_elasticity")
    growth = np.diff(gdp_cny, axis=1) / gdp_cny[:, :-1]
    steps = (1.0 + elasticity * growth) * (1.0 - base.number("freight_dematerialisation_per_year"))
    return np.concatenate([np.ones((len(gdp_cny), 1)), np.cumprod(steps, axis=1)], axis=1)


def _grown(base: TransportBase, paths: LeverPaths, name: str) -> FloatArray:
    """Containers of a kind, TEU [p, y]: the base of 2020, chained by the lever's yearly growth."""
    steps = 1.0 + paths.by_place(f"transport.{name}_growth")
    steps[:, 0] = 1.0
    start = base.local(f"{name}_teu")
    grown: FloatArray = start * base.port_weight[:, None] * np.cumprod(steps, axis=1)
    return grown
