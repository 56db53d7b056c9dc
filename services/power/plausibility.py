"""Plausibility: where a scenario's paths or results lie outside of what is usual. Warnings, never errors.

Each rule is a limit with its source (power/build_limits, power/plants, power/import_lines, power/plausibility); years
that are observed in the scenario are not questioned. One warning a run of years, with the value furthest off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.power_outcome import PlausibilityWarning
from services.common.units import MW_PER_GW
from services.common.words import Label, Provenance
from services.power.capacity import Capacity
from services.power.fleet import Fleet
from services.power.levers import LEVERS
from services.power.metrics import AGED
from services.power.retirement import ASSET, PLANTS, AgePath, rows_of

LIMITS, LOCAL_LIMITS = "power/plausibility", "power/plausibility_local"
BUILD_LIMITS = "power/build_limits"
# Smallest overstep that counts: rounding of printed capacities, MW; and of shares and hours.
SLACK_MW = 50.0
SLACK = 1e-9
LABELS: Mapping[str, Label] = {
    **{name: Label(*words) for name, words in AGED.items()},
    "import_line": Label("区外来电通道", "import lines"),
    "system": Label("电力系统", "power system"),
}


@dataclass(frozen=True)
class Results:
    """Results of the dispatched years that are held against limits, [dispatched year]."""

    years: tuple[int, ...]
    reserve_margin_share: FloatArray
    curtailment_share: FloatArray
    lole_hours: FloatArray
    coal_hours: FloatArray


@dataclass(frozen=True)
class Rule:
    """A rule and the words for it; the texts take {value} and {limit}."""

    rule: str
    technology: str
    unit: str
    zh: str
    en: str
    provenance: Provenance
    at_least: bool = False


def warnings_of(
    fleet: Fleet, paths: LeverPaths, ages: Mapping[str, AgePath], capacity: Capacity, results: Results
) -> tuple[PlausibilityWarning, ...]:
    """All warnings that touch the dispatched years, in the order of the rules, then of technologies and years."""
    found = [
        *_build_rate(fleet, ages),
        *_early_closure(fleet, ages),
        *_nuclear(fleet, paths, capacity),
        *_offshore(fleet, capacity),
        *_levers(fleet, paths),
        *_lines(fleet, paths),
        *_results(fleet, results),
    ]
    first, last = results.years[0], results.years[-1]
    return tuple(w for w in found if w.last_year >= first and w.year <= last)


def first_free_year(fleet: Fleet, lever_id: str) -> int:
    """First year in which a lever's path is not observed, as known in the as-of year."""
    observed = next(row.last_observed_year for row in LEVERS if row.lever_id == lever_id)
    as_of = fleet.region.as_of_year
    return max(min(observed, as_of) if as_of else observed, BASE_YEAR) + 1


def _build_rate(fleet: Fleet, ages: Mapping[str, AgePath]) -> Iterable[PlausibilityWarning]:
    """More built in a year than in the region's best year so far."""
    if not fleet.region.has(BUILD_LIMITS):
        return
    table = fleet.region.table(BUILD_LIMITS)
    best: dict[str, tuple[float, int, Provenance]] = {}
    for row, provenance in zip(table.rows(), table.provenance, strict=True):
        if row["built_mw"] > best.get(row["technology"], (0.0,))[0]:
            best[row["technology"]] = (row["built_mw"], row["year"], provenance)
    for name in (n for n in ages if n in best):
        limit, year, provenance = best[name]
        rule = Rule(
            "build_rate",
            name,
            "MW",
            f"年新增（含到龄更新）{{value:,.0f}}兆瓦，高于历史最大的{{limit:,.0f}}兆瓦（{year}年）",
            "{value:,.0f} MW built in a year, replacement of old plants included; "
            f"most so far {{limit:,.0f}} MW ({year})",
            provenance,
        )
        yield from _path(
            rule, ages[name].addition_mw, limit, first_free_year(fleet, f"power.{name}_capacity")
        )


def _early_closure(fleet: Fleet, ages: Mapping[str, AgePath]) -> Iterable[PlausibilityWarning]:
    """Plants closed before the end of their life: less capacity than age leaves."""
    table = fleet.region.table("power/costs")
    provenance = dict(zip(table.text("asset"), table.provenance, strict=True))
    for name, path in ages.items():
        rule = Rule(
            "early_closure",
            name,
            "MW",
            "每年最多{value:,.0f}兆瓦机组在寿命期满前关停",
            "up to {value:,.0f} MW a year closed before the end of its life",
            provenance[ASSET.get(name, name)],
        )
        yield from _path(rule, path.early_mw, 0.0, first_free_year(fleet, f"power.{name}_capacity"))


def _nuclear(fleet: Fleet, paths: LeverPaths, capacity: Capacity) -> Iterable[PlausibilityWarning]:
    """More nuclear capacity than the units listed, before an unlisted unit could be ready."""
    if not fleet.region.has(PLANTS):
        return
    units = [r for r in rows_of(fleet, PLANTS) if r["technology"] == "nuclear" and r["commissioned_year"]]
    listed = [sum(u["capacity_mw"] for u in units if u["commissioned_year"] <= y) for y in paths.years]
    leaf = fleet.region.leaf(LIMITS, "nuclear_construction_years")
    first = first_free_year(fleet, "power.nuclear_capacity")
    ready = first - 1 + int(leaf.number())
    rule = Rule(
        "nuclear_lead_time",
        "nuclear",
        "MW",
        f"装机{{value:,.0f}}兆瓦，高于届时可投产的在运、在建和核准机组{{limit:,.0f}}兆瓦；新项目最早{ready}年投产",
        "{value:,.0f} MW, more than the {limit:,.0f} MW of units running, being built or approved that can be "
        f"ready; a new project is ready in {ready} at the earliest",
        leaf.provenance,
    )
    limit = np.where(np.array(paths.years) < ready, listed, np.inf)
    yield from _path(rule, capacity.end_mw["nuclear"], limit, first)


def _offshore(fleet: Fleet, capacity: Capacity) -> Iterable[PlausibilityWarning]:
    """More offshore wind than the sea holds."""
    if not fleet.region.has(LOCAL_LIMITS, ".yaml"):
        return
    leaf = fleet.region.leaf(LOCAL_LIMITS, "offshore_wind_resource_gw")
    rule = Rule(
        "offshore_resource",
        "offshore_wind",
        "MW",
        "装机{value:,.0f}兆瓦，高于资源量{limit:,.0f}兆瓦",
        "{value:,.0f} MW, more than the resource of {limit:,.0f} MW",
        leaf.provenance,
    )
    first = first_free_year(fleet, "power.offshore_wind_capacity")
    yield from _path(rule, capacity.end_mw["offshore_wind"], leaf.number() * MW_PER_GW, first)


def _levers(fleet: Fleet, paths: LeverPaths) -> Iterable[PlausibilityWarning]:
    """Batteries of more hours, and lines of more use, than is usual."""
    for rule, technology, lever, name, unit, zh, en in (
        (
            "battery_duration",
            "battery",
            "power.battery_duration",
            "battery_duration_limit_hours",
            "h",
            "储能时长{value:.1f}小时，长于通常的{limit:.1f}小时",
            "{value:.1f} h of storage, longer than the usual {limit:.1f} h",
        ),
        (
            "import_utilisation",
            "import_line",
            "power.import_utilisation",
            "import_utilisation_limit_share",
            "1",
            "通道利用率{value:.0%}，高于{limit:.0%}",
            "used at {value:.0%}, more than {limit:.0%}",
        ),
    ):
        leaf = fleet.region.leaf(LIMITS, name)
        said = Rule(rule, technology, unit, zh, en, leaf.provenance)
        yield from _path(said, paths.path(lever), leaf.number(), first_free_year(fleet, lever))


def _lines(fleet: Fleet, paths: LeverPaths) -> Iterable[PlausibilityWarning]:
    """Import capacity above that of the lines in service in a year."""
    in_service = [
        sum(line.capacity_mw for line in fleet.lines if line.commissioned_year <= y) for y in paths.years
    ]
    rule = Rule(
        "import_lines",
        "import_line",
        "MW",
        "通道容量{value:,.0f}兆瓦，高于当年已投产线路的{limit:,.0f}兆瓦",
        "{value:,.0f} MW, more than the {limit:,.0f} MW of lines in service by then",
        fleet.region.table("power/import_lines").provenance[-1],
    )
    capacity = paths.path("power.import_capacity") * MW_PER_GW
    yield from _path(rule, capacity, np.array(in_service), first_free_year(fleet, "power.import_capacity"))


def _results(fleet: Fleet, results: Results) -> Iterable[PlausibilityWarning]:
    """Reserve margin, curtailment, loss of load and coal hours of the dispatched years."""
    for rule, technology, values, subject, name, unit, zh, en, at_least in (
        (
            "reserve_margin",
            "system",
            results.reserve_margin_share,
            LIMITS,
            "reserve_margin_standard_share",
            "1",
            "备用率{value:.1%}，低于标准{limit:.0%}",
            "reserve margin {value:.1%}, below the standard of {limit:.0%}",
            True,
        ),
        (
            "loss_of_load",
            "system",
            results.lole_hours,
            "power/adequacy",
            "loss_of_load_standard_hours",
            "h",
            "缺电时间期望{value:.1f}小时，高于标准{limit:.1f}小时",
            "loss-of-load expectation {value:.1f} h, above the standard of {limit:.1f} h",
            False,
        ),
        (
            "curtailment",
            "system",
            results.curtailment_share,
            LIMITS,
            "curtailment_limit_share",
            "1",
            "弃风弃光率{value:.1%}，高于{limit:.0%}",
            "{value:.1%} of wind and PV curtailed, more than {limit:.0%}",
            False,
        ),
        (
            "coal_hours",
            "coal",
            results.coal_hours,
            LIMITS,
            "coal_hours_limit",
            "h",
            "利用小时{value:,.0f}，低于{limit:,.0f}",
            "{value:,.0f} full-load hours, below {limit:,.0f}",
            True,
        ),
    ):
        leaf = fleet.region.leaf(subject, name)
        said = Rule(rule, technology, unit, zh, en, leaf.provenance, at_least)
        yield from _runs(said, results.years, values, np.full(values.size, leaf.number()), results.years[0])


def _path(
    rule: Rule, values: FloatArray, limit: FloatArray | float, first: int
) -> Iterable[PlausibilityWarning]:
    """Warnings of a path [year from 2020] from the first free year on."""
    years = range(BASE_YEAR, BASE_YEAR + values.size)
    yield from _runs(rule, years, values, np.broadcast_to(limit, values.shape), first)


def _runs(
    rule: Rule, years: Sequence[int], values: FloatArray, limit: FloatArray, first: int
) -> Iterable[PlausibilityWarning]:
    """One warning for each run of years off the limit."""
    off = limit - values if rule.at_least else values - limit
    slack = SLACK_MW if rule.unit == "MW" else SLACK
    bad = [y for y, year in enumerate(years) if year >= first and off[y] > slack]
    for run in _contiguous(bad):
        worst = max(run, key=lambda y: off[y])
        value, most = float(values[worst]), float(limit[worst])
        start, end = years[run[0]], years[run[-1]]
        span = f"{start}" if start == end else f"{start}-{end}"
        label = LABELS[rule.technology]
        yield PlausibilityWarning(
            warning_id=rule.rule,
            technology=rule.technology,
            year=start,
            last_year=end,
            value=value,
            limit=most,
            unit=rule.unit,
            text=Label(
                f"{label.zh}，{span}年：{rule.zh.format(value=value, limit=most)}",
                f"{label.en}, {span}: {rule.en.format(value=value, limit=most)}",
            ),
            provenance=rule.provenance,
        )


def _contiguous(indices: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for i in indices:
        if runs and i == runs[-1][-1] + 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
