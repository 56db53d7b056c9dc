"""Nantong: the nineteen targets of its plan answered, and its energy derived by a rule whose cities sum to Jiangsu."""

import numpy as np
import pytest

from gateway.accounts import electricity_shares, power_city_shares
from gateway.city_energy import place_energy
from gateway.primary_energy import primary_energy
from gateway.results import Verdict
from gateway.targets.answer import evaluate_targets, target_result
from gateway.targets.data import read_targets
from gateway.targets.slots import read_slots
from gateway.targets.values import values_of_metrics
from gateway.targets.world import plain_world
from gateway.uses import sector_use
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from tests.gateway.small_outcomes import PLACES, REGION, outcome, power_outcome, technology

CITY = "nantong"
# Every year, as the year of the carbon peak asks.
YEARS = tuple(range(2020, 2036))
# Outside of what is modelled: the plan's shares of industries, its receiving base and its green cover.
TRACKED = ("NTP-02", "NTP-03", "NTP-09", "NTP-15")


def small_city_energy(technologies):
    """(coal, all energy) by city of two small sectors and these plants, the region's primary energy, cities' keys."""
    outcomes = [
        outcome("homes", electricity=[("light", 130.0)], fuels=[("cooking", "natural_gas", 26.0, 1.0)]),
        outcome(
            "works",
            electricity=[("motors", 520.0)],
            fuels=[
                ("kilns", "coal", 1300.0, 100.0),
                ("furnaces", "coke", 130.0, 13.0),
                ("steam", "heat", 9.0, 0.0),
            ],
        ),
    ]
    power = power_outcome(technologies, demand=650.0)
    uses = [sector_use(o) for o in outcomes]
    keys = power_city_shares(REGION, outcomes, power)
    share = electricity_shares(REGION, outcomes, power.years)
    return place_energy(REGION, uses, power, share, keys), primary_energy(REGION, uses, power), keys


def test_energy_of_the_cities_sums_to_the_region():
    (coal, whole), region, _ = small_city_energy(
        [
            technology("steam", "coal", carrier="coal", mwh=400.0, gj=3600.0, tco2=330.0),
            technology("ccgt", "gas", carrier="natural_gas", mwh=50.0, gj=300.0, tco2=17.0),
            technology("atom", "nuclear", carrier="nuclear", mwh=60.0, clean=True),
            technology("onshore", "wind", mwh=40.0, clean=True),
            technology("line", "import", mwh=100.0, imported=True),
            technology("called_off", "other", mwh=5.0),
        ]
    )
    assert coal.sum(axis=0) == pytest.approx(region.coal_and_coke_gj, rel=1e-12)
    assert whole.sum(axis=0) == pytest.approx(region.coal_equivalent_gj, rel=1e-12)


def test_coal_of_plants_stands_where_they_are_listed_and_what_they_send_out_is_taken_off():
    plants = [technology("steam", "coal", carrier="coal", mwh=650.0, gj=5200.0, tco2=500.0)]
    (with_plants, whole), _, keys = small_city_energy(plants)
    (without, _), _, _ = small_city_energy([technology("line", "import", mwh=650.0, imported=True)])
    burned = with_plants - without
    assert burned / burned.sum(axis=0) == pytest.approx(keys["coal"])
    # Each city uses a thirteenth of the electricity: the more plants, the more power is sent out and taken off.
    most, fewest = np.argmax(keys["coal"][:, 0]), np.argmin(keys["coal"][:, 0])
    assert (with_plants / whole)[most, 0] > (with_plants / whole)[fewest, 0]
    assert (whole - with_plants)[most, 0] < (whole - with_plants)[fewest, 0]


@pytest.fixture(scope="module")
def region():
    return load_region("jiangsu")


def project(shop, *settings, baseline="planned"):
    scenario = Scenario(baseline=baseline, settings=settings)
    (run,) = shop.do(shop.pipeline.runs.all(Frame(region="jiangsu"), [scenario], YEARS))
    return run.projection


@pytest.fixture(scope="module")
def planned(shop):
    return project(shop)


def of_city(region, projection, metric):
    return values_of_metrics(region, projection.years, projection.metrics)(metric, CITY)


def test_all_nineteen_targets_are_answered_or_outside_of_the_model(region, planned):
    found = {t.target_id: t for t in evaluate_targets(region, planned) if t.target_id.startswith("NTP-")}
    assert (
        [f"NTP-{n:02d}" for n in range(1, 20)]
        == list(found)
        == [t.id for t in read_targets("jiangsu").targets if t.place == CITY]
    )
    for target_id, target in found.items():
        assert (target.verdict is Verdict.TRACKED_ONLY) == (target_id in TRACKED), target_id
        assert target.verdict is not Verdict.CANNOT_COMPUTE, target_id
        assert (target.value is None) == (target_id in TRACKED), target_id


def test_the_coal_share_of_the_city_is_its_own_and_falls_as_coal_leaves(region, shop, planned):
    (target,) = (t for t in evaluate_targets(region, planned) if t.target_id == "NTP-07")
    share = of_city(region, planned, "account.coal_share")
    assert target.value == pytest.approx(100 * share[2025])
    assert 0.3 < share[2025] < 0.6
    assert share[2025] != pytest.approx(planned.account.coal_share[planned.years.index(2025)], abs=1e-3)
    less = project(
        shop, LeverSetting(lever_id="industry.low_carbon_heat_share", years=(2030,), values=(0.5,))
    )
    assert of_city(region, less, "account.coal_share")[2030] < share[2030]


def test_a_number_that_the_province_hands_down_is_answered_for_the_city(region, planned):
    values = values_of_metrics(region, planned.years, planned.metrics)
    world = plain_world(region, values)
    file = read_targets("jiangsu")
    slots = {s.target.id: s.target.model_copy(update={"number": 10.0}) for s in read_slots(region)}
    found = {i: target_result(world, file, slots[i]) for i in ("NTP-S1", "NTP-S2", "NTP-S3", "NTP-S4")}
    for slot, metric in (("NTP-S1", "energy_per_gdp_ratio"), ("NTP-S2", "co2_per_gdp_ratio")):
        ratio = of_city(region, planned, f"account.{metric}")
        assert ratio[2020] == pytest.approx(1.0)
        assert found[slot].value == pytest.approx(100 * (1 - ratio[2025]))
    # No metric counts trees, and plants are dispatched for the province as a whole.
    assert (found["NTP-S3"].reason, found["NTP-S4"].reason) == ("NO_METRIC", "NO_CITY_DATA")


def test_a_city_that_grows_faster_than_the_province_uses_less_for_its_gdp(region, shop, planned):
    own = LeverSetting(lever_id="drivers.gdp_growth", place=CITY, years=(2026, 2030), values=(0.08, 0.08))
    faster = project(shop, own)
    for metric in ("account.energy_per_gdp_ratio", "account.co2_per_gdp_ratio"):
        assert of_city(region, faster, metric)[2030] < of_city(region, planned, metric)[2030]


def test_cities_have_a_row_each(planned):
    held = {m.metric.metric_id: m.place_values for m in planned.metrics}
    for name in ("coal_share", "energy_per_gdp_ratio", "co2_per_gdp_ratio"):
        assert held[f"account.{name}"].shape == (len(PLACES), len(planned.years))
