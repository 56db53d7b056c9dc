"""Checks of the base year and calibration factors as data."""

import numpy as np
import pytest

from gateway.base_check import BASE_CHECKS_TABLE, base_checks, quantity, statistic_of
from gateway.results import MetricSeries
from services.common.region_files import RegionDataError
from services.common.words import Grade, Label, Metric
from tests.gateway.small_outcomes import (
    REGION,
    outcome,
    power_outcome,
    small_accounts,
    small_projection,
    technology,
)


def projection(metrics=()):
    supply = power_outcome(
        [
            technology("a", "coal", carrier="coal", mwh=353e6, gj=1.0, tco2=303.64e6),
            technology("b", "nuclear", mwh=35.2e6, clean=True),
        ],
        demand=592e6,
        loss=20e6,
        own_use=25.37e6,
    )
    accounts = small_accounts([outcome("homes", electricity=[("all", 592e6)])], supply)
    return small_projection(accounts, supply, metrics)


def series(metric_id, value):
    return MetricSeries(
        Metric(metric_id, Label("系数", "factor"), "ratio"), np.full(2, value), np.empty((0, 0))
    )


def test_every_row_becomes_a_check_with_its_statistic():
    checks, _ = base_checks(REGION, projection())
    assert [c.check for c in checks] == list(REGION.table(BASE_CHECKS_TABLE).text("check"))
    assert all(c.statistic > 0 and c.provenance.source for c in checks)


def test_a_model_inside_the_tolerance_passes():
    checks = {c.check: c for c in base_checks(REGION, projection())[0]}
    # 592 at the meter + 20 lost + 25.37 own use = 637.37 TWh
    assert checks["electricity"].passed
    assert checks["electricity"].difference_share == pytest.approx(0.0, abs=1e-9)
    assert checks["generation_coal"].passed
    assert checks["co2_power"].model == pytest.approx(303.64)
    assert checks["co2_power"].passed


def test_a_model_outside_the_tolerance_fails():
    checks = {c.check: c for c in base_checks(REGION, projection())[0]}
    # 100 MW against 115 GW
    assert not checks["peak_load"].passed
    assert checks["peak_load"].difference_share == pytest.approx(0.1 / 115 - 1)


def test_the_statistic_of_a_sum_has_the_weaker_grade():
    value, provenance = statistic_of(REGION, "observed:generation_nuclear+generation_thermal_coal")
    assert value == pytest.approx(35.2 + 353.0)
    assert provenance.grade is Grade.C


def test_the_balance_tells_co2_by_owner():
    assert statistic_of(REGION, "balance:power")[0] == pytest.approx(303.64)
    assert statistic_of(REGION, "balance:all")[0] == pytest.approx(652.64)


def test_the_balance_tells_energy_by_owner_and_carrier():
    # enterprises 8.5 and private vehicles 6.1 Mtce
    assert statistic_of(REGION, "balance_energy:transport:gasoline")[0] == pytest.approx(14.6)
    assert statistic_of(REGION, "balance_energy:transport:kerosene")[0] == pytest.approx(1.25)


def test_a_statistic_or_quantity_that_does_not_exist_is_refused():
    with pytest.raises(RegionDataError, match="no such statistic"):
        statistic_of(REGION, "observed:nothing")
    with pytest.raises(RegionDataError, match="no such kind"):
        quantity(projection(), {}, "guess:nothing", 0)


def test_calibration_factors_are_found_by_name_with_their_bounds():
    row = REGION.table("industry/calibration").rows()[0]
    name = row["factor"].removeprefix("industry.").removeprefix("calibration_").removesuffix("_ratio")
    known = series(f"industry.calibration_{name}_ratio", 1.02)
    unknown = series("homes.calibration_guess_ratio", 0.9)
    _, factors = base_checks(REGION, projection((known, unknown, series("homes.floor_m2", 5.0))))
    assert [(f.factor, f.value) for f in factors] == [
        ("homes.calibration_guess_ratio", 0.9),
        (known.metric.metric_id, 1.02),
    ]
    assert (factors[1].low, factors[1].high) == (row["low"], row["high"])
    assert (factors[0].low, factors[0].high) == (0.0, 0.0)
