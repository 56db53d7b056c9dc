"""Headlines with a group of figures moved: the figures are, and a fork knows nothing of what was read before it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.common.region_files import ROOT, read_leaves
from services.common.words import Label
from validation.moved.figures import Group, Written, groups_of, parts_of, write_moved
from validation.moved.labels import label_of

_ASKED = (sys.executable, "-m", "validation.moved.headline", "jiangsu", "planned")


def _said(roots: list[Path], *first: Path) -> list[dict[str, float]]:
    done = subprocess.run(
        [*_ASKED, *map(str, first)],
        input="".join(f"{root}\n" for root in roots),
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.thorough
def test_a_fork_says_what_a_process_says_that_has_read_nothing_else(tmp_path):
    moved = {
        "buildings": "national/buildings/stock.yaml",
        "transport": "national/transport/charging.yaml",
        "power": "national/power/parameters.yaml",
    }
    roots = [tmp_path / name for name in moved]
    for root, pattern in zip(roots, moved.values(), strict=True):
        assert write_moved(Group(pattern), root, 0.1).count > 0
    unmoved, *forked = _said(roots)
    assert all(found != unmoved and "error" not in found for found in forked)
    assert forked == [found for root in roots for found in _said([], root)]


@pytest.mark.thorough
def test_an_error_of_the_data_is_the_answer_and_the_next_root_is_heard(tmp_path):
    broken, sound = tmp_path / "broken", tmp_path / "sound"
    group = Group("national/power/parameters.yaml")
    write_moved(group, sound, 0.0)
    write_moved(group, broken, 0.0)
    (broken / group.pattern).write_text("leaves: {}\n", encoding="utf-8")
    unmoved, wrong, right = _said([broken, sound])
    assert "error" in wrong
    assert right == unmoved


def test_every_group_holds_what_its_parts_hold(tmp_path):
    groups = groups_of("jiangsu")
    assert len({g.pattern for g in groups}) == len(groups)
    for i, group in enumerate(groups[:3]):
        whole = write_moved(group, tmp_path / f"{i}", 0.1)
        parts = [write_moved(part, tmp_path / f"{i}.{j}", 0.1) for j, part in enumerate(parts_of(group))]
        assert whole == sum(parts, Written())
        assert whole.count > 0


def test_a_share_that_would_pass_1_goes_the_other_way_and_is_told(tmp_path):
    group = Group("national/buildings/pv.yaml", "inverter_efficiency_share")
    assert write_moved(group, tmp_path, 0.1) == Written(1, 1)
    leaf = read_leaves(ROOT / group.pattern, 0, ROOT)[group.part]
    moved = read_leaves(tmp_path / group.pattern, 0, ROOT)[group.part]
    assert moved.number() == pytest.approx(0.9 * leaf.number())


def test_every_group_has_a_name_in_both_languages():
    groups = groups_of("jiangsu")
    found = [label_of(g, {}) for whole in groups for g in (whole, *parts_of(whole))]
    assert all(label.zh and label.en for label in found)
    bare = Group("jiangsu/scenarios/planned.yaml", "power.coal_capacity")
    assert label_of(bare, {bare.part: Label("煤电装机", "Coal capacity")}).en == "Coal capacity (planned)"
