"""Dashboard and alerts name only what a running service exports."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dafeng.client import Client
from services.common.errors import REASONS
from tests.services.runtime.telemetry.conftest import Observed

FOLDER = Path(__file__).resolve().parents[4] / "k8s" / "components" / "monitoring"
FUNCTIONS = {"sum", "rate", "min", "max", "count", "histogram_quantile", "by", "and", "or", "le"}
# Figures of the process are prometheus-client's own; `job` and `instance` are added by Prometheus.
ADDED_LABELS = {"job", "instance", "le"}
SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? [-+0-9.eNnaInf]+$")


def expressions() -> list[str]:
    dashboard = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    shown = [t["expr"] for p in dashboard["panels"] for t in p.get("targets", ())]
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    return shown + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def selected(expression: str) -> list[tuple[str, dict[str, str]]]:
    """Metrics of an expression with the labels that are asked of them."""
    found = re.findall(r"\b((?:dafeng|process)_[a-z_]+)\b(?:\{([^}]*)\})?", expression)
    return [(name, dict(re.findall(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"', labels))) for name, labels in found]


def grouped(expression: str) -> set[str]:
    return {
        word.strip() for group in re.findall(r"\bby \(([^)]*)\)", expression) for word in group.split(",")
    }


@pytest.fixture(scope="module")
def exported(observed: Observed) -> dict[str, set[str]]:
    """Every figure of a gateway that has answered one projection, with its labels."""
    with Client(observed.grpc) as client:
        client.project("jiangsu")
    found: dict[str, set[str]] = {}
    for line in observed.get("/metrics").text.splitlines():
        sample = SAMPLE.match(line)
        if sample:
            found.setdefault(sample[1], set()).update(re.findall(r'(\w+)="', sample[2] or ""))
        elif line.startswith("# TYPE "):
            found.setdefault(line.split()[2], set())
    return found


# Families that have samples only when something went wrong: their names stand, their labels are known here.
RARE = {"dafeng_refusals_total": {"service", "reason"}}


@pytest.mark.parametrize("expression", expressions())
def test_what_is_asked_for_is_exported_with_these_labels(
    expression: str, exported: dict[str, set[str]]
) -> None:
    named = selected(expression)
    assert named
    labels: set[str] = set()
    for name, asked in named:
        base = name.removesuffix("_total") if name not in exported else name
        assert name in exported or base in exported, name
        held = exported.get(name) or RARE.get(name, set())
        assert set(asked) <= held | ADDED_LABELS, (name, asked)
        labels |= held
    assert grouped(expression) <= labels | ADDED_LABELS


@pytest.mark.parametrize("expression", expressions())
def test_expressions_are_whole_and_use_known_functions(expression: str) -> None:
    bare = re.sub(r'"[^"]*"', "", expression)
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing)
    words = set(re.findall(r"\b([a-z_]+)\b(?=\s*\()", bare))
    assert words <= FUNCTIONS, words - FUNCTIONS
    ranges = re.findall(r"\[([^\]]*)\]", bare)
    assert all(r == "$__rate_interval" or re.fullmatch(r"\d+[smhd]", r) for r in ranges)
    counters = re.findall(r"(?<!rate\()\bdafeng_\w+_(?:total|bucket)\b", bare)
    assert not counters, "a counter is read by its rate"


def test_reasons_that_rules_select_are_reasons_of_the_software() -> None:
    words = set(REASONS) | {"ok", "internal", "unavailable", "unknown", "deadline_exceeded", "cancelled"}
    for expression in expressions():
        for _, asked in selected(expression):
            for label in ("outcome", "reason"):
                named = set(asked[label].split("|")) if label in asked else set()
                assert named <= words, named - words


def test_every_alert_says_what_it_is_and_what_to_do() -> None:
    rules: Any = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len({a["alert"] for a in alerts}) == len(alerts)
    for alert in alerts:
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert alert["annotations"]["summary"]
        assert alert["annotations"]["what_to_do"]


def test_the_dashboard_has_ids_of_their_own_and_no_panel_lies_on_another() -> None:
    panels = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["panels"]
    assert len({p["id"] for p in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert all(x < 24 for x, _ in cells)
        taken |= cells
