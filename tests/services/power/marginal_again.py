"""The marginal factor that a projection states beside the one found by dispatching again with more and less load."""

from collections.abc import Sequence
from dataclasses import replace

from services.common.power_outcome import ChpHeat, DispatchMode, FlexibleDemand, LoadComponent, OnSiteSupply
from services.common.scenario import Frame, Scenario
from services.power.model import PowerModel

Parts = tuple[Sequence[LoadComponent], Sequence[OnSiteSupply], Sequence[ChpHeat], Sequence[FlexibleDemand]]

# Without commitment the margin is exact but for the width of the step (1 % of load spans several blocks when the sun is
# strong) and for chains over more than one store. With it, the step also switches units on and off, which moves their
# minimum load and no-load fuel: a lumpy change that the margin with the commitment as it is does not see.
LIMITS = (
    (2025, DispatchMode.FAST, 0.01),
    (2035, DispatchMode.FAST, 0.02),
    (2050, DispatchMode.FAST, 0.10),
    (2025, DispatchMode.FAST_COMMITMENT, 0.04),
    (2035, DispatchMode.FAST_COMMITMENT, 0.06),
    (2050, DispatchMode.FAST_COMMITMENT, 0.12),
)
STEP = 0.01


def stated_and_measured(
    model: PowerModel, parts: Parts, frame: Frame, year: int, mode: DispatchMode
) -> tuple[float, float]:
    """Mean marginal factor of a year as published, and with 1 % more and less load, t/MWh; parts are of the frame."""
    loads, *rest = parts
    tco2, mwh, stated = [], [], 0.0
    for scale in (1 - STEP, 1.0, 1 + STEP):
        scaled = [replace(load, energy_mwh=load.energy_mwh * scale) for load in loads]
        outcome = model.project(frame, Scenario(), scaled, *rest, mode, (year,), with_adequacy=False)
        if scale == 1.0:
            found = (i for i in outcome.indicators if i.metric_id == "power.marginal_tco2_per_mwh")
            stated = float(next(found).region_values[0])
            continue
        tco2.append(sum(float(t.energy_tco2[0]) for t in outcome.technologies if not t.imported))
        mwh.append(float((outcome.demand_mwh + outcome.loss_mwh)[0]))
    return stated, (tco2[1] - tco2[0]) / (mwh[1] - mwh[0])
