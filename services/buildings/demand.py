"""Useful heat and cooling of a scenario: intensities combined by area, use modes, set-points and warming.

Area is weighed first, at the simulated points of warming; only then are points mixed. Better plant and controls of
retrofitted floor act on what the plant uses, by the area of the state; useful heat is the simulated one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.buildings.base import PUBLIC, RURAL, URBAN, StockBase
from services.buildings.demand_kernels import weigh_by_area
from services.buildings.intensity import COLUMNS, COOL, ELECTRICITY, HEAT, Intensities
from services.buildings.states import DEPTHS, STATES
from services.buildings.stock import Stock
from services.buildings.use import rural_cooling_ownership
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region

KWH_PER_MWH = 1e3
_MODE_YEARS = (2020, 2035, 2060)
_CONTINUOUS = -1  # the mode of networks is the last row of the table
_PLANT_HEAT = COLUMNS  # heat that boilers, networks and stoves give, with the controls of retrofitted floor
_WEIGHED = COLUMNS + 1


@dataclass(frozen=True)
class SpaceDemand:
    """By segment (urban, rural, public), place and year, MWh, before calibration and before equipment progress."""

    columns: FloatArray  # [c, s, p, y] the columns of `intensity`
    plant_heat: FloatArray  # [s, p, y] heat with the controls of retrofitted floor
    network_heat: FloatArray  # [s, p, y] the same if all were on a network, run continuously
    public_columns: FloatArray  # [t, c, p, y] public buildings by type
    monthly_degc: FloatArray  # [month, p, y] mean air, with the warming of the scenario

    @property
    def heat(self) -> FloatArray:
        """Useful heat as rooms are used, [s, p, y]."""
        return np.asarray(self.columns[HEAT])

    @property
    def cool(self) -> FloatArray:
        """Useful cooling, [s, p, y]."""
        return np.asarray(self.columns[COOL])

    def electricity(self, system: str) -> FloatArray:
        """Electricity with equipment of 2020 if one system ("heating_split" ...) made all of it, [s, p, y]."""
        return np.asarray(self.columns[ELECTRICITY[system]])


def space_demand(base: StockBase, paths: LeverPaths, stock: Stock, table: Intensities) -> SpaceDemand:
    """Demand of the segments in a scenario."""
    warming = paths.by_place("drivers.climate_warming")
    hat = _hat(table, warming)
    area = stock.area_m2 * stock.used_share[:, :, None] / KWH_PER_MWH
    out = np.zeros((_WEIGHED, 3, *warming.shape))
    network = np.zeros((3, *warming.shape))
    usual, comfort, of_types = _weights(table, base.region)
    is_heat = np.array([k == _PLANT_HEAT or table.is_heat_like(k) for k in range(_WEIGHED)])
    steps = _comfort_steps(table, paths)
    shifted = any((step != 0).any() for step in steps)
    modes = base.region.table("buildings/usage_modes").rows()
    for s, t, settle in ((0, URBAN, "urban"), (1, RURAL, "rural")):
        found = _weighed(usual[s], area[:, t], hat, (len(modes),))  # [p, m, c, y]
        if shifted:
            warmer = _weighed(comfort[s], area[:, t], hat, (len(modes),))
            step = np.where(is_heat[None, :, None], steps[0][:, None], steps[1][:, None])[:, None]
            found = (1 - step) * found + step * warmer
        for side, mix in (
            (is_heat, _mode_shares(modes, paths, f"heat_{settle}")),
            (~is_heat, _mode_shares(modes, paths, "cool_urban")),
        ):
            mixed = (mix.transpose(1, 0, 2)[:, :, None] * found[:, :, side]).sum(axis=1)
            out[side, s] = mixed.transpose(1, 0, 2)
        network[s] = found[:, _CONTINUOUS, _PLANT_HEAT]
    out[~is_heat, 1] *= rural_cooling_ownership(base.region, paths.years)
    public = _public(of_types, area[:, PUBLIC], hat, _setpoint_weights(table, paths), is_heat)
    out[:, :2] = np.maximum(out[:, :2], 0.0)
    out[:, 2] = public.sum(axis=0)
    network[2] = out[_PLANT_HEAT, 2]
    monthly = table.monthly_degc.T[:, :, None] + warming
    return SpaceDemand(out[:COLUMNS], out[_PLANT_HEAT], np.maximum(network, 0.0), public, monthly)


def _public(
    weights: tuple[FloatArray, ...],
    area: FloatArray,
    hat: FloatArray,
    levels: tuple[FloatArray, FloatArray],
    is_heat: FloatArray,
) -> FloatArray:
    """Columns of each public type, [t, c, p, y]."""
    found = []
    for t, table in enumerate(weights):
        points = _weighed(table, area[:, t], hat, (2,))  # [p, set-point, c, y]
        level = np.where(is_heat[None, :, None], levels[0][:, None], levels[1][:, None])
        mixed = (1 - level) * points[:, 0] + level * points[:, 1]
        found.append(np.maximum(mixed, 0.0).transpose(1, 0, 2))
    return np.array(found)


def _weighed(table: FloatArray, area: FloatArray, hat: FloatArray, axes: tuple[int, ...]) -> FloatArray:
    """Intensities [p, axes, w, c, e] by area [p, e, y], at the warming of each place and year, [p, axes, c, y]."""
    places, points = table.shape[:2]
    years = area.shape[2]
    sums = np.empty((places, points, _WEIGHED, years))
    weigh_by_area(table, np.ascontiguousarray(area), hat, np.empty(years), sums)
    return sums.reshape(places, *axes, _WEIGHED, years)


_Tables = tuple[FloatArray, ...]


@kept(maxsize=8)
def _weights(table: Intensities, region: Region) -> tuple[_Tables, _Tables, _Tables]:
    """Tables as the kernel reads them, [p, points, w, c, e].

    Dwellings (urban, rural) as they are used, the same at the second set-point level, public types.
    """
    used = _plant_use(region)
    usual, comfort, public = (
        tuple(_as_read(part, used) for part in parts)
        for parts in (table.residential, table.comfort, table.public)
    )
    return usual, comfort, public


def _as_read(values: FloatArray, used: FloatArray) -> FloatArray:
    """[e, points..., p, w, c] -> [p, points, w, c, e] with the column of heat at the plant."""
    states, places = values.shape[0], values.shape[-3]
    flat = values.reshape(states, -1, places, *values.shape[-2:])
    flat = np.concatenate([flat, flat[..., HEAT : HEAT + 1]], axis=-1) * used[:, None, None, None, :]
    return np.ascontiguousarray(flat.transpose(2, 1, 3, 4, 0))


def _plant_use(region: Region) -> FloatArray:
    """What plant uses in retrofitted floor over what it would without better plant and controls, [e, c]."""
    packages = retrofit_packages(region)
    used = np.ones((len(STATES), _WEIGHED))
    for e, state in enumerate(STATES):
        if state.depth != DEPTHS[0]:
            package = packages[state.depth]
            controlled = 1 - package["control_saving_share"]
            used[e, _PLANT_HEAT] = controlled
            for k in ELECTRICITY.values():
                used[e, k] = controlled / package["efficiency_ratio"]
    return used


def retrofit_packages(region: Region) -> Mapping[str, dict[str, float]]:
    """Retrofit packages by name."""
    return region.table("buildings/retrofit_packages").by("package")


def _comfort_steps(table: Intensities, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Steps towards the second set-point level of dwellings, heating and cooling, [p, y]."""
    warmer = paths.by_place("buildings.residential_heating_setpoint_shift")
    cooler = -paths.by_place("buildings.residential_cooling_setpoint_shift")
    return warmer / table.comfort_step_k, cooler / table.comfort_step_k


def _setpoint_weights(table: Intensities, paths: LeverPaths) -> tuple[FloatArray, FloatArray]:
    """Weight of the higher set-point of public buildings, heating and cooling, [p, y]."""
    found = []
    for side, name in enumerate(("heating", "cooling")):
        low, high = table.setpoints_degc[side]
        found.append((paths.by_place(f"buildings.{name}_setpoint_public") - low) / (high - low))
    return found[0], found[1]


def _mode_shares(modes: list[dict[str, float]], paths: LeverPaths, name: str) -> FloatArray:
    """Share of dwellings by use mode, [m, p, y]; the lever speeds up or slows down the table's clock."""
    speed = paths.by_place("buildings.usage_mode_shift")
    clock = _MODE_YEARS[0] + np.concatenate(
        [np.zeros((len(speed), 1)), np.cumsum(speed[:, 1:], axis=1)], axis=1
    )
    table = [[mode[f"{name}_{y}"] for y in _MODE_YEARS] for mode in modes]
    shares = np.array([np.interp(clock, _MODE_YEARS, row) for row in table])
    return np.asarray(shares / shares.sum(axis=0))


def _hat(table: Intensities, warming: FloatArray) -> FloatArray:
    """Weight of each point of warming for the warming of a place and year, [p, w, y]; linear between points."""
    grid = table.warming_k
    left = np.clip(np.searchsorted(grid, warming, side="right") - 1, 0, len(grid) - 2)
    weight = (warming - grid[left]) / (grid[left + 1] - grid[left])
    points = np.arange(len(grid))[None, :, None]
    at_left, at_right = points == left[:, None], points == left[:, None] + 1
    return np.ascontiguousarray(at_left * (1 - weight)[:, None] + at_right * weight[:, None])
