"""What the capacity paths mean, added to the outcome: building and closing by year, city capacities, warnings."""

from dataclasses import replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.outcome import empty_place_values
from services.common.power_outcome import PowerIndicator, PowerOutcome
from services.common.units import MW_PER_GW
from services.power.city_capacity import city_values
from services.power.dispatch import Request
from services.power.plausibility import Results, warnings_of
from services.power.retirement import TECHS, age_paths

# Capacities published here because no other indicator has them.
CAPACITIES = ("utility_pv", "pumped_storage")


def with_paths(request: Request, paths: LeverPaths, outcome: PowerOutcome) -> PowerOutcome:
    """The outcome with indicators of additions and retirements, city values of capacities, and warnings."""
    at = np.array(outcome.years) - BASE_YEAR
    ages = age_paths(request.fleet, paths)
    added: dict[str, FloatArray] = {}
    for name, path in ages.items():
        added[f"{name}_addition_mw"] = path.addition_mw[at]
        added[f"{name}_retirement_mw"] = path.retirement_mw[at]
    levers = {name: paths.path(f"power.{name}_capacity")[at] * MW_PER_GW for name in TECHS}
    added |= {f"{name}_capacity_mw": levers[name] for name in CAPACITIES}
    cities = city_values(request.fleet.region, outcome.years, levers)
    indicators = [
        *outcome.indicators,
        *(PowerIndicator(f"power.{name}", v, empty_place_values()) for name, v in added.items()),
    ]
    by_id = {i.metric_id: i.region_values for i in indicators}
    results = Results(
        years=outcome.years,
        reserve_margin_share=outcome.reserve_margin_share,
        curtailment_share=by_id["power.curtailment_share"],
        # Without adequacy nothing is said of it.
        lole_hours=by_id.get("power.lole_hours", np.full(at.size, np.nan)),
        coal_hours=by_id["power.coal_full_load_hours"],
    )
    return replace(
        outcome,
        indicators=tuple(
            replace(i, place_values=cities.get(i.metric_id.partition(".")[2], i.place_values))
            for i in indicators
        ),
        warnings=warnings_of(request.fleet, paths, ages, request.capacity, results),
    )
