"""EstimateRooftopPv: the chain against pvlib's own, yields by city, what fits on a roof, own use, bad input."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.buildings.climate.place import place_weather
from services.buildings.roofs.doors import EstimateRooftopPvRequest
from services.buildings.roofs.estimate import estimate, hourly_load
from services.buildings.roofs.places import city_yields
from services.buildings.roofs.pv_yield import Plane, output_per_kw, usual_chain
from services.buildings.roofs.result import RooftopEstimate
from services.common.errors import DomainError
from services.common.regions import load_region
from tests.services.buildings.pvlib_direct import chain_output, diffuse_unhindered

pytestmark = pytest.mark.filterwarnings("ignore")
REGION = load_region("jiangsu")
CHAIN = usual_chain(REGION)
NANJING = {"place": {"region": "jiangsu", "city": "nanjing"}}
# Yearly yields, kWh/kW, reckoned on the typical years' own radiation (Perez, PVWatts, losses 14 %, inverter 96 %)
# for cities that have one station: flat, 10 degrees south, 25 degrees south, east and west at 10 degrees.
YIELDS = {
    "nanjing": (883, 933, 967, 874),
    "xuzhou": (898, 934, 952, 890),
    "lianyungang": (957, 1002, 1028, 948),
    "huaian": (945, 997, 1031, 936),
}
KINDS = ("factory_metal", "factory_concrete", "public", "high_rise", "rural")


def ask(*roofs: dict[str, Any], **others: Any) -> RooftopEstimate:
    named = [{"roof_id": f"r{i}", "roof_area_m2": 1000.0, **roof} for i, roof in enumerate(roofs)]
    return estimate(EstimateRooftopPvRequest.model_validate({"roofs": named, "weather": NANJING} | others))


def yearly(city: str, azimuth: float, tilt: float) -> float:
    weather = place_weather(REGION, city, "normal", 0.0)
    return float(output_per_kw(weather, Plane(azimuth, tilt, False), CHAIN).sum())


@pytest.mark.parametrize("city", YIELDS)
def test_yields_on_every_plane_are_those_of_the_stations(city: str) -> None:
    flat, ten, south, both = YIELDS[city]
    assert yearly(city, 180, 25) == pytest.approx(south, rel=0.05)
    assert yearly(city, 180, 0) == pytest.approx(flat, rel=0.06)
    assert yearly(city, 180, 10) == pytest.approx(ten, rel=0.06)
    assert (yearly(city, 90, 10) + yearly(city, 270, 10)) / 2 == pytest.approx(both, rel=0.06)


def test_yields_of_every_city_are_within_5_per_cent_of_the_statistics() -> None:
    known = REGION.city_numbers("buildings", "rooftop_pv_yield_kwh_per_kw")
    assert city_yields("jiangsu") == pytest.approx(known, rel=0.05)


def test_the_chain_is_pvlibs_model_chain() -> None:
    """The same system through pvlib's ModelChain, which lets diffuse light through the glass unhindered."""
    weather = place_weather(REGION, "xuzhou", "normal", 0.0)
    plane = Plane(180, 25, False)
    theirs = chain_output(plane, CHAIN, weather)
    ours = output_per_kw(weather, plane, CHAIN) / weather.pv_light_share
    assert 0.94 < ours.sum() / theirs.sum() < 0.985  # what the glass takes from light of sky and ground
    with diffuse_unhindered():
        ours = output_per_kw(replace(weather, pv_light_share=1.0), plane, CHAIN)
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.003)
    assert ours == pytest.approx(theirs, abs=0.01)


def test_performance_ratio_is_that_of_rooftop_plants() -> None:
    for kind in KINDS:
        assert 0.70 < ask({"roof_kind": kind}).total.performance_ratio < 0.76


def test_warm_cells_flush_on_metal_yield_less() -> None:
    free, flush = ask(
        {"roof_kind": "public", "tilt_deg": 5.0, "flush": False},
        {"roof_kind": "public", "tilt_deg": 5.0, "flush": True},
    ).yields
    assert 0.97 < flush.yield_kwh_per_kw / free.yield_kwh_per_kw < 0.995


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_roof_holds_what_its_kind_can(kind: str) -> None:
    """kW of modules on 1 m2 of roof at full use, modules of 215 W/m2."""
    known = {
        "factory_metal": 0.128,
        "factory_concrete": 0.071,
        "public": 0.059,
        "high_rise": 0.027,
        "rural": 0.082,
    }
    roof = ask({"roof_kind": kind}).yields[0]
    assert roof.capacity_kw / 1000 == pytest.approx(known[kind], abs=0.0006)
    assert roof.capacity_kw == roof.potential_kw
    assert not roof.capped


def test_coverage_has_three_meanings() -> None:
    roof = {"roof_kind": "factory_metal", "coverage_share": 0.5}
    over_roof, over_usable, buildings = ask(
        roof, roof | {"coverage_basis": "module_over_usable"}, roof | {"coverage_basis": "buildings"}
    ).yields
    assert over_roof.capacity_kw == pytest.approx(0.5 * 1000 * 0.215)
    assert over_usable.capacity_kw == pytest.approx(0.5 * 0.7 * 1000 * 0.215)
    assert buildings.capacity_kw == pytest.approx(0.5 * 0.7 * 0.85 * 1000 * 0.215)
    assert [r.coverage_share for r in (over_roof, over_usable, buildings)] == [0.5, 0.5, 0.5]


def test_more_than_fits_is_capped_and_told() -> None:
    roof = ask({"roof_kind": "public", "coverage_share": 0.5}).yields[0]
    assert roof.capped
    assert roof.coverage_share == pytest.approx(0.5 * 0.55)
    assert roof.capacity_kw == roof.potential_kw
    assert ask({"roof_kind": "public", "coverage_share": 0.5}).total.capped


def test_own_use_is_reckoned_for_each_roof_before_adding_up() -> None:
    """A roof without load exports all, however large its neighbour's load is."""
    with_load, without = {"roof_kind": "public", "load_kw": (1e4,) * 24}, {"roof_kind": "public"}
    answer = ask(with_load, without)
    assert answer.yields[0].self_consumption_share == pytest.approx(1)
    assert answer.yields[1].self_used_kwh == 0
    assert answer.total.self_consumption_share == pytest.approx(0.5)


def test_a_year_a_week_and_a_day_of_load_mean_the_same_hours() -> None:
    day = tuple(float(h) for h in range(24))
    week = tuple(float(h % 24 + 100 * (h >= 120)) for h in range(168))
    assert (hourly_load(day, 2) == np.tile(day, 365)).all()
    hours = hourly_load(week, 2)  # 1 January a Wednesday: Saturday is the fourth day
    assert hours[:72].max() < 100
    assert hours[72:120].min() >= 100
    assert (hourly_load(tuple(hours), 2) == hours).all()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_roofs_keep_energy_and_stay_on_the_roof(data: st.DataObject) -> None:
    share = st.floats(0, 1)
    roofs = []
    for _ in range(data.draw(st.integers(1, 4))):
        roofs.append(
            {
                "roof_area_m2": data.draw(st.floats(1, 1e6)),
                "usable_share": data.draw(share),
                "module_share_of_usable": data.draw(share),
                "coverage_share": data.draw(st.none() | share),
                "coverage_basis": data.draw(st.sampled_from(["", "module_over_usable", "buildings"])),
                "tilt_deg": data.draw(st.sampled_from([0.0, 25.0, 90.0])),
                "azimuth_deg": data.draw(st.sampled_from([0.0, 180.0, 300.0])),
                "load_kw": (data.draw(st.floats(0, 1e5)),) * data.draw(st.sampled_from([0, 24, 168, 8760])),
            }
        )
    answer = ask(*roofs, module_w_per_m2=200.0, with_hours=True, loss_share=data.draw(st.floats(0, 0.5)))
    for asked, roof in zip(roofs, answer.yields, strict=True):
        most = asked["usable_share"] * asked["module_share_of_usable"] * asked["roof_area_m2"] * 0.2
        assert roof.potential_kw == pytest.approx(most)
        assert roof.capacity_kw <= most * (1 + 1e-9)
        assert 0 <= roof.coverage_share <= 1
        assert roof.self_used_kwh + roof.exported_kwh == pytest.approx(roof.energy_kwh)
        assert roof.exported_kwh >= -1e-6 * roof.energy_kwh
        assert roof.monthly_kwh.sum() == pytest.approx(roof.energy_kwh)
        assert roof.output_kw.sum() == pytest.approx(roof.energy_kwh)
        load = hourly_load(asked["load_kw"], 2)
        assert roof.self_used_kwh == pytest.approx(np.minimum(roof.output_kw, load).sum())
    for name in ("capacity_kw", "energy_kwh", "self_used_kwh", "exported_kwh"):
        parts = sum(getattr(roof, name) for roof in answer.yields)
        assert getattr(answer.total, name) == pytest.approx(parts, abs=1e-6)


def test_more_load_means_more_own_use() -> None:
    used = [ask({"roof_kind": "rural", "load_kw": (k,) * 24}).total.self_used_kwh for k in (0, 5, 20, 80)]
    assert used == sorted(used)
    assert len(set(used)) == 4


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(DomainError) as error:
        ask(
            {"roof_id": "a", "load_kw": (1.0,) * 23},
            {"roof_id": "a", "roof_kind": "high_rise", "flush": True},
            weather={"place": {"region": "jiangsu", "city": "nanjin"}},
        )
    fields = [v.field for v in error.value.violations]
    assert fields == [
        "weather.place.city",
        "roofs[0].usable_share",
        "roofs[0].module_share_of_usable",
        "roofs[0].load_kw",
        "roofs[1].module_share_of_usable",
        "roofs[1].roof_id",
    ]


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 1e8])
def test_a_long_wrong_load_is_one_violation(value: float) -> None:
    with pytest.raises(DomainError) as error:
        ask({"roof_kind": "public", "load_kw": (value,) * 8760})
    assert [v.field for v in error.value.violations] == ["roofs[0].load_kw"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"roof_area_m2": 0.0},
        {"roof_area_m2": float("nan")},
        {"coverage_share": 1.2},
        {"roof_kind": "dome"},
        {"tilt_deg": 91.0},
        {"load_kw": (1.0,) * 8761},
        {"coverage_basis": "module"},
    ],
)
def test_values_out_of_bounds_do_not_pass_the_door(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ask({"roof_kind": "public"} | wrong)
    with pytest.raises(ValidationError):
        EstimateRooftopPvRequest.model_validate({"roofs": [], "weather": NANJING})
