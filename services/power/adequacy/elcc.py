"""Effective load-carrying capability (ELCC): what constant load a resource carries at the same risk.

Definition (Garver 1966): the load L* with LOLE(system and resource, load + L*) = LOLE(system, load). The table of
outages is a staircase, so both sides are taken as the largest load that keeps the risk: perfect capacity is then worth
exactly its nameplate and a resource without output nothing.
"""

from services.common.arrays import FloatArray
from services.power.adequacy.table import TOLERANCE_MW, OutageTable, load_carried_mw


def elcc_mw(table: OutageTable, with_mw: FloatArray, without_mw: FloatArray, target: float) -> float:
    """Load carried by a resource at the risk `target` (sum of loss probabilities over the hours), MW.

    `with_mw` and `without_mw` are the system's margins [t] with the resource and without it; for a store, with its
    schedule. Between 0 and the highest hourly difference of the two when the difference is never negative.
    """
    carried = load_carried_mw(table, with_mw, target) - load_carried_mw(table, without_mw, target)
    # What the two bisections cannot tell from nothing is nothing.
    return carried if abs(carried) > 2 * TOLERANCE_MW else 0.0
