"""The door of the general dispatch: an instance in, its least-cost schedule and certificate out."""

from dataclasses import replace

from services.common.power_outcome import DispatchMode
from services.power.instance.answer import answer, steps_of
from services.power.instance.check import check_instance
from services.power.instance.commit import plan_with_commitment, plan_without_commitment
from services.power.instance.linear import broken_ramps, column_count, plan_by_programme
from services.power.instance.merge import merge_stores
from services.power.instance.plan import Plan
from services.power.instance.reduce import Reduced, reduce_instance
from services.power.instance.result import DispatchResult
from services.power.instance.words import DEFAULT_GAP_TOLERANCE_SHARE, DispatchInstance

# What the joint method takes; beyond it a linear programme does.
FEWEST_STEPS = 3
MOST_STORES = 16
# A programme of so many columns takes seconds: it takes over where the certificate is looser than asked, or in a fast
# mode than this.
QUICK_COLUMNS = 100_000
FAST_GAP_SHARE = 0.02
RAMP = "ramp limit"
# Costs nearer than this are the same.
SAME_SHARE = 1e-9
# Units named in a reason.
MOST_NAMED = 5
ACCURATE = (DispatchMode.UNSPECIFIED, DispatchMode.ACCURATE, DispatchMode.ACCURATE_COMMITMENT)


def dispatch(
    instance: DispatchInstance,
    mode: DispatchMode = DispatchMode.UNSPECIFIED,
    with_steps: bool = False,
    gap_tolerance_share: float = DEFAULT_GAP_TOLERANCE_SHARE,
) -> DispatchResult:
    """Dispatch a fleet over its steps at least cost.

    Exact in merit order and with one store; several stores by walks in turn, or all together where the certified gap
    is above `gap_tolerance_share` (accurate) or the walks are known to be weak (fast). Generators with a commitment
    are committed by period whatever the mode. Ramp limits that bind make it a linear programme. Raises
    DomainError(INVALID_INPUT) with every violation.
    """
    check_instance(instance, gap_tolerance_share)
    reduced = reduce_instance(instance)
    accurate = mode in ACCURATE
    reason = _beyond_stacks(instance, reduced)
    if reason:
        return answer(instance, reduced, plan_by_programme(instance, reduced, reason), mode, with_steps)
    plan = _search(instance, reduced, accurate, gap_tolerance_share)
    reason = _doubt(instance, reduced, plan, accurate, gap_tolerance_share)
    if reason:
        plan = _cheaper(plan, plan_by_programme(instance, reduced, reason), reason)
    else:
        idle = _cost_without_stores(instance, reduced, plan, gap_tolerance_share)
        plan = replace(plan, cost_without_stores=max(idle, plan.cost))
    return answer(instance, reduced, plan, mode, with_steps)


def _search(instance: DispatchInstance, reduced: Reduced, accurate: bool, tolerance: float) -> Plan:
    if reduced.committed:
        return plan_with_commitment(instance, reduced, accurate, tolerance)
    return plan_without_commitment(reduced, accurate, tolerance)


def _cheaper(plan: Plan, programme: Plan, reason: str) -> Plan:
    """The programme's plan, or the search's where numbers too far apart have spoilt the programme."""
    if reason.startswith(RAMP) or programme.cost <= plan.cost * (1 + SAME_SHARE):
        return programme
    return replace(plan, bound=max(plan.bound, programme.bound))


def _cost_without_stores(instance: DispatchInstance, reduced: Reduced, plan: Plan, tolerance: float) -> float:
    """Cost when stores and flexible loads rest: units committed anew; budgets and contracts as before."""
    rest = {s.storage_id for s in instance.storages} | {f.flexible_id for f in instance.flexible_loads}
    kept = [i for i, name in enumerate(reduced.stores.ids) if name not in rest]
    if len(kept) == reduced.stores.count:
        return plan.cost
    return _search(instance, replace(reduced, stores=reduced.stores.only(kept)), False, tolerance).cost


def _doubt(instance: DispatchInstance, reduced: Reduced, plan: Plan, accurate: bool, tolerance: float) -> str:
    """Why a linear programme must take over; empty when the plan stands."""
    if any(g.ramp_mw_per_h is not None for g in instance.generators):
        broken = broken_ramps(instance, reduced, plan, steps_of(instance, reduced, plan).output)
        if broken:
            return f"{RAMP} of {', '.join(broken[:MOST_NAMED])} binds"
    if not plan.schedule.converged:
        return "the joint method did not converge"
    gap = (plan.cost - max(plan.bound, 0.0)) / plan.cost if plan.cost > 0 else 0.0
    if gap > (tolerance if accurate else FAST_GAP_SHARE) and column_count(reduced) <= QUICK_COLUMNS:
        return f"certified gap {gap:.2%}"
    return ""


def _beyond_stacks(instance: DispatchInstance, reduced: Reduced) -> str:
    """Why neither walks nor the joint method can take the instance; empty when they can."""
    stores = merge_stores(reduced.stores).stores.count
    if stores and reduced.steps < FEWEST_STEPS:
        return "fewer than three steps"
    if stores > MOST_STORES:
        return f"more than {MOST_STORES} stores that differ"
    if reduced.committed and any(p.cost.size > 1 for p in reduced.pieces):
        return "prices by step together with commitment"
    limited = any(g.reserve_eligible and g.budget_mwh is not None for g in instance.generators)
    if limited and reduced.reserve_mw.any():
        return "reserve from units with an energy budget"
    return ""
