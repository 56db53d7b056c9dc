"""Report of the hours of one year: duration curves, chosen days by cause and source, hours above firm capacity, maps.

Power is asked for the one year alone, so that a day that is picked is there at once.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gateway.report.results import DayHours, HoursReport
from gateway.runs import Runs
from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR, DAYS, HOURS
from services.common.power_outcome import DispatchMode, HoursChoice, PeakDay, PowerOutcome, YearHours
from services.common.regions import load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import ReleaseStatus

DAY_HOURS: Final = HOURS // DAYS
# Every one of the highest hours is told, where curves bend; of the others as many, evenly apart.
_TOP_RANKS: Final = 200
_OTHER_RANKS: Final = 200
_FIRM: Final = "power.firm_capacity_mw"


async def hours_report(
    runs: Runs,
    frame: Frame,
    scenario: Scenario,
    year: int,
    days: Sequence[int],
    mode: DispatchMode,
    *,
    with_map: bool = False,
) -> HoursReport:
    """The hours of a year inside the frame; days are 0 to 364, those of both peaks when none is named."""
    whole = frame.model_copy(update={"first_year": BASE_YEAR})
    (sectors,) = await runs.sector_outcomes(whole, (scenario,))

    async def asked(chosen: Sequence[int]) -> PowerOutcome:
        choice = HoursChoice(year, tuple(chosen))
        return await runs.power_at(whole, scenario, sectors, (year,), mode, frozenset({_FIRM}), choice)

    power = await asked(days)
    if not days:
        # Which days they are is known only now; power still holds the year.
        power = await asked(sorted({_day(power.summer_peak_hour), _day(power.winter_peak_hour)}))
    assert power.year_hours is not None
    hours = power.year_hours
    firm = _firm_mw(power)
    ranks = shown_ranks()
    load, net = np.sort(hours.load_mw)[::-1], np.sort(hours.net_load_mw)[::-1]
    return HoursReport(
        year=year,
        days=tuple(_day_hours(hours, day) for day in hours.days),
        ranks=ranks,
        load_duration_mw=load[ranks],
        net_load_duration_mw=net[ranks],
        firm_capacity_mw=firm,
        hours_above_firm_count=int(np.count_nonzero(load > firm)),
        net_hours_above_firm_count=int(np.count_nonzero(net > firm)),
        load_map_mw=_map(hours.load_mw, with_map),
        net_load_map_mw=_map(hours.net_load_mw, with_map),
        curtailed_map_mw=_map(hours.curtailed_mw, with_map),
        price_map_cny_per_mwh=_map(hours.price_cny_per_mwh, with_map),
        summer_peak_day=_day(power.summer_peak_hour),
        winter_peak_day=_day(power.winter_peak_hour),
        net_peak_day=_day(power.net_peak_hour),
        revision=revision_of(load_region(frame.region, frame.as_of_year)),
        release_status=ReleaseStatus.INTERNAL,
    )


def shown_ranks() -> IntArray:
    """Ranks of the duration curves: every one of the highest, the others evenly apart to the lowest hour."""
    others = np.linspace(_TOP_RANKS, HOURS - 1, _OTHER_RANKS)
    return np.concatenate([np.arange(_TOP_RANKS), np.rint(others)]).astype(np.int32)


def _firm_mw(power: PowerOutcome) -> float:
    return next(float(i.region_values[0]) for i in power.indicators if i.metric_id == _FIRM)


def _day(hour: NDArray[np.int32]) -> int:
    return int(hour[0]) // DAY_HOURS


def _map(values: FloatArray, wanted: bool) -> IntArray:
    return np.rint(values).astype(np.int32) if wanted else np.empty(0, dtype=np.int32)


def _day_hours(hours: YearHours, day: PeakDay) -> DayHours:
    here = slice(day.first_hour, day.first_hour + DAY_HOURS)
    net = hours.net_load_mw[here]
    return DayHours(
        day=day.first_hour // DAY_HOURS,
        peak_hour=day.peak_hour - day.first_hour,
        net_peak_hour=int(net.argmax()),
        causes=day.causes,
        groups=day.groups,
        load_mw=day.load_mw,
        net_load_mw=net,
        curtailed_mw=hours.curtailed_mw[here],
        load_by_cause_mw=day.load_by_cause_mw,
        supply_mw=day.supply_mw,
    )
