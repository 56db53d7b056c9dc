"""Useful heat and cooling of a scenario: intensities combined by area, use modes, set-points and warming."""

from dataclasses import dataclass

import numpy as np

from services.buildings.base import PUBLIC, RURAL, URBAN, StockBase
from services.buildings.intensity import COLUMNS, COOL, ELECTRICITY, HEAT, Intensities
from services.buildings.stock import Stock
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths

KWH_PER_MWH = 1e3
_MODE_YEARS = (2020, 2035, 2060)
_CONTINUOUS = -1  # the mode of networks is the last row of the table


@dataclass(frozen=True)
class SpaceDemand:
    """By segment (urban, rural, public), place and year, MWh, before calibration and before equipment progress."""

    columns: FloatArray  # [c, s, p, y] the columns of `intensity`
    network_heat: FloatArray  # [s, p, y] useful heat if all were on a network, run continuously

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
    area = stock.area_m2 * stock.used_share[:, :, None] / KWH_PER_MWH
    modes = base.region.table("buildings/usage_modes").rows()
    heat_mix = [_mode_shares(modes, paths, f"heat_{s}") for s in ("urban", "rural")]
    cool_mix = [_mode_shares(modes, paths, f"cool_{s}") for s in ("urban", "urban")]
    out = np.zeros((COLUMNS, 3, *warming.shape))
    network = np.zeros((3, *warming.shape))
    for s, t in ((0, URBAN), (1, RURAL)):
        per_mode = _at_warming(table, table.residential[s], warming)  # [e, m, p, y, c]
        by_mode = (area[:, t].transpose(1, 0, 2)[:, None, :, :, None] * per_mode).sum(axis=0)
        for k in range(COLUMNS):
            mix = heat_mix[s] if table.is_heat_like(k) else cool_mix[s]
            out[k, s] = (mix * by_mode[..., k]).sum(axis=0)
        network[s] = by_mode[_CONTINUOUS, ..., HEAT]
    public = _at_warming(table, table.public, warming)  # [t, e, setpoint, p, y, c]
    by_point = (area[:, PUBLIC].transpose(1, 2, 0, 3)[:, :, None, :, :, None] * public).sum(axis=(0, 1))
    points = (
        paths.by_place("buildings.heating_setpoint_public"),
        paths.by_place("buildings.cooling_setpoint_public"),
    )
    for k in range(COLUMNS):
        side = 0 if table.is_heat_like(k) else 1
        low, high = table.setpoints_degc[side]
        weight = (points[side] - low) / (high - low)
        mixed = (1 - weight) * by_point[0, ..., k] + weight * by_point[1, ..., k]
        out[k, 2] = np.maximum(mixed, 0.0)
    network[2] = out[HEAT, 2]
    return SpaceDemand(out, network)


def _mode_shares(modes: list[dict[str, float]], paths: LeverPaths, name: str) -> FloatArray:
    """Share of dwellings by use mode, [m, p, y]; the lever speeds up or slows down the table's clock."""
    speed = paths.by_place("buildings.usage_mode_shift")
    clock = _MODE_YEARS[0] + np.concatenate(
        [np.zeros((len(speed), 1)), np.cumsum(speed[:, 1:], axis=1)], axis=1
    )
    table = [[mode[f"{name}_{y}"] for y in _MODE_YEARS] for mode in modes]
    shares = np.array([np.interp(clock, _MODE_YEARS, row) for row in table])
    return np.asarray(shares / shares.sum(axis=0))


def _at_warming(table: Intensities, values: FloatArray, warming: FloatArray) -> FloatArray:
    """Intensities [..., p, w, c] at the warming of each place and year -> [..., p, y, c]; linear between points."""
    grid = table.warming_k
    left = np.clip(np.searchsorted(grid, warming, side="right") - 1, 0, len(grid) - 2)
    weight = ((warming - grid[left]) / (grid[left + 1] - grid[left]))[..., None]
    place = np.arange(warming.shape[0])[:, None]
    low = values[..., place, left, :]
    return np.asarray(low + weight * (values[..., place, left + 1, :] - low))
