"""The base year of industry: branches, their energy, shares of cities, processes, calibration. Read once a region."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.factors import BASE_YEAR_SET, factors_tco2_per_gj, under_frame_set
from services.common.levers import resolve
from services.common.recording import kept
from services.common.region_files import RegionDataError
from services.common.regions import Region, load_region
from services.common.scenario import Scenario
from services.common.units import GJ_PER_MTCE, GJ_PER_MWH, MWH_PER_TWH
from services.common.words import Label
from services.industry.levers import LEVERS

IntegerArray = NDArray[np.int64]
FUELS: Final = (
    "coal",
    "coke",
    "byproduct_gas",
    "oil_products",
    "natural_gas",
    "heat",
    "gasoline",
    "diesel",
    "fuel_oil",
    "bitumen",
)
COAL: Final = FUELS.index("coal")
COKE: Final = FUELS.index("coke")
BYPRODUCT_GAS: Final = FUELS.index("byproduct_gas")
GAS: Final = FUELS.index("natural_gas")
HEAT: Final = FUELS.index("heat")
BITUMEN: Final = FUELS.index("bitumen")
FEEDSTOCK_FLOW: Final = "industry_non_energy"
# Data centres are taken out of the electricity of commercial buildings.
CARVED_OUT_FLOW: Final = "commercial_public_buildings"


@dataclass(frozen=True)
class BranchRow:
    """One branch: who drives it, how far levers act, which shape and which weight of cities it has."""

    branch: str
    label: Label
    use: str
    activity_driver: str
    electricity_driver: str
    shape: str
    fuel_weight: str
    electricity_weight: str


@dataclass(frozen=True)
class IndustryBase:
    """Everything that does not depend on the scenario. b branches, f FUELS."""

    region: Region
    branches: tuple[BranchRow, ...]
    fuel_gj: FloatArray  # [b, f] burned or bought
    feedstock_gj: FloatArray  # [b, f] used as material
    electricity_mwh: FloatArray  # [b]
    efficiency_factor: FloatArray  # [b, f]
    electrification_factor: FloatArray  # [b, f]
    coal_to_gas_factor: FloatArray  # [b]
    tco2_per_gj: FloatArray  # [f]
    coking_coal_tco2_per_gj: float
    processes: Mapping[str, float]
    balance_gj: Mapping[tuple[str, str], float]  # (flow, carrier), outputs positive, inputs negative
    buildings_heat_gj: float
    lever_start: Mapping[str, float]  # lever values of 2020
    uses: tuple[str, ...]  # u of the branches, in their order
    use_of: IntegerArray  # [b] position of its use

    @cached_property
    def fuels_of_uses(self) -> tuple[tuple[int, int], ...]:
        """Use and fuel, (u, f), of those that the use had in 2020 or moves to."""
        had = [self.fuel_gj[self.use_of == u].any(axis=0) for u in range(len(self.uses))]
        return tuple(
            (u, f)
            for u in range(len(self.uses))
            for f in range(len(FUELS))
            if had[u][f] or (f == GAS and had[u][COAL])
        )

    def position(self, branch: str) -> int:
        """Place of a branch on the branch axis."""
        return next(i for i, row in enumerate(self.branches) if row.branch == branch)


@kept(maxsize=8)
def industry_base(region_id: str, as_of_year: int = 0) -> IndustryBase:
    """The base year of a region. Raises RegionDataError when the split or a calibration factor is off."""
    region = load_region(region_id, as_of_year)
    table = region.table("industry/branches").rows()
    branches = tuple(_branch_row(row) for row in table)
    uses = tuple(dict.fromkeys(row.use for row in branches))
    fuel, feedstock, electricity = _base_energy(region, branches)
    balance = _balance(region)
    _check_split(region, balance)
    factors = factors_tco2_per_gj(region, BASE_YEAR_SET)
    processes = {name: leaf.number() for name, leaf in region.leaves("industry/processes").items()}
    processes |= {
        name: leaf.number() for name, leaf in region.leaves("industry/base").items() if leaf.value is not None
    }
    start = _lever_start(region)
    heat = sum(gj for (flow, carrier), gj in balance.items() if carrier == "heat" and "buildings" in flow)
    return IndustryBase(
        region=region,
        branches=branches,
        fuel_gj=fuel,
        feedstock_gj=feedstock,
        electricity_mwh=electricity,
        efficiency_factor=_efficiency(table, processes["ironmaking_efficiency_factor"]),
        electrification_factor=_electrification(table),
        coal_to_gas_factor=np.array([row["coal_to_gas_factor"] for row in table]),
        tco2_per_gj=np.array([factors[carrier] for carrier in FUELS]),
        coking_coal_tco2_per_gj=factors["coking_coal"],
        processes=processes,
        balance_gj=balance,
        buildings_heat_gj=heat,
        lever_start=start,
        uses=uses,
        use_of=np.array([uses.index(row.use) for row in branches], dtype=np.int64),
    )


@kept(maxsize=16)
def base_under_set(region_id: str, as_of_year: int, factor_set: str) -> IndustryBase:
    """The base year in a region whose factors are those of a set ("": in force)."""
    base = industry_base(region_id, as_of_year)
    return under_factors_of(base, under_frame_set(region_id, as_of_year, factor_set))


def under_factors_of(base: IndustryBase, region: Region) -> IndustryBase:
    """The same base year with CO2 counted by the factors of a region's set; energy does not depend on them."""
    factors = factors_tco2_per_gj(region)
    return replace(
        base,
        region=region,
        tco2_per_gj=np.array([factors[carrier] for carrier in FUELS]),
        coking_coal_tco2_per_gj=factors["coking_coal"],
    )


def _branch_row(row: Mapping[str, Any]) -> BranchRow:
    return BranchRow(
        row["branch"],
        Label(row["label_zh"], row["label_en"]),
        row["use"],
        row["activity_driver"],
        row["electricity_driver"],
        row["shape"],
        row["fuel_weight"],
        row["electricity_weight"],
    )


def _base_energy(
    region: Region, branches: tuple[BranchRow, ...]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fuel [b, f], feedstock [b, f], GJ, and electricity [b], MWh, of the base year."""
    index = {row.branch: i for i, row in enumerate(branches)}
    fuel = np.zeros((len(branches), len(FUELS)))
    feedstock = np.zeros_like(fuel)
    electricity = np.zeros(len(branches))
    for row in region.table("industry/branch_energy_2020").rows():
        b = index[row["branch"]]
        if row["carrier"] == "electricity":
            electricity[b] += row["electricity_twh"] * MWH_PER_TWH
            continue
        target = feedstock if row["flow"] == FEEDSTOCK_FLOW else fuel
        target[b, FUELS.index(row["carrier"])] += row["energy_mtce"] * GJ_PER_MTCE
    return fuel, feedstock, electricity


def _balance(region: Region) -> dict[tuple[str, str], float]:
    """The region's balance, GJ; electricity from its TWh, other carriers from Mtce."""
    found = {}
    for row in region.table("energy_balance_2020").rows():
        twh = row["electricity_twh"]
        energy = row["energy_mtce"] * GJ_PER_MTCE if np.isnan(twh) else twh * MWH_PER_TWH * GJ_PER_MWH
        found[row["flow"], row["carrier"]] = energy
    return found


def _check_split(region: Region, balance: Mapping[tuple[str, str], float]) -> None:
    """Branches must sum to the rows of the balance, carrier by carrier (relative 1e-9)."""
    sums: dict[tuple[str, str], float] = {}
    for row in region.table("industry/branch_energy_2020").rows():
        if row["carrier"] == "electricity":
            energy = row["electricity_twh"] * MWH_PER_TWH * GJ_PER_MWH
        else:
            energy = row["energy_mtce"] * GJ_PER_MTCE
        key = row["flow"], row["carrier"]
        sums[key] = sums.get(key, 0.0) + energy
    off = [
        f"{flow}/{carrier}"
        for (flow, carrier), total in sums.items()
        if flow != CARVED_OUT_FLOW and not np.isclose(total, balance[flow, carrier], rtol=1e-9)
    ]
    if off:
        raise RegionDataError(f"{region.region_id}: branches do not sum to the balance: {', '.join(off)}")


def _efficiency(table: list[Mapping[str, Any]], ironmaking: float) -> FloatArray:
    """How far the fall of fuel intensity acts, [b, f]: ironmaking less, charge carbon and bitumen not."""
    factor = np.array([[row["efficiency_factor"]] * len(FUELS) for row in table])
    names = [row["branch"] for row in table]
    factor[names.index("steel_bf_bof"), [COAL, COKE, BYPRODUCT_GAS]] *= ironmaking
    factor[names.index("steel_eaf"), COAL] = 0
    factor[:, BITUMEN] = 0
    return factor


def _electrification(table: list[Mapping[str, Any]]) -> FloatArray:
    """How far electrification acts, [b, f]: by-product gas is used where it arises, bitumen is material."""
    factor = np.array([[row["electrification_factor"]] * len(FUELS) for row in table])
    factor[:, [BYPRODUCT_GAS, BITUMEN]] = 0
    return factor


def _lever_start(region: Region) -> dict[str, float]:
    """Values of the levers in 2020, the same in every scenario."""
    levers = [row.in_region(region.region_id) for row in LEVERS]
    frozen = Scenario(baseline="frozen")
    paths = resolve(levers, region.region_id, frozen, (BASE_YEAR,), region.as_of_year)
    return {lever.lever_id: float(paths.path(lever.lever_id)[0]) for lever in levers}
