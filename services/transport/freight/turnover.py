"""Freight turnover by mode, cargo and distance: demand, what plans impose, then the choice of mode on cost."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.transport.base import TransportBase, transport_base
from services.transport.freight.choice import pivot_split
from services.transport.freight.containers import PortBulk, containers, port_bulk
from services.transport.freight.cost import cost_changes, road_demand
from services.transport.freight.data import (
    COASTAL,
    INLAND,
    OCEAN,
    RAIL,
    ROAD,
    FreightData,
    base_table,
    composition,
    freight_data,
)

PER_YI = 1e8


@dataclass(frozen=True)
class Freight:
    """Tonne-km of carriers by mode and containers, [p, y]; modes of `segment_tkm` as `data.MODES`."""

    segment_tkm: FloatArray  # [m, g, p, y], cargo by cargo and within it by distance
    mode_tkm: FloatArray  # [m, p, y]
    demand_tkm: FloatArray  # at the mode shares of 2020
    excess_tkm: FloatArray  # what imposed modes ask beyond demand; added to the total
    left_tkm: FloatArray  # demand that imposed modes leave and the road cannot take: carriers of other places
    shifted_tkm: FloatArray  # road tonne-km below those at the road's share of 2020
    shifted_t: FloatArray
    avoided_truck_km: FloatArray
    throughput_t: FloatArray
    inland_container_teu: FloatArray
    multimodal_container_teu: FloatArray
    port_bulk: PortBulk

    @property
    def road_tkm(self) -> FloatArray:
        """Road, [p, y]."""
        return np.asarray(self.mode_tkm[ROAD])

    @property
    def rail_tkm(self) -> FloatArray:
        """Rail, [p, y]."""
        return np.asarray(self.mode_tkm[RAIL])

    @property
    def inland_tkm(self) -> FloatArray:
        """Inland ships, [p, y]."""
        return np.asarray(self.mode_tkm[INLAND])

    @property
    def coastal_tkm(self) -> FloatArray:
        """Coastal ships, [p, y]."""
        return np.asarray(self.mode_tkm[COASTAL])

    @property
    def ocean_tkm(self) -> FloatArray:
        """Ocean ships, [p, y]."""
        return np.asarray(self.mode_tkm[OCEAN])

    @property
    def water_tkm(self) -> FloatArray:
        """All water, [p, y]."""
        total: FloatArray = self.inland_tkm + self.coastal_tkm + self.ocean_tkm
        return total


def freight_turnover(
    base: TransportBase, paths: LeverPaths, baseline: LeverPaths, gdp_cny: FloatArray
) -> Freight:
    """Turnover from 2020 on.

    1. Demand = base x prod(1 + eta g) x (1 - d)^t at the mode shares of 2020.
    2. Rail and water by their levers; what they carry beyond demand leaves the road for the part that can change
       mode, over the shorter road distance. Each mode keeps its cargoes and distances of 2020 (balanced table).
    3. Road goods fall with the price of fuel and carbon above the baseline's.
    4. In each segment the contestable part moves between modes by a pivot logit on the generalised cost by which
       this scenario differs from its baseline; tonne-km of a segment are kept.
    """
    data = freight_data(base.region.region_id)
    start, table = freight_of_2020(base.region.region_id, base.region.as_of_year)
    trend = _trend(data, paths, gdp_cny)
    imposed, excess = _imposed(data, paths, start, trend)
    # goods that dearer fuel keeps at home leave the road but shift to no other mode
    carried = imposed.copy()
    carried[ROAD] *= road_demand(data, paths, baseline)
    segments = composition(table)[:, :, None, None] * carried[:, None]
    moved_tkm = start[ROAD][:, None] * trend - imposed[ROAD]
    weight = table[ROAD] * data.contestable
    moved_t = moved_tkm * (weight / data.road_km).sum() / weight.sum()
    change = cost_changes(data, paths, baseline)
    mode_tkm = carried
    if change is not None:
        gained = _gained(data, segments, change)
        segments = segments + gained
        mode_tkm = carried + gained.sum(axis=1)
        moved_tkm = moved_tkm - gained[ROAD].sum(axis=0)
        moved_t = moved_t - (gained[ROAD] / data.road_km[:, None, None]).sum(axis=0)
    load = data.number("truck_load_t") * paths.by_place("transport.truck_load_factor")
    water_0 = start[[INLAND, COASTAL, OCEAN]].sum(axis=0)[:, None]
    water = mode_tkm[[INLAND, COASTAL, OCEAN]].sum(axis=0)
    throughput = base.region.observed("port_throughput")[BASE_YEAR] * PER_YI * base.port_weight[:, None]
    throughput = throughput * np.divide(water, water_0, out=np.ones_like(water), where=water_0 > 0)
    return Freight(
        segment_tkm=segments,
        mode_tkm=mode_tkm,
        demand_tkm=start.sum(axis=0)[:, None] * trend,
        excess_tkm=excess,
        left_tkm=np.maximum(start.sum(axis=0)[:, None] * trend - imposed.sum(axis=0), 0.0),
        shifted_tkm=moved_tkm,
        shifted_t=moved_t,
        avoided_truck_km=(moved_tkm - moved_t * data.number("drayage_km")) / load,
        throughput_t=throughput,
        inland_container_teu=containers(base, paths, "inland_container"),
        multimodal_container_teu=containers(base, paths, "multimodal_container"),
        port_bulk=port_bulk(base, data, paths, throughput),
    )


@kept(maxsize=8)
def freight_of_2020(region_id: str, as_of_year: int = 0) -> tuple[FloatArray, FloatArray]:
    """Tonne-km of 2020 by mode and city, [m, p], and by mode and segment, [m, g].

    Modes are the statistics of the region, so that their residual is 0; cities have their weights of them.
    """
    base = transport_base(region_id, as_of_year)
    rail, water, road = (
        base.region.observed(f"freight_turnover_{mode}")[BASE_YEAR] * PER_YI
        for mode in ("rail", "water", "road")
    )
    inland, coastal = base.local("inland_water_share"), base.local("coastal_water_share")
    ships = water * base.port_weight
    start = np.array(
        [
            road * base.truck_weight,
            rail * base.rail_weight,
            inland * ships,
            coastal * ships,
            (1.0 - inland - coastal) * ships,
        ]
    )
    return start, base_table(base.region, start.sum(axis=1))


def _trend(data: FreightData, paths: LeverPaths, gdp_cny: FloatArray) -> FloatArray:
    """Freight demand over that of 2020 at the mode shares of 2020, [p, y]."""
    elasticity = paths.constant("transport.freight_gdp_elasticity")
    growth = np.diff(gdp_cny, axis=1) / gdp_cny[:, :-1]
    steps = (1.0 + elasticity * growth) * (1.0 - data.number("freight_dematerialisation_per_year"))
    return np.concatenate([np.ones((len(gdp_cny), 1)), np.cumprod(steps, axis=1)], axis=1)


def _imposed(
    data: FreightData, paths: LeverPaths, start: FloatArray, trend: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Tonne-km with rail and water by their levers, [m, p, y], and what these ask beyond demand, [p, y]."""
    growth = np.empty((len(start), *trend.shape))
    growth[ROAD] = trend
    growth[RAIL] = 1.0 + paths.by_place("transport.freight_rail_growth")
    growth[INLAND:] = 1.0 + paths.by_place("transport.freight_water_growth")
    imposed: FloatArray = start[:, :, None] * growth
    beyond = imposed - start[:, :, None] * trend
    rail = data.number("rail_contestable_share") / data.distance_ratio[RAIL] * beyond[RAIL]
    water = data.number("water_contestable_share") / data.distance_ratio[INLAND] * beyond[INLAND:].sum(axis=0)
    left = imposed[ROAD] - rail - water
    floor = data.number("road_floor_share") * imposed[ROAD]
    imposed[ROAD] = np.maximum(left, floor)
    return imposed, np.asarray(imposed[ROAD] - left)


def _gained(data: FreightData, segments: FloatArray, change: FloatArray) -> FloatArray:
    """Tonne-km that each mode gains by the choice on cost, [m, g, p, y]; 0 for modes outside the choice."""
    free = list(data.contestable_modes)
    gained = np.zeros_like(segments)
    gained[free] = (
        pivot_split(
            segments[free],
            change[free],
            data.number("sensitivity_per_cny_per_tkm"),
            data.contestable[:, None, None],
        )
        - segments[free]
    )
    return gained
