"""Grid factors: official method, published values, consumption with imports at origin, marginal factor by hour."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.regions import load_region
from services.common.scenario import Frame
from services.power.grid_factors import provincial_factors, published
from services.power.margin_kernels import link_stores, stack_margin
from services.power.model import PowerModel
from tests.services.power.conftest import Parts, Run
from tests.services.power.marginal_again import LIMITS, stated_and_measured

REGION = load_region("jiangsu")


@pytest.fixture(scope="module")
def early(run: Run) -> PowerOutcome:
    return run(2021, 2023)


def values(outcome: PowerOutcome, name: str) -> np.ndarray:
    return next(i.region_values for i in outcome.indicators if i.metric_id == f"power.{name}")


# The official method.


def test_two_provinces_by_hand() -> None:
    # A: 60 t of 100 MWh, sends 20 MWh to B. B: 10 t of 80 MWh. Nothing else.
    # A takes nothing: 60 / 100 = 0.6. B: (10 + 0.6 x 20) / (80 + 20) = 0.22.
    sent = np.array([[0.0, 20.0], [0.0, 0.0]])
    none = np.zeros(2)
    found = provincial_factors(np.array([60.0, 10.0]), np.array([100.0, 80.0]), sent, none, none)
    assert found == pytest.approx([0.6, 0.22])


def test_two_provinces_that_feed_each_other_and_a_grid_outside() -> None:
    # A takes 10 of B, B takes 20 of A and 50 MWh with 5 t from outside:
    # 110 a = 60 + 10 b and 150 b = 10 + 20 a + 5; a put into the second equation gives b.
    sent = np.array([[0.0, 20.0], [10.0, 0.0]])
    found = provincial_factors(
        np.array([60.0, 10.0]), np.array([100.0, 80.0]), sent, np.array([0.0, 5.0]), np.array([0.0, 50.0])
    )
    b = (15 + 20 * 60 / 110) / (150 - 20 * 10 / 110)
    assert found == pytest.approx([(60 + 10 * b) / 110, b])


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), st.floats(0.0, 30.0))
def test_factors_lie_between_the_lowest_and_the_highest_of_generation(own: list[float], sent: float) -> None:
    between = np.full((3, 3), sent)
    np.fill_diagonal(between, 0.0)
    found = provincial_factors(np.array(own) * 100, np.full(3, 100.0), between, np.zeros(3), np.zeros(3))
    assert found.min() >= min(own) - 1e-12 and found.max() <= max(own) + 1e-12
    # Symmetric exchange moves factors together and keeps their mean.
    assert found.mean() == pytest.approx(np.mean(own), abs=1e-12)


def test_the_published_table_holds_the_factors_of_30_provinces_two_years() -> None:
    table = published(REGION)
    assert table["jiangsu"] == {2021: 0.6451, 2022: 0.5978}
    assert table["china"] == {2021: 0.5568, 2022: 0.5366, 2023: 0.5306}
    assert sum(set(v) == {2021, 2022} for v in table.values()) >= 30
    assert all(0 < f < 1 for v in table.values() for f in v.values())


def test_factors_published_for_later_years_are_hidden_in_a_hindcast() -> None:
    assert published(load_region("jiangsu", 2020)) == {}
    assert published(load_region("jiangsu", 2021))["jiangsu"] == {2021: 0.6451}


def test_the_metric_is_the_official_formula_over_the_outcome(early: PowerOutcome) -> None:
    # Hubei, Sichuan, Shanxi, Inner Mongolia of 2021 as published; recomputed from the technologies.
    sender = {
        "import_yangcheng": 0.7222,
        "import_longzheng": 0.3672,
        "import_jinsu": 0.1255,
        "import_yanhuai": 0.7222,
        "import_xitai": 0.7025,
    }
    local = [t for t in early.technologies if not t.imported and t.group != "other"]
    tco2 = sum(t.energy_tco2[0] for t in local)
    energy = sum(t.energy_mwh[0] for t in local)
    for line in (t for t in early.technologies if t.imported and t.energy_mwh[0] > 0):
        tco2 += line.energy_mwh[0] * sender.get(line.technology, 0.1255)
        energy += line.energy_mwh[0]
    assert values(early, "grid_factor_tco2_per_mwh")[0] == pytest.approx(tco2 / energy, rel=1e-12)


def test_the_factor_of_jiangsu_beside_the_published_one(
    early: PowerOutcome, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = early.grid_factor_checks
    assert [c.year for c in checks] == [2021, 2022]
    with capsys.disabled():
        for c in checks:
            print(  # noqa: T201 - the comparison is to be seen
                f"\n  {c.year}: published {c.official_tco2_per_mwh:.4f}, accounts {c.model_tco2_per_mwh:.4f} "
                f"(ratio {c.official_over_model_ratio:.3f}), scope of power statistics "
                f"{c.official_scope_tco2_per_mwh:.4f} (ratio {c.official_over_scope_ratio:.3f})"
            )
    for c in checks:
        # The accounts leave out the carbon of steel gases (counted in coke) and take less carbon per coal.
        assert c.official_over_model_ratio == pytest.approx(1, abs=0.2)
        assert c.official_over_scope_ratio == pytest.approx(1, abs=0.1)
        assert c.official_tco2_per_mwh == pytest.approx(c.official_over_model_ratio * c.model_tco2_per_mwh)
        assert c.official_tco2_per_mwh == pytest.approx(
            c.official_over_scope_ratio * c.official_scope_tco2_per_mwh
        )


def test_years_without_a_published_factor_have_no_comparison(run: Run) -> None:
    assert run(2030, 2030).grid_factor_checks == ()


# Consumption with imports at origin.


def test_the_supply_factor_is_all_co2_over_what_was_delivered(early: PowerOutcome) -> None:
    tco2 = sum(t.energy_tco2 for t in early.technologies)
    delivered = early.demand_mwh + early.loss_mwh - early.unserved_mwh
    assert early.supply_tco2_per_mwh * delivered == pytest.approx(tco2, rel=1e-12)


def test_consumption_and_supply_factors_differ_by_what_plants_and_stores_use(early: PowerOutcome) -> None:
    consumption = values(early, "consumption_tco2_per_mwh")
    gross = values(early, "generation_mwh") + values(early, "net_import_mwh")
    interrupted = sum(t.energy_mwh for t in early.technologies if t.group == "other")
    stores = sum(s.charged_mwh - s.discharged_mwh for s in early.stores)
    delivered = early.demand_mwh + early.loss_mwh - early.unserved_mwh
    used = early.plant_own_use_mwh + early.surplus_mwh + stores - interrupted
    assert gross == pytest.approx(delivered + used, rel=1e-9)
    assert consumption * gross == pytest.approx(early.supply_tco2_per_mwh * delivered, rel=1e-9)


# The margin.


def margin(
    load: list[float], caps: list[float], prices: list[float], tco2: list[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Cost and CO2 of the next MW of a stack without commitment, one day."""
    count = len(caps)
    cost, rate = np.empty(24), np.empty(24)
    stack_margin(
        np.array(load),
        np.zeros(1, dtype=np.int64),
        np.array(prices),
        np.argsort(prices, kind="stable"),
        np.tile(np.array(caps), (12, 1)),
        np.zeros(count, dtype=np.int64),
        np.zeros(count),
        np.zeros((count, 1)),
        False,
        np.array(tco2),
        10000.0,
        np.array([0.5, 0.3, 1.3]),
        cost,
        rate,
        np.empty(count),
    )
    return cost, rate


def linked(
    cost: list[float], rate: list[float], net: list[float], content: list[float], store: list[float]
) -> list[float]:
    n = len(cost)
    out = np.empty(n)
    link_stores(
        np.array(cost),
        np.array(rate),
        np.array([net]),
        np.array([content]),
        np.zeros(1, dtype=np.int64),
        np.array([store]),
        np.empty(n),
        np.empty(n),
        out,
    )
    return out.tolist()


def test_the_next_megawatt_is_carried_by_the_block_with_room() -> None:
    load = [-5.0, 50.0, 100.0, 150.0, 200.0, 250.0] * 4
    cost, rate = margin(load, [100.0, 100.0], [200.0, 500.0], [0.8, 0.4])
    # Curtailment; first block; first block full: the second; second; both full and beyond: not served.
    assert cost[:6].tolist() == [0.0, 200.0, 500.0, 500.0, 10000.0, 10000.0]
    assert rate[:6].tolist() == [0.0, 0.8, 0.4, 0.4, 0.0, 0.0]


def test_a_discharging_store_passes_the_margin_to_the_hour_that_refills_it() -> None:
    # Hour 0 charges 10 MW on coal (0.8 t at 200), hour 1 gives 6.4 MW of it instead of gas (0.4 t at 500).
    # One more MW in hour 1 takes 1 / 0.8 MWh of coal in hour 0: 1.0 t at 250 CNY, less than 500.
    found = linked([200, 500], [0.8, 0.4], [10, -6.4], [2, 10, 3.6], [20, 20, 20, 0.8, 1, 0])
    assert found == pytest.approx([0.8, 1.0])


def test_a_full_store_cannot_be_refilled_before_and_an_empty_one_not_after() -> None:
    # Full after hour 0: nothing more could have been put in for hour 1. Nor can hour 0 take from hour 1 when empty between.
    full = linked([200, 500], [0.8, 0.4], [10, -6.4], [12, 20, 13.6], [20, 20, 20, 0.8, 1, 0])
    assert full == [0.8, 0.4]
    empty = linked([500, 200], [0.4, 0.8], [-5, 10], [5, 0, 8], [20, 20, 20, 0.8, 1, 0])
    assert empty == [0.4, 0.8]
    between = linked([500, 200], [0.4, 0.8], [-5, 10], [6, 1, 9], [20, 20, 20, 0.8, 1, 0])
    assert between == pytest.approx([1.0, 0.8])


def test_a_store_at_its_power_limit_cannot_carry_more() -> None:
    assert linked([200, 500], [0.8, 0.4], [10, -20], [5, 13, 3], [20, 20, 40, 0.8, 1, 0]) == [0.8, 0.4]


def test_charging_less_counts_as_supply() -> None:
    # Both hours charge; hour 0 at gas could leave 0.8 MWh of content to hour 1 at coal: 0.8 x 0.8 / 0.8 = 0.8 t.
    found = linked([500, 200], [0.4, 0.8], [5, 5], [2, 6, 10], [20, 20, 40, 0.8, 1, 0])
    assert found == pytest.approx([0.8, 0.8])


Marginal = Callable[[int, DispatchMode], tuple[float, float]]


@pytest.fixture(scope="module")
def compared(model: PowerModel, parts: Callable[[int, int], Parts]) -> Marginal:
    """Marginal factor as published, and by dispatching again with 1 % more and 1 % less load, t/MWh."""

    def both(year: int, mode: DispatchMode) -> tuple[float, float]:
        frame = Frame(region="jiangsu", first_year=year, last_year=year)
        return stated_and_measured(model, parts(year, year), frame, year, mode)

    return both


@pytest.mark.parametrize(("year", "mode", "tolerance"), LIMITS)
def test_the_marginal_factor_agrees_with_dispatching_again(
    compared: Marginal, year: int, mode: DispatchMode, tolerance: float
) -> None:
    stated, measured = compared(year, mode)
    assert stated == pytest.approx(measured, rel=tolerance)


def test_marginal_tables_come_for_years_divisible_by_ten_and_the_last(run: Run) -> None:
    outcome = run(2029, 2031)
    assert [m.year for m in outcome.marginal_factors] == [2030, 2031]
    for table in outcome.marginal_factors:
        rates = table.marginal_tco2_per_mwh
        assert rates.shape == (12, 24)
        assert (rates >= 0).all() and (rates < 1.5).all()
        mean = values(outcome, "marginal_tco2_per_mwh")[outcome.years.index(table.year)]
        assert rates.min() < mean < rates.max()


def test_a_system_full_of_wind_and_sun_has_a_lower_margin_at_noon_than_by_night(run: Run) -> None:
    table = run(2050, 2050).marginal_factors[-1].marginal_tco2_per_mwh
    assert table[3:5, 10:14].mean() < table[3:5, 0:4].mean()


# Shares.


def test_shares_of_generation_are_of_the_technologies(early: PowerOutcome) -> None:
    local = [t for t in early.technologies if not t.imported and t.group != "other"]
    whole = sum(t.energy_mwh for t in local)
    coal = sum(t.energy_mwh for t in local if t.technology.startswith("coal"))
    nuclear = next(t for t in local if t.technology == "nuclear").energy_mwh
    assert values(early, "coal_generation_share") == pytest.approx(coal / whole, rel=1e-12)
    renewable = values(early, "non_fossil_share") - nuclear / whole
    assert values(early, "renewable_generation_share") == pytest.approx(renewable, rel=1e-9)
    assert (values(early, "non_fossil_capacity_share") > values(early, "renewable_capacity_share")).all()
