"""What a dispatch reads of a projection: fleet, series, stack, stores and loads put together once for all its years."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, HOURS
from services.common.kept_values import Kept
from services.common.levers import LeverPaths
from services.common.power_outcome import ChpHeat, DispatchMode, FlexibleDemand, LoadComponent, OnSiteSupply
from services.common.scenario import Frame
from services.power.calibration import base_year, calibration_factors
from services.power.capacity import Capacity, capacities, imports, offgas_mwh
from services.power.dispatch import Request
from services.power.fleet import Fleet
from services.power.flexible import flexible_stores
from services.power.stack import make_stack
from services.power.supply import series_of

SMOOTH_ROUNDS = 1
ACCURATE_ROUNDS = 3
ACCURATE = (DispatchMode.ACCURATE, DispatchMode.ACCURATE_COMMITMENT)
# Once in slices, then three steps by price (eight for the accurate mode).
COMMITMENT_PASSES = 4
ACCURATE_PASSES = 9
ONE_PASS = 1
PASSES = {
    DispatchMode.FAST: 0,
    DispatchMode.ACCURATE: 0,
    DispatchMode.FAST_COMMITMENT: COMMITMENT_PASSES,
    DispatchMode.FAST_COMMITMENT_ONE_PASS: ONE_PASS,
    DispatchMode.ACCURATE_COMMITMENT: ACCURATE_PASSES,
}


def make_request(
    fleet: Fleet,
    frame: Frame,
    paths: LeverPaths,
    loads: Sequence[LoadComponent],
    on_site: Sequence[OnSiteSupply],
    heats: Sequence[ChpHeat],
    flexible: Sequence[FlexibleDemand],
    shapes: dict[str, FloatArray],
    mode: DispatchMode,
    share_tables: Kept[FloatArray],
    at: Sequence[int],
) -> Request:
    """The request of a projection; `at` are the years to dispatch, from 2020, the other arrays begin in 2020."""
    calibration = calibration_factors(frame.region, frame.as_of_year)
    capacity = capacities(fleet, paths)
    base = base_year(frame.region, frame.as_of_year)
    zero = np.zeros(len(paths.years))
    industry = sum((c.energy_mwh for c in loads if c.cause == "industry"), zero) / HOURS
    count = len(loads)
    series = series_of(frame.region, frame.as_of_year, frame.weather_year)
    bought = imports(fleet, paths, capacity, calibration["imports"])
    return Request(
        fleet=fleet,
        series=series,
        stack=make_stack(fleet, paths, capacity, heats, shapes, industry, calibration),
        capacity=capacity,
        movable=flexible_stores(fleet, paths, series, bought, flexible, loads, shapes, industry, at),
        imports=bought,
        loads=loads,
        on_site=on_site,
        flexible=flexible,
        shapes=shapes,
        load_energy_mwh=np.array([c.energy_mwh for c in loads]).reshape(count, len(paths.years)),
        load_shares=_share_table(loads, shapes, share_tables),
        must_run_mwh=_must_run_mwh(fleet, paths, capacity, calibration["nuclear"]),
        wind_and_pv_gross_mw=_wind_and_pv_mw(fleet, capacity, calibration),
        own_use={n: t.own_use_share * calibration["own_use"] for n, t in fleet.techs.items()},
        value_of_lost_load=paths.constant("power.value_of_lost_load"),
        loss_share=base.loss_mwh / base.final_electricity_mwh,
        smooth_rounds=ACCURATE_ROUNDS if mode in ACCURATE else SMOOTH_ROUNDS,
        passes=PASSES[mode],
        accurate=mode in ACCURATE,
        slices=int(fleet.parameter("commitment_slice_count")),
        window=int(fleet.parameter("year_end_window_hours")),
    )


def _share_table(
    loads: Sequence[LoadComponent], shapes: Mapping[str, FloatArray], kept: Kept[FloatArray]
) -> FloatArray:
    """Shares of the loads [c, h]; loads of the same shapes share one table."""
    key = "|".join(load.shape_digest for load in loads).encode()
    table = kept.get(key)
    if table is None:
        table = np.array([shapes[load.shape_digest] for load in loads]).reshape(len(loads), HOURS)
        kept.put(key, table)
    return table


def _must_run_mwh(
    fleet: Fleet, paths: LeverPaths, capacity: Capacity, nuclear: float
) -> dict[str, FloatArray]:
    """Gross output of plants without freedom, MWh [year]."""
    mean = capacity.mean_mw
    return {
        "nuclear": mean["nuclear"] * fleet.number("nuclear_full_load_hours") * nuclear,
        "hydro": mean["hydro"] * fleet.number("hydro_full_load_hours"),
        "biomass_waste": mean["biomass_waste"] * fleet.number("biomass_full_load_hours"),
        "offgas": offgas_mwh(fleet, paths.years),
    }


def _wind_and_pv_mw(
    fleet: Fleet, capacity: Capacity, calibration: Mapping[str, float]
) -> dict[str, FloatArray]:
    """Mean capacity that multiplies each share series, calibrated; offshore above 2025's level is far from shore."""
    mean = capacity.mean_mw
    at = int(fleet.number("import_existing_until_year")) - BASE_YEAR
    near = mean["offshore_wind"]
    near = np.minimum(near, capacity.end_mw["offshore_wind"][min(at, near.size - 1)])
    wind, pv = calibration["wind"], calibration["utility_pv"]
    return {
        "onshore_wind": mean["onshore_wind"] * wind,
        "offshore_wind": near * wind,
        "far_offshore_wind": (mean["offshore_wind"] - near) * wind,
        "utility_pv": mean["utility_pv"] * pv,
    }
