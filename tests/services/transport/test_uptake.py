"""Uptake of new-energy vehicles: known years, two consistent ways, levers, floors and ends of sale."""

from functools import lru_cache
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.common.outcome import Outcome
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import BEV, COMBUSTION, HEV, NEW_ENERGY, PHEV, transport_base
from services.transport.fleet.run import new_energy
from services.transport.indicators.uptake import CHOOSERS
from services.transport.model import MODEL
from services.transport.project import run_activity
from services.transport.uptake.constants import calibrated_choice
from services.transport.uptake.costs import cost_book, cost_of_ownership, region_price_levers

FRAME = Frame(region="jiangsu")
REGION = load_region("jiangsu")
BASE = transport_base("jiangsu")
CAR = BASE.position("private_car")
Baseline = Literal["frozen", "planned", "reference", "accelerated"]
BASELINES: tuple[Baseline, ...] = ("frozen", "planned", "reference", "accelerated")
ENGINES, CHARGED = list(COMBUSTION), list(NEW_ENERGY)
LATER = slice(6, None)  # 2026 on


def owned(lever: str) -> str:
    return lever if "." in lever else f"transport.{lever}"


def at(lever: str, value: float, *, year: int = 2026, place: str = "") -> LeverSetting:
    return LeverSetting(lever_id=owned(lever), place=place, years=(year,), values=(value,))


def constant(lever: str, value: float) -> LeverSetting:
    return LeverSetting(lever_id=owned(lever), values=(value,))


def shares(*chosen: LeverSetting, baseline: Baseline = "reference", frame: Frame = FRAME) -> FloatArray:
    """Powertrains of sales [p, c, k, y] and nothing but them."""
    return run_activity(frame, Scenario(baseline=baseline, settings=chosen))[2].fleet.share


def nev(values: FloatArray) -> FloatArray:
    return new_energy(values)


@lru_cache(maxsize=16)
def outcome(baseline: Baseline, *chosen: LeverSetting) -> Outcome:
    return MODEL.project(FRAME, Scenario(baseline=baseline, settings=chosen), ())


def metric(found: Outcome, name: str) -> FloatArray:
    return next(i.region_values for i in found.indicators if i.metric_id == f"transport.{name}")


# Known years


@pytest.mark.parametrize("baseline", BASELINES)
def test_known_shares_stand_in_every_scenario(baseline: Baseline) -> None:
    found = shares(baseline=baseline)
    for row in REGION.table("transport/nev_share_observed").rows():
        model = nev(found)[0, BASE.position(row["vehicle_class"]), row["year"] - 2020]
        assert model == pytest.approx(row["nev_share"], abs=1e-12)


@pytest.mark.parametrize(
    ("year", "share"), [(2020, 0.050), (2021, 0.125), (2022, 0.2305 * 1.096), (2024, 0.4183 * 1.065)]
)
def test_all_automobiles_meet_the_shares_of_known_years(year: int, share: float) -> None:
    # 2020 and 2021 of the province; then registrations of the nation times the provincial ratio
    assert metric(outcome("planned"), "nev_sales_share")[year - 2020] == pytest.approx(share, abs=0.005)


def test_battery_share_of_new_energy_sales_is_that_of_the_nation() -> None:
    found = outcome("planned")
    battery, whole = metric(found, "sales_battery_share"), metric(found, "nev_sales_share")
    for year, share in ((2020, 0.816), (2021, 0.828), (2022, 0.779), (2024, 0.600)):
        assert battery[year - 2020] / whole[year - 2020] == pytest.approx(share, abs=0.03)


def test_new_cars_of_the_first_half_of_2024_are_about_half_of_the_year() -> None:
    half = REGION.observed("new_car_registrations_h1")[2024] * 1e4
    assert 0.42 < half / metric(outcome("planned"), "vehicle_sales_count")[4] < 0.52


def test_new_energy_registrations_of_2021_are_met_within_what_sales_leave() -> None:
    # the share is met; the model sells about 15 % more automobiles than the registrations imply
    observed = REGION.observed("nev_registrations")[2021] * 1e4
    assert metric(outcome("planned"), "nev_sales_count")[1] == pytest.approx(observed, rel=0.18)


@pytest.mark.parametrize("last_year", [2021, 2023, 2030])
def test_constants_do_not_hang_on_the_years_asked_for(last_year: int) -> None:
    whole = outcome("reference")
    short = Frame(region="jiangsu", last_year=last_year, first_year=2020)
    part = MODEL.project(short, Scenario(baseline="reference"), ())
    for name in CHOOSERS:
        for reading in ("bev_choice_constant", "choice_residual", "model_nev_share"):
            expected = metric(whole, f"{name}_{reading}")[: last_year - 2019]
            np.testing.assert_allclose(metric(part, f"{name}_{reading}"), expected, rtol=1e-12, atol=1e-15)


def test_powertrains_sold_add_up_to_one() -> None:
    found = outcome("reference")
    names = [m.metric_id for m in MODEL.metrics if m.metric_id.startswith("transport.sales_")]
    assert len(names) == 7
    np.testing.assert_allclose(sum(metric(found, n.partition(".")[2]) for n in names), 1.0, rtol=1e-12)


def test_an_earlier_view_does_not_see_later_shares() -> None:
    early = Frame(region="jiangsu", as_of_year=2022)
    late, then = shares(), shares(frame=early)
    assert (then[:, CAR, :, :3] == late[:, CAR, :, :3]).all()
    # between 2022 and 2030 that view has only a line
    line = np.interp(2024, (2022, 2030), nev(then)[0, CAR, [2, 10]])
    assert nev(then)[0, CAR, 4] == pytest.approx(line, abs=1e-12)
    assert abs(nev(late)[0, CAR, 4] - line) > 0.01
    base, paths, _ = run_activity(early, Scenario())
    choice = calibrated_choice(base, region_price_levers(paths))
    assert choice.known_years == (2020, 2021, 2022)
    modelled = shares(constant("uptake_by_choice", 1.0), frame=early)
    assert (modelled[:, CAR, :, :3] == then[:, CAR, :, :3]).all()
    assert (modelled[:, CAR, :, 3:] != then[:, CAR, :, 3:]).any()


# The calibrated model


def test_calibrated_constants_give_the_known_shares_and_residuals_are_published() -> None:
    _, paths, _ = run_activity(FRAME, Scenario(baseline="planned"))
    levers = region_price_levers(paths)
    choice = calibrated_choice(BASE, levers)
    assert np.abs(choice.residual).max() < 1e-12
    found = outcome("planned")
    known = [y - 2020 for y in choice.known_years]
    for c, name in enumerate(choice.book.classes):
        np.testing.assert_allclose(
            metric(found, f"{name}_model_nev_share")[known], choice.observed[c], rtol=1e-10
        )
        np.testing.assert_allclose(
            metric(found, f"{name}_choice_residual")[known], choice.straight_residual[c], atol=1e-15
        )
    # with constants on a line cost and charging explain trucks within 3 points, cars within 10
    worst = dict(zip(choice.book.classes, np.abs(choice.straight_residual).max(axis=1), strict=True))
    assert max(worst[n] for n in ("coach", "light_truck", "medium_truck", "heavy_truck")) < 0.03
    assert worst["private_car"] < 0.10
    assert set(choice.book.classes) == set(CHOOSERS)


def test_the_model_alone_reaches_the_reference_share_of_cars_and_stays_in_the_logistic_band() -> None:
    share = metric(outcome("reference"), "private_car_model_nev_share")
    assert share[10] == pytest.approx(0.84, abs=0.03)
    assert share[5] == pytest.approx(0.54, abs=0.03)  # the nowcast of 2025, not used in the calibration
    years = np.arange(2024, 2036)
    fits = [
        k / (1 + np.exp(-r * (years - t0))) for k, r, t0 in ((0.80, 0.605, 2023.785), (1.0, 0.551, 2024.54))
    ]
    inside = share[years - 2020]
    assert (inside > np.minimum(*fits) - 0.06).all()
    assert (inside < np.maximum(*fits) + 0.06).all()


def test_elasticity_of_battery_cars_lies_in_the_range_of_the_source() -> None:
    low, high = (REGION.number("transport/uptake", n) for n in ("elasticity_low", "elasticity_high"))
    found = metric(outcome("reference"), "private_car_bev_price_elasticity")
    assert low <= found[4] <= high
    beta = cost_book("jiangsu").cost_utility[0]
    assert beta * 14.0 * (1 - 0.4) == pytest.approx(-1.26)
    assert beta * 14.0 * (1 - 0.05) == pytest.approx(-2.0, abs=0.01)


def test_the_published_elasticity_is_what_a_price_change_does() -> None:
    price = 0.001
    less, more = (shares(at("nev_price_change", s * price)) for s in (-1, 1))
    base, paths, _ = run_activity(FRAME, Scenario(baseline="reference"))
    book = cost_book("jiangsu")
    own = np.log(more[0, CAR, BEV, 10] / less[0, CAR, BEV, 10]) / (2 * price)
    # a price that all new-energy cars share: only the nest as a whole gives way
    whole = metric(outcome("reference"), "private_car_nev_sales_share")[10]
    levers = region_price_levers(paths)
    felt = 1 + levers.tax_share[0, 10] - book.resale[0, [PHEV, BEV], 10] * book.residual[0]
    steps = book.cost_utility[0] * book.price[0, [PHEV, BEV], 10] * felt
    split = nev_split_of(shares()[0, CAR, :, 10])
    mean = float((split * steps).sum())
    expected = (steps[1] - mean) / book.dissimilarity[1] + mean * (1 - whole)
    assert own == pytest.approx(expected, rel=1e-3)
    assert base.classes[CAR] == "private_car"


def nev_split_of(share: FloatArray) -> FloatArray:
    pair = share[[PHEV, BEV]]
    return np.asarray(pair / pair.sum())


def test_fleet_buyers_have_an_own_cost_elasticity_of_three() -> None:
    _, paths, _ = run_activity(FRAME, Scenario(baseline="planned"))
    levers = region_price_levers(paths)
    choice = calibrated_choice(BASE, levers)
    cost = cost_of_ownership(choice.book, levers)[0]
    for c, name in enumerate(choice.book.classes):
        if name.endswith("truck") or name in ("coach", "special_vehicle"):
            own = choice.cost_utility[c] * cost[c, BEV, 4] * (1 - choice.observed[c, -1])
            assert own == pytest.approx(-3.0, rel=1e-9)


def test_cost_of_a_battery_car_by_hand() -> None:
    _, paths, _ = run_activity(FRAME, Scenario(baseline="planned"))
    book = cost_book("jiangsu")
    cost = cost_of_ownership(book, region_price_levers(paths))[0, 0, :, 0]
    years = range(1, 6)
    discount = sum(1.1**-t for t in years)
    battery = 17.0 - 1.5 + discount * (11000 * 0.152 * 0.718 + 7300) / 1e4 - 0.3 * 17.0 / 1.1**5
    gasoline = 12.5 * 1.1 + discount * (11000 * 0.074 * 5.7 + 7500) / 1e4 - 0.5 * 12.5 / 1.1**5
    assert cost[BEV] == pytest.approx(battery, rel=1e-9)
    assert cost[0] == pytest.approx(gasoline, rel=1e-9)


# Two ways, one fleet


@pytest.mark.parametrize("baseline", BASELINES)
def test_nothing_set_gives_exactly_the_path(baseline: Baseline) -> None:
    found = nev(shares(baseline=baseline))
    _, paths, _ = run_activity(FRAME, Scenario(baseline=baseline))
    for c, name in enumerate(BASE.classes):
        path = paths.by_place(f"transport.nev_sales_share_{name}")
        np.testing.assert_allclose(found[:, c], path, rtol=0, atol=2e-16)


@pytest.mark.parametrize("chosen", [(), (at("nev_purchase_subsidy", 8000.0), at("ice_licence_cost", 2e4))])
def test_shares_of_the_model_fed_back_as_paths_give_the_same_fleet(chosen: tuple[LeverSetting, ...]) -> None:
    model = outcome("planned", constant("uptake_by_choice", 1.0))
    years = tuple(range(2026, 2061))
    fed = tuple(
        LeverSetting(
            lever_id=f"transport.nev_sales_share_{name}",
            years=years,
            values=tuple(float(v) for v in metric(model, f"{name}_nev_sales_share")[LATER]),
        )
        for name in CHOOSERS
    )
    by_model = outcome("planned", constant("uptake_by_choice", 1.0), *chosen)
    by_path = outcome("planned", *fed, *chosen)
    for one, other in zip(by_model.indicators, by_path.indicators, strict=True):
        np.testing.assert_allclose(one.region_values, other.region_values, rtol=1e-9, atol=1e-6)
    # the published projection of the model is what the fleet bought
    for name in CHOOSERS if not chosen else ():
        np.testing.assert_allclose(
            metric(by_model, f"{name}_nev_sales_share")[LATER],
            metric(by_model, f"{name}_model_nev_share")[LATER],
            rtol=1e-9,
        )


def test_a_weight_mixes_path_and_model() -> None:
    path, model, half = (nev(shares(constant("uptake_by_choice", w))) for w in (0.0, 1.0, 0.5))
    np.testing.assert_allclose(half, (path + model) / 2, atol=1e-12)
    assert (model[..., :6] == path[..., :6]).all()
    for name in ("urban_bus", "motorcycle"):
        assert (model[:, BASE.position(name)] == path[:, BASE.position(name)]).all()


# Levers


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize(
    ("lever", "low", "high", "direction"),
    [
        ("nev_purchase_subsidy", -10000.0, 20000.0, 1),
        ("nev_purchase_tax", 0.0, 0.1, -1),
        ("nev_price_change", -0.2, 0.2, -1),
        ("ice_licence_cost", 0.0, 60000.0, 1),
        ("public_charger_density", 4.0, 50.0, 1),
        ("drivers.oil_product_price_multiplier", 0.8, 2.0, 1),
        ("drivers.electricity_price_multiplier", 0.7, 1.8, -1),
        ("drivers.carbon_price", 0.0, 2000.0, 1),
        ("public_fleet_nev_mandate", 0.0, 0.95, 1),
        ("ice_car_sales_end_year", 2100.0, 2032.0, 1),
        ("ice_truck_sales_end_year", 2100.0, 2032.0, 1),
    ],
)
def test_each_lever_moves_new_energy_sales_one_way(
    baseline: Baseline, lever: str, low: float, high: float, direction: int
) -> None:
    steps = [low, (low + high) / 2, high]
    make = constant if lever.endswith("end_year") else at
    found = [direction * nev(shares(make(lever, v), baseline=baseline)) for v in steps]
    assert (np.diff(found, axis=0) >= -1e-12).all()
    assert (found[2] - found[0])[..., 7:15].max() > 0.003
    assert not (found[2] - found[0])[..., :6].any()


def test_prices_move_the_split_too() -> None:
    base, costly = shares(), shares(at("drivers.oil_product_price_multiplier", 2.0))
    within = [s[0, CAR, BEV, 8] / nev(s)[0, CAR, 8] for s in (base, costly)]
    assert within[1] > within[0]
    hybrids = [s[0, CAR, HEV, 8] / s[0, CAR, ENGINES, 8].sum() for s in (base, costly)]
    assert hybrids[1] > hybrids[0]


def test_the_subsidy_acts_alike_on_every_baseline() -> None:
    for baseline in BASELINES:
        there = at("nev_purchase_subsidy", 0.0)
        more = at("nev_purchase_subsidy", 10000.0)
        gain = nev(shares(more, baseline=baseline)) - nev(shares(there, baseline=baseline))
        assert gain[0, CAR, 7] == pytest.approx(0.035, abs=0.02)


def test_a_price_in_one_city_changes_that_city_alone() -> None:
    base, one = shares(), shares(at("nev_purchase_subsidy", 10000.0, place="nantong"))
    here = REGION.city_ids.index("nantong")
    assert (nev(one)[here, CAR, 6:20] > nev(base)[here, CAR, 6:20]).all()
    assert (np.delete(one, here, axis=0) == np.delete(base, here, axis=0)).all()


# Floors and ends of sale


def test_a_floor_lifts_to_itself_and_never_pulls_down() -> None:
    base, floor = nev(shares()), nev(shares(at("public_fleet_nev_mandate", 0.5)))
    for name in BASE.classes:
        c = BASE.position(name)
        wanted = np.full(base.shape[2], 0.5 if name in ("urban_bus", "taxi", "special_vehicle") else 0.0)
        wanted[:6] = 0.0
        np.testing.assert_allclose(floor[:, c], np.maximum(base[:, c], wanted), atol=1e-12)


@pytest.mark.parametrize(
    ("lever", "classes"),
    [
        ("ice_car_sales_end_year", ("private_car", "taxi", "ride_hailing")),
        (
            "ice_truck_sales_end_year",
            ("coach", "light_truck", "medium_truck", "heavy_truck", "special_vehicle"),
        ),
    ],
)
def test_engines_and_hybrids_run_out_over_three_years(lever: str, classes: tuple[str, ...]) -> None:
    base, banned = shares(baseline="planned"), shares(constant(lever, 2032), baseline="planned")
    for name in BASE.classes:
        c = BASE.position(name)
        part = np.ones(base.shape[3])
        if name in classes:
            part = np.clip((2032 - np.arange(2020, 2061)) / 3, 0, 1)
        np.testing.assert_allclose(banned[:, c][:, ENGINES], base[:, c][:, ENGINES] * part, atol=1e-12)


def test_an_end_of_sale_leaves_new_energy_even_where_none_was_sold() -> None:
    found = shares(at("nev_sales_share_light_truck", 0.0), constant("ice_truck_sales_end_year", 2030))
    light = found[:, BASE.position("light_truck")]
    assert (light[:, ENGINES, 10:] == 0).all()
    np.testing.assert_allclose(light.sum(axis=1), 1.0, rtol=1e-12)
    assert (light[:, BEV, 10:] > 0.9).all()


# Any levers

ROWS = [row for row in MODEL.levers if row.group == "uptake"]
PRICES = ("oil_product_price_multiplier", "electricity_price_multiplier")


@st.composite
def any_settings(draw: st.DrawFn) -> tuple[LeverSetting, ...]:
    chosen = []
    for row in draw(st.lists(st.sampled_from(ROWS), max_size=6, unique_by=lambda r: r.lever_id)):
        value = draw(st.floats(row.low, row.high))
        if row.kind.value == "constant":
            chosen.append(LeverSetting(lever_id=row.lever_id, values=(value,)))
            continue
        place = draw(st.sampled_from(("", "nantong", "suzhou"))) if row.by_city else ""
        chosen.append(at(row.lever_id, value, year=draw(st.integers(2026, 2050)), place=place))
    for name in draw(st.lists(st.sampled_from(PRICES), unique=True)):
        chosen.append(at(f"drivers.{name}", draw(st.floats(0.5, 2.0))))
    return tuple(chosen)


@settings(max_examples=25, deadline=None)
@given(any_settings(), st.sampled_from(BASELINES))
def test_under_any_levers_shares_are_shares_and_no_stock_is_negative(
    chosen: tuple[LeverSetting, ...], baseline: Baseline
) -> None:
    fleet = run_activity(FRAME, Scenario(baseline=baseline, settings=chosen))[2].fleet
    assert np.isfinite(fleet.share).all()
    assert fleet.share.min() >= 0.0
    assert fleet.share.max() <= 1.0 + 1e-12
    np.testing.assert_allclose(fleet.share.sum(axis=2), 1.0, rtol=1e-12)
    assert fleet.stock.min() >= 0.0
    assert fleet.sales.min() >= 0.0
