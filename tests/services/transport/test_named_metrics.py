"""A projection for named metrics: the same bits as the whole, and nothing else is left out."""

from dataclasses import replace
from typing import Final

import numpy as np
import pytest

from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.outcome import Indicator, Outcome
from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.indicators import METRIC_NAMES, OF_REGION, SHARES, SUMS, fleet_needs
from services.transport.model import MODEL

FRAMES: Final = (
    Frame(region="jiangsu", first_year=2020, last_year=2032),
    Frame(region="jiangsu", first_year=2027, last_year=2027, weather_year="normal"),
)
SCENARIO: Final = Scenario(
    baseline="planned",
    settings=(
        LeverSetting(lever_id="transport.nev_price_change", years=(2026,), values=(-0.1,)),
        LeverSetting(lever_id="transport.old_vehicle_trade_in_rate", years=(2026,), values=(0.03,)),
        LeverSetting(lever_id="transport.bus_service", place="nanjing", years=(2026,), values=(1.3,)),
    ),
)


def project(frame: Frame, only: frozenset[str] | None = None, *, sealed: bool = True) -> Outcome:
    return MODEL.project(frame, SCENARIO, (), only=only, sealed=sealed)


def without_metrics(outcome: Outcome) -> str:
    return digest_of(replace(outcome, indicators=()))


def bits(indicator: Indicator) -> tuple[object, ...]:
    return indicator.region_values.tobytes(), indicator.place_values.shape, indicator.place_values.tobytes()


@pytest.mark.parametrize("frame", FRAMES)
def test_every_metric_alone_has_the_bits_of_the_whole(frame: Frame) -> None:
    whole = project(frame)
    rest = without_metrics(whole)
    for indicator in whole.indicators:
        alone = project(frame, frozenset({indicator.metric_id}), sealed=False)
        assert [i.metric_id for i in alone.indicators] == [indicator.metric_id]
        assert bits(alone.indicators[0]) == bits(indicator), indicator.metric_id
        assert without_metrics(alone) == rest, indicator.metric_id


def test_metrics_named_keep_their_order_and_what_transport_does_not_have_is_passed_over() -> None:
    whole = project(FRAMES[0])
    ids = frozenset({*list(METRIC_NAMES)[::7], "power.wind_capacity_mw", "transport.no_such"})
    few = project(FRAMES[0], ids)
    assert [i.metric_id for i in few.indicators] == [i for i in METRIC_NAMES if i in ids]
    kept = {i.metric_id: bits(i) for i in whole.indicators}
    assert all(bits(i) == kept[i.metric_id] for i in few.indicators)
    assert few.digest == digest_of(few) != whole.digest


def test_no_metric_named_leaves_energy_and_loads() -> None:
    none = project(FRAMES[0], frozenset(), sealed=False)
    assert none.indicators == () and none.digest == ""
    assert without_metrics(none) == without_metrics(project(FRAMES[0]))


def test_a_digest_left_out_leaves_everything_else() -> None:
    open_, closed = project(FRAMES[0], sealed=False), project(FRAMES[0])
    assert open_.digest == "" and digest_of(open_) == closed.digest


def test_what_is_not_finite_is_told_without_a_digest_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUMS, "vehicle_stock_count", lambda p: np.full_like(p.activity.population, np.nan))
    with pytest.raises(DomainError, match="not finite"):
        project(FRAMES[0], frozenset({"transport.vehicle_stock_count"}), sealed=False)


def test_every_metric_is_made_in_one_way() -> None:
    assert sorted([*SUMS, *SHARES, *OF_REGION]) == sorted(METRIC_NAMES.values())


def test_metrics_that_read_no_exhaust_ask_the_fleet_for_none() -> None:
    none, all_needs = fleet_needs(frozenset({"transport.energy_tco2"})), fleet_needs(None)
    assert none.pollutants == () and not none.standards
    assert all_needs.pollutants == (0, 1, 2, 3) and all_needs.standards
    assert fleet_needs(frozenset(METRIC_NAMES)) == all_needs
