"""Every number of every reply leads to figures with a source that is listed and a grade."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

import gateway
from gateway.api.reply_fields import replies_of
from gateway.api.services import SERVICES
from gateway.targets.data import read_targets
from gateway.trace.doors import PROJECT_REPLY, TraceDoor
from gateway.trace.graph import Graph, untraceable
from gateway.trace.lineage import Recorded, build
from gateway.trace.results import GRADED, NodeKind, TraceEdge
from gateway.trace.roots import Scene, add_root, area_data, field_value, violations
from gateway.trace.trace import _world
from services.common.door import read_frame
from services.common.power_outcome import DispatchMode
from services.common.region_files import RegionDataError, read_leaves, sources
from services.common.scenario import LeverSetting, Scenario

YEAR = 2025
REPLIES = replies_of(tuple(s.name for s in SERVICES))


class Lineage:
    """One recorded run of a region; roots are added to one graph."""

    def __init__(self, shop, region):
        frame, found = read_frame({"region": region, "last_year": YEAR})
        assert not found
        scenario = Scenario()

        async def run():
            pipeline = shop.pipeline
            infos = await pipeline.runs.infos()
            reads = await asyncio.gather(*(pipeline.calls.reads(s, frame, scenario) for s in infos))
            projection, own = await pipeline.project_recorded(frame, scenario, DispatchMode.UNSPECIFIED)
            return infos, reads, projection, own, await pipeline.calls.levers(region)

        infos, reads, self.projection, own, levers = shop.do(run())
        self.world = _world(frame, scenario, levers, YEAR)
        self.scene = Scene(self.projection, {m.metric_id: s for s, i in infos.items() for m in i.metrics})
        self.graph = Graph()
        build(self.graph, self.world, infos, Recorded(dict(zip(infos, reads, strict=True)), own))
        self._known = {}

    def problems(self, **asked):
        """What is wrong with the trace of a number."""
        door = TraceDoor(**asked)
        root = add_root(self.graph, self.world, door, self.scene, REPLIES.get)
        problems, reached = self._below(root)
        return [*problems, *([] if reached else ["no figure is reached"])]

    def _below(self, node_id):
        """Problems of a node and of all it was made from, and whether a figure is among them; each node once."""
        if node_id not in self._known:
            node = self.graph.nodes[node_id]
            below = [TraceEdge(node_id, child, role) for child, role in self.graph.below.get(node_id, {})]
            own = [p for p in untraceable([node], below) if p.startswith(f"{node_id}:")]
            parts = [self._below(edge.to_id) for edge in below]
            reached = node.kind in GRADED or any(r for _, r in parts)
            self._known[node_id] = own + [p for found, _ in parts for p in found], reached
        return self._known[node_id]


def regions():
    from services.common.regions import load_region, region_ids

    return [r for r in region_ids() if load_region(r).has("scenarios/planned")]


@pytest.fixture(scope="module", params=regions())
def lineage(request, shop):
    return Lineage(shop, request.param)


@pytest.fixture(scope="module")
def jiangsu(shop):
    return Lineage(shop, "jiangsu")


def test_every_metric_of_the_region_and_of_its_cities_is_traceable(lineage):
    metrics = lineage.scene.metrics
    assert len(metrics) > 300
    wrong = {m: p for m in metrics if (p := lineage.problems(metric_id=m))}
    city = lineage.projection.places[0]
    wrong |= {
        f"{m} of {city}": p
        for m, series in metrics.items()
        if series.place_values.size and (p := lineage.problems(metric_id=m, place=city))
    }
    assert not wrong


def test_every_target_is_traceable_to_its_document_and_clause(lineage):
    targets = read_targets(lineage.world.region.region_id).targets
    wrong = {t.id: p for t in targets if (p := lineage.problems(target_id=t.id))}
    assert not wrong
    for target in targets:
        node = lineage.graph.nodes[f"target:{target.id}"]
        assert node.clause == target.section and node.source in sources()


def test_every_numeric_field_of_a_projection_is_traceable(lineage):
    paths = REPLIES[PROJECT_REPLY].paths
    assert len(paths) > 100
    wrong, absent = {}, []
    for path in sorted(paths):
        at = path.replace("[]", "[0]")
        asked = TraceDoor(field_path=at)
        if violations(asked, lineage.world, lineage.scene, REPLIES.get):
            absent.append(path)  # an empty list of this projection: there is no such number
            continue
        if problems := lineage.problems(field_path=at):
            wrong[path] = problems
    assert not wrong
    assert len(absent) < 0.3 * len(paths), absent


def test_every_numeric_field_of_every_other_reply_is_traceable(jiangsu):
    wrong = {
        f"{name}:{path}": problems
        for name, reply in REPLIES.items()
        if name != PROJECT_REPLY
        for path in sorted(reply.paths)
        if (problems := jiangsu.problems(field_path=path, reply=name))
    }
    assert not wrong


# Rooms of the gateway whose stages answer in the area of another name.
AREA_OF_ROOM = {"compare": "comparison", "ensemble": "warning", "synergy": "abatement"}


def test_what_the_stages_of_an_area_name_in_their_code_is_in_the_trace_of_its_replies(jiangsu):
    areas = {reply.area for name, reply in REPLIES.items() if name != PROJECT_REPLY} - {"trace"}
    region = jiangsu.world.region
    missing = set()
    for path in sorted(Path(gateway.__file__).parent.glob("*/*.py")):
        area = AREA_OF_ROOM.get(path.parent.name, path.parent.name)
        named = set(re.findall(r'"([a-z_]+/[a-z_0-9]+|departments)"', path.read_text("utf-8")))
        own = {s for s, _ in area_data(region, area)}
        whole = {s for s in named if region.has(s) or region.has(s, ".yaml")}
        if area in areas:
            missing |= {f"{area}: {s}" for s in whole - own if not s.startswith("power/")}
    assert not missing


def test_values_of_fields_are_those_of_the_projection(jiangsu):
    p = jiangsu.projection
    at = p.years.index(YEAR)
    assert field_value(p, "carbon_peaks[0].level_tco2") == p.carbon_peaks[0].level_tco2
    assert field_value(p, "account.territorial_tco2", "", YEAR) == p.account.territorial_tco2[at]
    assert field_value(p, "account.territorial_tco2[0]") == p.account.territorial_tco2[0]
    city = p.places.index("nantong")
    sector = p.sectors[0]
    assert (
        field_value(p, "sectors[0].place_direct_tco2", "nantong", YEAR) == sector.place_direct_tco2[city, at]
    )
    assert field_value(p, "sectors[0].place_direct_tco2", "", YEAR) is None


def test_every_lever_and_every_figure_of_the_whole_lineage_has_a_listed_source_and_a_grade(lineage):
    figures = [n for n in lineage.graph.nodes.values() if n.kind in GRADED]
    assert len(figures) > 500
    assert {n.source for n in figures} <= set(sources())
    assert {n.grade for n in figures} == {"A", "B", "C"}
    assert all(n.derivation for n in figures if n.grade == "C" and n.kind is NodeKind.LEAF)


@pytest.mark.parametrize("missing", ["source", "grade"])
def test_a_figure_without_its_source_or_grade_fails_the_check(jiangsu, missing):
    root = "metric:account.territorial_tco2"
    jiangsu.problems(metric_id="account.territorial_tco2")
    nodes, edges = jiangsu.graph.cut(root, 0)
    assert untraceable(nodes, edges) == []
    victim = next(n for n in nodes if n.kind is NodeKind.LEAF)
    cut = [replace(n, **{missing: ""}) if n is victim else n for n in nodes]
    assert any(victim.node_id in problem for problem in untraceable(cut, edges))


def test_a_figure_whose_source_was_removed_from_its_file_is_refused(tmp_path):
    folder = tmp_path / "national"
    folder.mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "all.yaml").write_text("a_source:\n  title: A source\n", "utf-8")
    text = "leaves:\n  x: {value: 1, unit: '1', source: a_source, clause: p. 1, grade: B}\n"
    (folder / "given.yaml").write_text(text, "utf-8")
    assert read_leaves(folder / "given.yaml", 0, tmp_path)["x"].provenance.source == "a_source"
    (folder / "removed.yaml").write_text(text.replace("source: a_source, ", ""), "utf-8")
    with pytest.raises(RegionDataError, match="no source"):
        read_leaves(folder / "removed.yaml", 0, tmp_path)


def test_a_lever_outside_a_lineage_moves_nothing_and_one_inside_moves_the_number(shop, jiangsu):
    metric = "industry.crude_steel_t"
    jiangsu.problems(metric_id=metric)
    nodes, _ = jiangsu.graph.cut(f"metric:{metric}", 0)
    inside = {n.node_id.partition(":")[2] for n in nodes if n.kind is NodeKind.LEVER}
    outside, lever = "power.utility_pv_capacity", "industry.crude_steel_output"
    assert lever in inside and outside not in inside and outside in jiangsu.world.levers

    frame, _ = read_frame({"region": "jiangsu", "last_year": 2030})
    moved = [
        Scenario(
            settings=(LeverSetting(lever_id=name, years=(2027,), values=(jiangsu.world.levers[name].low,)),)
        )
        for name in (outside, lever)
    ]

    async def run():
        return await shop.pipeline.runs.all(frame, [Scenario(), *moved], (2030,))

    plain, by_outside, by_inside = (r.values(metric) for r in shop.do(run()))
    assert by_outside == plain
    assert by_inside != plain
