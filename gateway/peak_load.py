"""Stage peak load 尖峰负荷: the year's highest hours and what they are made of, from power's outcome."""

import numpy as np

from gateway.results import PeakLoad
from services.common.arrays import FloatArray, IntArray
from services.common.errors import DomainError
from services.common.power_outcome import PeakDay, PowerOutcome


def peak_load_of(power: PowerOutcome, *, with_causes: bool = True) -> PeakLoad:
    """Peak load over power's years. DomainError(BALANCE) when the day of a year's highest hour is missing.

    Without causes the days are not looked at.
    """
    summer, winter = power.summer_peak_load_mw, power.winter_peak_load_mw
    in_summer = summer >= winter
    hour = np.where(in_summer, power.summer_peak_hour, power.winter_peak_hour).astype(np.int32)
    causes, by_cause = _by_cause(power, hour) if with_causes else ((), np.empty((0, hour.size)))
    return PeakLoad(
        causes=causes,
        peak_load_mw=np.maximum(summer, winter),
        peak_hour=hour,
        summer_mw=summer,
        winter_mw=winter,
        net_peak_mw=power.net_peak_load_mw,
        by_cause_mw=by_cause,
        reserve_margin_share=power.reserve_margin_share,
        unserved_mwh=power.unserved_mwh,
    )


def _by_cause(power: PowerOutcome, hour: IntArray) -> tuple[tuple[str, ...], FloatArray]:
    causes = tuple(dict.fromkeys(c for day in power.peak_days for c in day.causes))
    days = {(day.year, day.peak_hour): day for day in power.peak_days}
    by_cause = np.zeros((len(causes), len(power.years)))
    for y, year in enumerate(power.years):
        day = days.get((year, int(hour[y])))
        if day is None:
            raise DomainError("BALANCE", detail=f"power gave no day of the highest hour of {year}")
        for cause, load in _loads(day):
            by_cause[causes.index(cause), y] = load
    return causes, by_cause


def _loads(day: PeakDay) -> list[tuple[str, float]]:
    at = day.peak_hour - day.first_hour
    return [(c, float(day.load_by_cause_mw[k, at])) for k, c in enumerate(day.causes)]
