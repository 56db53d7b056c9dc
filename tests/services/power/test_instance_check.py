"""Instances that cannot be dispatched are refused with what is wrong, all of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.errors import DomainError
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance, Generator, StepSeries

GAS = Generator("gas", capacity_mw=200.0, cost_cny_per_mwh=500.0)
LOAD = np.full(6, 100.0)


def refused(instance: DispatchInstance) -> list[str]:
    with pytest.raises(DomainError) as caught:
        dispatch(instance)
    assert caught.value.reason == "INVALID_INPUT"
    return [v.field for v in caught.value.violations]


def must_run(
    ramp: float, low: list[float], high: list[float], budget: float | None = None
) -> DispatchInstance:
    unit = Generator(
        "heat",
        capacity_mw=100.0,
        minimum_series="low",
        availability_series="high",
        cost_cny_per_mwh=50.0,
        ramp_mw_per_h=ramp,
        budget_mwh=budget,
        budget_step_count=0 if budget is None else len(low),
    )
    series = (StepSeries("low", np.array(low)), StepSeries("high", np.array(high) / 100.0))
    return DispatchInstance("must", np.full(len(low), 100.0), (GAS, unit), series=series)


def test_a_unit_too_slow_for_what_it_must_run_is_named() -> None:
    # 60 MW at step 3 need 40 MW at step 2 and 20 at step 1; 10 are available at step 2.
    slow = must_run(20.0, [0, 0, 0, 60, 60, 0], [100, 100, 10, 100, 100, 100])
    assert refused(slow) == ["instance.generators[1].ramp_mw_per_h"]
    assert dispatch(must_run(20.0, [0, 0, 0, 60, 60, 0], [100, 100, 40, 100, 100, 40])).unserved_mwh == 0.0


def test_a_budget_that_the_way_to_what_must_run_exceeds_is_named() -> None:
    # 60 MW at the last step need 40, 20 and 0 before: 120 MWh, not 60.
    low = [0.0, 0.0, 0.0, 60.0]
    assert refused(must_run(20.0, low, [100.0] * 4, 119.0)) == ["instance.generators[1].budget_mwh"]
    result = dispatch(must_run(20.0, low, [100.0] * 4, 120.0))
    assert next(u for u in result.units if u.unit_id == "heat").energy_mwh == pytest.approx(120.0)


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=8),
    st.integers(0, 60),
    st.one_of(st.none(), st.integers(0, 400)),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_is_accepted_can_be_dispatched(
    limits: list[tuple[int, int]], ramp: int, budget: int | None
) -> None:
    low, high = [float(min(a, b)) for a, b in limits], [float(max(a, b)) for a, b in limits]
    instance = must_run(float(ramp), low, high, budget)
    try:
        result = dispatch(instance, with_steps=True)
    except DomainError as error:
        assert all(v.field.startswith("instance.generators[1]") for v in error.violations), error
        return
    output = next(s.values for s in result.series if s.series_id == "heat.output_mw")
    assert np.abs(np.diff(output)).max() <= ramp + 1e-6
