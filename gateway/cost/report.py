"""Report of costs: parts, totals per GDP and head, net present value, differences to the first scenario.

Net present value = sum of C(y) / (1 + r)^(y - present-value year) over the span; C is linear between the years
dispatched. Avoided CO2 of the span is summed the same way without discounting.
"""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gateway.cost.doors import CostQuestion
from gateway.cost.metrics import AIR_METRICS, COST, LOST_LOAD
from gateway.cost.results import CostPart, CostReport, PollutantSeries, ScenarioCost
from gateway.runs import Run, Runs
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.digest import digest_of
from services.common.drivers import LEVERS as DRIVERS
from services.common.economy import gdp_2020_cny, gdp_index
from services.common.errors import DomainError
from services.common.levers import LeverPaths, resolve
from services.common.regions import Region, load_region
from services.common.resource_costs import price_level
from services.common.scenario import Frame, Scenario
from services.common.units import PERSONS_PER_WAN
from services.common.words import Label, Progress, ReleaseStatus

TABLE: Final = "costs/components"
POWER: Final = "power"
PRICE_YEAR: Final = 2025
AT_ONCE: Final = 2  # scenarios between two tellings of progress
LEAST_AVOIDED: Final = 1e-6  # of the first scenario's CO2: less is no abatement to divide by
_BALANCE: Final = 1e-9
_CO2: Final = "account.with_imported_power_tco2"

NOTES: Final = (
    Label(
        "投资按真实利率年金化，2021年起购置的资产计入；2020年存量各情景相同，不计。",
        "Investment is annualised at the real rate for what is bought from 2021 on; what stood in 2020 is common to "
        "all scenarios and left out, but for power plants, which are valued whole.",
    ),
    Label(
        "燃料按资源成本（不含税和碳价）；用电成本只在电力中计一次，屋顶光伏由电力计价。",
        "Fuel is at resource cost without taxes and carbon price; electricity is counted once, in power, which also "
        "prices rooftop PV.",
    ),
    Label(
        "缺供与可中断负荷成本单列：电源不足的情景中它可超过其他差异。",
        "Load not served and interrupted is told apart: where plants are short it can outweigh all other differences.",
    ),
    Label(
        "空气污染物为模型范围：燃烧、道路磨损与蒸发；不含工业工艺、溶剂和扬尘。",
        "Air pollutants are those modelled: combustion, wear and evaporation of vehicles; industrial processes, "
        "solvents and dust are not in them.",
    ),
)


@dataclass(frozen=True)
class _Priced:
    """One scenario before it is set against the first."""

    parts: Mapping[str, FloatArray]
    total: FloatArray
    lost_load: FloatArray
    carbon: FloatArray
    co2: FloatArray
    air: tuple[FloatArray, ...]


async def cost_report(runs: Runs, question: CostQuestion) -> AsyncIterator[Progress | CostReport]:
    """Progress by scenario, then the report. Raises DomainError(BALANCE) when parts miss a sector's cost."""
    done: list[Run] = []
    whole = len(question.scenarios)
    for start in range(0, whole, AT_ONCE):
        yield Progress(len(done), whole, Label("计算情景", "projecting"))
        chunk = question.scenarios[start : start + AT_ONCE]
        done += await runs.all(question.frame, chunk, question.years, question.mode)
    yield report_of(question, done)


def report_of(question: CostQuestion, runs: Sequence[Run]) -> CostReport:
    """The report of runs at the question's years."""
    region = load_region(question.frame.region, question.frame.as_of_year)
    priced = [_priced(region, run, question.years) for run in runs]
    report = CostReport(
        years=question.years,
        price_year=PRICE_YEAR,
        social_discount_share_per_year=question.rate,
        present_value_year=question.value_year,
        npv_first_year=question.first_year,
        npv_last_year=question.last_year,
        scenarios=tuple(
            _scenario(region, question, run.scenario, own, priced[0], i > 0)
            for i, (run, own) in enumerate(zip(runs, priced, strict=True))
        ),
        notes=NOTES,
        digest="",
        revision=runs[0].projection.revision,
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(report, digest=digest_of(report))


def present_value(
    years: Sequence[int], values: FloatArray, first: int, last: int, rate: float, value_year: int
) -> float:
    """Values of `years`, linear between them, summed over first..last and discounted to `value_year`."""
    span = np.arange(first, last + 1)
    each = np.interp(span, years, values)
    return math.fsum(
        float(v) * (1.0 + rate) ** float(value_year - y) for v, y in zip(each, span, strict=True)
    )


def _priced(region: Region, run: Run, years: tuple[int, ...]) -> _Priced:
    parts = {row["part"]: _part(run, row["part"], years) for row in region.table(TABLE).rows()}
    total = _series(run, f"account.{COST}", years)
    _check(region, run, parts, total, years)
    return _Priced(
        parts=parts,
        total=total,
        lost_load=_series(run, f"account.{LOST_LOAD}", years),
        carbon=run.projection.power.system_cost.carbon_cny,
        co2=_series(run, _CO2, years),
        air=tuple(_series(run, m.metric_id, years) for m in AIR_METRICS),
    )


def _part(run: Run, part: str, years: tuple[int, ...]) -> FloatArray:
    owner, _, name = part.partition(".")
    if owner == POWER:
        return np.asarray(getattr(run.projection.power.system_cost, name))
    return _series(run, part, years)


def _series(run: Run, metric_id: str, years: tuple[int, ...]) -> FloatArray:
    """A metric's values at the years; DomainError(BALANCE) when nobody publishes it."""
    values = run.values(metric_id)
    if not values:
        raise DomainError("BALANCE", detail=f"no sector publishes {metric_id}, which {TABLE} lists")
    return np.array([values[y] for y in years])


def _check(
    region: Region, run: Run, parts: Mapping[str, FloatArray], total: FloatArray, years: tuple[int, ...]
) -> None:
    """The parts of each sector sum to its system cost, and all of them to the total."""
    by_sector: dict[str, FloatArray] = {}
    for row in region.table(TABLE).rows():
        by_sector[row["sector"]] = by_sector.get(row["sector"], 0.0 * total) + parts[row["part"]]
    wanted = {s: _series(run, f"{s}.{COST}", years) for s in by_sector if s != POWER}
    off = [s for s, v in wanted.items() if not np.allclose(by_sector[s], v, rtol=_BALANCE, atol=1.0)]
    if off or not np.allclose(np.sum(list(by_sector.values()), axis=0), total, rtol=_BALANCE, atol=1.0):
        raise DomainError(
            "BALANCE", detail=f"parts of {TABLE} miss the system cost of {', '.join(off) or 'all'}"
        )


def _scenario(
    region: Region, question: CostQuestion, scenario: Scenario, own: _Priced, first: _Priced, later: bool
) -> ScenarioCost:
    paths = _drivers(question.frame, scenario)
    at = np.array(question.years) - BASE_YEAR
    gdp = gdp_2020_cny(region) * price_level(region.region_id) * gdp_index(paths)[at]
    people = paths.path("drivers.population")[at] * PERSONS_PER_WAN
    avoided = first.co2 - own.co2
    npv_difference = _npv(question, own.total - first.total)
    span_avoided, span_first = (_npv(question, v, discounted=False) for v in (avoided, first.co2))
    served_difference = npv_difference - _npv(question, own.lost_load - first.lost_load)
    enough = later and abs(span_avoided) > LEAST_AVOIDED * span_first
    return ScenarioCost(
        scenario_name=scenario.name,
        baseline=scenario.baseline,
        annuity_discount_share_per_year=paths.constant("drivers.discount_rate"),
        parts=tuple(
            CostPart(
                row["part"],
                row["sector"],
                row["kind"],
                Label(row["label_zh"], row["label_en"]),
                own.parts[row["part"]],
                own.parts[row["part"]] - first.parts[row["part"]],
            )
            for row in region.table(TABLE).rows()
        ),
        pollutants=tuple(
            PollutantSeries(m.metric_id, m.label, mine, theirs - mine)
            for m, mine, theirs in zip(AIR_METRICS, own.air, first.air, strict=True)
        ),
        npv_cny=_npv(question, own.total),
        npv_difference_cny=npv_difference,
        span_avoided_tco2=span_avoided,
        abatement_cost_cny_per_tco2=npv_difference / span_avoided if enough else None,
        npv_difference_without_lost_load_cny=served_difference,
        abatement_cost_without_lost_load_cny_per_tco2=served_difference / span_avoided if enough else None,
        total_cny=own.total,
        cost_per_gdp_share=own.total / gdp,
        cost_per_person_cny=own.total / people,
        difference_cny=own.total - first.total,
        carbon_payment_cny=own.carbon,
        with_imported_power_tco2=own.co2,
        avoided_tco2=avoided,
    )


def _npv(question: CostQuestion, values: FloatArray, discounted: bool = True) -> float:
    rate = question.rate if discounted else 0.0
    return present_value(
        question.years, values, question.first_year, question.last_year, rate, question.value_year
    )


def _drivers(frame: Frame, scenario: Scenario) -> LeverPaths:
    rows = [row.in_region(frame.region) for row in DRIVERS]
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    return resolve(rows, frame.region, scenario, years, frame.as_of_year)
