"""Where vehicles charge: electricity by load shape, and what power may move."""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.outcome import FlexibleLoad
from services.transport.activity import Activity
from services.transport.base import BEV, PHEV, SECTOR, TransportBase
from services.transport.energy import Energy

HOME: Final = "charging_home"
VALLEY: Final = "charging_home_valley"
WORK: Final = "charging_work"
PUBLIC: Final = "charging_public_fast"
DEPOT: Final = "charging_truck_depot"
FAST: Final = "charging_truck_fast"
BUS: Final = "charging_bus_depot"
_KW_PER_MW = 1e3


def charging_by_shape(
    base: TransportBase, paths: LeverPaths, energy: Energy
) -> dict[tuple[str, str], FloatArray]:
    """Charging by class and shape, MWh [p, y]; the shapes of a class add up to its charging."""
    places = base.region.table("transport/charging_places").rows()
    found: dict[tuple[str, str], FloatArray] = {}
    for c, name in enumerate(base.classes):
        total = energy.charging_mwh[:, c]
        rows = {r["shape"]: r["share"] for r in places if r["vehicle_class"] == name}
        if name == "private_car":
            shares = _private(paths, rows[WORK])
        elif name == "heavy_truck":
            swap = paths.by_place("transport.heavy_truck_swap_share")
            depot = (1.0 - swap) * base.number("heavy_truck_depot_share")
            shares = {DEPOT: depot, FAST: 1.0 - depot}
        else:
            shares = {shape: np.full_like(total, share) for shape, share in rows.items()}
        for shape, share in shares.items():
            found[name, shape] = total * share
    return found


def _private(paths: LeverPaths, work: float) -> dict[str, FloatArray]:
    """Shares of private charging by place and tariff, [p, y]; work gives way when public charging needs the room."""
    public = paths.by_place("transport.public_fast_charging_share")
    at_work = np.minimum(work, 1.0 - public)
    home = 1.0 - public - at_work
    valley = paths.by_place("transport.home_valley_charging_share")
    return {HOME: home * (1.0 - valley), VALLEY: home * valley, WORK: at_work, PUBLIC: public}


def flexible_loads(
    base: TransportBase,
    paths: LeverPaths,
    activity: Activity,
    charging: dict[tuple[str, str], FloatArray],
) -> tuple[FlexibleLoad, ...]:
    """Charging that power may move, over all cities, [y].

    Smart: the controlled share of a shape times what can move. Vehicle-to-grid: the valley charging of vehicles that
    feed back; it is taken out of the smart share, so that no energy is offered twice.
    """
    smart = paths.by_place("transport.smart_charging_share")
    v2g = paths.by_place("transport.v2g_share")
    controlled = np.minimum(smart, 1.0 - v2g) * base.number("shiftable_limit_share")
    stock = activity.fleet.stock
    cars = stock[:, base.position("private_car"), BEV] + stock[:, base.position("private_car"), PHEV]
    buses = stock[:, base.position("urban_bus"), BEV]
    home_mw = cars * base.number("plugged_night_share") * base.number("home_charger_kw") / _KW_PER_MW
    depot_mw = buses * base.number("plugged_depot_share") * base.number("depot_charger_kw") / _KW_PER_MW
    home, valley = charging["private_car", HOME], charging["private_car", VALLEY]
    valley_part = valley / np.maximum(home + valley, 1.0)
    window = base.number("smart_window_hours")

    def load(
        name: str,
        shape: str,
        hours: float,
        efficiency: float,
        mwh: FloatArray,
        mw: FloatArray,
        back: FloatArray,
    ) -> FlexibleLoad:
        return FlexibleLoad(
            name,
            f"{SECTOR}.{shape}",
            hours,
            efficiency,
            mwh.sum(axis=0),
            mw.sum(axis=0),
            back.sum(axis=0),
        )

    none = np.zeros_like(home)
    return (
        load(
            "smart_home",
            HOME,
            window,
            1.0,
            home * controlled,
            home_mw * (1.0 - valley_part) * controlled,
            none,
        ),
        load(
            "smart_home_valley",
            VALLEY,
            window,
            1.0,
            valley * controlled,
            home_mw * valley_part * controlled,
            none,
        ),
        load(
            "smart_bus_depot",
            BUS,
            window,
            1.0,
            charging["urban_bus", BUS] * controlled,
            depot_mw * controlled,
            none,
        ),
        load(
            "vehicle_to_grid",
            VALLEY,
            base.number("v2g_window_hours"),
            base.number("v2g_round_trip_share"),
            valley * v2g,
            home_mw * v2g,
            home_mw * v2g * np.sqrt(base.number("v2g_round_trip_share")),
        ),
    )
