"""The region's fleet beside the plain model: stock, sales, scrappage, distance and energy to 1e-9."""

from functools import lru_cache
from math import exp, log

import numpy as np
import pytest

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


@pytest.mark.parametrize("baseline", CASES)
@pytest.mark.parametrize("city", ["nantong", "suzhou"])
def test_stock_sales_and_scrappage_are_those_of_the_plain_model(baseline, city):
    our = compared(baseline)
    p = files.cities().index(city)
    for name in our.base.classes:
        c = our.base.classes.index(name)
        _, sales, scrapped, stock, wanted = our.run(city, name)
        size = our.fleet.stock[p, c].max()
        np.testing.assert_allclose(our.fleet.target[p, c], [wanted[y] for y in YEARS], rtol=NEAR)
        np.testing.assert_allclose(our.fleet.stock[p, c], rows(stock), rtol=NEAR, atol=size * 1e-12)
        np.testing.assert_allclose(
            our.fleet.sales[p, c, :, 1:], rows(sales)[:, 1:], rtol=NEAR, atol=size * 1e-12
        )
        np.testing.assert_allclose(
            our.fleet.scrapped[p, c, :, 1:], rows(scrapped, YEARS[1:]), rtol=NEAR, atol=size * 1e-11
        )


def test_the_fleet_of_the_province_is_that_of_the_plain_model():
    our = compared("planned")
    for name in ("private_car", "urban_bus", "heavy_truck", "motorcycle"):
        c = our.base.classes.index(name)
        total = sum(rows(our.run(city, name)[3]) for city in files.cities())
        np.testing.assert_allclose(
            our.fleet.stock[:, c].sum(axis=0), total, rtol=NEAR, atol=total.max() * 1e-12
        )


@pytest.mark.parametrize("baseline", ["planned", "reference"])
def test_electric_bicycles_are_those_of_the_plain_model(baseline):
    our = compared(baseline)
    city, p = "nantong", files.cities().index("nantong")
    row = plain.classes()["e_bike"]
    stock = plain.opening_stock(row, our.weight)[city]
    opening = {k: {a: stock[k] * s for a, s in plain.opening_ages(row, k).items()} for k in plain.POWERTRAINS}
    wanted = plain.targets(our.drivers, row, city, sum(stock.values()), {}, our.baseline, our.settings)
    shares = {k: dict.fromkeys(YEARS, float(k == "bev")) for k in plain.POWERTRAINS}
    life = our.lever("vehicle_life_scale", city, 2020)
    _, sales, scrapped, found = plain.cohorts(
        row, opening, wanted, shares, lambda k, v, age, y: 0.0, life, YEARS
    )
    np.testing.assert_allclose(our.fleet.e_bike_stock[p], [found["bev"][y] for y in YEARS], rtol=NEAR)
    np.testing.assert_allclose(
        our.fleet.e_bike_sales[p, 1:], [sales["bev"][y] for y in YEARS[1:]], rtol=NEAR, atol=1e-6
    )
    np.testing.assert_allclose(
        our.fleet.e_bike_scrapped[p, 1:], [scrapped["bev"][y] for y in YEARS[1:]], rtol=NEAR, atol=1e-3
    )


@pytest.mark.parametrize("baseline", CASES)
def test_distance_and_energy_are_those_of_the_plain_model(baseline):
    our = compared(baseline)
    city, p = "nantong", files.cities().index("nantong")
    opening = {}
    for name in our.base.classes:
        row = plain.classes()[name]
        stock = plain.opening_stock(row, our.weight)
        totals = {k: sum(stock[c][k] for c in files.cities()) for k in plain.POWERTRAINS}
        opening[name] = [
            {a: totals[k] * share for a, share in plain.opening_ages(row, k).items()}
            for k in plain.POWERTRAINS
        ]
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
            np.testing.assert_allclose(
                our.fleet.km[p, c, i], driven, rtol=NEAR, atol=1e-6, err_msg=f"{name} {k}"
            )
            for part, ours in enumerate((our.fleet.fuel_gj, our.fleet.electric_mwh)):
                used = [
                    factor[k][y]
                    * sum(n * by_age[y - v] * per_km[k][v][part] for v, n in living[k][y].items())
                    for y in YEARS
                ]
                np.testing.assert_allclose(
                    ours[p, c, i], used, rtol=NEAR, atol=1e-9, err_msg=f"{name} {k} {part}"
                )


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
