"""Stage carbon peak 碳达峰: when a boundary's CO2 is highest, how flat the top is, and from when it falls steadily."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.account_settings import PeakRules, peak_rules
from gateway.results import CarbonPeak, RegionAccount, SectorAccount
from services.common.arrays import FloatArray, array
from services.common.regions import Region
from services.common.words import Label

TERRITORIAL = "territorial"
# A peak is confirmed five years after it (Levin and Rich 2017, Turning Points, WRI).
CONFIRMING_YEARS = 5


@dataclass(frozen=True)
class Boundary:
    """A boundary of the CO2 account with its series."""

    boundary: str
    label: Label
    total_tco2: FloatArray = array("year")


def boundaries(account: RegionAccount) -> tuple[Boundary, ...]:
    """The four boundaries, the headline's first: never one of them alone."""
    territorial, imports = account.territorial_tco2, account.imported_power_tco2
    process = account.process_tco2
    return (
        Boundary(TERRITORIAL, Label("本地能源活动", "Energy, territorial"), territorial),
        Boundary(
            "with_imported_power",
            Label("能源活动，含净调入电力", "Energy, with net imported power"),
            territorial + imports,
        ),
        Boundary(
            "with_process",
            Label("能源活动和工业过程", "Energy and industrial process"),
            territorial + process,
        ),
        Boundary(
            "with_imported_power_and_process",
            Label(
                "能源活动和工业过程，含净调入电力", "Energy and industrial process, with net imported power"
            ),
            territorial + imports + process,
        ),
    )


def carbon_peaks_of(
    region: Region, years: tuple[int, ...], account: RegionAccount, sectors: Sequence[SectorAccount]
) -> tuple[CarbonPeak, ...]:
    """The carbon peak in each of the four boundaries, the headline's first; who sets it by that boundary's parts."""
    rules = peak_rules(region)
    return tuple(
        carbon_peak(
            years, one, sector_parts(one.boundary, sectors), rules, city_parts(region, one.boundary, sectors)
        )
        for one in boundaries(account)
    )


def sector_parts(boundary: str, sectors: Sequence[SectorAccount]) -> dict[str, FloatArray]:
    """The parts that sum to a boundary's CO2, by sector, t [year]: direct, or with imported power by use."""
    imports, process = "imported_power" in boundary, "process" in boundary
    return {
        s.sector: (s.attributed_tco2 if imports else s.direct_tco2) + (s.process_tco2 if process else 0.0)
        for s in sectors
    }


def city_parts(region: Region, boundary: str, sectors: Sequence[SectorAccount]) -> dict[str, FloatArray]:
    """The cities' CO2 by account, t [year]; only the territorial boundary is told by city."""
    if boundary != TERRITORIAL:
        return {}
    places = np.sum([s.place_direct_tco2 for s in sectors], axis=0)
    return dict(zip(region.city_ids, places, strict=True))


def carbon_peak(
    years: tuple[int, ...],
    given: Boundary,
    sectors_tco2: Mapping[str, FloatArray],
    rules: PeakRules,
    cities_tco2: Mapping[str, FloatArray] | None = None,
) -> CarbonPeak:
    """The carbon peak of one boundary. Values are compared exactly; the earliest of equal maxima counts."""
    total = given.total_tco2
    at = peak_index(total)
    first, last = span_near_top(total, at, rules.plateau_share)
    clear_first, clear_last = span_near_top(total, at, rules.plateau_share / 2)
    fall = steady_fall_index(total, at, rules.run_count)
    second = _second_peak_index(total, at, last, rules.plateau_share)
    return CarbonPeak(
        boundary=given.boundary,
        label=given.label,
        year=years[at],
        level_tco2=float(total[at]),
        in_span=at < total.size - 1,
        plateau_first_year=years[first],
        plateau_last_year=years[last],
        plateau_share=rules.plateau_share,
        clear=clear_last - clear_first + 1 <= rules.clear_span_count,
        steady_fall_year=years[fall] if fall is not None else 0,
        steady_fall_run_count=rules.run_count,
        leading_sector=_leading(sectors_tco2, at, rules.window_years),
        second_peak_year=years[second] if second is not None else 0,
        leading_city=_leading(cities_tco2 or {}, at, rules.window_years),
        status=_status(years, at, second),
    )


def peak_index(total: FloatArray) -> int:
    """Index of the earliest maximum."""
    return int(np.argmax(total))


def steady_fall_index(total: FloatArray, peak: int, run_count: int) -> int | None:
    """First index of `run_count` yearly falls in a row after the peak; None when the span has no such run."""
    falls = np.diff(total) < 0
    for start in range(peak, falls.size - run_count + 1):
        if falls[start : start + run_count].all():
            return start + 1
    return None


def neutral_index(net: FloatArray) -> int | None:
    """First index from which net CO2 is at or below zero to the end of the span; None when there is none."""
    above = np.flatnonzero(net > 0)
    start = int(above[-1]) + 1 if above.size else 0
    return start if start < net.size else None


def span_near_top(total: FloatArray, peak: int, share: float) -> tuple[int, int]:
    """Ends of the unbroken span around the peak that stays within `share` of the maximum."""
    near = total >= (1 - share) * total[peak]
    first = last = peak
    while first > 0 and near[first - 1]:
        first -= 1
    while last < total.size - 1 and near[last + 1]:
        last += 1
    return first, last


def _second_peak_index(total: FloatArray, peak: int, plateau_last: int, share: float) -> int | None:
    """A later maximum that comes back within the plateau's share after a dip out of it."""
    later = total[plateau_last + 1 :]
    if not later.size or later.max() < (1 - share) * total[peak]:
        return None
    return plateau_last + 1 + int(np.argmax(later))


def turn_tco2_per_year(series: FloatArray, peak: int, window: int) -> float:
    """How much a part turns at the total's peak: mean yearly rise before it plus mean yearly fall after, t a year."""
    before, after = min(window, peak), min(window, series.size - 1 - peak)
    rise = (series[peak] - series[peak - before]) / before if before else 0.0
    fall = (series[peak] - series[peak + after]) / after if after else 0.0
    return float(rise + fall)


def _leading(parts_tco2: Mapping[str, FloatArray], peak: int, window: int) -> str:
    """The part that turns most; ties by id."""
    turns = [(turn_tco2_per_year(parts_tco2[part], peak, window), part) for part in sorted(parts_tco2)]
    return max(turns, key=lambda t: t[0])[1] if turns else ""


def _status(years: tuple[int, ...], peak: int, second: int | None) -> str:
    """Where the series stands; a peak is confirmed when five years have not come back to it."""
    if peak == len(years) - 1:
        return "rising"
    if second is not None:
        return "double_peak"
    return "peaked_confirmed" if years[-1] - years[peak] >= CONFIRMING_YEARS else "peaked_unconfirmed"
