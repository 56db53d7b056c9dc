"""What users and neighbours can move, as stores beside the real ones: vehicles and buildings that feed back,
shiftable industry, pre-cooling, a band around import contracts. Their power may differ from hour to hour (`reach`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.levers import LeverPaths
from services.common.power_outcome import FlexibleDemand, LoadComponent
from services.common.recording import kept
from services.common.regions import Region
from services.common.words import Label
from services.power.capacity import Imports
from services.power.fleet import PARAMETERS, Fleet
from services.power.supply import HOUR_OF_DAY, Series

BAND: Final = "import_band"
INDUSTRY: Final = "shiftable_industry"
COOLING: Final = "pre_cooling"
LABELS: Final = {
    BAND: Label("区外来电灵活带宽", "band around import contracts"),
    INDUSTRY: Label("工业可转移负荷", "shiftable industrial load"),
    COOLING: Label("空调预冷与柔性调节", "pre-cooling and flexible air conditioning"),
}
VEHICLES: Final = Label("车网互动", "vehicle-to-grid")
BUILDINGS: Final = "buildings.flexible_buildings"
FLEXIBLE_BUILDINGS: Final = Label("光储直柔建筑", "buildings with PV, storage and direct current")


Reach = Callable[[int], FloatArray]


@dataclass(frozen=True)
class FlexibleStores:
    """Stores f of all years: rows [year, f, 6] as the kernel reads them, and their reach in a year."""

    ids: tuple[str, ...]
    labels: tuple[Label, ...]
    rows: FloatArray
    reaches: tuple[Reach, ...]

    def reach(self, y: int) -> FloatArray:
        """Share of the power that is there in each hour of year y, [f, h]."""
        return np.array([of_year(y) for of_year in self.reaches])


def flexible_stores(
    fleet: Fleet,
    paths: LeverPaths,
    series: Series,
    bought: Imports,
    demands: Sequence[FlexibleDemand],
    loads: Sequence[LoadComponent],
    shapes: Mapping[str, FloatArray],
    industrial_load_mw: FloatArray,
    at: Sequence[int],
) -> FlexibleStores:
    """All of them, those without power included, so that the axis does not depend on the scenario's values.

    Cooling has its power in the years `at` from 2020 alone: others are not dispatched.
    """
    feeding = [d for d in demands if (d.feed_in_mw > 0).any()]
    found = [
        _buildings(fleet, d) if d.flexible_load_id == BUILDINGS else _vehicles(fleet, d) for d in feeding
    ]
    found.append(_band(fleet, paths, series, bought))
    found.append(_industry(fleet, paths, industrial_load_mw))
    found.append(_cooling(fleet, paths, loads, shapes, at))
    return FlexibleStores(
        tuple(f[0] for f in found),
        tuple(f[1] for f in found),
        np.stack([f[2] for f in found], axis=1),
        tuple(f[3] for f in found),
    )


_One = tuple[str, Label, FloatArray, Reach]


def _rows(power: FloatArray, hours: float, round_trip: float, vom: float) -> FloatArray:
    one_way = np.full(power.size, np.sqrt(round_trip))
    return np.stack([power, power, power * hours, one_way, one_way, np.full(power.size, vom)], axis=1)


def _vehicles(fleet: Fleet, demand: FlexibleDemand) -> _One:
    """Vehicles plugged in: all that take part by night, a part of them by day."""
    reach = _plugged_share(fleet.region)
    rows = _rows(
        demand.feed_in_mw,
        fleet.parameter("vehicle_to_grid_hours"),
        demand.efficiency_share,
        fleet.parameter("vehicle_to_grid_wear_cny_per_mwh"),
    )
    return demand.flexible_load_id, VEHICLES, rows, lambda _: reach


@kept(maxsize=16)
def _plugged_share(region: Region) -> FloatArray:
    """Share of the vehicles of the night that is plugged in, [h]."""

    def parameter(name: str) -> float:
        return region.number(PARAMETERS, name)

    night = (parameter("plugged_first_hour") <= HOUR_OF_DAY) | (parameter("plugged_last_hour") > HOUR_OF_DAY)
    return np.where(night, 1.0, parameter("plugged_day_over_night_share"))


def _buildings(fleet: Fleet, demand: FlexibleDemand) -> _One:
    """Stores of buildings: they give at any hour and are made good within the window on either side."""
    rows = _rows(
        demand.feed_in_mw,
        0.5 * demand.window_hours,
        demand.efficiency_share,
        fleet.parameter("flexible_building_wear_cny_per_mwh"),
    )
    return demand.flexible_load_id, FLEXIBLE_BUILDINGS, rows, lambda _: np.ones(HOURS)


def _band(fleet: Fleet, paths: LeverPaths, series: Series, bought: Imports) -> _One:
    """Imports may leave their contract by a share of it, the energy kept within half a day on either side."""
    energy = np.array([bought.energy_mwh[line.technology] for line in fleet.lines])
    mean = energy.sum(axis=0) / HOURS

    def reach(y: int) -> FloatArray:
        # Never more than the share of the mean contract, so that the lines' capacity is kept in their highest hours.
        contract = (series.imports * energy[:, y : y + 1]).sum(axis=0)
        return np.asarray(np.minimum(contract / max(float(contract.mean()), 1e-9), 1.0))

    power = paths.path("power.import_flexibility") * mean
    vom = fleet.parameter("import_band_cost_cny_per_mwh")
    return BAND, LABELS[BAND], _rows(power, fleet.parameter("import_band_hours"), 1.0, vom), reach


def _industry(fleet: Fleet, paths: LeverPaths, industrial_load_mw: FloatArray) -> _One:
    potential = fleet.parameter("shiftable_share_of_industrial_load") * industrial_load_mw
    power = paths.path("power.industrial_shiftable_response") * potential
    hours = 0.5 * fleet.parameter("shiftable_window_hours")
    vom = fleet.parameter("shiftable_cost_cny_per_mwh")
    return INDUSTRY, LABELS[INDUSTRY], _rows(power, hours, 1.0, vom), lambda _: np.ones(HOURS)


def _cooling(
    fleet: Fleet,
    paths: LeverPaths,
    loads: Sequence[LoadComponent],
    shapes: Mapping[str, FloatArray],
    at: Sequence[int],
) -> _One:
    """A share of the cooling load at its highest hour; in other hours as the cooling load itself."""
    parts = [load for load in loads if load.cause == "cooling"]

    def total(y: int) -> FloatArray:
        load_mw = (load.energy_mwh[y] * shapes[load.shape_digest] for load in parts)
        return np.asarray(sum(load_mw, np.zeros(HOURS)))

    def reach(y: int) -> FloatArray:
        load_mw = total(y)
        return load_mw / max(float(load_mw.max()), 1e-9)

    highest = np.zeros(len(paths.years))
    for y in at:
        highest[y] = total(y).max()
    power = paths.path("power.cooling_response") * highest
    rows = _rows(
        power,
        fleet.parameter("pre_cooling_hours"),
        fleet.parameter("pre_cooling_round_trip_share"),
        fleet.parameter("shiftable_cost_cny_per_mwh"),
    )
    return COOLING, LABELS[COOLING], rows, reach
