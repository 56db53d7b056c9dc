"""What the end uses of buildings hand on, and how they read their data."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from services.buildings.base import StockBase
from services.buildings.systems import figure_path, figures
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import Region

URBAN, RURAL, PUBLIC_SEGMENT = range(3)
Key = tuple[str, str]  # end use, carrier
HEATING: Final = "space_heating"
DISTRICT: Final = "district_heating"
COOLING: Final = "cooling"
HOT_WATER: Final = "hot_water"
COOKING: Final = "cooking"
LIGHTING_APPLIANCES: Final = "lighting_appliances"


def _nothing() -> FloatArray:
    return np.empty(0)


@dataclass
class EndUses:
    """Arrays by (use, carrier), each [s, p, y]: electricity MWh, others GJ; and what lies behind them, MWh [s, p, y].

    `public_types` [t, p, y]: electricity of a use by public type, before calibration. `by_one_system` [s, p, y]:
    useful heat and cooling, and electricity if one system made all of it with units of 2020.
    """

    energy: dict[Key, FloatArray] = field(default_factory=dict)
    public_types: dict[str, FloatArray] = field(default_factory=dict)
    by_one_system: dict[str, FloatArray] = field(default_factory=dict)
    heat_mwh: FloatArray = field(default_factory=_nothing)  # useful space heat, networks included
    own_heat_mwh: FloatArray = field(
        default_factory=_nothing
    )  # useful, if systems in buildings made all of it
    network_heat_mwh: FloatArray = field(default_factory=_nothing)  # useful, from networks
    cool_mwh: FloatArray = field(default_factory=_nothing)
    hot_water_mwh: FloatArray = field(default_factory=_nothing)  # useful
    heat_by_pump_mwh: FloatArray = field(default_factory=_nothing)
    pump_electricity_mwh: FloatArray = field(default_factory=_nothing)
    ground_heat_mwh: FloatArray = field(default_factory=_nothing)
    ground_heat_electricity_mwh: FloatArray = field(default_factory=_nothing)
    air_heat_mwh: FloatArray = field(default_factory=_nothing)
    air_heat_electricity_mwh: FloatArray = field(default_factory=_nothing)
    ground_cool_mwh: FloatArray = field(default_factory=_nothing)
    ground_cool_electricity_mwh: FloatArray = field(default_factory=_nothing)
    hot_water_pump_mwh: FloatArray = field(default_factory=_nothing)  # useful, from heat pumps
    hot_water_pump_electricity_mwh: FloatArray = field(default_factory=_nothing)
    solar_hot_water_mwh: FloatArray = field(default_factory=_nothing)  # useful
    biomass_gj: FloatArray = field(default_factory=_nothing)  # [p, y] straw and wood of villages


class Reader:
    """Paths of leaves at the scenario's years."""

    def __init__(self, base: StockBase, paths: LeverPaths) -> None:
        self._leaves = figures(base.region)
        self._region = base.region
        self._years = paths.years

    def __call__(self, name: str) -> FloatArray:
        return figure_path(self._region, name, self._years)

    def one(self, name: str) -> float:
        """A constant."""
        return self._leaves[name].number()

    def service(self, name: str) -> FloatArray:
        """Index of a service, base year = 1: observed as far as known, then along its expected growth."""
        return _service(self._region, name, self._years)

    def by_segment(self, name: str) -> FloatArray:
        """Constants urban_<name>, rural_<name>, public_<name>, [s, 1, 1]."""
        return np.array([self.one(f"{s}_{name}") for s in ("urban", "rural", "public")])[:, None, None]

    def split_gas(self, out: EndUses, use: str, fuel_gj: FloatArray) -> None:
        """Gaseous fuel [s, p, y] to pipeline gas and LPG."""
        lpg = np.array(
            [
                self("urban_lpg_share_of_gas"),
                1 - self("rural_gas_share_of_fuel"),
                self("public_lpg_share_of_gas"),
            ]
        )[:, None, :]
        out.energy[use, "natural_gas"] = fuel_gj * (1 - lpg)
        out.energy[use, "lpg"] = fuel_gj * lpg


@kept(maxsize=32)
def _service(region: Region, name: str, years: tuple[int, ...]) -> FloatArray:
    leaves = figures(region)
    known, growth = leaves[f"{name}_observed_index"], leaves[f"{name}_expected_index"]
    last = max(known.values)
    observed, expected = known.path(years), growth.path(years)
    after = known.path((last,)) * expected / growth.path((last,))
    found = np.where(np.array(years) > last, after, observed)
    found.flags.writeable = False
    return found
