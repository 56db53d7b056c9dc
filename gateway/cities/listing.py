"""Stage cities: the cities of a region side by side, and their sums beside the province."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from gateway.cities.results import CityEntry, CityFigure, CitySector, CityTable, SumCheck
from gateway.cities.world import economy
from gateway.results import Projection
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Label

_SHOWN = (2020, 2025, 2030, 2035)
_SAME = 1e-9
_NONE = Label("", "")
_SUM_ENDINGS = ("_mw", "_count")


def shown_years(frame: Frame, years: Sequence[int]) -> tuple[int, ...]:
    """Years asked, or the usual ones inside the frame. DomainError(INVALID_INPUT) for years outside."""
    span = frame.years
    wrong = [
        Violation(f"years[{i}]", "outside the frame", str(y), f"{span[0]} to {span[-1]}")
        for i, y in enumerate(years)
        if y not in span
    ]
    if wrong:
        raise invalid(wrong)
    return tuple(sorted(set(years))) or tuple(y for y in _SHOWN if y in span) or (span[0],)


def list_cities(
    frame: Frame, scenario: Scenario, projection: Projection, years: tuple[int, ...]
) -> CityTable:
    """The cities of a projection at `years`, which are among its own."""
    region = load_region(frame.region, frame.as_of_year)
    at = [projection.years.index(y) for y in years]
    gdp, population = (np.array(x) for x in economy(region, frame, scenario))
    economy_at = [y - BASE_YEAR for y in years]
    figures = _figures(region, projection, at)
    total = projection.account.territorial_tco2[at]
    entries = []
    for i, city in enumerate(region.cities):
        account = projection.cities[i]
        entries.append(
            CityEntry(
                place=city,
                carbon_peak=account.carbon_peak,
                sectors=tuple(
                    CitySector(s.sector, s.label, s.place_direct_tco2[i][at]) for s in projection.sectors
                ),
                figures=tuple(make(i) for make in figures),
                targets=tuple(t for t in projection.targets if t.place == city.place_id),
                territorial_tco2=account.territorial_tco2[at],
                co2_share=np.divide(
                    account.territorial_tco2[at], total, out=np.zeros(len(at)), where=total > 0
                ),
                electricity_mwh=account.electricity_mwh[at],
                peak_load_mw=account.peak_load_mw[at],
                gdp_cny=gdp[i][economy_at],
                population_count=population[i][economy_at],
            )
        )
    return CityTable(
        region=region.region_id,
        baseline=projection.baseline,
        years=years,
        cities=tuple(entries),
        checks=_checks(region, projection, entries, at),
        digest=projection.digest,
        revision=projection.revision,
    )


def _figures(region: Region, projection: Projection, at: Sequence[int]) -> list[Callable[[int], CityFigure]]:
    """What makes a city's figure, for every metric that data name and cities have."""
    by_id = {m.metric.metric_id: m for m in projection.metrics}
    made: list[Callable[[int], CityFigure]] = []
    for name in region.table("cities/headline").text("metric"):
        series = by_id.get(name)
        if series is None or not series.place_values.size:
            continue
        values = series.place_values[:, at]
        whole = values.sum(axis=0)
        share = np.divide(values, whole, out=np.zeros_like(values), where=whole > 0)
        metric = series.metric
        made.append(
            lambda i, m=metric, v=values, s=share: CityFigure(m.metric_id, m.label, m.unit, v[i], s[i])  # type: ignore[misc]
        )
    return made


def _checks(
    region: Region, projection: Projection, entries: Sequence[CityEntry], at: Sequence[int]
) -> tuple[SumCheck, ...]:
    by_id = {m.metric.metric_id: m for m in projection.metrics}
    sums: Mapping[str, tuple[Label, FloatArray, FloatArray]] = {
        "account.territorial_tco2": (
            Label("能源活动二氧化碳", "Energy-related CO2"),
            np.sum([e.territorial_tco2 for e in entries], axis=0),
            projection.account.territorial_tco2[at],
        ),
        **{
            f"sector:{s.sector}": (
                s.label,
                np.sum([e.sectors[k].direct_tco2 for e in entries], axis=0),
                s.direct_tco2[at],
            )
            for k, s in enumerate(projection.sectors)
        },
    }
    found = [_check(name, *three, must=True, remark=_NONE) for name, three in sums.items()]
    apart = Label("各市最高负荷不同时", "cities do not peak in the same hour")
    peak = np.sum([e.peak_load_mw for e in entries], axis=0)
    found.append(
        _check(
            "account.peak_load_mw",
            Label("最高负荷", "Peak load"),
            peak,
            projection.peak_load.peak_load_mw[at],
            must=False,
            remark=apart,
        )
    )
    plant = Label("部分机组无城市归属", "some plants belong to no city in the data")
    for name in region.table("cities/headline").text("metric"):
        series = by_id.get(name)
        if series is not None and series.place_values.size and name.endswith(_SUM_ENDINGS):
            whole = series.place_values[:, at].sum(axis=0)
            found.append(
                _check(name, series.metric.label, whole, series.region_values[at], must=False, remark=plant)
            )
    return tuple(found)


def _check(
    name: str, label: Label, cities: FloatArray, province: FloatArray, *, must: bool, remark: Label
) -> SumCheck:
    size = np.maximum(np.abs(province), 1.0)
    difference = float(np.max(np.abs(cities - province) / size, initial=0.0))
    holds = difference <= _SAME
    return SumCheck(name, label, difference, holds, must, _NONE if holds else remark)
