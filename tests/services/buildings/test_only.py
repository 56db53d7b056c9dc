"""An outcome with some metrics alone: the same bits as in the whole, and everything else as it is."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from services.buildings.indicators import costs, energy, values
from services.buildings.model import MODEL
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.outcome import Indicator, Outcome
from services.common.scenario import Frame, LeverSetting, Scenario

FRAME = Frame(region="jiangsu", last_year=2030)
SCENARIO = Scenario(
    settings=(
        LeverSetting(lever_id="buildings.heat_pump_share_new", years=(2030,), values=(0.8,), place="suzhou"),
    )
)
WHOLE = MODEL.project(FRAME, SCENARIO, ())


def by_id(outcome: Outcome) -> Mapping[str, Indicator]:
    return {i.metric_id: i for i in outcome.indicators}


def assert_same_indicator(one: Indicator, other: Indicator) -> None:
    np.testing.assert_array_equal(one.region_values, other.region_values)
    np.testing.assert_array_equal(one.place_values, other.place_values)
    assert one.place_values.shape == other.place_values.shape


@pytest.mark.parametrize("frame", [FRAME, Frame(region="jiangsu", first_year=2020, last_year=2020)])
def test_every_metric_alone_has_the_bits_of_the_whole(frame: Frame) -> None:
    whole = by_id(MODEL.project(frame, SCENARIO, ()))
    for metric in MODEL.metrics:
        (alone,) = MODEL.project(
            frame, SCENARIO, (), only=frozenset({metric.metric_id}), sealed=False
        ).indicators
        assert alone.metric_id == metric.metric_id
        assert_same_indicator(alone, whole[metric.metric_id])


def test_stages_read_the_same_whatever_metrics_are_asked() -> None:
    few = MODEL.project(FRAME, SCENARIO, (), only=frozenset(), sealed=False)
    assert few.indicators == ()
    assert few.digest == ""
    assert digest_of(few) == digest_of(replace(WHOLE, indicators=()))


def test_metrics_of_others_are_left_aside_and_the_order_is_that_of_the_rows() -> None:
    asked = frozenset({"buildings.energy_tco2", "buildings.floor_area_m2", "power.generation_mwh"})
    found = [i.metric_id for i in MODEL.project(FRAME, SCENARIO, (), only=asked).indicators]
    assert found == ["buildings.floor_area_m2", "buildings.energy_tco2"]


def test_costs_and_substitution_are_not_made_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nobody asked")

    for module, name in ((costs, "costs_cny"), (costs, "pollutants_t"), (energy, "substitution")):
        monkeypatch.setattr(module, name, never)
    asked = frozenset({"buildings.electricity_mwh", "buildings.energy_tco2"})
    assert len(MODEL.project(FRAME, SCENARIO, (), only=asked).indicators) == len(asked)


def test_an_unsealed_outcome_is_checked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_share", lambda part, whole: np.full_like(part, np.nan))
    with pytest.raises(DomainError, match="not finite"):
        MODEL.project(FRAME, SCENARIO, (), only=frozenset({"buildings.electricity_share"}), sealed=False)
