"""Calibration of the base year: factor = statistic / uncalibrated model, within declared bounds."""

from collections.abc import Mapping
from typing import Final

from services.common.axes import BASE_YEAR
from services.common.calibration import calibration_ratio, check_factors
from services.common.drivers import LEVERS as DRIVERS
from services.common.levers import resolve
from services.common.recording import kept
from services.common.scenario import Scenario
from services.transport.activity import activity_of
from services.transport.base import transport_base
from services.transport.energy import ROAD_FACTORS, USES, energy_of, statistic_gj, statistic_mwh
from services.transport.fleet.run import FleetNeeds
from services.transport.levers import LEVERS

TABLE: Final = "transport/calibration"
_GRID: Final = ("rail", "metro", "ports")


@kept(maxsize=8)
def calibration_factors(region_id: str, as_of_year: int = 0) -> Mapping[str, float]:
    """Factors by name. Raises RegionDataError naming every factor out of its bounds.

    The base year is the same in every scenario, because levers begin at what was observed. Ships, rail and ports keep
    their own diesel and gas; road vehicles take the factor, since they fill up in other provinces too.
    """
    base = transport_base(region_id, as_of_year)
    levers = [row.in_region(region_id) for row in (*LEVERS, *DRIVERS)]
    paths = resolve(levers, region_id, Scenario(baseline="frozen"), (BASE_YEAR,), as_of_year)
    activity = activity_of(base, paths, paths, FleetNeeds(pollutants=(), standards=False))
    energy = energy_of(base, paths, activity, {})
    road = dict.fromkeys(ROAD_FACTORS, 0.0)
    other = dict.fromkeys(ROAD_FACTORS, 0.0)
    for (use, carrier), gj in energy.fuel_gj.items():
        if carrier in ROAD_FACTORS:
            group = road if use in USES.values() else other
            group[carrier] += float(gj.sum())
    sea = calibration_ratio(statistic_gj(base, "fuel_oil"), float(energy.fuel_gj["ships", "fuel_oil"].sum()))
    other["natural_gas"] += (sea - 1.0) * float(activity.systems.sea_gas_gj.sum())
    factors = {
        name: (statistic_gj(base, carrier) - other[carrier]) / road[carrier]
        for carrier, name in ROAD_FACTORS.items()
    } | {
        "ship_fuel_oil": sea,
        "aviation_kerosene": statistic_gj(base, "kerosene") / float(activity.systems.air.jet_gj.sum()),
    }
    charged = energy_of(base, paths, activity, factors)
    fixed = float(charged.charging_mwh.sum())
    fixed += sum(float(v.sum()) for use, v in charged.electricity_mwh.items() if use not in _GRID)
    grid = sum(float(charged.electricity_mwh[use].sum()) for use in _GRID)
    factors["rail_port_electricity"] = (statistic_mwh(base) - fixed) / grid
    check_factors(base.region, TABLE, factors)
    return factors
