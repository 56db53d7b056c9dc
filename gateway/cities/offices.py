"""Which office owns an indicator 部门: departments.csv of the region, else of the nation."""

from gateway.cities.world import CityWorld
from gateway.targets.data import Target
from services.common.words import Grade, Label, Provenance

_NONE = Label("", "")


class Offices:
    """departments.csv: by target, else by the longest prefix of the metric, else by sector."""

    def __init__(self, world: CityWorld) -> None:
        table = world.region.table("departments")
        self._rows = list(zip(table.rows(), table.provenance, strict=True))

    def of(self, target: Target) -> tuple[Label, Provenance]:
        """The office of a target's indicator, and where that is from."""
        metric = target.reading.metric_id if target.reading else ""
        ranked = []
        for row, provenance in self._rows:
            kind, key = row["matches"], row["key"]
            if kind == "target" and key == target.id:
                ranked.append((2, 0, row, provenance))
            elif kind == "metric" and metric.startswith(key):
                ranked.append((1, len(key), row, provenance))
            elif kind == "sector" and key == target.sector:
                ranked.append((0, 0, row, provenance))
        if not ranked:
            return _NONE, Provenance("", "", "no row for it in departments", Grade.C)
        _, _, row, provenance = max(ranked, key=lambda r: r[:2])
        return Label(row["zh"], row["en"]), provenance
