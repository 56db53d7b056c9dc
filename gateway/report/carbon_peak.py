"""Report of the carbon peak 碳达峰 of one projection: every boundary, who sets it, how flat it is, what drives it.

Definitions: maximum, plateaus of several widths, steady fall (with and without one pause), status; parts by their own
peaks and by how much they turn the total. Follows Levin and Rich (2017) and the practice of Chinese city studies.
"""

from collections.abc import Mapping, Sequence

from gateway.account_settings import method, peak_rules
from gateway.carbon_peak import (
    CONFIRMING_YEARS,
    boundaries,
    city_parts,
    peak_index,
    sector_parts,
    span_near_top,
    steady_fall_index,
    turn_tco2_per_year,
)
from gateway.report.drivers import drivers_around
from gateway.report.results import BoundaryReport, CarbonPeakReport, OwnPeak, PlateauSpan, TrendTest
from gateway.report.trend import falls_without_rise, trend_test
from gateway.results import Projection
from services.common.arrays import FloatArray
from services.common.regions import Region
from services.common.words import Label

# Metrics of the accounts that a report on the carbon peak shows.
INDICATORS = (
    "account.territorial_tco2",
    "account.with_imported_power_tco2",
    "account.net_tco2",
    "account.sink_tco2",
    "account.co2_per_gdp_tco2_per_million_cny",
    "account.co2_per_gdp_fall_since_2005_share",
    "account.energy_per_gdp_coal_equivalent_gj_per_million_cny",
    "account.energy_per_gdp_calorific_gj_per_million_cny",
    "account.energy_per_gdp_fall_gross_share",
    "account.energy_per_gdp_fall_net_new_renewables_share",
    "account.energy_per_gdp_fall_net_non_fossil_share",
    "account.primary_coal_equivalent_gj",
    "account.primary_calorific_gj",
    "account.non_fossil_share",
    "account.non_fossil_local_share",
    "account.non_fossil_with_imports_share",
    "account.coal_share",
    "account.power_coal_share",
    "account.electricity_of_final_energy_share",
)
# Observations whose trend is tested.
HISTORY = (
    "co2_energy_ceads",
    "co2_total_ceads",
    "electricity_consumption_total",
    "peak_dispatch_load",
    "primary_energy_consumption",
    "crude_steel_output",
    "cement_output",
)


def carbon_peak_report(region: Region, projection: Projection) -> CarbonPeakReport:
    """The report of a whole projection (every year of its frame)."""
    known = {m.metric.metric_id: m for m in projection.metrics}
    return CarbonPeakReport(
        years=projection.years,
        boundaries=_boundaries(region, projection),
        indicators=tuple(known[name] for name in INDICATORS if name in known),
        trends=_trends(region),
        digest=projection.digest,
        revision=projection.revision,
        release_status=projection.release_status,
    )


def _boundaries(region: Region, projection: Projection) -> tuple[BoundaryReport, ...]:
    peaks = {p.boundary: p for p in projection.carbon_peaks}
    rules = peak_rules(region)
    pause = method(region, "fall_pause_share"), method(region, "trend_significance_share")
    window = int(method(region, "driver_window_years"))
    widths = (rules.plateau_share / 2, rules.plateau_share, rules.plateau_share * 1.5)
    labels = {s.sector: s.label for s in projection.sectors}
    cities = {c.place_id: c.label for c in region.cities}
    years = projection.years
    found = []
    for one in boundaries(projection.account):
        total = one.total_tco2
        at = peak_index(total)
        spans = [span_near_top(total, at, width) for width in widths]
        parts = sector_parts(one.boundary, projection.sectors)
        confirmed = steady_fall_index(total, at, CONFIRMING_YEARS)
        found.append(
            BoundaryReport(
                peak=peaks[one.boundary],
                plateaus=tuple(
                    PlateauSpan(w, years[a], years[b]) for w, (a, b) in zip(widths, spans, strict=True)
                ),
                fall_with_pause_year=_fall_with_pause(years, total, at, rules.run_count, pause),
                confirmed_fall_year=years[confirmed] if confirmed is not None else 0,
                sectors=_own_peaks(years, parts, labels, total, at, rules.window_years),
                cities=_own_peaks(
                    years,
                    city_parts(region, one.boundary, projection.sectors),
                    cities,
                    total,
                    at,
                    rules.window_years,
                ),
                drivers=drivers_around(projection, one.boundary, at, window),
                total_tco2=total,
            )
        )
    return tuple(found)


def _own_peaks(
    years: tuple[int, ...],
    parts: Mapping[str, FloatArray],
    labels: Mapping[str, Label],
    total: FloatArray,
    peak: int,
    window: int,
) -> tuple[OwnPeak, ...]:
    """Parts in the order given, each with its own maximum and its place in the total's peak."""
    found = []
    for part, series in parts.items():
        own = peak_index(series)
        at_peak = float(series[peak])
        found.append(
            OwnPeak(
                part=part,
                label=labels[part],
                year=years[own],
                level_tco2=float(series[own]),
                in_span=own < series.size - 1,
                at_peak_tco2=at_peak,
                at_peak_share=at_peak / float(total[peak]) if total[peak] else 0.0,
                turn_tco2_per_year=turn_tco2_per_year(series, peak, window),
            )
        )
    return tuple(found)


def _fall_with_pause(
    years: Sequence[int], total: FloatArray, peak: int, run_count: int, pause: tuple[float, float]
) -> int:
    """First year of a fall after the peak that may pause once; 0 when the span has none.

    pause: largest rise of the pause, and the significance at which the fall around it is told from no trend.
    """
    values = total.tolist()
    for start in range(peak, len(values) - run_count):
        if values[start + 1] < values[start] and falls_without_rise(values, start, run_count + 1, *pause):
            return years[start + 1]
        if steady_fall_index(total[start:], 0, run_count) == 1:
            return years[start + 1]
    return 0


def _trends(region: Region) -> tuple[TrendTest, ...]:
    tests = (trend_test(region, name) for name in HISTORY)
    return tuple(t for t in tests if t is not None)
