"""Stage decompose: a change of energy-related CO2 by activity, energy intensity, structure and carbon factor.

C = sum over sectors of GDP x (energy / GDP) x (sector's share of energy) x (CO2 / energy of the sector), by LMDI-I. A
sector whose CO2 is below zero at some point has no logarithm and is told apart.
"""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gateway.compare.checks import frame_violations, open_checked
from gateway.compare.doors import DecomposeDoor
from gateway.compare.lmdi import chained
from gateway.compare.results import AccountBoundary, Decomposition, FactorEffect, SectorChange, Steps
from gateway.pipeline import Pipeline
from gateway.results import Projection, SectorAccount
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, LAST_YEAR
from services.common.errors import Violation
from services.common.scenario import Frame
from services.common.units import GJ_PER_MWH
from services.common.words import Label, Progress

_STAGE = Label("计算能源与排放账户", "projecting the accounts")
FACTORS = (
    ("activity", Label("经济活动（地区生产总值）", "activity (GDP)")),
    ("energy_intensity", Label("能源强度", "energy intensity")),
    ("structure", Label("部门结构", "structure by sector")),
    ("carbon_factor", Label("用能碳强度", "carbon factor of energy")),
)


@dataclass(frozen=True)
class Point:
    """The account at one point: GDP index, and of each sector energy (GJ) and CO2 (t), both [sector]."""

    gdp_index: float
    energy_gj: FloatArray
    tco2: FloatArray

    def factors(self, kept: Sequence[int]) -> FloatArray:
        """GDP, energy per GDP, shares, carbon factors of the sectors kept, [factor, sector].

        A sector without energy has a share of 0 and, where it emits none the less, its CO2 stands per unit of energy 1.
        """
        energy, tco2 = self.energy_gj[kept], self.tco2[kept]
        total = math.fsum(energy)
        ones = np.ones(len(kept))
        share = energy / total if total > 0 else energy
        factor = np.divide(tco2, energy, out=np.zeros_like(tco2), where=energy > 0)
        return np.array([self.gdp_index * ones, total / self.gdp_index * ones, share, factor])


async def decompose(pipeline: Pipeline, raw: Mapping[str, Any]) -> AsyncIterator[Progress | Decomposition]:
    """Progress on the way, the decomposition at the end. DomainError(INVALID_INPUT) lists all violations."""
    two = "other" in raw
    fields = {"scenario": raw.get("scenario") or {}} | ({"other": raw["other"] or {}} if two else {})
    frame, scenarios, door = await open_checked(
        pipeline.calls, raw, fields, DecomposeDoor, _year_violations(raw, two)
    )
    first, last = _span(frame, door, two)
    steps = Steps(door.steps or ("end_points" if two else "yearly"))
    years = tuple(range(first, last + 1)) if steps is Steps.YEARLY and not two else (first, last)
    yield Progress(0, len(scenarios), _STAGE)
    runs = await pipeline.runs.all(frame, scenarios, years, door.mode)
    yield Progress(len(runs), len(runs), _STAGE)
    boundary = AccountBoundary(door.boundary)
    if two:
        points = [point(r.projection, last, boundary) for r in runs]
    else:
        points = [point(runs[0].projection, y, boundary) for y in years]
    sectors = [(s.sector, s.label) for s in runs[0].projection.sectors]
    names = tuple(s.name or s.baseline for s in (scenarios[0], scenarios[-1]))
    factors, apart = split(sectors, points)
    yield Decomposition(
        base_name=names[0],
        changed_name=names[1],
        from_year=first,
        to_year=last,
        steps=steps,
        boundary=boundary,
        from_tco2=math.fsum(points[0].tco2),
        to_tco2=math.fsum(points[-1].tco2),
        factors=factors,
        apart=apart,
        notes=_notes(boundary, apart),
    )


def point(projection: Projection, year: int, boundary: AccountBoundary) -> Point:
    """The account of a year: fuels (and, with attributed CO2, electricity) and CO2 of each sector."""
    at = projection.years.index(year)
    direct = boundary is AccountBoundary.DIRECT
    return Point(
        gdp_index=float(projection.account.gdp_index[at]),
        energy_gj=np.array([_energy(s, at, direct) for s in projection.sectors]),
        tco2=np.array(
            [float((s.direct_tco2 if direct else s.attributed_tco2)[at]) for s in projection.sectors]
        ),
    )


def _energy(sector: SectorAccount, at: int, direct: bool) -> float:
    """Fuels burnt; at the user the power sector counts with its own use and losses alone."""
    fuels = math.fsum(float(c.energy_gj[at]) for c in sector.carriers)
    electricity = float(sector.electricity_mwh[at]) * GJ_PER_MWH
    if direct:
        return fuels
    return electricity if _makes_power(sector) else fuels + electricity


def _makes_power(sector: SectorAccount) -> bool:
    return sector.sector == "power"


def split(
    sectors: Sequence[tuple[str, Label]], points: Sequence[Point]
) -> tuple[tuple[FactorEffect, ...], tuple[SectorChange, ...]]:
    """Effects by factor and sector, and the sectors told apart; both together sum to the change."""
    tco2 = np.array([p.tco2 for p in points])
    energy = np.array([p.energy_gj for p in points])
    whole = ((tco2 >= 0) & ((energy > 0) | (tco2 == 0)) & (energy >= 0)).all(axis=0)
    kept = [i for i in range(len(sectors)) if whole[i]]
    apart = tuple(
        SectorChange(*sectors[i], float(tco2[-1, i] - tco2[0, i]))
        for i in range(len(sectors))
        if not whole[i]
    )
    found = chained([p.factors(kept) for p in points]) if kept else np.zeros((len(FACTORS), 0))
    effects = tuple(
        FactorEffect(
            name,
            label,
            math.fsum(found[k]),
            tuple(SectorChange(*sectors[i], float(found[k, j])) for j, i in enumerate(kept)),
        )
        for k, (name, label) in enumerate(FACTORS)
    )
    return effects, apart


def _notes(boundary: AccountBoundary, apart: Sequence[SectorChange]) -> tuple[Label, ...]:
    found = []
    if boundary is AccountBoundary.DIRECT:
        found.append(
            Label(
                "直接口径的能源为各部门燃烧的燃料；可再生发电表现为能源强度下降",
                "energy of the direct boundary is fuel burnt: renewable power shows as a fall of energy intensity",
            )
        )
    if apart:
        names = ", ".join(a.sector for a in apart)
        found.append(
            Label(
                f"排放为负或无能源消费的部门单列：{names}",
                f"sectors with CO2 below zero, or CO2 without energy, are told apart: {names}",
            )
        )
    return tuple(found)


def _year_violations(raw: Mapping[str, Any], two: bool) -> list[Violation]:
    frame = raw.get("frame") or {}
    first, last = raw.get("from_year", 0), raw.get("to_year", 0)
    found = []
    if two and first:
        found.append(
            Violation("from_year", "two scenarios are split in one year: leave it 0", str(first), "0")
        )
    if two and raw.get("steps") == "yearly":
        found.append(Violation("steps", "two scenarios have end points only: leave it unspecified"))
    begins, ends = first or BASE_YEAR, last or frame.get("last_year") or LAST_YEAR
    if not two and isinstance(ends, int) and ends <= begins:
        text = "must be after from_year: swap them" if first and last else "must be after from_year"
        found.append(Violation("to_year", text, str(ends), f"after {begins}"))
    for where, year in (("from_year", first), ("to_year", last)):
        if isinstance(year, int) and year:
            found += frame_violations(where, [year], {"last_year": frame.get("last_year")})
    return found


def _span(frame: Frame, door: DecomposeDoor, two: bool) -> tuple[int, int]:
    last = door.to_year or frame.last_year
    return (last, last) if two else (door.from_year or BASE_YEAR, last)
