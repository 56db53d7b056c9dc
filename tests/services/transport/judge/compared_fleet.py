"""The region's fleet set beside the plain model: stock, sales, scrappage, distance and energy of cities and classes."""

from functools import lru_cache
from math import exp, log

import numpy as np

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.project import run_activity
from tests.services.transport.judge import plain_files as files
from tests.services.transport.judge import plain_fleet as plain

YEARS = tuple(range(2020, 2061))
FRAME = Frame(region="jiangsu")
NEAR = 1e-9
OWN_USE = ("ownership", "population")

TURMOIL = (
    files.Setting("transport.private_vehicle_saturation", "", (2026, 2040), (480.0, 300.0)),
    files.Setting("transport.private_vehicle_saturation", "nantong", (2030,), (290.0,)),
    files.Setting("transport.vehicle_life_scale", "", (), (0.8,)),
    files.Setting("transport.china3_diesel_retirement_rate", "", (2026, 2027), (0.3, 0.0)),
    files.Setting("transport.old_vehicle_trade_in_rate", "", (2030, 2050), (0.15, 0.02)),
    files.Setting("transport.old_vehicle_trade_in_rate", "suzhou", (2028,), (0.2,)),
    files.Setting("transport.ice_efficiency_improvement", "", (2027,), (0.035,)),
    files.Setting("transport.ev_efficiency_improvement", "nantong", (2027,), (0.03,)),
    files.Setting("transport.phev_electric_range", "", (2028, 2033), (60.0, 250.0)),
    files.Setting("transport.truck_load_factor", "wuxi", (2026,), (1.3,)),
    files.Setting("transport.bus_service", "", (2026, 2035), (1.5, 0.7)),
    files.Setting("drivers.gdp_growth", "", (2026, 2035), (-0.02, 0.05)),
    files.Setting("drivers.gdp_growth", "nantong", (2026,), (0.08,)),
    files.Setting("transport.nev_sales_share_private_car", "", (2030,), (0.95,)),
    files.Setting("transport.nev_sales_share_heavy_truck", "", (2030,), (0.0,)),
)
CASES = {"planned": (), "accelerated": (), "reference": TURMOIL, "frozen": TURMOIL}


class Compared:
    """Our activity and what the plain model needs from other blocks: shares of sales, tonne-km."""

    def __init__(self, baseline):
        self.baseline, self.settings = baseline, CASES[baseline]
        settings = tuple(
            LeverSetting(lever_id=s.lever, place=s.place, years=s.years, values=s.values)
            for s in self.settings
        )
        scenario = Scenario(baseline=baseline, settings=settings)
        self.base, _, self.activity = run_activity(FRAME, scenario)
        self.fleet = self.activity.fleet
        self.drivers = plain.Drivers(baseline, self.settings, YEARS)
        self.weight = self.drivers.weight

    def lever(self, name, city, year):
        return files.lever(f"transport.{name}", self.baseline, self.settings, city, year)

    def run(self, city, name):
        """The plain model of one city and class: (living, sales, scrapped, stock, wanted)."""
        p, c = files.cities().index(city), self.base.classes.index(name)
        row = plain.classes()[name]
        stock = plain.opening_stock(row, self.weight)
        ages = {k: plain.opening_ages(row, k) for k in plain.POWERTRAINS}
        opening = {
            k: {a: stock[city][k] * ages[k][a] for a in range(plain.OLDEST + 1)} for k in plain.POWERTRAINS
        }
        road = {city: dict(zip(YEARS, self.activity.freight.road_tkm[p].tolist(), strict=True))}
        start = sum(stock[city].values())
        wanted = plain.targets(self.drivers, row, city, start, road, self.baseline, self.settings)
        shares = {
            k: dict(zip(YEARS, self.fleet.share[p, c, i].tolist(), strict=True))
            for i, k in enumerate(plain.POWERTRAINS)
        }
        china3 = int(files.parameter("china3_last_model_year"))
        old = int(files.parameter("trade_in_age_years"))

        def retired(k, model_year, age, year):
            early = 0.0
            if row["commercial_truck"] and k == "diesel" and model_year <= china3:
                early = self.lever("china3_diesel_retirement_rate", city, year)
            if row["automobile"] and k in plain.ENGINES and age >= old:
                early = 1 - (1 - early) * (1 - self.lever("old_vehicle_trade_in_rate", city, year))
            return early

        life = self.lever("vehicle_life_scale", city, 2020)
        return (*plain.cohorts(row, opening, wanted, shares, retired, life, YEARS), wanted)


@lru_cache(maxsize=4)
def compared(baseline):
    return Compared(baseline)


def rows(by_powertrain, years=YEARS):
    return np.array([[by_powertrain[k][y] for y in years] for k in plain.POWERTRAINS])


def stocks_beside_plain(our, city):
    """(class, what, ours, plain, atol) of every class: vehicles wanted, stock, sales and scrappage, [powertrain, year]."""
    p = files.cities().index(city)
    for name in our.base.classes:
        c = our.base.classes.index(name)
        _, sales, scrapped, stock, wanted = our.run(city, name)
        size = our.fleet.stock[p, c].max()
        yield name, "wanted", our.fleet.target[p, c], np.array([wanted[y] for y in YEARS]), 0.0
        yield name, "stock", our.fleet.stock[p, c], rows(stock), size * 1e-12
        yield name, "sales", our.fleet.sales[p, c, :, 1:], rows(sales)[:, 1:], size * 1e-12
        yield name, "scrapped", our.fleet.scrapped[p, c, :, 1:], rows(scrapped, YEARS[1:]), size * 1e-11


def e_bikes_beside_plain(our, city):
    """(what, ours, plain, atol) of the electric bicycles of a city: stock, sales and scrappage, [year]."""
    p = files.cities().index(city)
    row = plain.classes()["e_bike"]
    stock = plain.opening_stock(row, our.weight)[city]
    opening = {k: {a: stock[k] * s for a, s in plain.opening_ages(row, k).items()} for k in plain.POWERTRAINS}
    wanted = plain.targets(our.drivers, row, city, sum(stock.values()), {}, our.baseline, our.settings)
    shares = {k: dict.fromkeys(YEARS, float(k == "bev")) for k in plain.POWERTRAINS}
    life = our.lever("vehicle_life_scale", city, 2020)
    _, sales, scrapped, found = plain.cohorts(
        row, opening, wanted, shares, lambda k, v, age, y: 0.0, life, YEARS
    )
    later = YEARS[1:]
    yield "stock", our.fleet.e_bike_stock[p], np.array([found["bev"][y] for y in YEARS]), 0.0
    yield "sales", our.fleet.e_bike_sales[p, 1:], np.array([sales["bev"][y] for y in later]), 1e-6
    yield "scrapped", our.fleet.e_bike_scrapped[p, 1:], np.array([scrapped["bev"][y] for y in later]), 1e-3


def use_beside_plain(our, city):
    """(class, powertrain, what, ours, plain, atol) of every class: distance, fuel and electricity, [year]."""
    p = files.cities().index(city)
    opening = {name: opening_of_the_province(our, name) for name in our.base.classes}
    for name in our.base.classes:
        c = our.base.classes.index(name)
        row = plain.classes()[name]
        living, *_, wanted = our.run(city, name)
        per_km = {
            k: plain.energy_per_km(row, k, city, our.baseline, our.settings, YEARS) for k in plain.POWERTRAINS
        }
        by_age = plain.km_by_age(row, opening[name])
        km = {
            k: {y: sum(n * by_age[y - v] for v, n in living[k][y].items()) for y in YEARS}
            for k in plain.POWERTRAINS
        }
        class_km = {
            k: sum(n * by_age[a] for a, n in ages.items())
            for k, ages in zip(plain.POWERTRAINS, opening[name], strict=True)
        }
        factor = mileage_factors(our, row, city, p, km, wanted, class_km)
        for i, k in enumerate(plain.POWERTRAINS):
            driven = np.array([km[k][y] * factor[k][y] for y in YEARS])
            yield name, k, "km", our.fleet.km[p, c, i], driven, 1e-6
            for part, (what, ours) in enumerate(
                (("fuel_gj", our.fleet.fuel_gj), ("electric_mwh", our.fleet.electric_mwh))
            ):
                used = [
                    factor[k][y]
                    * sum(n * by_age[y - v] * per_km[k][v][part] for v, n in living[k][y].items())
                    for y in YEARS
                ]
                yield name, k, what, ours[p, c, i], np.array(used), 1e-9


def opening_of_the_province(our, name):
    """Vehicles of 2020 by age, a dictionary for each powertrain."""
    row = plain.classes()[name]
    stock = plain.opening_stock(row, our.weight)
    totals = {k: sum(stock[c][k] for c in files.cities()) for k in plain.POWERTRAINS}
    return [
        {a: totals[k] * share for a, share in plain.opening_ages(row, k).items()} for k in plain.POWERTRAINS
    ]


def mileage_factors(our, row, city, p, km, wanted, class_km):
    """Distance over that which ages alone give, by powertrain and year; class_km of the province in 2020."""
    name = row["vehicle_class"]
    factor = {k: dict.fromkeys(YEARS, 1.0) for k in plain.POWERTRAINS}
    if name == "heavy_truck":
        line_haul = files.parameter("lng_mileage_ratio")
        whole = sum(class_km.values())
        level = whole / (whole + (line_haul - 1) * class_km["lng"])  # the mean of the class is kept
        factor = {k: dict.fromkeys(YEARS, level * (line_haul if k == "lng" else 1)) for k in factor}
    if row["driver"] not in OWN_USE:
        # fleets drive what is asked for, whatever the age of their vehicles
        total = {y: sum(km[k][y] * factor[k][y] for k in plain.POWERTRAINS) for y in YEARS}
        for k in plain.POWERTRAINS:
            for y in YEARS:
                factor[k][y] *= total[2020] * wanted[y] / wanted[2020] / total[y]
    if name in ("taxi", "ride_hailing"):
        taxi = our.activity.passengers.taxi_ratio[p]
        for k in plain.POWERTRAINS:
            for i, y in enumerate(YEARS):
                factor[k][y] *= taxi[i]
    if name != "private_car":
        return factor
    travel = our.activity.passengers
    urban = min(
        travel.car_km_without_levers[p, 0] / sum(km[k][2020] for k in plain.POWERTRAINS),
        files.parameter("urban_car_mileage_limit_share"),
    )
    epsilon = our.lever("mileage_cost_elasticity", city, 2020)
    trend = 1.0
    felt = {k: felt_prices(our, k) for k in plain.POWERTRAINS}
    for i, y in enumerate(YEARS):
        if y > 2020:
            trend *= 1 + our.lever("private_mileage_growth", city, y)
        moved = 1 + urban * (travel.car_km[p, i] / travel.car_km_without_levers[p, i] - 1)
        for k in plain.POWERTRAINS:
            factor[k][y] = trend * moved * exp(epsilon * felt[k][y])
    return factor


def felt_prices(our, powertrain):
    """Logarithm of the price of energy over 2020's as drivers feel it: part at once, the rest as time goes."""
    price = "electricity_price_multiplier" if powertrain == "bev" else "oil_product_price_multiplier"
    paid = {y: files.lever(f"drivers.{price}", our.baseline, our.settings, "", y) for y in YEARS}
    at_once, years = files.parameter("short_run_share"), files.parameter("adjustment_years")
    felt, late = {}, 0.0
    for y in YEARS:
        now = log(paid[y] / paid[2020])
        if y > 2020:
            late += (1 - exp(-1 / years)) * (log(paid[y - 1] / paid[2020]) - late)
        felt[y] = at_once * now + (1 - at_once) * late
    return felt
