"""The doors of ProjectFleet and ChargingProfile tell every fault at once, and none that is not there."""

import re
from typing import Any

import pytest

from dafeng.transport.v1 import charging_pb2, fleet_pb2
from services.common.door import open_door
from services.common.errors import DomainError
from services.runtime.convert import to_plain
from services.transport.charging.door import ChargingProfileDoor
from services.transport.charging.profile import charging_profile
from services.transport.fleet.door import OwnFleetDoor
from services.transport.fleet.project import project_fleet

NAN = float("nan")


def faults(door: Any, body: dict[str, Any]) -> list[str]:
    with pytest.raises(DomainError) as caught:
        open_door(door, body)
    return sorted(v.field for v in caught.value.violations)


def vehicles(class_id: str, like_class: str = "taxi", **more: Any) -> dict[str, Any]:
    own = {"class_id": class_id, "like_class": like_class, "stock_count": [1.0]}
    return {**own, "powertrains": [{"powertrain": "bev", "opening_count": 1.0}], **more}


def cars(fleet_id: str, **more: Any) -> dict[str, Any]:
    return {"fleet_id": fleet_id, "vehicle_class": "private_car", "vehicle_count": 1.0, **more}


def test_a_class_that_does_not_open_hides_no_fault_of_the_others() -> None:
    twice = [{"powertrain": "diesel"}, {"powertrain": "diesel", "sales_share": [1.0]}]
    body = {
        "first_year": 2024,
        "last_year": 2025,
        "month_degc": [1.0, 2.0],
        "vehicle_classes": [
            vehicles("a", like_class="tram"),
            vehicles("b"),
            vehicles("b", like_class="light_truck", powertrains=twice, mileage_ratio=[1.0, 1.0, 1.0]),
        ],
    }
    assert faults(OwnFleetDoor, body) == [
        "month_degc",
        "vehicle_classes[0].like_class",
        "vehicle_classes[2].class_id",
        "vehicle_classes[2].mileage_ratio",
        "vehicle_classes[2].powertrains[1].powertrain",
    ]


def test_years_and_months_that_do_not_open_are_told_once_beside_the_rest() -> None:
    months = [NAN, *[10.0] * 11]  # twelve of them: their number is right
    body = {"first_year": 1900, "last_year": 2025, "month_degc": months, "vehicle_classes": [vehicles("a")]}
    assert faults(OwnFleetDoor, body) == ["first_year", "month_degc[0]"]
    body["vehicle_classes"] = [vehicles("a"), vehicles("a", like_class=3)]
    found = faults(OwnFleetDoor, body)
    assert found == ["first_year", "month_degc[0]", "vehicle_classes[1].like_class"]


def test_the_only_group_that_does_not_open_hides_no_wrong_region_city_or_load() -> None:
    body = {
        "region": "jiangsi",
        "fleets": [cars("a", smart_share=2.0)],
        "base_load_mw": [1.0, NAN],
        "day_mean_degc": [10.0] * 364,
        "city": "suzhou",
    }
    assert faults(ChargingProfileDoor, body) == [
        "base_load_mw",
        "base_load_mw",
        "city",
        "day_mean_degc",
        "fleets[0].smart_share",
        "region",
    ]


def test_groups_keep_their_place_in_the_request_as_sent() -> None:
    place = [{"place": "home", "share": 0.5}]
    body = {"region": "jiangsu", "fleets": [cars("a", battery_kwh=-1.0), cars("b"), cars("b", places=place)]}
    assert faults(ChargingProfileDoor, body) == [
        "fleets[0].battery_kwh",
        "fleets[2].fleet_id",
        "fleets[2].places",
    ]


def test_stand_ins_are_never_told_of() -> None:
    assert faults(ChargingProfileDoor, {}) == ["fleets", "region"]
    assert faults(ChargingProfileDoor, {"region": "jiangsu", "fleets": ["x"]}) == ["fleets[0]"]
    assert faults(OwnFleetDoor, {}) == ["first_year", "last_year", "vehicle_classes"]
    assert faults(OwnFleetDoor, {"first_year": 2020, "last_year": 2021, "vehicle_classes": []}) == [
        "vehicle_classes"
    ]


@pytest.mark.parametrize("message", [fleet_pb2.OwnFleet(), charging_pb2.ChargingProfileRequest()])
def test_a_request_that_is_right_opens_as_before(message: Any) -> None:
    if isinstance(message, fleet_pb2.OwnFleet):
        message.first_year = message.last_year = 2024
        own = message.vehicle_classes.add(class_id="a", like_class="taxi")
        own.powertrains.add(powertrain="bev", opening_count=1.0)
        assert open_door(OwnFleetDoor, to_plain(message)).years == (2024,)
    else:
        message.region = "jiangsu"
        message.fleets.add(fleet_id="a", vehicle_class="taxi", vehicle_count=1.0)
        assert open_door(ChargingProfileDoor, to_plain(message)).fleets[0].vehicle_count == 1.0


def test_every_note_is_chinese_and_english() -> None:
    fleet = {
        "first_year": 2020,
        "last_year": 2021,
        "month_degc": [-10.0] * 12,
        "vehicle_classes": [
            vehicles("a", stock_count=[0.0]),
            vehicles("b", like_class="e_bike"),
            vehicles(
                "c",
                like_class="private_car",
                powertrains=[{"powertrain": "phev", "opening_count": 1.0, "improvement_per_year": 0.2}],
            ),
        ],
    }
    notes = list(project_fleet(open_door(OwnFleetDoor, fleet)).notes)
    for more in ({}, {"day_mean_degc": [10.0] * 365}):
        group = cars("a", smart_share=1.0, places=[{"place": "public_fast", "share": 1.0}])
        body = {"region": "jiangsu", "fleets": [group], **more}
        notes += charging_profile(open_door(ChargingProfileDoor, body)).notes
    assert len(notes) >= 12
    for note in notes:
        assert re.search("[\u4e00-\u9fff]{2}", note), note
        assert re.search("[a-z]+[: ]", note), note
