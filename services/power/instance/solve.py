"""The door of the general dispatch: an instance in, its least-cost schedule and certificate out."""

from services.common.errors import Violation, invalid
from services.common.power_outcome import DispatchMode
from services.power.instance.answer import answer
from services.power.instance.check import check_instance
from services.power.instance.commit import plan_with_commitment, plan_without_commitment
from services.power.instance.reduce import reduce_instance
from services.power.instance.result import DispatchResult
from services.power.instance.words import DEFAULT_GAP_TOLERANCE_SHARE, DispatchInstance

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
    are committed by period whatever the mode. Raises DomainError(INVALID_INPUT) with every violation.
    """
    check_instance(instance)
    if not 0.0 < gap_tolerance_share <= 1.0:
        raise invalid(
            [Violation("gap_tolerance_share", "out of range", f"{gap_tolerance_share:g}", "above 0 to 1")]
        )
    reduced = reduce_instance(instance)
    accurate = mode in ACCURATE
    if reduced.committed:
        plan = plan_with_commitment(instance, reduced, accurate, gap_tolerance_share)
    else:
        plan = plan_without_commitment(reduced, accurate, gap_tolerance_share)
    return answer(instance, reduced, plan, mode, with_steps)
