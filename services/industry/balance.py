"""The energy and CO2 of industry for one scenario, by branch, place and year, from 2020 on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.economy import gdp_by_place, gdp_index, population_by_place
from services.common.errors import DomainError
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH
from services.industry.activity import Scales, city_weights, construction_scale, indices, scales
from services.industry.base import COAL, COKE, GAS, HEAT, IndustryBase
from services.industry.calibration import calibration_factors, coking_loss_gj
from services.industry.heat import Heat, supply_heat
from services.industry.kernels import measure_energy, project_branches, sum_emitted, sum_members
from services.industry.materials import Cement, Steel, make_cement, make_steel

CAPTURED_USES = ("steel", "cement")


@dataclass(frozen=True)
class Upstream:
    """What other sectors hand over, on the years of the projection from 2020; None: base-year values."""

    buildings_heat_gj: FloatArray | None = None  # [p, y]
    completed_m2: FloatArray | None = None  # [p, y]
    completed_2020_m2: float = 0.0


@dataclass(frozen=True)
class Coking:
    """Coke ovens, [place, year]; the loss is coal that leaves neither as coke nor as another product."""

    coke_made_gj: FloatArray
    coking_coal_gj: FloatArray
    loss_gj: FloatArray
    energy_tco2: FloatArray


@dataclass(frozen=True)
class IndustryBalance:
    """Results by branch b, fuel f, place p, year y."""

    base: IndustryBase
    fuel_gj: FloatArray  # [b, f, p, y]
    electricity_mwh: FloatArray  # [b, p, y]
    process_tco2: FloatArray  # [p, y] cement by cement, after capture
    process_by_clinker_tco2: FloatArray  # [p, y] after capture
    captured_tco2: FloatArray  # [p, y]
    activity: FloatArray  # [b, p, y] share of the place x activity, 2020 summing to 1
    coking: Coking
    heat: Heat
    steel: Steel
    cement: Cement
    population: FloatArray  # [p, y]
    gdp_cny: FloatArray  # [p, y]
    gdp_index: FloatArray  # [y]
    measure: Callable[[], FloatArray]  # makes measured_gj, which costs alone read
    emitted_share: FloatArray  # [p, y] of what branches that capture would emit

    @cached_property
    def measured_gj(self) -> FloatArray:
        """Fuel saved by efficiency, moved to electricity, and coal moved to gas, [3, p, y]."""
        return self.measure()

    @cached_property
    def fuel_tco2(self) -> FloatArray:
        """CO2 of fuel after capture, [b, f, p, y]."""
        emitted = self.fuel_gj * self.base.tco2_per_gj[:, None, None]
        emitted[_captured(self.base) == 1] *= self.emitted_share
        return np.asarray(emitted)

    @property
    def feedstock_gj(self) -> FloatArray:
        """Fuel used as material, [b, f, p, y]."""
        return np.asarray(self.base.feedstock_gj[:, :, None, None] * self.activity[:, None])

    @cached_property
    def use_fuel_gj(self) -> FloatArray:
        """Fuel by use, [u, f, p, y]."""
        found = np.empty((len(self.base.uses), *self.fuel_gj.shape[1:]))
        sum_members(self.fuel_gj, self.base.use_of, found)
        return found

    @cached_property
    def use_fuel_tco2(self) -> FloatArray:
        """CO2 of fuel by use after capture, [u, f, p, y]."""
        base = self.base
        found = np.empty((len(base.uses), *self.fuel_gj.shape[1:]))
        sum_emitted(self.fuel_gj, base.use_of, base.tco2_per_gj, _captured(base), self.emitted_share, found)
        return found

    @cached_property
    def carrier_gj(self) -> FloatArray:
        """Fuel of all branches, [f, p, y]."""
        return np.asarray(self.use_fuel_gj.sum(axis=0))

    @cached_property
    def carrier_feedstock_gj(self) -> FloatArray:
        """Feedstock of all branches, [f, p, y]."""
        start = self.base.feedstock_gj
        found = np.zeros((start.shape[1], *self.activity.shape[1:]))
        for b, f in np.argwhere(start):
            found[f] += start[b, f] * self.activity[b]
        return found


def balance_industry(base: IndustryBase, paths: LeverPaths, upstream: Upstream) -> IndustryBalance:
    """Run one scenario. Raises DomainError(BALANCE) when 2020 does not return the statistics."""
    weights = city_weights(base, paths)
    index = indices(base, paths)
    steel = make_steel(base, paths, weights["steel"])
    cement = make_cement(base, paths, weights["clinker"], weights["cement_grinding"])
    construction = construction_scale(
        weights["value_added_secondary"],
        index["cement_output"],
        upstream.completed_m2,
        upstream.completed_2020_m2,
    )
    scale = scales(base, paths, steel, cement, weights, index, construction)
    fuel, electricity = _run_kernel(base, paths, scale)
    _check_base_year(base, fuel, electricity)
    electricity[base.position("steel_bf_bof")] += steel.hydrogen_electricity_mwh
    coking = make_coke(base, fuel)
    captured = _capture(base, paths, fuel, coking, cement)
    left = 1 - base.processes["capture_rate"] * paths.by_place("industry.ccus_share")
    for b, row in enumerate(base.branches):
        if row.use in CAPTURED_USES:
            electricity[b] += captured[row.use] * base.processes["capture_electricity_mwh_per_t"]
            captured[row.use] = np.zeros_like(left)
    return IndustryBalance(
        base=base,
        fuel_gj=fuel,
        electricity_mwh=electricity,
        process_tco2=cement.process_by_cement_tco2 * left,
        process_by_clinker_tco2=cement.process_by_clinker_tco2 * left,
        captured_tco2=captured["all"],
        activity=scale.activity,
        coking=replace(coking, energy_tco2=coking.energy_tco2 * left),
        heat=supply_heat(
            base, paths, fuel[:, HEAT].sum(axis=0), upstream.buildings_heat_gj, weights["population"]
        ),
        steel=steel,
        cement=cement,
        population=population_by_place(base.region, paths),
        gdp_cny=gdp_by_place(base.region, paths),
        gdp_index=gdp_index(paths),
        measure=partial(_measured, base, paths, scale),
        emitted_share=left,
    )


def make_coke(base: IndustryBase, fuel: FloatArray) -> Coking:
    """Coke ovens follow the coke that steel needs; their share of it stays as in 2020."""
    steel = [b for b, row in enumerate(base.branches) if row.use == "steel"]
    need = fuel[steel, COKE].sum(axis=0) / base.fuel_gj[steel, COKE].sum()
    loss = coking_loss_gj(base) * need
    factor = calibration_factors(base.region.region_id, base.region.as_of_year)["coking"]
    return Coking(
        coke_made_gj=base.balance_gj["transformation_coking", "coke_output"] * need,
        coking_coal_gj=-base.balance_gj["transformation_coking", "coal_input"] * need,
        loss_gj=loss,
        energy_tco2=loss * base.coking_coal_tco2_per_gj * factor,
    )


def _run_kernel(base: IndustryBase, paths: LeverPaths, scale: Scales) -> tuple[FloatArray, FloatArray]:
    """Fuel [b, f, p, y] and electricity [b, p, y] after efficiency, electrification and coal to gas."""
    fuel = np.empty((*base.fuel_gj.shape, *scale.fuel.shape[1:]))
    electricity = np.empty_like(scale.electricity)
    project_branches(
        base.fuel_gj,
        base.electricity_mwh,
        scale.fuel,
        scale.row_of,
        scale.electricity,
        paths.by_place("industry.fuel_intensity_reduction"),
        base.efficiency_factor,
        paths.by_place("industry.electrification_share"),
        base.electrification_factor,
        paths.by_place("industry.electrification_ratio"),
        paths.by_place("industry.coal_to_gas_share"),
        base.coal_to_gas_factor,
        base.processes["coal_to_gas_gj_per_gj"],
        GJ_PER_MWH,
        COAL,
        GAS,
        fuel,
        electricity,
    )
    return fuel, electricity


def _measured(base: IndustryBase, paths: LeverPaths, scale: Scales) -> FloatArray:
    """Fuel that efficiency, electrification and coal to gas act on, GJ [3, p, y]."""
    out = np.empty((3, *scale.fuel.shape[1:]))
    measure_energy(
        base.fuel_gj,
        scale.fuel,
        scale.row_of,
        paths.by_place("industry.fuel_intensity_reduction"),
        base.efficiency_factor,
        paths.by_place("industry.electrification_share"),
        base.electrification_factor,
        paths.by_place("industry.coal_to_gas_share"),
        base.coal_to_gas_factor,
        COAL,
        out,
    )
    return out


def _capture(
    base: IndustryBase, paths: LeverPaths, fuel: FloatArray, coking: Coking, cement: Cement
) -> dict[str, FloatArray]:
    """CO2 captured by use, and "all", t, [place, year]: steel with coking, cement with its process."""
    taken = base.processes["capture_rate"] * paths.by_place("industry.ccus_share")
    total = {use: np.zeros_like(taken) for use in CAPTURED_USES}
    for b, row in enumerate(base.branches):
        if row.use in CAPTURED_USES:
            emitted = fuel[b] * base.tco2_per_gj[:, None, None]
            total[row.use] = total[row.use] + emitted.sum(axis=0)
    total["steel"] = total["steel"] + coking.energy_tco2
    total["cement"] = total["cement"] + cement.process_by_cement_tco2
    captured = {use: values * taken for use, values in total.items()}
    captured["all"] = captured["steel"] + captured["cement"]
    return captured


def _captured(base: IndustryBase) -> IntArray:
    """1 for branches that capture, [b]."""
    return np.array([row.use in CAPTURED_USES for row in base.branches], dtype=np.int32)


def _check_base_year(base: IndustryBase, fuel: FloatArray, electricity: FloatArray) -> None:
    """2020 returns fuel and electricity of the statistics to 1e-9; construction may follow its floor area."""
    own = [b for b, row in enumerate(base.branches) if row.use != "construction"]
    if not _close(fuel[own, :, :, 0].sum(axis=2), base.fuel_gj[own], 1e-3):
        raise DomainError("BALANCE", detail="industry's fuel of 2020 differs from the balance")
    if not _close(electricity[own, :, 0].sum(axis=1), base.electricity_mwh[own], 1e-8):
        raise DomainError("BALANCE", detail="industry's electricity of 2020 differs from the balance")


def _close(values: FloatArray, expected: FloatArray, margin: float) -> bool:
    """Whether values are the expected ones to 1e-9 of them and a margin; not when one is not a number."""
    return bool((np.abs(values - expected) <= margin + 1e-9 * np.abs(expected)).all())
