"""What a caller of runs will read, by metric id: what else the sectors, power and the accounts would say is left out.

A metric has the same bits here as in a whole projection.
"""

from collections.abc import Collection
from typing import Final

from gateway.accounts import SINK_ENDING
from gateway.city_capacity import FROM_PLANTS, PLANT_IDS
from gateway.cost.metrics import COST, COST_AND_AIR_METRICS, LOST_LOAD
from gateway.metrics import ACCOUNT_METRICS
from gateway.results import SectorInfo
from gateway.slicing import at_years
from services.common.outcome import Outcome

ACCOUNT_IDS: Final = frozenset(m.metric_id for m in ACCOUNT_METRICS)
COST_AND_AIR_IDS: Final = frozenset(m.metric_id for m in COST_AND_AIR_METRICS)
PEAK_LOAD: Final = "account.peak_load_mw"
# What the metrics of cost and air read of power.
_OF_POWER: Final = {
    f"account.{COST}": "power.system_cost_cny",
    f"account.{LOST_LOAD}": "power.system_cost_cny",
    "account.so2_t": "power.so2_t",
    "account.nox_t": "power.nox_t",
    "account.pm25_t": "power.pm_t",
}


def power_ids(only: frozenset[str]) -> frozenset[str]:
    """Power's metrics that these metrics read, and those among them."""
    found = {i for i in only if i.startswith("power.")} | {_OF_POWER[i] for i in only if i in _OF_POWER}
    if not found.isdisjoint(FROM_PLANTS):
        found |= PLANT_IDS
    return frozenset(found)


def sector_ids(info: SectorInfo, only: frozenset[str], needed: Collection[str]) -> frozenset[str]:
    """A sector's metrics that these metrics read, those among them, and those `needed` by other sectors."""
    summed = {f"{info.sector}.{i.partition('.')[2]}" for i in only if i in COST_AND_AIR_IDS}
    sinks = not only.isdisjoint(ACCOUNT_IDS)
    return frozenset(
        i for i in info.rows if i in only or i in needed or i in summed or (sinks and i.endswith(SINK_ENDING))
    )


def cut_to(outcome: Outcome, years: tuple[int, ...], only: frozenset[str]) -> Outcome:
    """A sector's outcome at chosen years with what the accounts read; of its metrics those that they sum.

    Flexible loads are power's alone, which has them by then.
    """
    summed = {f"{outcome.sector}.{i.partition('.')[2]}" for i in only if i in COST_AND_AIR_IDS}
    sinks = not only.isdisjoint(ACCOUNT_IDS)
    indicators = tuple(
        [
            i
            for i in outcome.indicators
            if i.metric_id in summed or (sinks and i.metric_id.endswith(SINK_ENDING))
        ]
    )
    lean = Outcome(**{**outcome.__dict__, "indicators": indicators, "flexible_loads": ()})
    return at_years(lean, years)
