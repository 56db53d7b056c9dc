"""Where vehicles charge: electricity by load shape, and what power may move."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.outcome import FlexibleLoad
from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.units import KW_PER_MW, KWH_PER_MWH
from services.transport.activity import Activity
from services.transport.base import SECTOR, TransportBase
from services.transport.charging.kernels import offer_charging
from services.transport.charging.profiles import (
    BUS,
    DEPOT,
    FAST,
    FLEET,
    HOME,
    PUBLIC,
    TWO_WHEELER,
    VALLEY,
    WORK,
    car_shares,
    place_shares,
)
from services.transport.charging.temperature import LEAVES
from services.transport.energy import Energy

CARS: Final = "private_car"
HEAVY: Final = "heavy_truck"
# Places at which vehicles or spare batteries stand for the night: power moves load from noon to noon. Charging at work
# and at public chargers cannot move there.
STANDING: Final = (HOME, VALLEY, FLEET, BUS, DEPOT, TWO_WHEELER)
# Shapes of the loads that are offered.
_OFFERED: Final = (*STANDING, FAST)
FEED_BACK: Final = "vehicle_to_grid"


@dataclass(frozen=True)
class ChargingClass:
    """What a class can do, from the table of charging classes; v2g_ratio over private cars."""

    charger_kw: float
    plugged_night_share: float
    plugged_day_share: float
    shiftable_limit_share: float
    v2g_ratio: float
    battery_kwh: float
    mileage_km: float  # NaN: the vehicle tables have it
    electricity_kwh_per_100km: float


def charging_classes(region: Region) -> dict[str, ChargingClass]:
    """Charging of every class, by its id."""
    rows = region.table("transport/charging_classes").rows()
    return {
        r["vehicle_class"]: ChargingClass(**{k: v for k, v in r.items() if k != "vehicle_class"})
        for r in rows
    }


@kept(maxsize=8)
def _classes_of(region_id: str, as_of_year: int) -> dict[str, ChargingClass]:
    return charging_classes(load_region(region_id, as_of_year))


@kept(maxsize=8)
def _shares_of(region_id: str, as_of_year: int) -> dict[str, dict[str, float]]:
    region = load_region(region_id, as_of_year)
    return {name: place_shares(region, name) for name in charging_classes(region)}


def charging_by_shape(
    base: TransportBase, paths: LeverPaths, energy: Energy
) -> dict[tuple[str, str], FloatArray]:
    """Charging by class and shape, MWh [p, y]; the shapes of a class add up to its charging."""
    places = _shares_of(base.region.region_id, base.region.as_of_year)
    found: dict[tuple[str, str], FloatArray] = {}
    for c, name in enumerate(base.classes):
        total = energy.charging_mwh[:, c]
        shares: dict[str, FloatArray | float] = dict(places[name])
        if name == CARS:
            public = paths.by_place("transport.public_fast_charging_share")
            valley = paths.by_place("transport.home_valley_charging_share")
            split = car_shares(places[name][WORK], public, valley)
            shares = dict(zip((HOME, VALLEY, WORK, PUBLIC), split, strict=True))
        elif name == HEAVY:
            swap = paths.by_place("transport.heavy_truck_swap_share")
            depot = (1.0 - swap) * base.region.number(LEAVES, "heavy_truck_depot_share")
            shares = {DEPOT: depot, FAST: 1.0 - depot}
        for shape, share in shares.items():
            found[name, shape] = total * share
    return found


def flexible_loads(
    base: TransportBase,
    paths: LeverPaths,
    activity: Activity,
    charging: dict[tuple[str, str], FloatArray],
) -> tuple[FlexibleLoad, ...]:
    """Charging that power may move, over all cities, [y]; one load a shape, so that nothing is offered twice.

    Of the charging of vehicles in the smart share moves what their class can. Vehicles that feed back stand apart, so
    that no charger is offered twice: their valley charging is the energy of `vehicle_to_grid`, whose feed-in is that
    of all classes: at most the plugged power and what a battery may give in a day.
    """
    region = base.region
    smart, feeding = (
        paths.by_place("transport.smart_charging_share"),
        paths.by_place("transport.v2g_share"),
    )
    round_trip = region.number(LEAVES, "v2g_round_trip_share")
    first, shape_of, mwh = [0], [], []
    for name in base.classes:
        for shape, own in _standing(paths, charging, name).items():
            shape_of.append(_OFFERED.index(shape))
            mwh.append(own)
        first.append(len(mwh))
    years = activity.population.shape[1]
    load, back = np.zeros((2, len(_OFFERED), years)), np.zeros((3, years))
    offer_charging(
        np.ascontiguousarray(activity.fleet.totals.plugged_stock),
        smart,
        feeding,
        _offer_figures(region.region_id, region.as_of_year, base.classes),
        np.stack(mwh),
        np.array(first),
        np.array(shape_of),
        _OFFERED.index(VALLEY),
        np.zeros((len(mwh), 4, years)),
        np.zeros((len(base.classes), years)),
        load,
        back,
    )
    nothing = np.zeros(years)
    window = region.number(LEAVES, "smart_window_hours")
    loads = [
        FlexibleLoad(
            "smart_" + shape.removeprefix("charging_"),
            f"{SECTOR}.{shape}",
            window,
            1.0,
            load[0, i],
            load[1, i],
            nothing,
        )
        for i, shape in enumerate(_OFFERED)
    ]
    back_window = region.number(LEAVES, "v2g_window_hours")
    loads.append(FlexibleLoad(FEED_BACK, f"{SECTOR}.{VALLEY}", back_window, round_trip, *back))
    return tuple(loads)


def _standing(
    paths: LeverPaths, charging: dict[tuple[str, str], FloatArray], name: str
) -> dict[str, FloatArray]:
    """Charging of a class where it stands, MWh by shape; for heavy trucks the spare batteries of swapping too."""
    found = {shape: charging[name, shape] for shape in STANDING if (name, shape) in charging}
    if name == HEAVY:
        swap = paths.by_place("transport.heavy_truck_swap_share")
        found[FAST] = (charging[name, DEPOT] + charging[name, FAST]) * swap
    return found


@kept(maxsize=8)
def _offer_figures(region_id: str, as_of_year: int, classes: tuple[str, ...]) -> FloatArray:
    """What `offer_charging` is told of each class, [c, 4].

    Power fills any hour of the day: the power that is plugged in at every hour is the lesser of day and night.
    """
    region, known = load_region(region_id, as_of_year), _classes_of(region_id, as_of_year)
    round_trip = region.number(LEAVES, "v2g_round_trip_share")
    return np.array(
        [
            (
                own.v2g_ratio,
                min(own.plugged_night_share, own.plugged_day_share) * own.charger_kw / KW_PER_MW,
                own.shiftable_limit_share,
                _feed_in_mw(region, own, round_trip),
            )
            for own in (known[name] for name in classes)
        ]
    )


def _feed_in_mw(region: Region, own: ChargingClass, round_trip: float) -> float:
    """Feed-in of a vehicle that takes part, MW: plugged power after losses, or what the battery may give in a day."""
    plugged = own.plugged_night_share * own.charger_kw * np.sqrt(round_trip) / KW_PER_MW
    day_mwh = region.number(LEAVES, "v2g_battery_day_share") * own.battery_kwh / KWH_PER_MWH
    return float(min(plugged, day_mwh / region.number(LEAVES, "v2g_full_power_hours")))
