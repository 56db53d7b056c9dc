"""The door of the general dispatch: an instance in, its least-cost schedule and certificate out."""

from services.common.errors import Violation, invalid
from services.common.power_outcome import DispatchMode
from services.power.instance.answer import answer, steps_of
from services.power.instance.check import check_instance
from services.power.instance.commit import plan_with_commitment, plan_without_commitment
from services.power.instance.linear import broken_ramps, column_count, plan_by_programme
from services.power.instance.reduce import Reduced, reduce_instance
from services.power.instance.result import DispatchResult
from services.power.instance.words import DEFAULT_GAP_TOLERANCE_SHARE, DispatchInstance

# What the joint method takes; beyond it a linear programme does.
FEWEST_STEPS = 3
MOST_STORES = 16
# A programme of so many columns takes seconds: it takes over where the commitment's certificate is too loose.
QUICK_COLUMNS = 100_000
FAST_COMMITMENT_GAP_SHARE = 0.02
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
    check_instance(instance)
    if not 0.0 < gap_tolerance_share <= 1.0:
        raise invalid(
            [Violation("gap_tolerance_share", "out of range", f"{gap_tolerance_share:g}", "above 0 to 1")]
        )
    reduced = reduce_instance(instance)
    accurate = mode in ACCURATE
    reason = _beyond_stacks(reduced)
    if reason:
        plan = plan_by_programme(instance, reduced, reason)
    elif reduced.committed:
        plan = plan_with_commitment(instance, reduced, accurate, gap_tolerance_share)
        gap = (plan.cost - plan.bound) / max(abs(plan.bound), 1e-9)
        allowed = gap_tolerance_share if accurate else FAST_COMMITMENT_GAP_SHARE
        if gap > allowed and column_count(reduced) <= QUICK_COLUMNS:
            plan = plan_by_programme(instance, reduced, f"certified gap of the commitment {gap:.2%}")
    else:
        plan = plan_without_commitment(reduced, accurate, gap_tolerance_share)
    if not reason and any(g.ramp_mw_per_h is not None for g in instance.generators):
        broken = broken_ramps(instance, reduced, plan, steps_of(instance, reduced, plan).output)
        if broken:
            plan = plan_by_programme(
                instance, reduced, f"ramp limit of {', '.join(broken[:MOST_NAMED])} binds"
            )
    return answer(instance, reduced, plan, mode, with_steps)


def _beyond_stacks(reduced: Reduced) -> str:
    """Why neither walks nor the joint method can take the instance; empty when they can."""
    stores = reduced.stores.count
    if stores and reduced.steps < FEWEST_STEPS:
        return "fewer than three steps"
    if stores > MOST_STORES:
        return f"more than {MOST_STORES} stores"
    if reduced.committed and any(p.cost.size > 1 for p in reduced.pieces):
        return "prices by step together with commitment"
    return ""
