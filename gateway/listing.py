"""What there is to choose from: regions, baselines, levers with their paths."""

from collections.abc import Sequence

import numpy as np

from gateway.calls import SectorCalls
from gateway.results import BaselineEntry, LeverEntry, RegionEntry
from services.common.errors import Violation, invalid, near_names
from services.common.levers import baseline_anchors
from services.common.regions import load_region, region_ids
from services.common.scenario import BASELINES


def regions() -> Sequence[RegionEntry]:
    """Regions with data."""
    loaded = [load_region(r) for r in region_ids()]
    return [RegionEntry(r.place, r.cities, r.data_revision) for r in loaded]


def baselines(region_id: str) -> Sequence[BaselineEntry]:
    """Baselines of a region."""
    region = load_region(region_id)
    return [BaselineEntry(b, region.table(f"scenarios/{b}").title) for b in BASELINES]


async def lever_entries(calls: SectorCalls, region_id: str, baseline: str) -> Sequence[LeverEntry]:
    """Every lever with its path in a baseline. DomainError for an unknown region or baseline."""
    load_region(region_id)
    if baseline not in BASELINES:
        near = near_names(baseline, BASELINES)
        raise invalid([Violation("baseline", f"no such baseline{near}", baseline, ", ".join(BASELINES))])
    anchors = baseline_anchors(region_id, baseline)
    entries = []
    for lever_id, lever in (await calls.levers(region_id)).items():
        points = anchors[lever_id]
        entries.append(LeverEntry(lever, tuple(points), np.array(list(points.values()))))
    return entries
