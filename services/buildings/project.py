"""One scenario of buildings: lever paths to stock, demand, calibrated end uses, rooftops."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from services.buildings.base import StockBase, base_under_set, stock_base
from services.buildings.calibration import calibrated, calibration_factors
from services.buildings.demand import space_demand
from services.buildings.end_uses import EndUses, Key, end_uses
from services.buildings.intensity import intensities
from services.buildings.levers import LEVERS
from services.buildings.own_use import group_load_mwh
from services.buildings.rooftop import Rooftops, rooftops
from services.buildings.stock import Stock, turn_over_stock
from services.buildings.systems import Systems, refused_networks, systems
from services.buildings.type_electricity import public_electricity_mwh
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import Violation, invalid
from services.common.levers import LeverPaths, levers_in, resolve
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario

_NOISE = 1e-9
_ROWS: Final = (*LEVERS, *DRIVERS)
_SUMS = (
    ("buildings.retrofit_medium_share", "buildings.retrofit_deep_share"),
    ("buildings.ultra_low_energy_share_new", "buildings.near_zero_energy_share_new"),
    ("buildings.electric_hot_water_share", "buildings.solar_thermal_hot_water_share"),
)


@dataclass(frozen=True)
class Projection:
    """Everything of a scenario on the years from the base year."""

    base: StockBase
    paths: LeverPaths
    stock: Stock
    equipment: Systems
    raw: EndUses
    energy: Mapping[Key, FloatArray]  # [s, p, y], calibrated: electricity MWh, others GJ
    roofs: Rooftops
    factors: Mapping[str, float]

    @cached_property
    def public_mwh(self) -> FloatArray:
        """Electricity by public type, [t, p, y]."""
        return public_electricity_mwh(self.raw, self.energy, self.factors)

    @cached_property
    def self_used_mwh(self) -> FloatArray:
        """Output of rooftop PV used behind the meter, [p, t, y]."""
        return self.roofs.self_used_mwh(
            group_load_mwh(self.base.region, self.stock, self.energy, self.public_mwh)
        )

    @property
    def exported_mwh(self) -> FloatArray:
        """Output of rooftop PV fed to the grid, [p, y]."""
        return np.asarray(self.roofs.energy_mwh - self.self_used_mwh.sum(axis=1))

    @cached_property
    def used(self) -> Mapping[Key, FloatArray]:
        """Energy of all segments by use and carrier, [p, y]."""
        return {key: energy.sum(axis=0) for key, energy in self.energy.items()}

    @cached_property
    def electricity_mwh(self) -> FloatArray:
        """Electricity by segment, [s, p, y]."""
        return np.asarray(sum(e for (_, carrier), e in self.energy.items() if carrier == "electricity"))


def read_paths(frame: Frame, scenario: Scenario) -> LeverPaths:
    """Lever paths from the base year. Raises DomainError with all violations."""
    load_region(frame.region)
    levers = levers_in(_ROWS, frame.region)
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    paths = resolve(levers, frame.region, scenario, years, frame.as_of_year)
    found = [v for pair in _SUMS for v in _too_much(paths, pair)]
    found += refused_networks(stock_base(frame.region, frame.as_of_year), scenario)
    if found:
        raise invalid(found)
    return paths


def project_buildings(frame: Frame, scenario: Scenario) -> Projection:
    """Project one scenario."""
    paths = read_paths(frame, scenario)
    base = base_under_set(frame.region, frame.as_of_year, frame.factor_set)
    factors = calibration_factors(frame.region)
    stock = turn_over_stock(base, paths)
    equipment = systems(base, paths, stock)
    demand = space_demand(base, paths, stock, intensities(frame.region, frame.weather_year))
    raw = end_uses(base, paths, stock, demand, equipment)
    energy = calibrated(raw, factors)
    roofs = rooftops(base, paths, stock)
    return Projection(base, paths, stock, equipment, raw, energy, roofs, factors)


def _too_much(paths: LeverPaths, pair: tuple[str, str]) -> list[Violation]:
    """Two shares of one whole must not exceed it."""
    total = paths.by_place(pair[0]) + paths.by_place(pair[1])
    if (total <= 1 + _NOISE).all():
        return []
    year = paths.years[int(np.argmax(total.max(axis=0)))]
    return [
        Violation(
            "scenario.settings",
            f"{pair[0]} and {pair[1]} together must not exceed 1 (year {year})",
            f"{total.max():g}",
            "0 to 1",
        )
    ]
