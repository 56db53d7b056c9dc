"""Useful heat and cooling of a scenario: intensities combined by area, use modes, set-points and warming.

Area is weighed first, at the simulated points of warming; only then are points mixed. Better plant and controls of
retrofitted floor act on what the plant uses, by the area of the state; useful heat is the simulated one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.buildings.base import PUBLIC, PUBLIC_TYPES, StockBase
from services.buildings.demand_kernels import weigh_dwellings, weigh_public
from services.buildings.intensity import COLUMNS, COOL, ELECTRICITY, HEAT, Intensities
from services.buildings.states import DEPTHS, STATES
from services.buildings.stock import Stock
from services.buildings.use import rural_cooling_ownership
from services.common.arrays import FloatArray, IntArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import KWH_PER_MWH

_MODE_YEARS = (2020, 2035, 2060)
_SETTLEMENTS = ("urban", "rural")
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
    read = _tables(table, base.region)
    area, used = stock.area_m2, stock.used_share
    out = np.zeros((_WEIGHED, 3, *warming.shape))
    network = np.zeros((3, *warming.shape))
    clock = _mode_clock(paths)
    cooled = _mode_shares(base.region, clock, "cool_urban")
    mixes = np.array([[_mode_shares(base.region, clock, f"heat_{s}"), cooled] for s in _SETTLEMENTS])
    weigh_dwellings(
        read.usual,
        read.comfort,
        _comfort_steps(table, paths),
        mixes,
        read.is_heat,
        area,
        used,
        KWH_PER_MWH,
        hat,
        _PLANT_HEAT,
        out,
        network,
    )
    out[read.is_cool, 1] *= rural_cooling_ownership(base.region, paths.years)
    public = np.empty((len(PUBLIC_TYPES), _WEIGHED, *warming.shape))
    levels = _setpoint_weights(table, paths)
    weigh_public(read.public, levels, read.is_heat, area, used, KWH_PER_MWH, hat, PUBLIC.start, public)
    np.maximum(out[:, :2], 0.0, out=out[:, :2])
    out[:, 2] = public.sum(axis=0)
    network[2] = out[_PLANT_HEAT, 2]
    monthly = table.monthly_degc.T[:, :, None] + warming
    return SpaceDemand(out[:COLUMNS], out[_PLANT_HEAT], np.maximum(network, 0.0), public, monthly)


@dataclass(frozen=True, eq=False)
class _Tables:
    """Intensities as the kernels read them, with the column of heat at the plant.

    Dwellings (urban, rural) as they are used, the same at the second set-point level [s, p, m, w, c, e]; public types
    [t, p, set-point, w, c, e].
    """

    usual: FloatArray
    comfort: FloatArray
    public: FloatArray
    is_heat: IntArray  # [c] 1 for columns that follow the heating set-point
    is_cool: NDArray[np.intp]  # the other columns


@kept(maxsize=8)
def _tables(table: Intensities, region: Region) -> _Tables:
    used = _plant_use(region)
    usual, comfort, public = (
        np.array([_as_read(part, used) for part in parts])
        for parts in (table.residential, table.comfort, table.public)
    )
    is_heat = [k == _PLANT_HEAT or table.is_heat_like(k) for k in range(_WEIGHED)]
    return _Tables(
        usual, comfort, public, np.array(is_heat, dtype=np.int32), np.flatnonzero(~np.array(is_heat))
    )


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


def retrofit_packages(region: Region) -> Mapping[str, Mapping[str, float]]:
    """Retrofit packages by name."""
    return region.table("buildings/retrofit_packages").by("package")


def _comfort_steps(table: Intensities, paths: LeverPaths) -> FloatArray:
    """Steps towards the second set-point level of dwellings, heating and cooling, [2, p, y]."""
    warmer = paths.by_place("buildings.residential_heating_setpoint_shift")
    cooler = -paths.by_place("buildings.residential_cooling_setpoint_shift")
    return np.array([warmer / table.comfort_step_k, cooler / table.comfort_step_k])


def _setpoint_weights(table: Intensities, paths: LeverPaths) -> FloatArray:
    """Weight of the higher set-point of public buildings, heating and cooling, [2, p, y]."""
    found = []
    for side, name in enumerate(("heating", "cooling")):
        low, high = table.setpoints_degc[side]
        found.append((paths.by_place(f"buildings.{name}_setpoint_public") - low) / (high - low))
    return np.array(found)


def _mode_clock(paths: LeverPaths) -> FloatArray:
    """Year of the table of modes that a year stands for, [p, y]: the lever speeds its clock up or slows it down."""
    clock = paths.by_place("buildings.usage_mode_shift")
    clock[:, 0] = 0.0
    return np.asarray(_MODE_YEARS[0] + np.cumsum(clock, axis=1))


def _mode_shares(region: Region, clock: FloatArray, name: str) -> FloatArray:
    """Share of dwellings by use mode, [m, p, y]."""
    # Most scenarios have one clock for all places: it is read once.
    own = clock if (clock != clock[0]).any() else clock[:1]
    shares = np.array([np.interp(own, _MODE_YEARS, row) for row in _mode_table(region, name)])
    found = shares / shares.sum(axis=0)
    return np.broadcast_to(found, (len(found), *clock.shape))


@kept(maxsize=32)
def _mode_table(region: Region, name: str) -> tuple[tuple[float, ...], ...]:
    """Shares of the modes in the table's years."""
    rows = region.table("buildings/usage_modes").rows()
    return tuple(tuple(mode[f"{name}_{y}"] for y in _MODE_YEARS) for mode in rows)


def _hat(table: Intensities, warming: FloatArray) -> FloatArray:
    """Weight of each point of warming for the warming of a place and year, [p, w, y]; linear between points."""
    grid = table.warming_k
    left = np.clip(np.searchsorted(grid, warming, side="right") - 1, 0, len(grid) - 2)
    weight = (warming - grid[left]) / (grid[left + 1] - grid[left])
    points = np.arange(len(grid))[None, :, None]
    at_left, at_right = points == left[:, None], points == left[:, None] + 1
    return np.ascontiguousarray(at_left * (1 - weight)[:, None] + at_right * weight[:, None])
