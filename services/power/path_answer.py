"""What the capacity paths mean, added to the outcome: building and closing by year, city capacities, warnings."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.power_outcome import PlausibilityWarning, PowerOutcome
from services.common.units import MW_PER_GW
from services.power.choice import AGE_NAMES, ALL, Choice
from services.power.city_capacity import CITY_METRICS, city_values
from services.power.dispatch import Request
from services.power.plausibility import Results, warnings_of
from services.power.retirement import TECHS, AgePath, age_paths

# Capacities published here because no other indicator has them.
CAPACITIES = ("utility_pv", "pumped_storage")


def with_paths(
    request: Request, paths: LeverPaths, outcome: PowerOutcome, choice: Choice = ALL
) -> PowerOutcome:
    """The outcome with indicators of additions and retirements, city values of capacities, and warnings.

    A choice leaves the indicators not named and the warnings out.
    """
    at = np.array(outcome.years) - BASE_YEAR
    added: dict[str, FloatArray] = {}
    ages = age_paths(request.fleet, paths) if choice.any(AGE_NAMES) else {}
    for name, path in ages.items():
        added[f"{name}_addition_mw"] = path.addition_mw[at]
        added[f"{name}_retirement_mw"] = path.retirement_mw[at]
    levers = {name: paths.path(f"power.{name}_capacity")[at] * MW_PER_GW for name in TECHS}
    added |= {f"{name}_capacity_mw": levers[name] for name in CAPACITIES}
    cities = {}
    if choice.any(CITY_METRICS):
        cities = city_values(request.fleet.region, outcome.years, levers)
    indicators = [
        replace(i, place_values=cities[name]) if (name := i.metric_id.partition(".")[2]) in cities else i
        for i in (*outcome.indicators, *choice.indicators(added))
    ]
    warnings = () if choice.narrow else _warnings(request, paths, ages, outcome)
    return replace(outcome, indicators=tuple(indicators), warnings=warnings)


def _warnings(
    request: Request, paths: LeverPaths, ages: Mapping[str, AgePath], outcome: PowerOutcome
) -> tuple[PlausibilityWarning, ...]:
    by_id = {i.metric_id: i.region_values for i in outcome.indicators}
    results = Results(
        years=outcome.years,
        reserve_margin_share=outcome.reserve_margin_share,
        curtailment_share=by_id["power.curtailment_share"],
        # Without adequacy nothing is said of it.
        lole_hours=by_id.get("power.lole_hours", np.full(len(outcome.years), np.nan)),
        coal_hours=by_id["power.coal_full_load_hours"],
    )
    return warnings_of(request.fleet, paths, ages, request.capacity, results)
