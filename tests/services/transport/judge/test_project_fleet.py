"""ProjectFleet: hand-worked fleets, random fleets beside the plain model, factors by hand, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.transport.judge import plain_any_fleet as plain
from tests.services.transport.judge.calls import ask, refused

TRAINS = ("gasoline", "diesel", "cng", "lng", "hev", "phev", "bev", "fcev")


def train(kind, **given_):
    """A powertrain with every figure given."""
    made = {"powertrain": kind, "opening_by_age": [100.0], "improvement_per_year": 0.0, "sales_share": [1.0]}
    if kind != "bev":
        made["fuel_per_100km"] = 8.0
    if kind in ("bev", "phev"):
        made["electricity_kwh_per_100km"] = 15.0
    if kind == "phev":
        made["electric_distance_share"] = 0.6
    return {**made, **given_}


def fleet(*trains, years=5, **given_):
    one = {
        "class_id": "own",
        "like_class": "private_car",
        "life_years": 10.0,
        "life_shape": 4.0,
        "oldest_age_years": 0,
        "powertrains": list(trains),
        "stock_count": [100.0] * years,
        "mileage_km": 10_000.0,
        "mileage_decay_per_year": 0.0,
        "mileage_ratio": [1.0],
        "retirements": [],
    }
    one.update(given_)
    one = {k: v for k, v in one.items() if v is not None}
    return {"name": "own", "first_year": 2020, "last_year": 2020 + years, "vehicle_classes": [one]}


def series(reply, kind="gasoline"):
    return next(s for s in reply["series"] if s["powertrain"] == kind)


def test_a_fleet_worked_by_hand():
    """100 cars sold in 2020 with survival 1, 0.5, 0: what is lost is bought."""
    body = fleet(train("gasoline"), years=3, life_years=None, life_shape=None, oldest_age_years=None,
                 survival_share=[1.0, 0.5, 0.0], stock_count=[100.0, 80.0, 80.0])  # fmt: skip
    own = series(ask("ProjectFleet", body))
    # 2021: 50 alive, 50 bought; 2022: 25 of 2021, none of 2020, 55 bought; 2023: 27.5 and 52.5
    assert own["stock_count"] == pytest.approx([100, 100, 80, 80])
    assert own["sales_count"][1:] == pytest.approx([50, 55, 52.5])
    assert own["scrapped_count"] == pytest.approx([0, 50, 75, 52.5])
    assert own["distance_km"] == pytest.approx([1e6, 1e6, 8e5, 8e5])
    # 8 L per 100 km of 32.12679 MJ each
    assert own["fuel_gj"] == pytest.approx([2570.1432, 2570.1432, 2056.11456, 2056.11456], rel=1e-9)
    # 67.9 g/MJ by carbon content, 1.99 t/tce in the accounts' library
    assert own["direct_tco2"][0] / own["fuel_gj"][0] * 1e3 == pytest.approx(67.9, rel=0.005)


def test_cars_that_never_die_are_bought_only_for_growth():
    body = fleet(train("gasoline"), years=6, life_years=60.0, life_shape=20.0,
                 stock_count=[110, 121, 121, 100, 130, 131])  # fmt: skip
    own = series(ask("ProjectFleet", body))
    assert own["sales_count"][1:] == pytest.approx([10, 11, 0, 0, 9, 1], abs=1e-6)
    assert own["scrapped_count"] == pytest.approx([0] * 7, abs=1e-6)
    reply = ask("ProjectFleet", body)
    assert reply["stock_above_target_count"][4] == pytest.approx(21)


def test_five_years_at_a_quarter_leave_24_per_cent():
    programme = {
        "powertrains": [], "from_year": 2021, "to_year": 2025, "rate_per_year": 0.25,
        "last_model_year": 2020, "from_age_years": 0, "to_standard": "",
    }  # fmt: skip
    body = fleet(train("diesel"), life_years=60.0, life_shape=20.0, stock_count=[0.0] * 5,
                 retirements=[programme])  # fmt: skip
    own = series(ask("ProjectFleet", body), "diesel")
    assert own["stock_count"][5] == pytest.approx(100 * 0.75**5, rel=1e-9)
    assert sum(own["retired_early_count"]) == pytest.approx(100 * (1 - 0.75**5), rel=1e-9)
    assert sum(own["scrapped_count"]) == pytest.approx(sum(own["retired_early_count"]), rel=1e-9)


def test_a_programme_for_old_standards_takes_only_those():
    years = 10
    programme = {"from_year": 2021, "to_year": 2030, "rate_per_year": 1.0, "to_standard": "III"}
    opening = [10.0] * 16  # model years 2005 to 2020
    body = fleet(train("diesel", opening_by_age=opening), years=years, like_class="heavy_truck",
                 life_years=60.0, life_shape=20.0, stock_count=[0.0] * years, retirements=[programme])  # fmt: skip
    reply = ask("ProjectFleet", body)
    left = series(reply, "diesel")["stock_count"][1]
    # III and older: to mid-2013; by half-years, model year 2013 holds about half China III
    assert 70 - 1e-6 <= left <= 80 + 1e-6
    by_standard = {s["standard"]: s["stock_count"] for s in reply["standards"]}
    old = sum(by_standard.get(s, [0, 0])[1] for s in ("pre_I", "I", "II", "III"))
    assert old <= 5 + 1e-6
    whole = np.sum([s["stock_count"] for s in reply["standards"]], axis=0)
    np.testing.assert_allclose(whole, series(reply, "diesel")["stock_count"], rtol=1e-9)


COUNTS = st.floats(0, 1e6)


@st.composite
def fleets(draw):
    first = draw(st.integers(2000, 2040))
    years = draw(st.integers(1, 25))
    classes = []
    for i in range(draw(st.integers(1, 2))):
        kinds = draw(st.lists(st.sampled_from(TRAINS), min_size=1, max_size=4, unique=True))
        limit = draw(st.sampled_from([0, 8, 15]))
        table = draw(st.booleans())
        oldest = draw(st.integers(1, 8))
        weight = [draw(st.floats(0.01, 1)) for _ in kinds]
        trains = []
        for kind, w in zip(kinds, weight, strict=True):
            made = train(kind, opening_by_age=[1 + draw(COUNTS) for _ in range(oldest)])
            made["sales_share"] = [w / sum(weight)]
            made["improvement_per_year"] = draw(st.floats(0, 0.1))
            trains.append(made)
        one = {
            "class_id": f"c{i}",
            "like_class": "private_car",
            "powertrains": trains,
            "mileage_km": draw(st.floats(100, 2e5)),
            "mileage_decay_per_year": draw(st.floats(0, 0.2)),
            "mileage_ratio": draw(
                st.one_of(
                    st.lists(st.floats(0.2, 3), min_size=1, max_size=1),
                    st.lists(st.floats(0.2, 3), min_size=years + 1, max_size=years + 1),
                )
            ),
            "retirements": [],
        }
        if table:
            falls = sorted((draw(st.floats(0.05, 1)) for _ in range(oldest)), reverse=True)
            one["survival_share"] = [1.0, *falls]
        else:
            one |= {
                "life_years": draw(st.floats(5, 30)),
                "life_shape": draw(st.floats(0.7, 8)),
                "oldest_age_years": limit,
            }
        name = draw(st.sampled_from(["stock_count", "sales_count"]))
        one[name] = [draw(COUNTS) for _ in range(years)]
        for _ in range(draw(st.integers(0, 2))):
            start = draw(st.integers(first, first + years))
            one["retirements"].append(
                {
                    "powertrains": draw(st.lists(st.sampled_from(kinds), unique=True, max_size=2)),
                    "from_year": max(start, 2000),
                    "to_year": min(start + draw(st.integers(0, 6)), 2100),
                    "rate_per_year": draw(st.floats(0, 1)),
                    "last_model_year": draw(st.sampled_from([0, first - 3, first + 2])),
                    "from_age_years": draw(st.integers(0, 10)),
                    "to_standard": "",
                }
            )
        classes.append(one)
    return {
        "name": "any",
        "first_year": first,
        "last_year": first + years,
        "vehicle_classes": classes,
        "with_ages": True,
    }


def beside_plain(body):
    """(class and powertrain, what, ours, plain, atol) of every series of a fleet, [year] or [year, age]."""
    reply = ask("ProjectFleet", body)
    expected = plain.project(body)
    assert reply["years"] == list(range(body["first_year"], body["last_year"] + 1))
    assert len(reply["series"]) == len(expected)
    for own in reply["series"]:
        name = f"{own['class_id']} {own['powertrain']}"
        want = expected[own["class_id"], own["powertrain"]]
        size = max(max(want["stock"]), max(want["sales"]), 1.0)
        for ours, what, atol in (
            ("stock_count", "stock", size * 1e-10),
            ("sales_count", "sales", size * 1e-10),
            ("scrapped_count", "scrapped", size * 1e-9),
            ("retired_early_count", "retired", size * 1e-9),
            ("distance_km", "km", size * 1e-6),
            ("fuel_gj", "fuel", size * 1e-9),
            ("electricity_mwh", "electric", size * 1e-9),
        ):
            yield name, what, np.array(own[ours]), np.array(want[what]), atol
        ages = np.array(own["stock_by_age_count"]).reshape(len(reply["years"]), -1)
        yield name, "ages", ages, np.array(want["ages"])[:, : ages.shape[1]], size * 1e-10


@settings(max_examples=60)
@given(body=fleets())
def test_any_fleet_is_that_of_the_plain_model(body):
    for name, what, ours, want, atol in beside_plain(body):
        np.testing.assert_allclose(ours, want, rtol=1e-9, atol=atol, err_msg=f"{name} {what}")


@settings(max_examples=25)
@given(body=fleets())
def test_parts_of_any_fleet_add_up(body):
    reply = ask("ProjectFleet", body)
    stock = np.sum([s["stock_count"] for s in reply["series"]], axis=0)
    sales = np.sum([s["sales_count"] for s in reply["series"]], axis=0)
    np.testing.assert_allclose(
        np.sum([s["stock_count"] for s in reply["standards"]], axis=0), stock, rtol=1e-9
    )
    energy = np.sum(
        [np.array(s["fuel_gj"]) + 3.6 * np.array(s["electricity_mwh"]) for s in reply["series"]], axis=0
    )
    np.testing.assert_allclose(np.sum([c["energy_gj"] for c in reply["carriers"]], axis=0), energy, rtol=1e-9)
    tco2 = np.sum([s["direct_tco2"] for s in reply["series"]], axis=0)
    np.testing.assert_allclose(
        np.sum([c["direct_tco2"] for c in reply["carriers"]], axis=0), tco2, rtol=1e-9, atol=1e-9
    )
    charged = ("phev", "bev", "fcev")
    for name, whole in (("stock_count", stock), ("sales_count", sales)):
        part = np.sum([s[name] for s in reply["series"] if s["powertrain"] in charged] or [whole * 0], axis=0)
        told = np.array(reply[f"nev_{name.removesuffix('_count')}_share"])
        np.testing.assert_allclose(told, np.divide(part, whole, out=whole * 0, where=whole > 0), atol=1e-9)
    for one in reply["pollutants"]:
        assert min(one["exhaust_t"]) >= 0
        assert min(one["other_t"]) >= 0


def well_to_wheel():
    """Carriers of a hundred gasoline and a hundred battery cars: a million km each, at a grid of 0.6 kg/kWh."""
    body = fleet(train("gasoline", sales_share=[0.5]), train("bev", sales_share=[0.5]), years=1)
    body |= {"grid_kgco2_per_kwh": [0.6], "grid_loss_share": 0.05}
    reply = ask("ProjectFleet", body)
    by = {c["carrier"]: c for c in reply["carriers"]}
    return by["gasoline"], by["electricity"]


def test_well_to_wheel_by_hand():
    """Gasoline 16 g/MJ, electricity 0.6 kg/kWh over 0.95, to the tank and the charger."""
    petrol, power = well_to_wheel()
    assert petrol["well_to_tank_tco2e"][0] / petrol["energy_gj"][0] * 1e3 == pytest.approx(16, rel=0.15)
    mwh = power["energy_gj"][0] / 3.6
    assert power["well_to_tank_tco2e"][0] >= mwh * 0.6 / 0.95 * (1 - 1e-9)
    assert power["well_to_tank_tco2e"][0] == pytest.approx(mwh * 0.6 / 0.95, rel=0.10)
    assert power["direct_tco2"][0] == 0
    # per km: 174 g at the tailpipe and 41 g before it, against 95 g from the grid
    km = 1e6
    assert (petrol["direct_tco2"][0] + petrol["well_to_tank_tco2e"][0]) / km * 1e6 == pytest.approx(
        216, rel=0.03
    )
    assert power["well_to_tank_tco2e"][0] / km * 1e6 == pytest.approx(95, rel=0.10)


def hydrogen_g_per_mj(route):
    """(CO2 of hydrogen to the tank, direct CO2) of a truck, g/MJ, at a grid of 0.6 kg/kWh without losses."""
    body = fleet(train("fcev"), like_class="heavy_truck", years=1)
    body |= {"hydrogen_route": route, "grid_kgco2_per_kwh": [0.6], "grid_loss_share": 0.0}
    reply = ask("ProjectFleet", body)
    one = next(c for c in reply["carriers"] if c["carrier"] == "hydrogen")
    return one["well_to_tank_tco2e"][0] / one["energy_gj"][0] * 1e3, one["direct_tco2"][0]


@pytest.mark.parametrize(
    ("route", "g_per_mj"), [("coal", 175), ("natural_gas", 100), ("by_product", 40), ("electrolysis", 0.6 * 55 / 120 * 1000)]
)  # fmt: skip
def test_hydrogen_by_route(route, g_per_mj):
    found, direct = hydrogen_g_per_mj(route)
    assert found == pytest.approx(g_per_mj, rel=0.12)  # compression of 2.5 to 3.5 kWh/kg may come on top
    assert direct == 0


def nox_g_per_km(like, kind, year):
    """Exhaust of vehicles sold in a year."""
    body = fleet(train(kind), like_class=like, years=1)
    body |= {"first_year": year, "last_year": year + 1}
    reply = ask("ProjectFleet", body)
    nox = next(p for p in reply["pollutants"] if p["pollutant"] == "nox")
    return nox["exhaust_t"][0] * 1e6 / series(reply, kind)["distance_km"][0]


@pytest.mark.parametrize(
    ("like", "kind", "year", "g_per_km"),
    [  # NOx by the guideline of 2014, without speed correction: III in 2010, V in 2017, VI in 2024
        ("heavy_truck", "diesel", 2010, 7.934),
        ("heavy_truck", "diesel", 2018, 4.721),
        ("heavy_truck", "diesel", 2024, 0.708),
        ("private_car", "gasoline", 2009, 0.100),
        ("private_car", "gasoline", 2017, 0.017),
        ("light_truck", "diesel", 2018, 2.240),
    ],
)
def test_nox_of_new_vehicles_is_of_the_order_of_the_guideline(like, kind, year, g_per_km):
    assert 0.6 * g_per_km <= nox_g_per_km(like, kind, year) <= 1.6 * g_per_km


def test_electric_vehicles_have_no_exhaust_but_tyres_and_brakes():
    body = fleet(train("bev"), years=1)
    reply = ask("ProjectFleet", body)
    for one in reply["pollutants"]:
        assert max(one["exhaust_t"]) == 0
    dust = next(p for p in reply["pollutants"] if p["pollutant"] == "pm25")
    petrol = ask("ProjectFleet", fleet(train("gasoline"), years=1))
    theirs = next(p for p in petrol["pollutants"] if p["pollutant"] == "pm25")
    assert 0 < dust["other_t"][0] < theirs["other_t"][0]
    # 7 mg/km of a car
    assert theirs["other_t"][0] * 1e9 / 1e6 == pytest.approx(7, rel=0.05)


def bad(**changes):
    return {**fleet(train("gasoline")), **changes}


def bad_class(*trains, **changes):
    return fleet(*(trains or (train("gasoline"),)), **changes)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (bad(vehicle_classes=[]), ["vehicle_classes"]),
        (bad(last_year=2019), ["last_year"]),
        (bad(first_year=1990, last_year=3000), ["first_year", "last_year"]),
        (bad(last_year=2081), ["last_year"]),
        (bad_class(stock_count=[1.0]), ["stock_count"]),
        (bad_class(sales_count=[1.0] * 5), ["sales_count"]),
        (bad_class(stock_count=[math.nan] * 5), ["stock_count"]),
        (bad_class(stock_count=[-1.0] * 5), ["stock_count"]),
        (bad_class(train("gasoline", sales_share=[0.4])), ["sales_share"]),
        (bad_class(train("gasoline", sales_share=[0.5]), train("gasoline", sales_share=[0.5])), ["powertrains[1]"]),
        (bad_class(train("steam")), ["powertrain"]),
        (bad_class(train("gasoline", opening_by_age=[1.0] * 41)), ["opening_by_age"]),
        (bad_class(train("gasoline", opening_count=5.0)), ["opening_count"]),
        (bad_class(train("gasoline", opening_by_age=[math.inf])), ["opening_by_age"]),
        (bad_class(train("gasoline", fuel_per_100km=-1.0)), ["fuel_per_100km"]),
        (bad_class(train("gasoline", electricity_kwh_per_100km=15.0)), ["electricity_kwh_per_100km"]),
        (bad_class(train("bev", fuel_per_100km=8.0)), ["fuel_per_100km"]),
        (bad_class(life_years=0.0, life_shape=100.0), ["life_years", "life_shape"]),
        (bad_class(like_class="tank"), ["like_class"]),
        (bad_class(class_id=""), ["class_id"]),
        (bad_class(mileage_km=-5.0, mileage_decay_per_year=0.9), ["mileage_km", "mileage_decay_per_year"]),
        (bad_class(mileage_ratio=[1.0, 1.0]), ["mileage_ratio"]),
        (bad_class(life_years=None, life_shape=None, oldest_age_years=None, survival_share=[1.0, 0.5, 0.7]),
         ["survival_share"]),
        (bad_class(life_years=None, life_shape=None, oldest_age_years=None, survival_share=[0.9, 0.5]),
         ["survival_share"]),
        (bad_class(oldest_age_years=3, powertrains=[train("gasoline", opening_by_age=[1.0] * 6)]),
         ["opening_by_age"]),
        (bad_class(retirements=[{"from_year": 2025, "to_year": 2021, "rate_per_year": 1.5}]), ["rate_per_year"]),
        (bad_class(retirements=[{"from_year": 2025, "to_year": 2021, "rate_per_year": 0.5}]), ["to_year"]),
        (bad_class(retirements=[{"from_year": 2021, "to_year": 2022, "rate_per_year": 0.5, "to_standard": "X"}]),
         ["to_standard"]),
        (bad(month_degc=[10.0] * 11), ["month_degc"]),
        (bad(grid_kgco2_per_kwh=[0.5, 0.4]), ["grid_kgco2_per_kwh"]),
        (bad(grid_loss_share=0.9, hydrogen_route="moon"), ["grid_loss_share", "hydrogen_route"]),
        (bad(standard_timetable="mars"), ["standard_timetable"]),
        (bad(name="x" * 121), ["name"]),
        (bad(colour="red"), ["colour"]),
    ],
)  # fmt: skip
def test_bad_fleets_are_refused_with_every_fault(body, told):
    text = refused("ProjectFleet", body)
    for words in told:
        assert words in text, text


def test_faults_of_several_classes_are_told_at_once():
    body = fleet(train("gasoline"))
    other = {**fleet(train("diesel", sales_share=[0.7]))["vehicle_classes"][0], "stock_count": [1.0, 2.0]}
    body["vehicle_classes"].append(other)
    body["month_degc"] = [0.0] * 5
    text = refused("ProjectFleet", body)
    for words in ("class_id", "stock_count", "powertrains", "month_degc"):
        assert words in text


def test_months_of_frost_and_heat_raise_the_use_of_batteries():
    body = fleet(train("bev"), years=1)
    mild, frost = (
        series(ask("ProjectFleet", {**body, "month_degc": [t] * 12}), "bev")["electricity_mwh"][0]
        for t in (20.0, -5.0)
    )
    assert frost / mild == pytest.approx(1 + 0.015 * 23, rel=1e-6)


def test_the_same_fleet_gives_the_same_bits():
    body = fleet(train("phev"), years=20)
    assert ask("ProjectFleet", body) == ask("ProjectFleet", body)
