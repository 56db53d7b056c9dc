"""The fleet: stock targets, powertrains of sales, early retirement, and the run of the cohort kernel."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH
from services.transport.base import (
    AGES,
    BEV,
    COMBUSTION,
    DIESEL,
    FIRST_YEAR,
    NEW_ENERGY,
    POWERTRAINS,
    TransportBase,
    survival_by_age,
)
from services.transport.fleet.intensity import energy_per_km
from services.transport.fleet.kernels import project_cohorts
from services.transport.fleet.ownership import private_vehicles
from services.transport.freight.turnover import Freight
from services.transport.travel.urban import Passengers

_KM, _FUEL, _ELECTRIC, _OLD = range(4)
_HIGH_MILEAGE = ("heavy_truck", "lng")
_OWN_USE = ("ownership", "population")  # vehicles that people drive for themselves


@dataclass(frozen=True)
class Fleet:
    """Vehicles and what they use, [p, c, k, y]; energy before calibration."""

    target: FloatArray  # [p, c, y]
    share: FloatArray  # powertrains of sales
    stock: FloatArray
    sales: FloatArray
    scrapped: FloatArray
    km: FloatArray
    fuel_gj: FloatArray
    electric_mwh: FloatArray
    old_stock: FloatArray  # vehicles of China III and older

    @property
    def energy_gj(self) -> FloatArray:
        """Fuel and electricity, GJ."""
        total: FloatArray = self.fuel_gj + self.electric_mwh * GJ_PER_MWH
        return total


def run_fleet(
    base: TransportBase,
    paths: LeverPaths,
    share: FloatArray,
    freight: Freight,
    passengers: Passengers,
    population: FloatArray,
    urban_persons: FloatArray,
    gdp_cny: FloatArray,
) -> Fleet:
    """Project stock, sales, scrappage, km and energy from 2020 on; share [p, c, k, y] powertrains of sales."""
    target = stock_targets(base, paths, freight, population, urban_persons, gdp_cny)
    survival = survival_by_age(base.rows, paths.constant("transport.vehicle_life_scale"))
    fuel, electric = energy_per_km(base, paths)
    shape = share.shape
    vintages = np.zeros((*shape[:3], AGES - 1 + shape[3]))
    np.divide(
        base.opening_by_age, survival[:, None, :], out=vintages[..., :AGES], where=survival[:, None, :] > 0
    )
    stock, sales, scrapped = np.empty(shape), np.empty(shape), np.empty(shape)
    use = np.empty((*shape[:3], 4, shape[3]))
    project_cohorts(
        survival,
        np.ascontiguousarray(survival * base.age_km),
        target,
        share,
        _early_retirement(base, paths),
        fuel,
        electric,
        np.full(len(base.classes), int(base.number("china3_last_model_year")) - FIRST_YEAR + 1),
        vintages,
        int(base.number("trade_in_age_years")),
        stock,
        sales,
        scrapped,
        use,
    )
    mileage = mileage_factor(base, paths, passengers, target, use[:, :, :, _KM])
    return Fleet(
        target=target,
        share=share,
        stock=stock,
        sales=sales,
        scrapped=scrapped,
        km=use[:, :, :, _KM] * mileage,
        fuel_gj=use[:, :, :, _FUEL] * mileage,
        electric_mwh=use[:, :, :, _ELECTRIC] * mileage,
        old_stock=use[:, :, :, _OLD],
    )


def stock_targets(
    base: TransportBase,
    paths: LeverPaths,
    freight: Freight,
    population: FloatArray,
    urban_persons: FloatArray,
    gdp_cny: FloatArray,
) -> FloatArray:
    """Vehicles wanted at year end, [p, c, y]: what each class follows stands in its row."""
    start = base.stock_count.sum(axis=2)

    def index(values: FloatArray) -> FloatArray:
        return values / values[:, :1]

    driver = {
        "ownership": private_vehicles(base, paths, population, gdp_cny),
        "urban_population": index(urban_persons),
        "population": index(population),
        "gdp": index(gdp_cny),
        "parcel": index(gdp_cny * population),
        "road_freight": index(freight.road_tkm / paths.by_place("transport.truck_load_factor")),
        "trend": np.ones_like(population),
    }
    elapsed = np.arange(len(paths.years))
    target = np.empty((len(start), len(base.rows), len(elapsed)))
    for c, row in enumerate(base.rows):
        elasticity = row["driver_elasticity"] or 1.0
        growth = driver[row["driver"]] ** elasticity * (1.0 + row["trend_per_year"]) ** elapsed
        target[:, c] = start[:, c, None] * growth
    bus = base.position("urban_bus")
    target[:, bus] *= index(paths.by_place("transport.bus_service"))
    return target


def _early_retirement(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Share of survivors retired early, [p, c, k, y, 2]: China III diesel trucks; old vehicles with an engine."""
    retire = np.zeros((len(base.region.city_ids), len(base.classes), len(POWERTRAINS), len(paths.years), 2))
    rate = paths.by_place("transport.china3_diesel_retirement_rate")
    for c in base.commercial_truck:
        retire[:, c, DIESEL, :, 0] = rate
    trade_in = paths.by_place("transport.old_vehicle_trade_in_rate")
    for c in base.automobile:
        for k in COMBUSTION:
            retire[:, c, k, :, 1] = trade_in
    return retire


def mileage_factor(
    base: TransportBase, paths: LeverPaths, passengers: Passengers, target: FloatArray, age_km: FloatArray
) -> FloatArray:
    """Mileage over that of 2020 by age alone, [p, c, k, y]; age_km [p, c, k, y] is what ages alone give.

    Private cars: yearly trend, change of urban car travel, energy prices (elasticity, by fuel or electricity).
    Fleets drive what their customers ask for, whatever their age: distance follows the stock wanted, so that early
    retirement moves no goods, and idle vehicles none; taxis and ride-hailing also follow their trips. Heavy LNG trucks
    are line-haul tractors.
    """
    factor = np.ones((*base.stock_count.shape, len(paths.years)))
    vehicle_class, powertrain = _HIGH_MILEAGE
    c, k = base.position(vehicle_class), POWERTRAINS.index(powertrain)
    factor[:, c, k] = base.number("lng_mileage_ratio")
    for c, row in enumerate(base.rows):
        if row["driver"] not in _OWN_USE:
            driven = (age_km[:, c] * factor[:, c]).sum(axis=1)
            asked = driven[:, :1] * target[:, c] / target[:, c, :1]
            factor[:, c] *= (asked / np.maximum(driven, 1.0))[:, None, :]
    for name in ("taxi", "ride_hailing"):
        factor[:, base.position(name)] *= passengers.taxi_ratio[:, None, :]
    private = base.position("private_car")
    steps = 1.0 + paths.by_place("transport.private_mileage_growth")
    steps[:, 0] = 1.0
    urban = passengers.car_km_without_levers[:, :1] / age_km[:, private, :, 0].sum(axis=1)[:, None]
    urban = np.minimum(urban, base.number("urban_car_mileage_limit_share"))
    moved = 1.0 + urban * (passengers.car_km / passengers.car_km_without_levers - 1.0)
    factor[:, private] = (np.cumprod(steps, axis=1) * moved)[:, None, :]
    elasticity = paths.constant("transport.mileage_cost_elasticity")
    oil = _index(paths.path("drivers.oil_product_price_multiplier")) ** elasticity
    power = _index(paths.path("drivers.electricity_price_multiplier")) ** elasticity
    for k in range(len(POWERTRAINS)):
        factor[:, private, k] *= power if k == BEV else oil
    return factor


def _index(path: FloatArray) -> FloatArray:
    ratio: FloatArray = path / path[0]
    return ratio


def new_energy(values: FloatArray) -> FloatArray:
    """Sum over new-energy powertrains of [p, c, k, y], [p, c, y]."""
    total: FloatArray = values[:, :, list(NEW_ENERGY)].sum(axis=2)
    return total
