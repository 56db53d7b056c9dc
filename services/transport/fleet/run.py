"""The fleet: stock targets, powertrains of sales, early retirement, and the run of the cohort kernel."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import GJ_PER_MWH, T_PER_G
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
    transport_base,
)
from services.transport.emissions.factors import POLLUTANTS, pollutant_factors, rise_limit_years
from services.transport.emissions.standards import TIMETABLE, standard_shares
from services.transport.fleet.cohorts import Bools, Cohorts, Integers, Results, run_cohorts, standard_range
from services.transport.fleet.intensity import energy_per_km
from services.transport.fleet.ownership import private_vehicles
from services.transport.fleet.sum_kernels import apply_mileage
from services.transport.fleet.sums import Totals, over_powertrains
from services.transport.freight.turnover import Freight
from services.transport.travel.prices import phased_in
from services.transport.travel.urban import Passengers

_KM, _FUEL, _ELECTRIC, _EXHAUST = range(4)  # the rest of `use` is exhaust by pollutant
_HIGH_MILEAGE = ("heavy_truck", "lng")
_OWN_USE = ("ownership", "population")  # vehicles that people drive for themselves
_DIESEL_GROUP = 1  # of the stock by standard
# Programmes: China III diesel trucks; old vehicles with an engine.
_EARLY_RETIREMENT = ("transport.china3_diesel_retirement_rate", "transport.old_vehicle_trade_in_rate")
_BATTERY = np.array([k == BEV for k in range(len(POWERTRAINS))], dtype=np.int64)


@dataclass(frozen=True)
class FleetNeeds:
    """What is read of a fleet beside vehicles, distance and energy."""

    pollutants: tuple[int, ...] = tuple(range(len(POLLUTANTS)))  # positions in POLLUTANTS
    standards: bool = True  # stock by emission standard


EVERYTHING: Final = FleetNeeds()


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
    group_standard_stock: (
        FloatArray  # [c, y, group, s, p] by emission standard if needed, others before diesel
    )
    pollutants: tuple[int, ...]  # those needed, positions in POLLUTANTS
    pollutant_t: FloatArray  # [i, p, c, k, y] of them from the exhaust
    e_bike_stock: FloatArray  # [p, y]
    e_bike_sales: FloatArray
    e_bike_scrapped: FloatArray
    e_bike_km: FloatArray
    e_bike_mwh: FloatArray  # charged at home and work: no electricity of the sector
    totals: Totals

    @cached_property
    def standard_stock(self) -> FloatArray:
        """Vehicles by emission standard, [s, p, c, y]."""
        total: FloatArray = self.group_standard_stock.sum(axis=2).transpose(2, 3, 0, 1)
        return total

    @property
    def diesel_standard_stock(self) -> FloatArray:
        """Diesel vehicles by emission standard, [s, p, c, y]."""
        return self.group_standard_stock[:, :, _DIESEL_GROUP].transpose(2, 3, 0, 1)

    def exhaust_t(self, q: int) -> FloatArray:
        """A pollutant from the exhaust, t [c, p, y]."""
        return np.asarray(self.totals.exhaust_t[self.pollutants.index(q)])

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
    needs: FleetNeeds = EVERYTHING,
) -> Fleet:
    """Project stock, sales, scrappage, km, energy and exhaust from 2020 on.

    share [p, c, k, y] powertrains of sales; fuel_price [y] of cars over that of 2020.
    """
    wanted = stock_targets(base, paths, freight, population, urban_persons, gdp_cny)
    out = run_cohorts(cohorts_of(base, paths, share, wanted, needs))
    out.scrapped[:, :, 0] = base.scrapped_2020  # by the life of the statistics, whatever the lever says
    ratio, mileage = mileage_factor(base, paths, passengers, fuel_price, wanted, out.use[_KM])
    use = out.use.transpose(0, 1, 3, 2, 4)  # as it lies in memory
    used = np.empty((*use.shape[:2], use.shape[4], use.shape[2]))
    apply_mileage(use, ratio, mileage, _BATTERY, _EXHAUST, T_PER_G, np.empty(use.shape[4]), used)
    return _fleet(base, share, wanted, out, used, needs)


def _fleet(
    base: TransportBase,
    share: FloatArray,
    wanted: FloatArray,
    out: Results,
    used: FloatArray,
    needs: FleetNeeds,
) -> Fleet:
    """Results with places first; electric bicycles on their own."""
    classes = len(base.classes)
    bike = base.fleet_classes.index(E_BIKE)

    def places_first(values: FloatArray) -> FloatArray:
        return values[:classes].transpose(3, 0, 1, 2)

    def of_bikes(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(values[bike, BEV].T)

    stock, sales, scrapped, retired = (
        places_first(values) for values in (out.stock, out.sales, out.scrapped, out.retired)
    )
    return Fleet(
        target=wanted[:classes].transpose(2, 0, 1),
        share=share,
        stock=stock,
        sales=sales,
        scrapped=scrapped,
        retired=retired,
        km=places_first(out.use[_KM]),
        fuel_gj=places_first(out.use[_FUEL]),
        electric_mwh=places_first(out.use[_ELECTRIC]),
        old_stock=places_first(out.old),
        group_standard_stock=out.standard_stock.transpose(2, 3, 0, 1, 4)[:classes],
        pollutants=needs.pollutants,
        pollutant_t=out.use[_EXHAUST:, :classes].transpose(0, 4, 1, 2, 3),
        e_bike_stock=of_bikes(out.stock),
        e_bike_sales=of_bikes(out.sales),
        e_bike_scrapped=of_bikes(out.scrapped),
        e_bike_km=of_bikes(out.use[_KM]),
        e_bike_mwh=of_bikes(out.use[_ELECTRIC]),
        totals=Totals(
            standing=stock,
            sold=sales,
            gone=scrapped,
            gone_early=retired,
            km=used[_KM, :classes],
            fuel_gj=used[_FUEL, :classes],
            electric_mwh=used[_ELECTRIC, :classes],
            exhaust_t=used[_EXHAUST:, :classes],
        ),
    )


def cohorts_of(
    base: TransportBase,
    paths: LeverPaths,
    share: FloatArray,
    wanted: FloatArray,
    needs: FleetNeeds = EVERYTHING,
) -> Cohorts:
    """What the kernel is given for a scenario; share [p, c, k, y], wanted [f, y, p]."""
    fuel, electric, on_fuel = energy_per_km(base, paths)
    classes, kinds = base.fleet_classes, len(POWERTRAINS)
    slots = fuel.shape[2]
    exhaust, rise = _exhaust_factors(base.region, classes, slots, needs.pollutants)
    standards, standard_slots = _standards(base.region, classes, slots, needs.standards)
    age = np.arange(AGES, dtype=np.float64)[::-1]
    shares = np.zeros((len(classes), kinds, len(paths.years), len(base.region.city_ids)))
    shares[: len(base.classes)] = share.transpose(1, 2, 3, 0)
    shares[classes.index(E_BIKE), BEV] = 1.0
    powertrain = np.arange(kinds)
    old = int(base.number("china3_last_model_year")) - FIRST_YEAR
    holds, last_slot, youngest = _programmes(base.region.region_id, base.region.as_of_year, slots)
    return Cohorts(
        survival=_survival(
            base.region.region_id, base.region.as_of_year, paths.constant("transport.vehicle_life_scale")
        ),
        distance_km=base.age_km,
        wear_years=np.minimum(age, rise_limit_years(base.region)),
        opening=base.opening_by_age,
        wanted=wanted,
        sales_given=np.zeros(len(classes), dtype=np.bool_),
        share=shares,
        rate=np.stack([paths.by_place(lever).T for lever in _EARLY_RETIREMENT]),
        holds=holds,
        last_slot=last_slot,
        youngest_age=youngest,
        fuel=fuel,
        electric=electric,
        exhaust=exhaust,
        rise=rise,
        plug_in=powertrain == PHEV,
        fuel_km_share=on_fuel,
        standard_share=standards,
        standard_slots=standard_slots,
        group_of=(powertrain == DIESEL).astype(np.int64),
        old_slot=np.full(len(classes), old + 1),
    )


@kept(maxsize=32)
def _exhaust_factors(
    region: Region, classes: tuple[str, ...], slots: int, pollutants: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """`pollutant_factors` of the pollutants that are needed."""
    new, rise = pollutant_factors(region, TIMETABLE, classes, FIRST_YEAR, slots)
    return new[list(pollutants)], rise[list(pollutants)]


@kept(maxsize=32)
def _standards(
    region: Region, classes: tuple[str, ...], slots: int, needed: bool
) -> tuple[FloatArray, Integers]:
    """Emission standards of model years and the slots of each, as `Cohorts` has them; none unless they are needed."""
    shares = standard_shares(region, TIMETABLE, classes, FIRST_YEAR, slots)
    share = shares if needed else shares[..., :0]
    return np.ascontiguousarray(share), standard_range(share)


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
        elasticity = row["driver_elasticity"]
        if elasticity != 1.0:
            growth = growth**elasticity
        wanted[c] = (start[:, c, None] * growth * (1.0 + row["trend_per_year"]) ** elapsed).T
    wanted[base.position("urban_bus")] *= index(paths.by_place("transport.bus_service")).T
    return wanted


@kept(maxsize=8)
def _programmes(region_id: str, as_of_year: int, slots: int) -> tuple[Bools, Integers, Integers]:
    """Whom the programmes of _EARLY_RETIREMENT hold for, last model year and least age: fields of `Cohorts`."""
    base = transport_base(region_id, as_of_year)
    old = int(base.number("china3_last_model_year")) - FIRST_YEAR
    holds = np.zeros((2, len(base.fleet_classes), len(POWERTRAINS)), dtype=np.bool_)
    holds[0, list(base.commercial_truck), DIESEL] = True
    holds[np.ix_([1], base.automobile, COMBUSTION)] = True
    last_slot = np.repeat([[old], [slots]], len(base.fleet_classes), axis=1)
    return holds, last_slot, np.array([1, int(base.number("trade_in_age_years"))])


@kept(maxsize=16)
def _survival(region_id: str, as_of_year: int, life_scale: float) -> FloatArray:
    return survival_by_age(transport_base(region_id, as_of_year).fleet_rows, life_scale)


def mileage_factor(
    base: TransportBase,
    paths: LeverPaths,
    passengers: Passengers,
    fuel_price: FloatArray,
    wanted: FloatArray,
    age_km: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Mileage over that of 2020 by age alone: a constant of class and powertrain [f, k], times [f, 2, y, p], which is
    for vehicles with an engine and for those with a battery alone. age_km [f, k, y, p] is what ages alone give.

    Private cars: yearly trend, change of urban car travel, energy prices (elasticity, felt over some years).
    Fleets drive what their customers ask for, whatever their age: distance follows the stock wanted, so that early
    retirement moves no goods, and idle vehicles none; taxis and ride-hailing also follow their trips. Heavy LNG trucks
    are line-haul tractors.
    """
    ratio = _mileage_ratio(base, age_km)
    factor = np.ones((len(age_km), 2, *age_km.shape[2:]))
    asking = [c for c, row in enumerate(base.rows) if row["driver"] not in _OWN_USE]
    at_ratio = over_powertrains(age_km.transpose(3, 0, 1, 2), ratio[None])[0]
    driven = at_ratio[asking].transpose(0, 2, 1)
    asked = driven[:, :1] * wanted[asking] / wanted[asking, :1]
    factor[asking] *= (asked / np.maximum(driven, 1.0))[:, None]
    for name in ("taxi", "ride_hailing"):
        factor[base.position(name)] *= passengers.taxi_ratio.T
    factor[base.position("private_car")] = _private_mileage(base, paths, passengers, fuel_price, at_ratio)
    return ratio, factor


def _mileage_ratio(base: TransportBase, age_km: FloatArray) -> FloatArray:
    """Mileage of class and powertrain over that of the class, [f, k]: heavy LNG trucks; the class keeps its mean."""
    ratio = np.ones(age_km.shape[:2])
    vehicle_class, powertrain = _HIGH_MILEAGE
    c, k = base.position(vehicle_class), POWERTRAINS.index(powertrain)
    ratio[c, k] = base.number("lng_mileage_ratio")
    driven_2020 = age_km[c, :, 0].sum(axis=1)
    ratio[c] *= driven_2020.sum() / (driven_2020 * ratio[c]).sum()
    return ratio


def _private_mileage(
    base: TransportBase,
    paths: LeverPaths,
    passengers: Passengers,
    fuel_price: FloatArray,
    at_ratio: FloatArray,
) -> FloatArray:
    """Mileage of private cars over that of 2020 by age alone, [2, y, p]: with an engine, with a battery alone.

    at_ratio [f, p, y] is the distance that ages alone give.
    """
    private = base.position("private_car")
    steps = 1.0 + paths.by_place("transport.private_mileage_growth")
    steps[:, 0] = 1.0
    urban = passengers.car_km_without_levers[:, :1] / at_ratio[private, :, :1]
    urban = np.minimum(urban, base.number("urban_car_mileage_limit_share"))
    moved = 1.0 + urban * (passengers.car_km / passengers.car_km_without_levers - 1.0)
    common = (np.cumprod(steps, axis=1) * moved).T
    elasticity = paths.constant("transport.mileage_cost_elasticity")
    power_price = paths.path("drivers.electricity_price_multiplier")
    oil = common * np.exp(elasticity * phased_in(base, np.log(fuel_price)))[:, None]
    power = common * np.exp(elasticity * phased_in(base, np.log(power_price / power_price[0])))[:, None]
    return np.stack([oil, power])


def new_energy(values: FloatArray) -> FloatArray:
    """Sum over new-energy powertrains of [p, c, k, y], [p, c, y]."""
    total: FloatArray = values[:, :, list(NEW_ENERGY)].sum(axis=2)
    return total
