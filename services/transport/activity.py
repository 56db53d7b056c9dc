"""One scenario's activity and uncalibrated energy: drivers, freight, passengers, fleet, other systems."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.economy import gdp_by_place, population_by_place
from services.common.levers import LeverPaths
from services.transport.base import TransportBase
from services.transport.fleet.run import EVERYTHING, Fleet, FleetNeeds, run_fleet
from services.transport.freight.turnover import Freight, freight_turnover
from services.transport.systems import Systems, system_energy
from services.transport.travel.intercity import Intercity, intercity_travel
from services.transport.travel.prices import car_fuel_price
from services.transport.travel.urban import Passengers, passenger_travel
from services.transport.uptake.shares import sales_shares

_URBAN_LIMIT = "urban_share_limit"


@dataclass(frozen=True)
class Activity:
    """Everything before calibration, from 2020 on."""

    population: FloatArray  # [p, y] persons
    urban_persons: FloatArray
    gdp_cny: FloatArray
    freight: Freight
    passengers: Passengers
    intercity: Intercity
    fleet: Fleet
    systems: Systems


def activity_of(
    base: TransportBase, paths: LeverPaths, baseline: LeverPaths, needs: FleetNeeds = EVERYTHING
) -> Activity:
    """Run every block once, in order; choices move from what the scenario's baseline has by its own levers."""
    population = population_by_place(base.region, paths)
    gdp_cny = gdp_by_place(base.region, paths)
    urban_share = paths.by_place("drivers.urbanization_share")
    limit = base.number(_URBAN_LIMIT)
    own = np.minimum(base.urban_share_2020[:, None] * urban_share / urban_share[:, :1], limit)
    urban = population * own
    freight = freight_turnover(base, paths, baseline, gdp_cny)
    fuel_price = car_fuel_price(base, paths, baseline)
    passengers = passenger_travel(base, paths, urban, fuel_price)
    intercity = intercity_travel(base, paths, gdp_cny)
    share = sales_shares(base, paths, baseline)
    fleet = run_fleet(base, paths, share, freight, passengers, fuel_price, population, urban, gdp_cny, needs)
    systems = system_energy(base, paths, freight, passengers, intercity, gdp_cny)
    return Activity(population, urban, gdp_cny, freight, passengers, intercity, fleet, systems)
