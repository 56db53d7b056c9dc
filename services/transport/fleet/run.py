"""The fleet: stock targets, powertrains of sales, early retirement, and the run of the cohort kernel."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import GJ_PER_MWH
from services.transport.base import (
    AGES,
    BEV,
    COMBUSTION,
    DIESEL,
    E_BIKE,
    FIRST_YEAR,
    NEW_ENERGY,
    PHEV,
    POWERTRAINS,
    TransportBase,
    survival_by_age,
)
from services.transport.emissions.factors import pollutant_factors, rise_limit_years
from services.transport.emissions.standards import TIMETABLE, standard_shares
from services.transport.fleet.cohorts import Bools, Cohorts, Integers, Results, run_cohorts, standard_range
from services.transport.fleet.intensity import energy_per_km
from services.transport.fleet.ownership import private_vehicles
from services.transport.freight.turnover import Freight
from services.transport.travel.prices import phased_in
from services.transport.travel.urban import Passengers

_KM, _FUEL, _ELECTRIC, _EXHAUST = range(4)  # the rest of `use` is exhaust by pollutant
_HIGH_MILEAGE = ("heavy_truck", "lng")
_OWN_USE = ("ownership", "population")  # vehicles that people drive for themselves
_T_PER_G = 1e-6


@dataclass(frozen=True)
class Fleet:
    """Vehicles and what they use, [p, c, k, y]; energy and exhaust before calibration."""

    target: FloatArray  # [p, c, y]
    share: FloatArray  # powertrains of sales
    stock: FloatArray
    sales: FloatArray
    scrapped: FloatArray
    retired: FloatArray  # of those scrapped, early
    km: FloatArray
    fuel_gj: FloatArray
    electric_mwh: FloatArray
    old_stock: FloatArray  # vehicles of China III and older
    standard_stock: FloatArray  # [s, p, c, y] vehicles by emission standard
    diesel_standard_stock: FloatArray  # of these, diesel
    pollutant_t: FloatArray  # [q, p, c, k, y] from the exhaust
    e_bike_stock: FloatArray  # [p, y]
    e_bike_sales: FloatArray
    e_bike_scrapped: FloatArray
    e_bike_km: FloatArray
    e_bike_mwh: FloatArray  # charged at home and work: no electricity of the sector

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
    fuel_price: FloatArray,
    population: FloatArray,
    urban_persons: FloatArray,
    gdp_cny: FloatArray,
) -> Fleet:
    """Project stock, sales, scrappage, km and energy from 2020 on.

    share [p, c, k, y] powertrains of sales; fuel_price [y] of cars over that of 2020.
    """
    wanted = stock_targets(base, paths, freight, population, urban_persons, gdp_cny)
    out = run_cohorts(cohorts_of(base, paths, share, wanted))
    out.scrapped[:, :, 0] = base.scrapped_2020  # by the life of the statistics, whatever the lever says
    mileage = mileage_factor(base, paths, passengers, fuel_price, wanted, out.use[_KM])
    out.use[:_EXHAUST] *= mileage
    out.use[_EXHAUST:] *= mileage * _T_PER_G
    return _fleet(base, share, wanted, out)


def _fleet(base: TransportBase, share: FloatArray, wanted: FloatArray, out: Results) -> Fleet:
    """Results with places first; electric bicycles on their own."""
    classes = len(base.classes)
    bike = base.fleet_classes.index(E_BIKE)

    def places_first(values: FloatArray) -> FloatArray:
        return values[:classes].transpose(3, 0, 1, 2)

    def of_bikes(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(values[bike, BEV].T)

    standards = out.standard_stock[:, :, :classes]
    return Fleet(
        target=wanted[:classes].transpose(2, 0, 1),
        share=share,
        stock=places_first(out.stock),
        sales=places_first(out.sales),
        scrapped=places_first(out.scrapped),
        retired=places_first(out.retired),
        km=places_first(out.use[_KM]),
        fuel_gj=places_first(out.use[_FUEL]),
        electric_mwh=places_first(out.use[_ELECTRIC]),
        old_stock=places_first(out.old),
        standard_stock=standards.sum(axis=0).transpose(0, 3, 1, 2),
        diesel_standard_stock=standards[1].transpose(0, 3, 1, 2),
        pollutant_t=out.use[_EXHAUST:, :classes].transpose(0, 4, 1, 2, 3),
        e_bike_stock=of_bikes(out.stock),
        e_bike_sales=of_bikes(out.sales),
        e_bike_scrapped=of_bikes(out.scrapped),
        e_bike_km=of_bikes(out.use[_KM]),
        e_bike_mwh=of_bikes(out.use[_ELECTRIC]),
    )


def cohorts_of(base: TransportBase, paths: LeverPaths, share: FloatArray, wanted: FloatArray) -> Cohorts:
    """What the kernel is given for a scenario; share [p, c, k, y], wanted [f, y, p]."""
    fuel, electric, on_fuel = energy_per_km(base, paths)
    classes, kinds = base.fleet_classes, len(POWERTRAINS)
    slots = fuel.shape[2]
    exhaust, rise = pollutant_factors(base.region, TIMETABLE, classes, FIRST_YEAR, slots)
    age = np.arange(AGES, dtype=np.float64)[::-1]
    shares = np.zeros((len(classes), kinds, len(paths.years), len(base.region.city_ids)))
    shares[: len(base.classes)] = share.transpose(1, 2, 3, 0)
    shares[classes.index(E_BIKE), BEV] = 1.0
    powertrain = np.arange(kinds)
    old = int(base.number("china3_last_model_year")) - FIRST_YEAR
    rate, holds, last_slot, youngest = _early_retirement(base, paths, old, slots)
    return Cohorts(
        survival=survival_by_age(base.fleet_rows, paths.constant("transport.vehicle_life_scale")),
        distance_km=base.age_km,
        wear_years=np.minimum(age, rise_limit_years(base.region)),
        opening=base.opening_by_age,
        wanted=wanted,
        sales_given=np.zeros(len(classes), dtype=np.bool_),
        share=shares,
        rate=rate,
        holds=holds,
        last_slot=last_slot,
        youngest_age=youngest,
        fuel=fuel,
        electric=electric,
        exhaust=exhaust,
        rise=rise,
        plug_in=powertrain == PHEV,
        fuel_km_share=on_fuel,
        standard_share=standard_shares(base.region, TIMETABLE, classes, FIRST_YEAR, slots),
        standard_slots=_standard_range(base.region, classes, slots),
        group_of=(powertrain == DIESEL).astype(np.int64),
        old_slot=np.full(len(classes), old + 1),
    )


@kept(maxsize=32)
def _standard_range(region: Region, classes: tuple[str, ...], slots: int) -> Integers:
    return standard_range(standard_shares(region, TIMETABLE, classes, FIRST_YEAR, slots))


def stock_targets(
    base: TransportBase,
    paths: LeverPaths,
    freight: Freight,
    population: FloatArray,
    urban_persons: FloatArray,
    gdp_cny: FloatArray,
) -> FloatArray:
    """Vehicles wanted at year end, [f, y, p]: what each class follows stands in its row."""
    start = base.fleet_stock_count.sum(axis=2)

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
    wanted = np.empty((len(base.fleet_rows), len(elapsed), len(start)))
    for c, row in enumerate(base.fleet_rows):
        growth = driver[row["driver"]]
        elasticity = row["driver_elasticity"] or 1.0
        if elasticity != 1.0:
            growth = growth**elasticity
        wanted[c] = (start[:, c, None] * growth * (1.0 + row["trend_per_year"]) ** elapsed).T
    wanted[base.position("urban_bus")] *= index(paths.by_place("transport.bus_service")).T
    return wanted


def _early_retirement(
    base: TransportBase, paths: LeverPaths, old: int, slots: int
) -> tuple[FloatArray, Bools, Integers, Integers]:
    """Programmes of the levers: China III diesel trucks; old vehicles with an engine. Fields of `Cohorts`."""
    rate = np.stack(
        [
            paths.by_place("transport.china3_diesel_retirement_rate").T,
            paths.by_place("transport.old_vehicle_trade_in_rate").T,
        ]
    )
    holds = np.zeros((2, len(base.fleet_classes), len(POWERTRAINS)), dtype=np.bool_)
    holds[0, list(base.commercial_truck), DIESEL] = True
    holds[np.ix_([1], base.automobile, COMBUSTION)] = True
    last_slot = np.repeat([[old], [slots]], len(base.fleet_classes), axis=1)
    return rate, holds, last_slot, np.array([1, int(base.number("trade_in_age_years"))])


def mileage_factor(
    base: TransportBase,
    paths: LeverPaths,
    passengers: Passengers,
    fuel_price: FloatArray,
    wanted: FloatArray,
    age_km: FloatArray,
) -> FloatArray:
    """Mileage over that of 2020 by age alone, [f, k, y, p]; age_km [f, k, y, p] is what ages alone give.

    Private cars: yearly trend, change of urban car travel, energy prices (elasticity, felt over some years).
    Fleets drive what their customers ask for, whatever their age: distance follows the stock wanted, so that early
    retirement moves no goods, and idle vehicles none; taxis and ride-hailing also follow their trips. Heavy LNG trucks
    are line-haul tractors.
    """
    factor = np.ones_like(age_km)
    vehicle_class, powertrain = _HIGH_MILEAGE
    c, k = base.position(vehicle_class), POWERTRAINS.index(powertrain)
    factor[c, k] = base.number("lng_mileage_ratio")
    driven_2020 = age_km[c, :, 0].sum(axis=1)
    factor[c] *= (
        driven_2020.sum() / (driven_2020 * factor[c, :, 0, 0]).sum()
    )  # the class keeps its mean mileage
    for c, row in enumerate(base.rows):
        if row["driver"] not in _OWN_USE:
            driven = (age_km[c] * factor[c]).sum(axis=0)
            asked = driven[:1] * wanted[c] / wanted[c, :1]
            factor[c] *= asked / np.maximum(driven, 1.0)
    for name in ("taxi", "ride_hailing"):
        factor[base.position(name)] *= passengers.taxi_ratio.T
    factor[base.position("private_car")] = _private_mileage(base, paths, passengers, fuel_price, age_km)
    return factor


def _private_mileage(
    base: TransportBase,
    paths: LeverPaths,
    passengers: Passengers,
    fuel_price: FloatArray,
    age_km: FloatArray,
) -> FloatArray:
    """Mileage of private cars over that of 2020 by age alone, [k, y, p]."""
    private = base.position("private_car")
    steps = 1.0 + paths.by_place("transport.private_mileage_growth")
    steps[:, 0] = 1.0
    urban = passengers.car_km_without_levers[:, :1] / age_km[private, :, 0].sum(axis=0)[:, None]
    urban = np.minimum(urban, base.number("urban_car_mileage_limit_share"))
    moved = 1.0 + urban * (passengers.car_km / passengers.car_km_without_levers - 1.0)
    common = (np.cumprod(steps, axis=1) * moved).T
    elasticity = paths.constant("transport.mileage_cost_elasticity")
    power_price = paths.path("drivers.electricity_price_multiplier")
    oil = common * np.exp(elasticity * phased_in(base, np.log(fuel_price)))[:, None]
    power = common * np.exp(elasticity * phased_in(base, np.log(power_price / power_price[0])))[:, None]
    return np.stack([power if k == BEV else oil for k in range(len(POWERTRAINS))])


def new_energy(values: FloatArray) -> FloatArray:
    """Sum over new-energy powertrains of [p, c, k, y], [p, c, y]."""
    total: FloatArray = values[:, :, list(NEW_ENERGY)].sum(axis=2)
    return total
