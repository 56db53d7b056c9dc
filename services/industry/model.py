"""The door of the industry sector: industry and the rest of the economy, heat supply, process CO2."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray, array
from services.common.axes import BASE_YEAR
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError, Violation, invalid
from services.common.levers import LeverPaths, LeverRow, levers_in, resolve
from services.common.outcome import Outcome, UpstreamSeries
from services.common.regions import load_region, region_ids
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import Label, LoadShape, Metric, Revision
from services.industry.answer import SECTOR, make_outcome
from services.industry.balance import IndustryBalance, Upstream, balance_industry
from services.industry.base import IndustryBase, base_under_set
from services.industry.levers import LEVERS
from services.industry.metrics import METRICS
from services.industry.shapes import load_shapes
from services.industry.upstream import NEEDS, read_upstream, upstream_violations
from services.industry.vintage import as_known

_ROWS: Final = (*LEVERS, *DRIVERS)


@dataclass(frozen=True)
class Branch:
    """One branch of the region (dafeng.industry.v1.Branch)."""

    branch: str
    label: Label
    activity_index: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")
    fuel_gj: FloatArray = array("year")
    energy_tco2: FloatArray = array("year")
    process_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class BranchProjection:
    """Activity, energy and CO2 by branch (dafeng.industry.v1.ProjectBranchesResponse)."""

    years: tuple[int, ...]
    branches: tuple[Branch, ...]
    revision: Revision


class IndustryModel:
    """See `services.common.sector.SectorModel`."""

    sector: str = SECTOR
    label: Label = Label("工业及其他", "industry and the rest of the economy")
    levers: Sequence[LeverRow] = LEVERS
    metrics: Sequence[Metric] = METRICS
    needs: Sequence[str] = NEEDS

    def warm_up(self) -> None:
        """Compile the kernel and read the tables of every region that has industry data."""
        for region_id in region_ids():
            if load_region(region_id).has("industry/branches"):
                self.project(Frame(region=region_id), Scenario(), ())
                load_shapes(region_id)

    def shapes(self, frame: Frame) -> Sequence[LoadShape]:
        """Shapes by group of branches; the same for every weather year."""
        load_region(frame.region)
        return load_shapes(frame.region)

    def project(
        self,
        frame: Frame,
        scenario: Scenario,
        upstream: Sequence[UpstreamSeries],
        *,
        only: frozenset[str] | None = None,
        sealed: bool = True,
    ) -> Outcome:
        """Project one scenario. Without upstream series buildings' heat stays at 2020 and construction follows
        cement. Raises DomainError with all violations.
        """
        base, paths, given = _read(frame, scenario, upstream)
        balance = balance_industry(base, paths, given)
        return make_outcome(base, balance, paths, frame, only, with_digest=sealed)


MODEL = IndustryModel()


def project_branches(frame: Frame, scenario: Scenario) -> BranchProjection:
    """Branches of the region, with heat supply and coking as branches of their own, on the frame's years."""
    base, paths, given = _read(frame, scenario, ())
    balance = balance_industry(base, paths, given)
    cut = slice(frame.first_year - BASE_YEAR, None)
    branches = [_branch(base, balance, b, cut) for b in range(len(base.branches))]
    branches += [_heat_branch(balance, cut), _coking_branch(balance, cut)]
    return BranchProjection(frame.years, tuple(branches), revision_of(base.region))


def _read(
    frame: Frame, scenario: Scenario, upstream: Sequence[UpstreamSeries]
) -> tuple[IndustryBase, LeverPaths, Upstream]:
    """Base year, lever paths from 2020 to the last year, and upstream series; all violations at once."""
    base = base_under_set(frame.region, frame.as_of_year, frame.factor_set)
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    levers = levers_in(_ROWS, frame.region)
    violations: list[Violation] = upstream_violations(base, frame, upstream)
    try:
        known = as_known(levers, frame, scenario, years)
        paths = resolve(levers, frame.region, known, years, frame.as_of_year)
    except DomainError as error:
        if error.reason != "INVALID_INPUT":
            raise
        raise invalid([*error.violations, *violations]) from None
    if violations:
        raise invalid(violations)
    return base, paths, read_upstream(base, frame, upstream)


def _branch(base: IndustryBase, balance: IndustryBalance, b: int, cut: slice) -> Branch:
    row = base.branches[b]
    process = balance.process_tco2.sum(axis=0)
    return Branch(
        row.branch,
        row.label,
        balance.activity[b].sum(axis=0)[cut],
        balance.electricity_mwh[b].sum(axis=0)[cut],
        balance.fuel_gj[b].sum(axis=(0, 1))[cut],
        balance.fuel_tco2[b].sum(axis=(0, 1))[cut],
        (process if row.branch == "cement" else np.zeros_like(process))[cut],
    )


def _heat_branch(balance: IndustryBalance, cut: slice) -> Branch:
    heat = balance.heat
    used = heat.used_gj.sum(axis=0)
    return Branch(
        "heat_supply",
        Label("供热", "heat supply"),
        (used / used[0])[cut],
        heat.heat_pump_mwh.sum(axis=0)[cut],
        (heat.coal_gj + heat.gas_gj + heat.biomass_gj).sum(axis=0)[cut],
        heat.energy_tco2.sum(axis=0)[cut],
        np.zeros_like(used)[cut],
    )


def _coking_branch(balance: IndustryBalance, cut: slice) -> Branch:
    made = balance.coking.coke_made_gj.sum(axis=0)
    return Branch(
        "coking",
        Label("炼焦", "coking"),
        (made / made[0])[cut],
        np.zeros_like(made)[cut],
        balance.coking.loss_gj.sum(axis=0)[cut],
        balance.coking.energy_tco2.sum(axis=0)[cut],
        np.zeros_like(made)[cut],
    )
