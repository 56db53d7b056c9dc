"""Both peaks over the members: percentiles by year and of the highest year, and the years of the carbon peak."""

from collections.abc import Sequence

from gateway.ensemble.statistics import joint_table, percentile, weighted_percentile
from gateway.warning.outlook import PEAK_LOAD, TERRITORIAL, Outlook
from gateway.warning.results import EnsembleBand, PeakYearShare
from services.common.axes import BASE_YEAR
from services.common.words import Label


def bands_of(seen: Outlook, weights: Sequence[float]) -> tuple[EnsembleBand, ...]:
    """Both peaks: the carbon peak's level, the highest peak load of the span, and both in every fifth year."""
    count = len(seen.members)
    found = []
    for metric_id, label, unit, peak_label in (
        (
            TERRITORIAL,
            Label("本地能源活动二氧化碳", "Territorial CO2"),
            "tCO2",
            Label("碳达峰峰值", "Level of the carbon peak"),
        ),
        (
            PEAK_LOAD,
            Label("最高负荷", "Peak load"),
            "MW",
            Label("观察期内最高负荷", "Highest peak load of the span"),
        ),
    ):
        rows = [seen.values(i, metric_id) for i in range(count)]
        found.append(
            _band(f"{metric_id}:highest", peak_label, unit, 0, [max(r.values()) for r in rows], weights)
        )
        for year in seen.years:
            if year % 5 == 0 and year > BASE_YEAR:
                found.append(_band(metric_id, label, unit, year, [r[year] for r in rows], weights))
    return tuple(found)


def _band(
    quantity: str, label: Label, unit: str, year: int, values: Sequence[float], weights: Sequence[float]
) -> EnsembleBand:
    shares = (0.1, 0.5, 0.9)
    return EnsembleBand(
        quantity,
        label,
        unit,
        year,
        *(percentile(values, s) for s in shares),
        *(weighted_percentile(values, weights, s) for s in shares),
    )


def peak_years_of(seen: Outlook, weights: Sequence[float]) -> tuple[PeakYearShare, ...]:
    """Share of members, and of weights, by the year of their carbon peak, with the level there."""
    peaks = seen.carbon_peaks()
    years, levels = [y for y, _ in peaks], [v for _, v in peaks]
    prior, posterior = joint_table(years, levels), joint_table(years, levels, weights)
    return tuple(
        PeakYearShare(y, share, posterior[y][0] if y in posterior else 0.0, *band)
        for y, (share, *band) in prior.items()
    )
