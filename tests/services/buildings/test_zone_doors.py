"""What is wrong with a zone is told all at once; examples and messages fit the doors."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from google.protobuf import json_format

from dafeng.buildings.v1 import zone_pb2
from services.buildings.zone.checks import zone_violations
from services.buildings.zone.doors import SimulateZoneRequest, Zone
from services.buildings.zone.simulate import simulate
from services.common.arrays import check_shapes
from services.common.door import open_door
from services.common.errors import DomainError
from services.runtime.convert import to_message, to_plain
from tests.services.buildings.zone_cases import CONCRETE, constant, made_year, plain, run

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def wrong(**changes: Any) -> dict[str, str]:
    """Fields and descriptions of what is wrong with the plain zone, changed."""
    zone = Zone.model_validate(plain(**changes))
    return {v.field: v.description for v in zone_violations(zone, 2)}


def part(**changes: Any) -> list[dict[str, Any]]:
    return [plain()["surfaces"][0] | changes]


def window(**changes: Any) -> list[dict[str, Any]]:
    return [plain()["windows"][0] | changes]


def bare(**fields: Any) -> list[dict[str, Any]]:
    return [{"surface_id": "wall", "boundary": "outdoor", "area_m2": 100.0} | fields]


def test_the_plain_zone_is_right() -> None:
    assert wrong() == {}


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"volume_m3": 10.0}, "zone.volume_m3", "height"),
        ({"surfaces": [], "windows": []}, "zone.surfaces", "add its walls"),
        ({"surfaces": part() * 2}, "zone.surfaces", "unique"),
        ({"windows": window() * 2}, "zone.windows", "unique"),
        ({"surfaces": bare()}, "zone.surfaces[0]", "give layers, or u_value"),
        ({"surfaces": part(layers=[CONCRETE])}, "zone.surfaces[0]", "take away u_value"),
        ({"surfaces": bare(layers=[{"thickness_m": 0.1}])}, "zone.surfaces[0].layers[0]", "conductivity"),
        (
            {"surfaces": bare(layers=[CONCRETE | {"resistance_m2_k_per_w": 1.0}])},
            "zone.surfaces[0].layers[0]",
            "a resistance or a mass",
        ),
        (
            {"surfaces": bare(layers=[{"resistance_m2_k_per_w": 100.0}] * 2)},
            "zone.surfaces[0].layers",
            "no building",
        ),
        ({"windows": window(shading_share=[0.5] * 5)}, "zone.windows[0].shading_share", "number of values"),
        ({"windows": window(shading_share=[1.5])}, "zone.windows[0].shading_share", "range"),
        (
            {"windows": window(shade={"overhang_depth_m": 1.0})},
            "zone.windows[0].shade.window_height_m",
            "height",
        ),
        ({"windows": window(shade={"fin_depth_m": 1.0})}, "zone.windows[0].shade.window_width_m", "width"),
        ({"infiltration_per_h": [0.5] * 23}, "zone.infiltration_per_h", "number of values"),
        ({"infiltration_per_h": [float("nan")]}, "zone.infiltration_per_h", "range"),
        ({"internal_gain_w": [float("inf")]}, "zone.internal_gain_w", "range"),
        ({"ventilation_m3_per_h": [-1.0]}, "zone.ventilation_m3_per_h", "range"),
        ({"ground_degc": [10.0] * 24}, "zone.ground_degc", "number of values"),
        (
            {"heating_setpoint_degc": [20.0] * 23 + [27.0], "cooling_setpoint_degc": [26.0]},
            "zone.heating_setpoint_degc",
            "above the cooling set-point in 365 hours",
        ),
        ({"heating_capacity_w": 1000.0}, "zone.heating_capacity_w", "no set-point"),
        (
            {"natural_ventilation": {"air_change_per_h": 3.0, "above_degc": 27.0, "below_degc": 18.0}},
            "zone.natural_ventilation",
            "never open",
        ),
        ({"thermal_mass": None}, "zone.thermal_mass", "no thermal mass"),
        ({"thermal_mass": {"heat_capacity_j_per_k": 1e7}}, "zone.thermal_mass", "both"),
        ({"thermal_mass": {"mass_class": "light", "mass_area_m2": 9.0}}, "zone.thermal_mass", "not both"),
        ({"surfaces": part(heat_capacity_j_per_m2_k=5e4)}, "zone.thermal_mass", "told twice"),
        ({"inner_surface_area_m2": 90.0}, "zone.inner_surface_area_m2", "less than the sum"),
        (
            {"thermal_mass": {"heat_capacity_j_per_k": 1e7, "mass_area_m2": 199.0}},
            "zone.inner_surface_area_m2",
            "more than all inner surfaces",
        ),
        (
            {"thermal_mass": {"heat_capacity_j_per_k": 1e7, "mass_area_m2": 5.0}},
            "zone.thermal_mass",
            "H_op < 9.1 A_m",
        ),
        (
            {"thermal_mass": {"heat_capacity_j_per_k": 100.0, "mass_area_m2": 120.0}},
            "zone.thermal_mass",
            "too little",
        ),
    ],
)
def test_each_mistake_is_told_where_it_is_and_how_to_mend_it(
    changes: dict[str, Any], field: str, told: str
) -> None:
    found = wrong(**changes)
    assert field in found and told in found[field]


def test_all_mistakes_of_zone_and_weather_are_told_at_once() -> None:
    zone = plain(
        volume_m3=10.0,
        infiltration_per_h=[0.5] * 7,
        thermal_mass=None,
        heating_capacity_w=5.0,
        windows=window(shading_share=[2.0]),
    )
    with pytest.raises(DomainError) as error:
        run(zone, constant(200.0))
    fields = {v.field for v in error.value.violations}
    assert fields >= {
        "zone.volume_m3",
        "zone.infiltration_per_h",
        "zone.thermal_mass",
        "zone.heating_capacity_w",
        "zone.windows[0].shading_share",
        "weather.hourly.outdoor_degc",
    }
    with pytest.raises(DomainError) as error:
        simulate(SimulateZoneRequest.model_validate({"zone": plain(volume_m3=10.0)}))
    assert {v.field for v in error.value.violations} == {"zone.volume_m3", "weather"}


def test_bounds_and_unknown_fields_are_refused_at_the_door_all_at_once() -> None:
    raw = plain(floor_area_m2=-1.0, heat_recovery_share=1.5, colour="red", surfaces=part(boundary="moon"))
    raw["windows"] = window(u_value_w_per_m2_k=11.0, panes=4)
    with pytest.raises(DomainError) as error:
        open_door(SimulateZoneRequest, {"zone": raw})
    fields = {v.field for v in error.value.violations}
    assert fields == {
        "zone.floor_area_m2",
        "zone.heat_recovery_share",
        "zone.colour",
        "zone.surfaces[0].boundary",
        "zone.windows[0].u_value_w_per_m2_k",
        "zone.windows[0].panes",
    }


def test_a_year_of_nonsense_is_one_violation() -> None:
    found = wrong(internal_gain_w=[float("nan")] * 8760)
    assert list(found) == ["zone.internal_gain_w"]


@pytest.mark.parametrize("name", ["zone_bestest_600", "zone_nanjing_75"])
def test_examples_run_and_their_replies_are_whole(name: str) -> None:
    message = json_format.Parse(
        (EXAMPLES / f"{name}.json").read_text("utf-8"), zone_pb2.SimulateZoneRequest()
    )
    if not message.HasField("weather"):  # the caller adds the weather file
        message.weather.place.region, message.weather.place.city = "jiangsu", "xuzhou"
    message.with_hours = True
    found = simulate(open_door(SimulateZoneRequest, to_plain(message)))
    assert check_shapes(found) == []
    assert found.largest_residual_share < 1e-9
    assert found.heating_kwh > 0 and found.sensible_cooling_kwh > 0
    reply = to_message(found, zone_pb2.SimulateZoneResponse())
    assert reply.heating_kwh == found.heating_kwh
    assert len(reply.hours.air_degc) == 8760 and len(reply.flows.solar_kwh) == 12
    assert reply.revision.data_revision


def test_hours_come_only_when_asked_for_and_add_up_to_the_year() -> None:
    zone = plain(heating_setpoint_degc=[20.0], cooling_setpoint_degc=[26.0])
    weather = made_year()
    assert run(zone, weather, with_hours=False).hours is None
    found = run(zone, weather)
    assert found.hours is not None
    assert found.hours.heating_w.sum() / 1e3 == pytest.approx(found.heating_kwh)
    assert found.hours.latent_cooling_w.sum() / 1e3 == pytest.approx(found.latent_cooling_kwh)
    assert found.hours.heating_w[found.peak_heating_hour] == found.peak_heating_w
    assert found.hours.sensible_cooling_w[found.peak_cooling_hour] == found.peak_cooling_w
    assert found.hours.solar_w.sum() / 1e3 == pytest.approx(found.flows.solar_kwh.sum())
    assert np.isfinite(found.hours.operative_degc).all()
