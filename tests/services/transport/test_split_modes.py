"""SplitModes: markets of callers by hand, with every fault told at once, and whatever hypothesis sends."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.door import open_door
from services.common.errors import DomainError
from services.transport.freight.data import MODES, freight_data
from services.transport.modes.checks import SplitModesDoor
from services.transport.modes.doors import SplitModesRequest
from services.transport.modes.result import ModeSplit
from services.transport.modes.split import split_modes

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "modes_nantong.json"
OWN = {
    "rate_cny_per_tkm": 0.1,
    "terminal_cny_per_t": 10.0,
    "speed_km_per_h": 20.0,
    "wait_h": 5.0,
    "energy_mj_per_tkm": 0.2,
    "direct_gco2_per_tkm": 10.0,
}


def market(**changes: Any) -> dict[str, Any]:
    return {
        "market_id": "coal",
        "cargo": "bulk",
        "turnover_tkm": 1e9,
        "distance_km": 500.0,
        "modes": [{"mode": "road", "share": 0.6}, {"mode": "rail", "share": 0.4}],
        **changes,
    }


def split(*freight: dict[str, Any], passengers: tuple[dict[str, Any], ...] = ()) -> ModeSplit:
    return split_modes(open_door(SplitModesDoor, {"freight": freight, "passengers": passengers}))


def faults(*freight: dict[str, Any], passengers: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    with pytest.raises(DomainError) as caught:
        split(*freight, passengers=passengers)
    return {v.field: v for v in caught.value.violations}


def test_a_market_worked_by_hand():
    # bulk over 500 km: 0.6 may move; road 0.1 CNY/tkm dearer, sensitivity 3.3
    modes = [{"mode": "road", "share": 0.6, "rate_change_cny_per_tkm": 0.1}, {"mode": "rail", "share": 0.4}]
    reply = split(market(modes=modes)).freight[0]
    assert reply.contestable_share == 0.6
    road, rail = reply.modes
    # road 0.40 + 12/500 + 0.15 (1/45 + 2/500), rail 0.17 + 35/500 + 0.15 (1/25 + 48/500)
    assert road.cost_before_cny_per_tkm == pytest.approx(0.42793333, rel=1e-7)
    assert road.cost_after_cny_per_tkm == pytest.approx(0.52793333, rel=1e-7)
    assert rail.cost_before_cny_per_tkm == rail.cost_after_cny_per_tkm == pytest.approx(0.2604, rel=1e-12)
    weight = 0.6 * math.exp(-0.33)
    assert road.share_after == pytest.approx(0.4 * 0.6 + 0.6 * weight / (weight + 0.4), rel=1e-12)
    assert road.turnover_after_tkm + rail.turnover_after_tkm == pytest.approx(1e9, rel=1e-12)
    assert road.own_rate_elasticity == pytest.approx(-3.3 * 0.4 * 0.4 * 0.6, rel=1e-12)
    assert road.rate_elasticities == pytest.approx((-0.3168, 3.3 * 0.4 * 0.6 * 0.6), rel=1e-12)
    assert road.energy_before_gj == pytest.approx(6e8 * 0.528 / 1e3)
    assert road.direct_before_tco2 == pytest.approx(6e8 * 38.3 / 1e6)
    assert rail.direct_after_tco2 == pytest.approx(rail.turnover_after_tkm * 1.5 / 1e6)


@pytest.mark.parametrize("mode", MODES)
def test_every_known_mode_needs_nothing_but_its_share(mode: str) -> None:
    other = "rail" if mode == "road" else "road"
    reply = split(market(modes=[{"mode": mode, "share": 0.5}, {"mode": other, "share": 0.5}]))
    assert [m.mode for m in reply.freight[0].modes] == [mode, other]
    assert reply.freight[0].modes[0].share_after == 0.5
    assert any("grade C" in note for note in reply.notes)


@pytest.mark.parametrize(
    ("km", "contestable"), [(299.9, 0.2), (300.0, 0.5), (799.0, 0.5), (800.0, 0.7), (20_000.0, 0.7)]
)
def test_the_contestable_share_goes_with_cargo_and_distance(km: float, contestable: float) -> None:
    assert split(market(cargo="container", distance_km=km)).freight[0].contestable_share == contestable


def test_what_is_given_is_used_and_not_the_default():
    modes = [{"mode": "road", "share": 0.5, **OWN}, {"mode": "own", "share": 0.5, **OWN}]
    reply = split(market(modes=modes, contestable_share=0.25, sensitivity=2.0, value_of_time_cny_per_t_h=3.0))
    one, other = reply.freight[0].modes
    assert one.cost_before_cny_per_tkm == other.cost_before_cny_per_tkm
    assert one.cost_before_cny_per_tkm == pytest.approx(0.1 + 10 / 500 + 3 * (1 / 20 + 5 / 500), rel=1e-12)
    assert one.own_rate_elasticity == pytest.approx(-2.0 * 0.1 * 0.5 * 0.25, rel=1e-12)
    assert reply.notes == ()


@pytest.mark.parametrize(
    "change",
    [
        {"rate_change_cny_per_tkm": -0.05},
        {"terminal_change_cny_per_t": -10.0},
        {"wait_change_h": -24.0},
        {"speed_ratio": 2.0},
    ],
)
def test_each_kind_of_gain_brings_goods_to_rail(change: dict[str, float]) -> None:
    modes = [{"mode": "road", "share": 0.6}, {"mode": "rail", "share": 0.4, **change}]
    for cargo in ("bulk", "container", "other"):
        assert split(market(cargo=cargo, modes=modes)).freight[0].modes[1].share_after > 0.4


def test_a_cost_common_to_all_modes_moves_nothing():
    modes = [
        {"mode": "road", "share": 0.6, "rate_change_cny_per_tkm": 0.25},
        {"mode": "rail", "share": 0.4, "rate_change_cny_per_tkm": 0.25},
    ]
    for mode in split(market(modes=modes)).freight[0].modes:
        assert mode.share_after == pytest.approx(mode.share_before, rel=1e-12)


def test_every_fault_of_every_market_is_told_at_once():
    found = faults(
        market(modes=[{"mode": "road", "share": 0.6}, {"mode": "road", "share": 0.3}]),
        market(
            modes=[
                {"mode": "truck", "share": 0.5, "rate_cny_per_tkm": 0.3},
                {"mode": "rail", "share": 0.5, "rate_change_cny_per_tkm": -0.2, "wait_change_h": -60.0},
            ]
        ),
    )
    assert set(found) == {
        "freight[0].modes[1].mode",
        "freight[0].modes",
        "freight[1].market_id",
        "freight[1].modes[0].mode",
        "freight[1].modes[1].rate_change_cny_per_tkm",
        "freight[1].modes[1].wait_change_h",
    }
    assert found["freight[0].modes"].given == "0.9"
    assert "wait_h" in found["freight[1].modes[0].mode"].description
    assert found["freight[1].modes[1].rate_change_cny_per_tkm"].allowed == ">= -0.17"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cargo": "coal"}, "freight[0].cargo"),
        ({"turnover_tkm": 0.0}, "freight[0].turnover_tkm"),
        ({"turnover_tkm": math.nan}, "freight[0].turnover_tkm"),
        ({"turnover_tkm": math.inf}, "freight[0].turnover_tkm"),
        ({"distance_km": 0.5}, "freight[0].distance_km"),
        ({"market_id": ""}, "freight[0].market_id"),
        ({"market_id": "x" * 121}, "freight[0].market_id"),
        ({"contestable_share": 1.1}, "freight[0].contestable_share"),
        ({"sensitivity": -1.0}, "freight[0].sensitivity"),
        ({"modes": [{"mode": "road", "share": 1.0}]}, "freight[0].modes"),
        ({"modes": [{"mode": f"m{i}", "share": 0.0} for i in range(11)]}, "freight[0].modes"),
        ({"unknown": 1.0}, "freight[0].unknown"),
    ],
)
def test_a_field_out_of_its_bounds_is_refused(changes: dict[str, Any], field: str) -> None:
    assert field in faults(market(**changes))


def test_a_refused_mode_is_told_once():
    modes = [{"mode": "road", "share": math.nan}, {"mode": "rail", "share": 1.0}]
    assert set(faults(market(modes=modes))) == {"freight[0].modes[0].share"}


def test_no_market_and_too_many_are_refused():
    assert "freight, passengers" in faults()
    many = [market(market_id=f"m{i}") for i in range(501)]
    assert "freight" in faults(*many)
    half = json.loads(EXAMPLE.read_text("utf-8"))["passengers"][0]
    trips = tuple({**half, "market_id": f"p{i}"} for i in range(2))
    assert "freight, passengers" in faults(*many[:499], passengers=trips)


def test_faults_of_passengers_stand_beside_those_of_freight():
    found = faults(
        market(modes=[{"mode": "road", "share": 0.2}, {"mode": "rail", "share": 0.3}]),
        passengers=(
            {"market_id": "town", "tier": "B", "population_count": 1e6, "modes": [{"mode": "sledge"}]},
        ),
    )
    assert "freight[0].modes" in found
    assert "passengers[0].modes[0].mode" in found
    twice = ({"mode": "bus", "share": 0.4}, {"mode": "bus", "share": 0.7})
    found = faults(
        market(turnover_tkm=-1.0),
        market(market_id="ore", modes=[{"mode": "road", "share": 0.2}, {"mode": "lorry", "share": 0.3}]),
        passengers=({"market_id": "ore", "tier": "B", "population_count": 1e6, "modes": twice},),
    )
    assert set(found) == {
        "freight[0].turnover_tkm",
        "freight[1].modes",
        "freight[1].modes[1].mode",
        "passengers[0].market_id",
        "passengers[0].modes[1].mode",
    }
    assert found["freight[1].modes"].given == "0.5"
    assert found["freight[1].modes"].allowed == "1"


def test_the_example_of_nantong_shifts_goods_and_trips_to_cleaner_modes():
    reply = split_modes(open_door(SplitModesRequest, json.loads(EXAMPLE.read_text("utf-8"))))
    assert len(reply.freight) == 3
    for goods in reply.freight:
        assert sum(m.direct_after_tco2 for m in goods.modes) < sum(m.direct_before_tco2 for m in goods.modes)
    trips = reply.passengers[0]
    assert trips.green_share_after > trips.green_share_before
    assert sum(m.share_after for m in trips.modes) == pytest.approx(1.0, abs=1e-12)


MODE = st.fixed_dictionaries(
    {
        "share": st.floats(0.0, 1.0),
        "rate_cny_per_tkm": st.floats(0.0, 100.0),
        "terminal_cny_per_t": st.floats(0.0, 1e4),
        "speed_km_per_h": st.floats(0.1, 1000.0),
        "wait_h": st.floats(0.0, 1000.0),
        "energy_mj_per_tkm": st.floats(0.0, 100.0),
        "direct_gco2_per_tkm": st.floats(0.0, 5000.0),
        "rate_change_cny_per_tkm": st.floats(0.0, 100.0),
        "terminal_change_cny_per_t": st.floats(0.0, 1e4),
        "wait_change_h": st.floats(0.0, 1000.0),
        "speed_ratio": st.floats(0.1, 10.0),
    }
)


@given(
    st.lists(MODE, min_size=2, max_size=10).filter(lambda m: sum(x["share"] for x in m) > 1e-3),
    st.floats(1.0, 20_000.0),
    st.floats(1.0, 1e15),
    st.floats(0.0, 1.0),
    st.floats(0.0, 100.0),
)
@settings(max_examples=150, deadline=None)
def test_any_market_within_bounds_keeps_its_turnover(modes, km, tkm, contestable, sensitivity):
    total = sum(m["share"] for m in modes)
    named = [{**m, "mode": f"m{i}", "share": m["share"] / total} for i, m in enumerate(modes)]
    asked = market(
        modes=named, distance_km=km, turnover_tkm=tkm, contestable_share=contestable, sensitivity=sensitivity
    )
    after = split(asked).freight[0].modes
    assert sum(m.share_after for m in after) == pytest.approx(1.0, abs=1e-9)
    assert sum(m.turnover_after_tkm for m in after) == pytest.approx(tkm, rel=1e-9)
    for m in after:
        assert all(math.isfinite(x) for x in (m.cost_before_cny_per_tkm, m.cost_after_cny_per_tkm))
        assert m.turnover_after_tkm >= (1.0 - contestable) * m.turnover_before_tkm * (1 - 1e-9) - 1e-9 * tkm
        assert m.own_rate_elasticity <= 1e-12


def test_the_same_request_gives_the_same_bits():
    assert split(market()) == split(market())
    assert freight_data("jiangsu").rate[0] == 0.4
