"""The stages after power: accounts, peaks, metrics, then targets and rules; pure functions of the outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gateway.accounts import gdp_path, make_accounts, place_gdp_path, power_city_shares
from gateway.assemble import place_peak_load_mw
from gateway.carbon_peak import carbon_peaks_of
from gateway.choice import ACCOUNT_IDS, COST_AND_AIR_IDS, PEAK_LOAD
from gateway.city_capacity import FROM_PLANTS, PLANT_IDS, with_city_capacity
from gateway.cost.metrics import cost_and_air_metrics
from gateway.metrics import account_metrics
from gateway.peak_load import peak_load_of
from gateway.results import MetricSeries, Projection, SectorInfo
from gateway.slicing import from_year
from gateway.targets.answer import evaluate_targets
from gateway.targets.directions import answer_directions
from services.common.arrays import FloatArray, check_shapes
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.outcome import Indicator, Outcome, UpstreamSeries, empty_place_values
from services.common.power_outcome import PowerIndicator, PowerOutcome
from services.common.regions import Region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import LoadShape, Metric, ReleaseStatus


def upstream(info: SectorInfo, outcomes: Sequence[Outcome]) -> list[UpstreamSeries]:
    """The metrics that a sector needs, out of what earlier stages published."""
    published = {i.metric_id: i for o in outcomes for i in o.indicators}
    missing = [n for n in info.needs if n not in published]
    if missing:
        raise DomainError(
            "BALANCE", detail=f"{info.sector} needs {', '.join(missing)}, which nobody published"
        )
    return [UpstreamSeries(n, published[n].place_values) for n in info.needs]


def finish(
    region: Region,
    frame: Frame,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
    *,
    only: frozenset[str] | None = None,
    with_city_peaks: bool = True,
) -> Projection:
    """Accounts and peaks of one scenario over power's years, which start in 2020; targets are not answered yet.

    With `only` the projection holds these metrics alone. Without city peaks peak load is 0 in every city.
    """
    years = power.years
    place_peak_mw = np.zeros((len(region.city_ids), len(years)))
    if with_city_peaks:
        place_peak_mw = place_peak_load_mw(outcomes, shapes, 1.0 + power.loss_mwh / power.demand_mwh)
    labels = {k: i.label for k, i in infos.items()}
    gdp, place_gdp = gdp_path(frame, scenario, years), place_gdp_path(frame, scenario, region, years)
    accounts = make_accounts(region, outcomes, power, labels, gdp, place_peak_mw, place_gdp_index=place_gdp)
    peak_load = peak_load_of(power)
    metrics = (
        *_published(outcomes, power, infos, only),
        *account_metrics(region, accounts, peak_load, only),
        *cost_and_air_metrics(region, outcomes, power, accounts.power_city_share, only),
    )
    return Projection(
        frame=frame,
        scenario_name=scenario.name,
        baseline=scenario.baseline,
        places=region.city_ids,
        years=years,
        sectors=accounts.sectors,
        account=accounts.region,
        carbon_peaks=carbon_peaks_of(region, years, accounts.region, accounts.sectors),
        peak_load=peak_load,
        power=power,
        targets=(),
        metrics=metrics,
        cities=accounts.cities,
        digest="",
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
        directions=(),
    )


def _published(
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    infos: Mapping[str, SectorInfo],
    only: frozenset[str] | None,
) -> Sequence[MetricSeries]:
    """The metrics of sectors and power, with city capacities: every one, or those named in `only`."""
    read = only if only is None or only.isdisjoint(FROM_PLANTS) else only | PLANT_IDS
    series = with_city_capacity(metric_series(outcomes, power.indicators, infos, read), outcomes)
    return series if read is only else [m for m in series if only and m.metric.metric_id in only]


def asked_metrics(
    region: Region,
    frame: Frame,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
    only: frozenset[str],
    *,
    with_city_peaks: bool = True,
) -> tuple[MetricSeries, ...]:
    """The metrics of power and of the accounts that are named, without what no metric reads; the sectors' are theirs.

    `outcomes` and `power` hold what `gateway.choice` says. Without city peaks peak load has no city values.
    """
    series = with_city_capacity(metric_series((), power.indicators, infos), outcomes)
    found = [m for m in series if m.metric.metric_id in only]
    city_share: Mapping[str, FloatArray] | None = None
    if not only.isdisjoint(ACCOUNT_IDS):
        place_peak_mw = empty_place_values()
        if with_city_peaks and PEAK_LOAD in only:
            place_peak_mw = place_peak_load_mw(outcomes, shapes, 1.0 + power.loss_mwh / power.demand_mwh)
        labels = {k: i.label for k, i in infos.items()}
        gdp = gdp_path(frame, scenario, power.years)
        place_gdp = place_gdp_path(frame, scenario, region, power.years)
        accounts = make_accounts(
            region, outcomes, power, labels, gdp, place_peak_mw, place_gdp_index=place_gdp, with_detail=False
        )
        city_share = accounts.power_city_share
        found += account_metrics(region, accounts, peak_load_of(power, with_causes=False), only)
    if not only.isdisjoint(COST_AND_AIR_IDS):
        city_share = city_share or power_city_shares(region, outcomes, power)
        found += cost_and_air_metrics(region, outcomes, power, city_share, only)
    return tuple(found)


def answered(region: Region, frame: Frame, projection: Projection, *, sealed: bool = True) -> Projection:
    """The projection of every year with targets and rules answered, cut to the years asked for.

    Its digest is empty without `sealed`.
    """
    projection = replace(
        projection,
        targets=evaluate_targets(region, projection),
        directions=answer_directions(region, projection.years, projection.metrics),
    )
    whole = checked(region, from_year(projection, frame.first_year, projection.years))
    return replace(whole, digest=digest_of(whole)) if sealed else whole


def checked(region: Region, projection: Projection) -> Projection:
    """The projection itself. DomainError(BALANCE) when an array has a wrong shape or is not finite."""
    problems = check_shapes(projection)
    if problems:
        raise DomainError("BALANCE", detail=f"{region.region_id}: {'; '.join(problems)}")
    return projection


def metric_series(
    outcomes: Sequence[Outcome],
    more: Sequence[PowerIndicator],
    infos: Mapping[str, SectorInfo],
    only: frozenset[str] | None = None,
) -> list[MetricSeries]:
    """The metrics that sectors (and power) published, with their rows: every one, or those named in `only`."""
    given: list[Indicator | PowerIndicator] = [*(i for o in outcomes for i in o.indicators), *more]
    if only is not None:
        given = [i for i in given if i.metric_id in only]
    rows = {sector: info.rows for sector, info in infos.items()}
    return [MetricSeries(_row(rows, i.metric_id), i.region_values, i.place_values) for i in given]


def _row(rows: Mapping[str, Mapping[str, Metric]], metric_id: str) -> Metric:
    """A metric's row: its owner's, or whose list it stands in."""
    own = rows.get(metric_id.partition(".")[0], {})
    return own[metric_id] if metric_id in own else next(r[metric_id] for r in rows.values() if metric_id in r)
