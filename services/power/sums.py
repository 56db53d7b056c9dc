"""One year's dispatch reduced to what the outcome needs; the hourly arrays are let go."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.power_outcome import PeakDay
from services.power.adequacy.region import YearRisk, year_risk
from services.power.dispatch import Request, Year
from services.power.margins import Margin, margin_of
from services.power.peaks import Peaks, peak_days, peaks_of


@dataclass(frozen=True)
class YearSums:
    """Annual figures of one dispatched year. v: onshore, offshore, utility PV, then on-site supplies."""

    index: int
    meter_mwh: float
    own_use_mwh: float
    unserved_mwh: float
    surplus_mwh: float
    unserved_hours: int
    zero_price_hours: int
    mean_price_cny_per_mwh: float
    moved_mwh: float
    vre_gross_mwh: FloatArray  # [v] available
    curtailed_mwh: FloatArray  # [v] net
    minimum_net_mw: FloatArray  # [month, k]
    energy_mwh: FloatArray  # [k+2]
    online_mwh: FloatArray  # [k] online capacity over the hours
    started_mw: FloatArray  # [k] brought online over the year, which is cyclic
    charged_mwh: FloatArray  # [i]
    discharged_mwh: FloatArray  # [i]
    cost_cny: float
    bound_cny: float  # 0, which any cost exceeds, where it was left out
    bounded: bool
    start_cost_cny: float
    residual_share: float
    peaks: Peaks
    margin_or_none: Margin | None  # what was left out is None, or no days
    days: tuple[PeakDay, ...]
    risk: YearRisk | None

    @property
    def margin(self) -> Margin:
        """The year's margin, for those who asked for it."""
        if self.margin_or_none is None:
            raise ValueError("the margin of the year was left out")
        return self.margin_or_none


def sum_year(
    request: Request,
    year: Year,
    *,
    with_adequacy: bool = True,
    with_margin: bool = True,
    with_days: bool = True,
) -> YearSums:
    """Sums and highest hours of one year; its risk, its margin and the days of its peaks may be left out."""
    peaks = peaks_of(year)
    count = year.store_row.size
    charged, taken = np.zeros(count), np.zeros(count)
    there = year.store_row >= 0
    row = year.store_row[there]
    charged[there] = np.maximum(year.store_net_mw, 0.0).sum(axis=1)[row]
    taken[there] = year.store_net_mw.sum(axis=1)[row]
    price, load = year.price_cny_per_mwh, year.load_mw
    return YearSums(
        index=year.index,
        meter_mwh=year.meter_mwh,
        own_use_mwh=float(year.own_use_mw.sum()),
        unserved_mwh=float(np.maximum(year.slack_mw, 0.0).sum()),
        surplus_mwh=float(np.maximum(-year.slack_mw, 0.0).sum()),
        unserved_hours=int(np.count_nonzero(year.slack_mw > 1e-6)),
        zero_price_hours=int(np.count_nonzero(price <= 1e-5)),
        mean_price_cny_per_mwh=float((price * load).sum() / load.sum()),
        moved_mwh=_moved_mwh(request, year),
        vre_gross_mwh=year.vre_gross_mw.sum(axis=1),
        curtailed_mwh=year.curtailed_mwh,
        # A copy: a year that is kept must not hold the whole stack.
        minimum_net_mw=year.minimum_net_mw.copy(),
        energy_mwh=year.energy_mwh,
        online_mwh=24.0 * year.online_mw.sum(axis=1),
        started_mw=np.maximum(year.online_mw - np.roll(year.online_mw, 1, axis=1), 0.0).sum(axis=1),
        charged_mwh=charged,
        discharged_mwh=charged - taken,
        cost_cny=year.cost_cny,
        bound_cny=year.bound_cny,
        bounded=year.bounded,
        start_cost_cny=year.start_cost_cny,
        residual_share=year.residual_share,
        peaks=peaks,
        margin_or_none=margin_of(request, year) if with_margin else None,
        days=peak_days(request, year, peaks) if with_days else (),
        risk=year_risk(request, year) if with_adequacy else None,
    )


def _moved_mwh(request: Request, year: Year) -> float:
    """Energy of flexible load that runs in other hours than by its own shape."""
    total = 0.0
    for flexible, moved in zip(request.flexible, year.moved_mw, strict=True):
        if moved is None:
            continue
        apart = request.shapes[flexible.shape_digest] * flexible.energy_mwh[year.index]
        np.subtract(moved, apart, out=apart)
        total += 0.5 * float(np.abs(apart, out=apart).sum())
    return total
