"""Air pollutants: factors by year, part load, sums."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.power_outcome import DispatchMode, PowerOutcome, Technology
from services.common.regions import load_region
from services.power.margin_kernels import stack_margin
from services.power.pollutants import thermal_kg_per_mwh
from tests.services.power.conftest import Run

REGION = load_region("jiangsu")
PART_LOAD = np.array([0.5, 0.3, 1.3])


def find(outcome: PowerOutcome, name: str) -> Technology:
    return next(t for t in outcome.technologies if t.technology == name)


@pytest.fixture(scope="module")
def early(run: Run) -> PowerOutcome:
    return run(2020, 2022)


def nox_ratio(load_share: float, minimum: float = 0.2) -> float:
    """Ratio of one committed class of 100 MW that runs at the same load all day."""
    hours, one = 24, np.array([100.0])
    nox = np.empty(1)
    stack_margin(
        np.full(hours, 100.0 * load_share),
        np.zeros(1, dtype=np.int64),
        one,
        np.zeros(1, dtype=np.int64),
        np.full((12, 1), 100.0),
        np.ones(1, dtype=np.int64),
        np.array([minimum]),
        np.full((1, 1), 100.0),
        True,
        one,
        1e4,
        PART_LOAD,
        np.empty(hours),
        np.empty(hours),
        nox,
    )
    return float(nox[0])


@pytest.mark.parametrize(
    ("load", "ratio"), [(1.0, 1.0), (0.5, 1.0), (0.4, 1.15), (0.35, 1.225), (0.3, 1.3), (0.25, 1.3)]
)
def test_nox_rises_linearly_from_half_load_to_thirty_per_cent_and_stays(load: float, ratio: float) -> None:
    assert nox_ratio(load) == pytest.approx(ratio)


@given(st.floats(0.2, 1.0), st.floats(0.2, 1.0))
def test_nox_per_mwh_never_falls_with_falling_load(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert 1.0 <= nox_ratio(high) <= nox_ratio(low) + 1e-12 <= 1.3 + 2e-12


def test_the_national_decline_is_followed_by_the_default_of_the_province() -> None:
    years = (2020, 2021, 2022, 2025, 2040)
    assert thermal_kg_per_mwh(REGION, "so2", years) == pytest.approx([0.160, 0.101, 0.083, 0.07, 0.07])
    assert thermal_kg_per_mwh(REGION, "nox", years) == pytest.approx([0.179, 0.152, 0.133, 0.12, 0.12])
    assert thermal_kg_per_mwh(REGION, "pm", years) == pytest.approx([0.032, 0.022, 0.017, 0.010, 0.010])


def test_what_was_observed_later_is_hidden_in_a_hindcast() -> None:
    as_of = load_region("jiangsu", 2020)
    found = thermal_kg_per_mwh(as_of, "so2", (2020, 2022, 2025))
    # Between the figure of 2020 and the default of 2025: 0.160 - 2/5 x 0.09.
    assert found == pytest.approx([0.160, 0.124, 0.07])


def test_so2_of_a_coal_class_is_its_generation_times_the_factor(early: PowerOutcome) -> None:
    coal = find(early, "coal_sub_300")
    assert coal.so2_t == pytest.approx(coal.energy_mwh * [0.160, 0.101, 0.083] / 1e3, rel=1e-12)
    # A class without commitment is led by heat and keeps its factor.
    assert coal.nox_t == pytest.approx(coal.energy_mwh * [0.179, 0.152, 0.133] / 1e3, rel=1e-12)


def test_gas_emits_nox_only_and_plants_without_fuel_and_imports_nothing(early: PowerOutcome) -> None:
    gas = find(early, "gas_chp")
    assert gas.nox_t == pytest.approx(gas.energy_mwh * 0.12 / 1e3, rel=1e-12)
    assert not gas.so2_t.any() and not gas.pm_t.any()
    for tech in early.technologies:
        if tech.imported or not tech.carrier:
            assert not tech.so2_t.any() and not tech.nox_t.any() and not tech.pm_t.any(), tech.technology


def test_published_totals_are_the_sum_of_the_technologies(early: PowerOutcome) -> None:
    published = {i.metric_id: i.region_values for i in early.indicators}
    for name in ("so2_t", "nox_t", "pm_t"):
        total = sum(getattr(t, name) for t in early.technologies)
        assert published[f"power.{name}"] == pytest.approx(total, rel=1e-12)
        assert (np.diff(total) < 0).all()


def test_part_load_raises_nox_only_where_units_are_committed(run: Run) -> None:
    # More wind and PV in 2040 push committed units below half load; a dispatch without commitment knows no loads.
    name = "coal_usc_1000"
    committed = find(run(2040, 2040), name)
    free = find(run(2040, 2040, DispatchMode.FAST), name)
    assert free.nox_t == pytest.approx(free.energy_mwh * 0.12 / 1e3, rel=1e-12)
    per_mwh = committed.nox_t / committed.energy_mwh * 1e3
    assert 0.12 < per_mwh[0] <= 0.12 * 1.3
