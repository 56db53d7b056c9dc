"""Made-up targets: a row as targets.yaml holds it, changed at will."""

from gateway.targets.data import Target

ROW = {
    "id": "TST-01",
    "document": "TST",
    "section": "1",
    "label": {"zh": "指标", "en": "metric"},
    "wording": "达到18%",
    "place": "jiangsu",
    "sector": "energy",
    "scope": "model",
    "form": "level",
    "compare": "at_least",
    "sense": "floor",
    "number": 18,
    "unit": "%",
    "year": 2025,
    "path": "linear",
    "reading": {"metric_id": "test.value_share", "scale": 100},
}


def target(**changes):
    """The target of ROW with changes."""
    return Target.model_validate({**ROW, **changes})
