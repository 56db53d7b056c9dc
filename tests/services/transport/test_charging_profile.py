"""ChargingProfile: energy, power and batteries of a caller's vehicles; everything wrong with a request at once."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dafeng.transport.v1 import charging_pb2
from services.common.axes import FIRST_WEEKDAY
from services.common.door import open_door
from services.common.errors import DomainError
from services.common.regions import load_region
from services.runtime.convert import to_plain
from services.transport.charging.control import ControlledGroup, control, plugged_mw
from services.transport.charging.doors import ChargingProfileRequest
from services.transport.charging.profile import charging_profile
from services.transport.charging.result import ChargingProfile

EXAMPLE = Path(__file__).resolve().parents[3] / "docs/examples/charging_suzhou.json"
REGION = load_region("jiangsu")
NIGHT = np.isin(np.arange(24), (19, 20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6))
EVENING_DAY = [*np.linspace(8e3, 6e3, 6), *np.linspace(6.5e3, 10e3, 6), *[9.5e3] * 5, 10e3, 11e3, 12e3, 12e3, 11e3, 10e3, 9e3]  # fmt: skip


def asked(**rest) -> ChargingProfile:
    return charging_profile(open_door(ChargingProfileRequest, {"region": "jiangsu", **rest}))


def cars(**rest):
    return {"fleet_id": "cars", "vehicle_class": "private_car", "vehicle_count": 1e5, **rest}


def group(**rest) -> ControlledGroup:
    """A hundred thousand cars that charge 200 MW for three hours of the evening."""
    standing = np.zeros((365, 24))
    standing[:, 19:22] = 200.0
    figures = {
        "vehicle_count": 1e5,
        "charger_kw": 7.0,
        "plugged_night_share": 0.35,
        "plugged_day_share": 0.15,
        "battery_kwh": 58.0,
        "movable_share": 0.8,
        "smart_share": 1.0,
        "feed_back_share": 0.0,
        "standing_mw": standing.ravel(),
        "work_mw": np.zeros(8760),
    }
    return ControlledGroup(**{**figures, **rest})


def test_what_moves_stays_within_plugged_power_and_in_its_night() -> None:
    one = group()
    base = np.tile(EVENING_DAY, 365)
    (done,) = control(REGION, [one], base + one.standing_mw)
    plugged = np.where(NIGHT, 245.0, 105.0)
    np.testing.assert_allclose(plugged_mw(REGION, one), plugged)
    np.testing.assert_allclose(done.before_mw.sum(), 0.8 * one.standing_mw.sum())
    total = one.standing_mw - done.before_mw + done.after_mw
    assert (total <= np.tile(plugged, 365) * (1 + 1e-9)).all()
    night = lambda mw: np.roll(mw, -12).reshape(365, 24).sum(axis=1)  # noqa: E731
    np.testing.assert_allclose(night(done.after_mw), night(done.before_mw), rtol=1e-9)
    assert (base + total).max() < (base + one.standing_mw).max()


def test_more_than_the_chargers_carry_stays_where_it_was() -> None:
    # 40 MW of chargers in use: what cannot move (20 % of 200 MW) fills them
    one = group(plugged_night_share=40 / 700, plugged_day_share=40 / 700)
    (done,) = control(REGION, [one], one.standing_mw.copy())
    assert done.before_mw.max() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(done.after_mw, done.before_mw, atol=1e-9)


def test_vehicles_that_feed_back_keep_power_battery_and_energy() -> None:
    one = group(smart_share=0.0, feed_back_share=0.2)
    (done,) = control(REGION, [one], np.tile(EVENING_DAY, 365) + one.standing_mw)
    plugged = np.tile(np.where(NIGHT, 245.0, 105.0), 365) * 0.2
    assert (done.given_mw <= plugged + 1e-9).all() and (done.taken_mw <= plugged + 1e-9).all()
    days = np.roll(done.given_mw, -12).reshape(365, 24).sum(axis=1)
    assert (days <= 0.15 * 58 * 1e5 * 0.2 / 1e3 * (1 + 1e-9)).all()
    assert days.min() > 0
    assert done.given_mw.sum() == pytest.approx(0.85 * done.taken_mw.sum(), rel=1e-9)


def test_charging_at_work_moves_within_working_hours() -> None:
    reply = asked(
        fleets=[cars(smart_share=1.0, plugged_day_share=0.9, places=[{"place": "work", "share": 1.0}])],
        base_load_mw=EVENING_DAY,
        with_hours=True,
    )
    hour = np.arange(8760) % 24
    change = reply.controlled_load_mw - reply.load_mw
    assert reply.groups[0].moved_mwh > 0
    assert (change[(hour < 8) | (hour >= 18)] <= 1e-9).all()
    by_day = change.reshape(365, 24).sum(axis=1)
    np.testing.assert_allclose(by_day, 0, atol=1e-9)


def test_public_and_truck_fast_charging_is_not_moved() -> None:
    places = [{"place": "public_fast", "share": 0.5}, {"place": "truck_fast", "share": 0.5}]
    reply = asked(fleets=[cars(smart_share=1.0, places=places)], with_hours=True)
    np.testing.assert_array_equal(reply.controlled_load_mw, reply.load_mw)
    assert reply.groups[0].coincidence_share == 0
    assert any("not moved" in note for note in reply.notes)


def test_a_week_of_base_load_begins_on_monday_and_the_year_on_wednesday() -> None:
    week = [1000.0 + 10 * d for d in range(7) for _ in range(24)]
    reply = asked(fleets=[cars(energy_mwh=0.0)], base_load_mw=week)
    assert reply.system_peak_mw == 1060.0
    year = [week[(h + 24 * FIRST_WEEKDAY) % 168] for h in range(8760)]
    one, other = (
        asked(fleets=[cars(smart_share=0.7)], base_load_mw=load, with_hours=True) for load in (week, year)
    )
    np.testing.assert_array_equal(one.controlled_load_mw, other.controlled_load_mw)


def test_without_a_base_load_control_flattens_the_charging_alone() -> None:
    reply = asked(fleets=[cars(smart_share=1.0)])
    assert reply.controlled_peak_mw < 0.85 * reply.peak_mw
    assert (reply.system_peak_mw, reply.controlled_system_peak_mw) == (0.0, 0.0)


def test_energy_is_count_times_distance_times_use_times_weather() -> None:
    mild = asked(
        fleets=[cars(mileage_km=10_000.0, electricity_kwh_per_100km=15.0)], day_mean_degc=[20.0] * 365
    )
    normal = asked(fleets=[cars(mileage_km=10_000.0, electricity_kwh_per_100km=15.0)])
    assert normal.energy_mwh == pytest.approx(1e5 * 100 * 15 / 1e3, rel=1e-9)
    assert 0.85 < mild.energy_mwh / normal.energy_mwh < 0.95
    given_energy = asked(fleets=[cars(energy_mwh=1234.5)], day_mean_degc=[-20.0] * 365)
    assert given_energy.energy_mwh == 1234.5


def test_the_colder_the_day_the_more_is_charged() -> None:
    energy = [asked(fleets=[cars()], day_mean_degc=[t] * 365).energy_mwh for t in (18, 10, 0, -10, -30)]
    assert energy == sorted(energy) and len(set(energy)) == 5


def test_every_class_charges_somewhere_by_itself() -> None:
    names = ("taxi", "ride_hailing", "urban_bus", "coach", "light_truck", "medium_truck", "heavy_truck",
             "special_vehicle", "motorcycle", "e_bike", "private_car")  # fmt: skip
    reply = asked(fleets=[{"fleet_id": n, "vehicle_class": n, "vehicle_count": 10.0} for n in names])
    assert all(g.energy_mwh > 0 for g in reply.groups)
    by_fleet = {n: sum(s.energy_mwh for s in reply.series if s.fleet_id == n) for n in names}
    assert [by_fleet[g.fleet_id] for g in reply.groups] == pytest.approx([g.energy_mwh for g in reply.groups])


def test_the_example_is_answered_with_the_same_bits_each_time() -> None:
    body = json.loads(EXAMPLE.read_text("utf-8"))
    one, other = asked(**body), asked(**body)
    assert one.mean_day_mw.tobytes() == other.mean_day_mw.tobytes()
    assert one.controlled_system_peak_mw == other.controlled_system_peak_mw < one.system_peak_mw


share = st.floats(0, 1)


@settings(max_examples=30, deadline=None)
@given(
    count=st.floats(1, 1e7),
    smart=share,
    back=share,
    night=share,
    day=share,
    kw=st.floats(0.1, 500),
    base=st.lists(st.floats(-1e5, 1e5), min_size=24, max_size=24),
    two=st.booleans(),
)
def test_control_conserves_and_never_raises_the_peak(count, smart, back, night, day, kw, base, two) -> None:
    fleets = [
        cars(vehicle_count=count, smart_share=smart, vehicle_to_grid_share=back, charger_kw=kw,
             plugged_night_share=night, plugged_day_share=day)
    ]  # fmt: skip
    if two:
        fleets.append(
            {
                "fleet_id": "bus",
                "vehicle_class": "urban_bus",
                "vehicle_count": count / 50,
                "smart_share": smart,
            }
        )
    reply = asked(fleets=fleets, base_load_mw=base, with_hours=True)
    given_mwh = sum(g.fed_back_mwh for g in reply.groups)
    taken = sum(g.charged_to_feed_back_mwh for g in reply.groups)
    assert reply.load_mw.sum() == pytest.approx(reply.energy_mwh, rel=1e-9)
    assert reply.controlled_load_mw.sum() == pytest.approx(reply.energy_mwh + taken - given_mwh, rel=1e-9)
    scale = max(abs(reply.system_peak_mw), reply.peak_mw)
    assert reply.controlled_system_peak_mw <= reply.system_peak_mw + 1e-9 * scale


def test_everything_wrong_is_told_at_once() -> None:
    fleet = cars(places=[{"place": "home", "share": 0.7}], valley_tariff_share=0.5)
    with pytest.raises(DomainError) as caught:
        asked(
            region="jiangsoo",
            fleets=[fleet, {**cars(), "vehicle_class": "taxi", "valley_tariff_share": 0.5}],
            weather_year="hot",
            day_mean_degc=[10.0, float("nan"), 99.0],
            base_load_mw=[float("inf")] * 25,
        )
    told = {v.field for v in caught.value.violations}
    assert told == {
        "region",
        "weather_year",
        "day_mean_degc",
        "base_load_mw",
        "fleets[1].fleet_id",
        "fleets[0].places",
        "fleets[0].valley_tariff_share",
        "fleets[1].valley_tariff_share",
    }
    assert all(v.description and v.allowed for v in caught.value.violations)


def test_hours_of_too_many_series_are_refused_and_their_sums_answered() -> None:
    many = [{**cars(), "fleet_id": f"cars {i}"} for i in range(60)]
    with pytest.raises(DomainError, match="with_hours"):
        asked(fleets=many, with_hours=True)
    assert len(asked(fleets=many).series) == 240


def test_a_place_without_charging_may_come_over_the_wire() -> None:
    """A share of 0 is not sent: what arrives is a place without a share."""
    message = charging_pb2.ChargingProfileRequest(region="jiangsu")
    fleet = message.fleets.add(fleet_id="cars", vehicle_class="private_car", vehicle_count=1e5)
    fleet.places.add(place="home", share=1.0)
    fleet.places.add(place="work", share=0.0)
    reply = charging_profile(open_door(ChargingProfileRequest, to_plain(message)))
    assert [(s.place, s.energy_mwh) for s in reply.series] == [("home", reply.energy_mwh), ("work", 0.0)]


def test_vehicles_that_stand_nowhere_feed_nothing_back() -> None:
    public = [{"place": "public_fast", "share": 1.0}, {"place": "home", "share": 0.0}]
    with pytest.raises(DomainError) as caught:
        asked(fleets=[cars(places=public, vehicle_to_grid_share=0.1)])
    assert [v.field for v in caught.value.violations] == ["fleets[0].vehicle_to_grid_share"]
    some = [{"place": "public_fast", "share": 0.9}, {"place": "home", "share": 0.1}]
    assert asked(fleets=[cars(places=some, vehicle_to_grid_share=0.1)]).groups[0].fed_back_mwh > 0
