"""Metrics of the whole account: system cost and air pollutants, summed over what the sectors publish and power.

A sector's part is its metric of the same name: "<sector>.so2_t" adds to "account.so2_t". Cities have pollutants
(power's by account, as its CO2) but no system cost: power's cost belongs to the region.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from gateway.results import MetricSeries
from services.common.arrays import FloatArray
from services.common.outcome import Indicator, Outcome, empty_place_values
from services.common.power_outcome import PowerOutcome, Technology
from services.common.regions import Region
from services.common.units import T_PER_G
from services.common.words import Label, Metric

COST: Final = "system_cost_cny"
LOST_LOAD: Final = "lost_load_cost_cny"
POLLUTANTS: Final = ("so2_t", "nox_t", "pm25_t", "voc_t")
_AIR: Final = "accounts/air"

COST_AND_AIR_METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        f"account.{COST}",
        Label(
            "全社会能源系统成本（不含碳价和税）", "System cost of all sectors, without carbon price and taxes"
        ),
        "CNY",
    ),
    Metric(
        f"account.{LOST_LOAD}",
        Label("其中缺供与可中断负荷成本", "Of the system cost: load not served and interrupted"),
        "CNY",
    ),
    Metric("account.so2_t", Label("二氧化硫排放（模型范围）", "SO2, what is modelled"), "t"),
    Metric("account.nox_t", Label("氮氧化物排放（模型范围）", "NOx, what is modelled"), "t"),
    Metric("account.pm25_t", Label("细颗粒物一次排放（模型范围）", "Primary PM2.5, what is modelled"), "t"),
    Metric("account.voc_t", Label("挥发性有机物排放（模型范围）", "VOC, what is modelled"), "t"),
)
AIR_METRICS: Final = COST_AND_AIR_METRICS[2:]


def cost_and_air_metrics(
    region: Region,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    city_share: Mapping[str, FloatArray],
    only: frozenset[str] | None = None,
) -> tuple[MetricSeries, ...]:
    """The metrics of COST_AND_AIR_METRICS over power's years: every one, or those named in `only`.

    city_share by carrier, [place, year].
    """
    local = [t for t in power.technologies if not t.imported]
    found = []
    for metric in COST_AND_AIR_METRICS:
        if only is not None and metric.metric_id not in only:
            continue
        name = metric.metric_id.partition(".")[2]
        if name == COST:
            cost = power.system_cost.total_cny - power.system_cost.carbon_cny
            cost = sum((i.region_values for i in published(outcomes, COST)), cost)
            found.append(MetricSeries(metric, cost, empty_place_values()))
        elif name == LOST_LOAD:
            lost = power.system_cost.unserved_cny + power.system_cost.interruption_cny
            found.append(MetricSeries(metric, lost, empty_place_values()))
        else:
            found.append(_air_metric(region, outcomes, local, metric, city_share, len(power.years)))
    return tuple(found)


def _air_metric(
    region: Region,
    outcomes: Sequence[Outcome],
    local: Sequence[Technology],
    metric: Metric,
    city_share: Mapping[str, FloatArray],
    years: int,
) -> MetricSeries:
    """A pollutant of the sectors and of the plants in the region."""
    name, zero = metric.metric_id.partition(".")[2], np.zeros(years)
    parts = published(outcomes, name)
    own = [plant_t(region, t, name, zero) for t in local]
    whole = sum((i.region_values for i in parts), sum(own, zero))
    places = empty_place_values()
    if all(i.place_values.size for i in parts):
        places = sum(
            (city_share[t.carrier] * t_own for t, t_own in zip(local, own, strict=True)),
            np.zeros((len(region.city_ids), years)),
        )
        places = sum((i.place_values for i in parts), places)
    return MetricSeries(metric, whole, places)


def published(outcomes: Sequence[Outcome], name: str) -> list[Indicator]:
    """The metrics "<sector>.<name>" that sectors publish, in their order."""
    return [i for o in outcomes for i in o.indicators if i.metric_id == f"{o.sector}.{name}"]


def plant_t(region: Region, tech: Technology, name: str, zero: FloatArray) -> FloatArray:
    """Emission of a plant type in the region, t [year]; PM2.5 is a share of its dust, VOC follows its fuel."""
    if name == "voc_t":
        leaf = region.leaves(_AIR).get(f"power_voc_{tech.carrier}_g_per_gj")
        return zero if leaf is None else tech.fuel_gj * (leaf.number() * T_PER_G)
    if name == "pm25_t":
        return zero + tech.pm_t * region.number(_AIR, "power_pm25_of_pm_share") if tech.pm_t.size else zero
    own: FloatArray = getattr(tech, name)
    return own if own.size else zero
