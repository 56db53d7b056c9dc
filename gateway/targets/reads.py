"""Which metrics the targets and rules of a region read, so that no others need be made to answer them."""

from gateway.targets.data import read_targets
from gateway.targets.directions import read_rules
from services.common.recording import kept
from services.common.regions import Region


@kept(maxsize=16)
def metrics_read(region: Region) -> frozenset[str]:
    """Metric ids of every reading of every target, and of every rule."""
    targets = read_targets(region.region_id).targets
    readings = (r for t in targets for r in (t.reading, *t.other_readings) if r is not None)
    return frozenset((*(r.metric_id for r in readings), *(row.metric_id for row in read_rules(region))))
