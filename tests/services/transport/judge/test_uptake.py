"""Powertrains of sales: the choice beside a plain nested logit, its elasticities, floors, bans and given paths."""

from math import exp, log

import numpy as np
import pytest

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import BEV, COMBUSTION, NEW_ENERGY, POWERTRAINS, transport_base
from services.transport.project import run_activity
from tests.services.transport.judge import plain_files as files

BASE = transport_base("jiangsu")
CAR = BASE.position("private_car")
CHOOSING = ("private_car", "taxi", "ride_hailing", "coach", "light_truck", "medium_truck", "heavy_truck")
PER_10K_CNY = -0.15
PER_LN_CHARGERS = 0.30
WIDTH = 0.6
NESTS = (COMBUSTION, NEW_ENERGY)


def change(lever, value, year=2026, place=""):
    owned = lever if "." in lever else f"transport.{lever}"
    return LeverSetting(lever_id=owned, place=place, years=(year,) if year else (), values=(value,))


def shares(*settings, baseline="frozen"):
    scenario = Scenario(baseline=baseline, settings=settings)
    return run_activity(Frame(region="jiangsu"), scenario)[2].fleet.share


def nev(share, name="private_car"):
    return share[:, BASE.position(name)][:, list(NEW_ENERGY)].sum(axis=1)


def pivot(share, utility):
    """Shares by powertrain moved by changes of utility: pivot nested logit, in loops."""
    weight = {}
    for nest in NESTS:
        total = sum(share[k] for k in nest)
        parts = {k: share[k] / total * exp(utility[k] / WIDTH) for k in nest if share[k] > 0}
        inclusive = sum(parts.values())
        for k, part in parts.items():
            weight[k] = total * inclusive**WIDTH * part / inclusive
    whole = sum(weight.values())
    return [weight.get(k, 0.0) / whole for k in range(len(POWERTRAINS))]


def moved_beside_pivot(lever, value, worth, year):
    """Shares of private cars after a setting: (ours, by the plain nested logit); None where the baseline has a price."""
    before = shares(baseline="reference")[0, CAR, :, year - 2020]
    if lever != "public_charger_density" and files.lever(f"transport.{lever}", "reference", (), "", year):
        return None
    after = shares(change(lever, value), baseline="reference")[0, CAR, :, year - 2020]
    return after, pivot(before, [worth(k, year) for k in range(len(POWERTRAINS))])


@pytest.mark.parametrize("year", [2026, 2030, 2045, 2060])
@pytest.mark.parametrize(
    ("lever", "value", "worth"),
    [
        # what 10,000 CNY and chargers are worth to a buyer, by powertrain
        ("nev_purchase_subsidy", 10_000.0, lambda k, y: -PER_10K_CNY if k in NEW_ENERGY else 0.0),
        ("ice_licence_cost", 50_000.0, lambda k, y: 5 * PER_10K_CNY if k in COMBUSTION else 0.0),
        (
            "public_charger_density",
            40.0,
            lambda k, y: (
                PER_LN_CHARGERS
                * log(40.0 / files.lever("transport.public_charger_density", "reference", (), "", y))
                * (1.0 if k == BEV else 0.3 if POWERTRAINS[k] == "phev" else 0.0)
            ),
        ),
    ],
)
def test_a_setting_moves_private_cars_as_a_plain_nested_logit(lever, value, worth, year):
    found = moved_beside_pivot(lever, value, worth, year)
    if found is None:
        pytest.skip("the baseline has a price of its own in this year")
    np.testing.assert_allclose(*found, rtol=1e-9, atol=1e-12)


PRICES = ((2026, 11.4), (2030, 10.8))  # of a car, 10,000 CNY


def own_price_elasticity(year, price):
    """Of new-energy cars: (found by 1,000 CNY more, beta p (1 - s) of the choice)."""
    before, after = shares(), shares(change("nev_purchase_subsidy", -1_000.0))
    s0, s1 = (nev(s)[0, year - 2020] for s in (before, after))
    return log(s1 / s0) / log(1 + 0.1 / price), PER_10K_CNY * price * (1 - s0)


def test_the_own_price_elasticity_of_new_energy_cars_lies_between_the_anchors():
    """-1.26 at a share of 0.40 and 140,000 CNY, -2.0 at 0.05: beta p (1 - s); here cars cost 108,000 to 115,000 CNY."""
    for year, price in PRICES:
        found, by_choice = own_price_elasticity(year, price)
        assert found == pytest.approx(by_choice, rel=0.05)
        assert -2.0 < found < -0.4
    assert pytest.approx(-1.26) == PER_10K_CNY * 14 * (1 - 0.40)
    assert pytest.approx(-2.0, abs=0.01) == PER_10K_CNY * 14 * (1 - 0.05)


@pytest.mark.parametrize(
    ("lever", "value"),
    [
        ("nev_purchase_subsidy", 20_000.0),
        ("nev_purchase_tax", 0.0),
        ("nev_price_change", -0.1),
        ("ice_licence_cost", 30_000.0),
        ("public_charger_density", 60.0),
        ("drivers.oil_product_price_multiplier", 1.5),
        ("drivers.electricity_price_multiplier", 0.7),
    ],
)
@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_what_favours_new_energy_never_lowers_its_share(lever, value, baseline):
    before, after = shares(baseline=baseline), shares(change(lever, value), baseline=baseline)
    for name in BASE.classes:
        assert (nev(after, name) >= nev(before, name) - 1e-12).all(), name
    assert (nev(after)[:, 6:21] > nev(before)[:, 6:21] - 1e-12).all()
    if (lever, baseline) != ("nev_purchase_tax", "frozen"):  # no tax there
        assert nev(after)[0, 8] > nev(before)[0, 8]
    np.testing.assert_array_equal(after[..., :6], before[..., :6])  # what was sold to 2025 is known


@pytest.mark.parametrize("name", CHOOSING)
def test_a_path_given_directly_is_followed_to_the_digit(name):
    given = (0.31, 0.77)
    path = LeverSetting(lever_id=f"transport.nev_sales_share_{name}", years=(2030, 2040), values=given)
    found = nev(shares(path), name)
    np.testing.assert_allclose(found[:, 10], 0.31, atol=1e-12)
    np.testing.assert_allclose(found[:, 15], 0.54, atol=1e-12)
    np.testing.assert_allclose(found[:, 20:], 0.77, atol=1e-12)


def test_a_path_set_to_what_the_choice_gives_gives_the_same_fleet():
    """Either way consistent: the shares the price levers lead to, handed in as a path."""
    by_price = nev(shares(change("nev_purchase_subsidy", 20_000.0)))[0]
    years = tuple(range(2026, 2061))
    path = LeverSetting(
        lever_id="transport.nev_sales_share_private_car", years=years, values=tuple(by_price[6:].tolist())
    )
    np.testing.assert_allclose(nev(shares(path))[0], by_price, rtol=1e-9)


def test_sale_of_engines_ends_when_it_is_said_to_end_over_three_years():
    before, after = shares(), shares(change("ice_car_sales_end_year", 2035.0, year=None))
    engines = [s[0, CAR, list(COMBUSTION)].sum(axis=0) for s in (before, after)]
    np.testing.assert_allclose(engines[1][:12], engines[0][:12], rtol=1e-12)
    np.testing.assert_allclose(engines[1][13] / engines[0][13], 2 / 3, rtol=1e-9)
    np.testing.assert_allclose(engines[1][14] / engines[0][14], 1 / 3, rtol=1e-9)
    assert np.abs(engines[1][15:]).max() == 0
    later = shares(change("ice_car_sales_end_year", 2040.0, year=None))
    assert (later[0, CAR, list(COMBUSTION)].sum(axis=0) >= engines[1] - 1e-15).all()
    heavy = BASE.position("heavy_truck")
    np.testing.assert_array_equal(after[:, heavy], before[:, heavy])


def test_a_floor_of_public_fleets_never_pulls_down():
    before = shares(baseline="accelerated")
    for floor in (0.3, 0.95, 1.0):
        after = shares(change("public_fleet_nev_mandate", floor), baseline="accelerated")
        for name in ("urban_bus", "taxi", "special_vehicle"):
            assert (nev(after, name) >= nev(before, name) - 1e-12).all()
            assert nev(after, name)[:, 6:].min() >= floor - 1e-12
        np.testing.assert_array_equal(nev(after), nev(before))


def test_the_model_alone_reaches_about_84_per_cent_in_2030_and_more_later():
    found = nev(shares(change("uptake_by_choice", 1.0, year=None), baseline="reference"))[0]
    assert found[10] == pytest.approx(0.84, abs=0.05)
    assert (np.diff(found[10:]) > -0.02).all()
    assert found[40] <= 1


def test_the_share_of_all_automobiles_is_weighted_by_sales():
    activity = run_activity(Frame(region="jiangsu"), Scenario(baseline="planned"))[2]
    from services.transport.model import MODEL

    outcome = MODEL.project(Frame(region="jiangsu"), Scenario(baseline="planned"), ())
    told = next(i for i in outcome.indicators if i.metric_id == "transport.nev_sales_share").region_values
    autos = [c for c, name in enumerate(BASE.classes) if name not in ("motorcycle", "e_bike")]
    sales = activity.fleet.sales[:, autos].sum(axis=(0, 1))
    by_hand = sales[[POWERTRAINS.index(k) for k in ("phev", "bev", "fcev")]].sum(axis=0) / sales.sum(axis=0)
    np.testing.assert_allclose(told, by_hand, rtol=1e-12)
