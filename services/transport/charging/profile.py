"""ChargingProfile: a caller's vehicles over the hours of a year, uncontrolled and controlled."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS, MONTH_DAYS
from services.common.errors import Violation, invalid
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.units import KW_PER_MW
from services.transport.charging.control import Controlled, ControlledGroup, control
from services.transport.charging.doors import ChargingProfileRequest
from services.transport.charging.groups import Group, fleet_violations, groups_of
from services.transport.charging.profiles import DAY_TYPES, DayProfiles, day_profiles
from services.transport.charging.request import (
    base_load_violations,
    hourly_base_load,
    id_violations,
    known_region,
    weather_of,
    weather_violations,
)
from services.transport.charging.result import ChargingGroup, ChargingProfile, ChargingSeries
from services.transport.charging.shapes import year_shape
from services.transport.charging.temperature import use_by_day

_MONTH_START: Final = np.concatenate([[0], np.cumsum(MONTH_DAYS)[:-1]]) * 24
_STANDING: Final = ("home", "home_valley", "fleet", "bus_depot", "truck_depot", "two_wheeler")
_WORK: Final = "work"
_DAY_HOURS: Final = 24


def charging_profile(request: ChargingProfileRequest) -> ChargingProfile:
    """Hourly charging of the groups. DomainError(INVALID_INPUT) with every violation."""
    region = _checked(request)
    weather = weather_of(request, region)
    base_load = hourly_base_load(request.base_load_mw)
    groups, notes = groups_of(request, weather)
    profiles = day_profiles(weather.region.region_id)
    day = use_by_day(weather.region) * weather.day_factor
    names = sorted({place for group in groups for place in group.places})
    shape = {n: year_shape(profiles, profiles.position(f"charging_{n}"), day) for n in names}
    loads = [_by_place(group, shape) for group in groups]
    group_mw = [sum(parts.values(), np.zeros(HOURS)) for parts in loads]
    load = sum(group_mw, np.zeros(HOURS))
    outcome = control(
        weather.region,
        [_controlled(g, parts) for g, parts in zip(groups, loads, strict=True)],
        load + base_load,
    )
    change = sum((c.after_mw - c.before_mw + c.taken_mw - c.given_mw for c in outcome), np.zeros(HOURS))
    controlled = load + change
    has_base = bool(request.base_load_mw)
    empty = np.zeros(0)
    return ChargingProfile(
        series=tuple(
            ChargingSeries(
                group.fleet_id,
                place,
                group.energy_mwh * group.places[place],
                float(mw.max()),
                mw if request.with_hours else empty,
            )
            for group, parts in zip(groups, loads, strict=True)
            for place, mw in parts.items()
        ),
        groups=tuple(_told(*one) for one in zip(groups, group_mw, outcome, strict=True)),
        energy_mwh=sum(group.energy_mwh for group in groups),
        peak_mw=float(load.max()),
        peak_hour=int(load.argmax()),
        controlled_peak_mw=float(controlled.max()),
        system_peak_mw=float((load + base_load).max()) if has_base else 0.0,
        controlled_system_peak_mw=float((controlled + base_load).max()) if has_base else 0.0,
        notes=(*weather.notes, *notes),
        revision=revision_of(weather.region),
        month_mwh=np.add.reduceat(load, _MONTH_START),
        mean_day_mw=_mean_days(profiles, load),
        load_mw=load if request.with_hours else empty,
        controlled_load_mw=controlled if request.with_hours else empty,
    )


def _checked(request: ChargingProfileRequest) -> Region:
    """The region of a request without fault; DomainError(INVALID_INPUT) with every violation."""
    found = violations(request)
    if found:
        raise invalid(found)
    return load_region(request.region)


def violations(request: ChargingProfileRequest) -> list[Violation]:
    """All that is wrong with a request whose fields are each in range."""
    region, found = known_region(request.region)
    found += weather_violations(request, region) + base_load_violations(request)
    return found + id_violations([fleet.fleet_id for fleet in request.fleets]) + fleet_violations(request)


def _by_place(group: Group, shape: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Load of a group by place, MW [h]."""
    return {
        place: np.asarray(group.energy_mwh * share * shape[place]) for place, share in group.places.items()
    }


def _controlled(group: Group, parts: dict[str, FloatArray]) -> ControlledGroup:
    def total(names: tuple[str, ...]) -> FloatArray:
        return sum((mw for place, mw in parts.items() if place in names), np.zeros(HOURS))

    return ControlledGroup(
        vehicle_count=group.vehicle_count,
        charger_kw=group.charger_kw,
        plugged_night_share=group.plugged_night_share,
        plugged_day_share=group.plugged_day_share,
        battery_kwh=group.battery_kwh,
        movable_share=group.movable_share,
        smart_share=group.smart_share,
        feed_back_share=group.feed_back_share,
        standing_mw=total(_STANDING),
        work_mw=total((_WORK,)),
    )


def _told(group: Group, load: FloatArray, done: Controlled) -> ChargingGroup:
    own = any(place in (*_STANDING, _WORK) for place, share in group.places.items() if share > 0)
    chargers_mw = group.vehicle_count * group.charger_kw / KW_PER_MW if own else 0.0
    peak = float(load.max())
    return ChargingGroup(
        fleet_id=group.fleet_id,
        energy_mwh=group.energy_mwh,
        peak_mw=peak,
        coincidence_share=peak / chargers_mw if chargers_mw > 0 else 0.0,
        moved_mwh=float(np.maximum(done.before_mw - done.after_mw, 0.0).sum()),
        fed_back_mwh=float(done.given_mw.sum()),
        charged_to_feed_back_mwh=float(done.taken_mw.sum()),
    )


def _mean_days(profiles: DayProfiles, load: FloatArray) -> FloatArray:
    """Mean load by day type and hour, one after another."""
    by_day = load.reshape(DAYS, _DAY_HOURS)
    return np.concatenate([by_day[profiles.day_type == kind].mean(axis=0) for kind in range(len(DAY_TYPES))])
