"""Groups of a request with what their class has where the caller is silent."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.errors import Violation
from services.common.regions import Region
from services.common.units import KWH_PER_MWH
from services.transport.charging.doors import ChargingFleet, ChargingProfileRequest
from services.transport.charging.loads import HEAVY, ChargingClass, charging_classes
from services.transport.charging.profiles import (
    DEPOT,
    FAST,
    HOME,
    PUBLIC,
    VALLEY,
    WORK,
    car_shares,
    place_shares,
)
from services.transport.charging.request import Weather
from services.transport.charging.temperature import LEAVES
from services.transport.doors import given_or
from services.transport.fleet.intensity import KM_PER_100KM

_CARS: Final = "private_car"
_PREFIX: Final = "charging_"
_USE_YEAR: Final = "e2025"
# Shares that sum to 1 as closely as they are usually written; what is left is scaled away.
_SUM_TOLERANCE: Final = 1e-6
# Series of hours that fit one reply of 16 MiB, eight bytes an hour, beside the two of the whole.
MOST_SERIES_WITH_HOURS: Final = 200
_PASSING: Final = ("public_fast", "truck_fast")  # where nobody stands longer than charging takes
_MOST_USUAL_PLACES: Final = 4  # of a class whose places are not given


@dataclass(frozen=True)
class Group:
    """A group with nothing left open; places by name of the contract, shares sum to 1."""

    fleet_id: str
    vehicle_count: float
    energy_mwh: float
    places: dict[str, float]
    charger_kw: float
    plugged_night_share: float
    plugged_day_share: float
    battery_kwh: float
    movable_share: float
    smart_share: float
    feed_back_share: float


def groups_of(request: ChargingProfileRequest, weather: Weather) -> tuple[list[Group], list[str]]:
    """The groups and what a reader should know of them."""
    known = charging_classes(weather.region)
    groups = [_group(fleet, known[fleet.vehicle_class], weather) for fleet in request.fleets]
    notes = []
    if any(fleet.energy_mwh is None for fleet in request.fleets):
        notes.append(
            f"电量按里程与单耗计,气温修正 x {weather.ratio:.4f} "
            f"energy from distance and use: x {weather.ratio:.4f} for the temperature of this year against the "
            "normal year of the region"
        )
    if any(g.smart_share > 0 and not _movable(g) for g in groups):
        notes.append(
            "公共桩和货车快充不参与调节 charging at public chargers and fast charging of trucks is not moved"
        )
    return groups, notes


def _movable(group: Group) -> bool:
    return any(place not in _PASSING for place in group.places)


def _group(fleet: ChargingFleet, own: ChargingClass, weather: Weather) -> Group:
    return Group(
        fleet_id=fleet.fleet_id,
        vehicle_count=fleet.vehicle_count,
        energy_mwh=_energy_mwh(fleet, own, weather),
        places=_places(fleet, weather.region),
        charger_kw=given_or(fleet.charger_kw, own.charger_kw),
        plugged_night_share=given_or(fleet.plugged_night_share, own.plugged_night_share),
        plugged_day_share=given_or(fleet.plugged_day_share, own.plugged_day_share),
        battery_kwh=given_or(fleet.battery_kwh, own.battery_kwh),
        movable_share=own.shiftable_limit_share,
        smart_share=fleet.smart_share,
        feed_back_share=fleet.vehicle_to_grid_share,
    )


def _energy_mwh(fleet: ChargingFleet, own: ChargingClass, weather: Weather) -> float:
    """Energy of the year: as given, or count x mileage x use x what the weather adds."""
    if fleet.energy_mwh is not None:
        return fleet.energy_mwh
    usual_km, usual_use = _usual_distance(fleet.vehicle_class, own, weather.region)
    km = given_or(fleet.mileage_km, usual_km)
    use = given_or(fleet.electricity_kwh_per_100km, usual_use)
    return fleet.vehicle_count * km / KM_PER_100KM * use / KWH_PER_MWH * weather.ratio


def _usual_distance(name: str, own: ChargingClass, region: Region) -> tuple[float, float]:
    """Mileage, km a year, and use, kWh per 100 km, of a class: of the vehicle tables, else of the charging class."""
    if not np.isnan(own.mileage_km):
        return own.mileage_km, own.electricity_kwh_per_100km
    km = region.table("transport/vehicles").by("vehicle_class")[name]["mileage_km"]
    for row in region.table("transport/energy_per_100km").rows():
        if (row["vehicle_class"], row["powertrain"]) == (name, "bev"):
            return float(km), float(row[_USE_YEAR])
    raise KeyError(name)


def _places(fleet: ChargingFleet, region: Region) -> dict[str, float]:
    """Shares by place of the contract."""
    if fleet.places:
        whole = sum(one.share for one in fleet.places)
        return {one.place: one.share / whole for one in fleet.places}
    shares = place_shares(region, fleet.vehicle_class)
    if fleet.vehicle_class == _CARS:
        public = np.array(region.number(LEAVES, "default_public_fast_share"))
        valley = np.array(
            given_or(fleet.valley_tariff_share, region.number(LEAVES, "default_home_valley_share"))
        )
        split = car_shares(shares[WORK], public, valley)
        shares = {n: float(s) for n, s in zip((HOME, VALLEY, WORK, PUBLIC), split, strict=True)}
    elif fleet.vehicle_class == HEAVY:
        depot = region.number(LEAVES, "default_heavy_truck_depot_share")
        shares = {DEPOT: depot, FAST: 1.0 - depot}
    return {name.removeprefix(_PREFIX): share for name, share in shares.items()}


def fleet_violations(request: ChargingProfileRequest) -> list[Violation]:
    """What is wrong with places, and hours that do not fit a reply."""
    found = [v for i, fleet in enumerate(request.fleets) for v in _place_violations(fleet, f"fleets[{i}]")]
    count = sum(len(fleet.places) or _MOST_USUAL_PLACES for fleet in request.fleets)
    if request.with_hours and count > MOST_SERIES_WITH_HOURS:
        found.append(
            Violation(
                "with_hours",
                "hours of so many series do not fit one reply: send fewer fleets or places, or leave with_hours",
                f"{count} series, {_MOST_USUAL_PLACES} for a fleet without places",
                f"at most {MOST_SERIES_WITH_HOURS}",
            )
        )
    return found


def _place_violations(fleet: ChargingFleet, where: str) -> list[Violation]:
    found = []
    if fleet.valley_tariff_share is not None and (fleet.places or fleet.vehicle_class != _CARS):
        found.append(
            Violation(
                f"{where}.valley_tariff_share",
                "only acts on a private_car fleet without places; with places give home and home_valley their shares",
                f"{fleet.valley_tariff_share:g}",
                "leave it unset",
            )
        )
    names = [one.place for one in fleet.places]
    for j, name in enumerate(names):
        if name in names[:j]:
            found.append(
                Violation(f"{where}.places[{j}].place", "this place stands there before", name, "each once")
            )
    standing = any(one.share > 0 and one.place not in _PASSING for one in fleet.places)
    if fleet.places and fleet.vehicle_to_grid_share > 0 and not standing:
        found.append(
            Violation(
                f"{where}.vehicle_to_grid_share",
                "nothing is fed back at fast chargers: give a share to a place where the vehicles stand",
                f"{fleet.vehicle_to_grid_share:g}",
                "0",
            )
        )
    whole = sum(one.share for one in fleet.places)
    if fleet.places and abs(whole - 1.0) > _SUM_TOLERANCE:
        found.append(Violation(f"{where}.places", "the shares must sum to 1", f"{whole:g}", "1"))
    return found
