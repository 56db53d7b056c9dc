"""Stage trace: one run with the recorder on, its lineage built, cut to what the number rests on, and summed up."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from hashlib import sha256
from math import fsum

from gateway.pipeline import Pipeline
from gateway.results import Projection, SectorInfo
from gateway.trace.doors import MOST_NODES, TraceDoor
from gateway.trace.expand import World
from gateway.trace.graph import Graph, lineage_digest
from gateway.trace.influence import influences
from gateway.trace.lineage import Recorded, build
from gateway.trace.prov import prov_json
from gateway.trace.results import (
    GRADED,
    GradeShare,
    Influence,
    NodeKind,
    RunManifest,
    Trace,
    TraceEdge,
    TraceNode,
)
from gateway.trace.roots import FieldsOf, Scene, add_root, target_metric, target_year, violations
from services.common.axes import BASE_YEAR
from services.common.errors import Violation, invalid
from services.common.levers import resolve
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Grade, Label, Lever, Progress

_Step = tuple[str, str]
_STEPS: tuple[_Step, ...] = (("计算并记录", "running and recording"), ("逐项差分", "one lever at a time"))


async def trace(
    pipeline: Pipeline,
    frame: Frame,
    scenario: Scenario,
    asked: TraceDoor,
    fields_of: FieldsOf,
) -> AsyncIterator[Progress | Trace]:
    """Progress, then the trace. DomainError(INVALID_INPUT) with every violation of what is asked."""
    yield Progress(0, 0, Label(*_STEPS[0]))
    infos = await pipeline.runs.infos()
    sectors = await asyncio.gather(*(pipeline.calls.reads(s, frame, scenario) for s in infos))
    projection, own = await pipeline.project_recorded(frame, scenario, asked.mode)
    levers = await pipeline.calls.levers(frame.region)
    world = _world(frame, scenario, levers, asked.year or target_year(frame, asked.target_id))
    scene = Scene(projection, {m.metric_id: s for s, i in infos.items() for m in i.metrics})
    found = violations(asked, world, scene, fields_of) + _influence_violations(asked)
    if found:
        raise invalid(found)
    recorded = Recorded(dict(zip(infos, sectors, strict=True)), own)
    root, nodes, edges = await asyncio.to_thread(_lineage, world, scene, asked, infos, recorded, fields_of)
    effects: tuple[Influence, ...] = ()
    metric_id = asked.metric_id or (target_metric(world, asked.target_id) if asked.target_id else "")
    if asked.influence_count and metric_id in scene.metrics:
        below = [n.node_id.partition(":")[2] for n in nodes if n.kind is NodeKind.LEVER]
        async for done, total, some in influences(
            pipeline.runs, frame, world, below, asked.influence_count, metric_id, asked.place, asked.mode
        ):
            yield Progress(done, total, Label(*_STEPS[1]))
            effects = some
    yield _summed_up(world, frame, projection, asked, root, nodes, edges, effects)


def _world(frame: Frame, scenario: Scenario, levers: Mapping[str, Lever], year: int) -> World:
    region = load_region(frame.region, frame.as_of_year, frame.factor_set)
    years = tuple(range(BASE_YEAR, frame.last_year + 1))
    paths = resolve(list(levers.values()), frame.region, scenario, years, frame.as_of_year)
    return World(region, scenario, levers, paths, year)


def _influence_violations(asked: TraceDoor) -> list[Violation]:
    if asked.influence_count and asked.field_path:
        text = "effects are measured on metrics and targets: name the metric, or leave it at 0"
        return [Violation("influence_count", text, str(asked.influence_count), "0")]
    return []


def _lineage(
    world: World,
    scene: Scene,
    asked: TraceDoor,
    infos: Mapping[str, SectorInfo],
    recorded: Recorded,
    fields_of: FieldsOf,
) -> tuple[str, tuple[TraceNode, ...], tuple[TraceEdge, ...]]:
    graph = Graph()
    build(graph, world, infos, recorded)
    root = add_root(graph, world, asked, scene, fields_of)
    return root, *graph.cut(root, 0)


def _summed_up(
    world: World,
    frame: Frame,
    projection: Projection,
    asked: TraceDoor,
    root: str,
    nodes: Sequence[TraceNode],
    edges: Sequence[TraceEdge],
    effects: tuple[Influence, ...],
) -> Trace:
    shallow = {n.node_id for n in nodes if not asked.depth or n.depth <= asked.depth}
    shown = [n for n in nodes if n.node_id in shallow]
    page = tuple(shown[asked.first_node : asked.first_node + (asked.node_limit or MOST_NODES)])
    on_page = {n.node_id for n in page}
    kept = [e for e in edges if e.from_id in shallow and e.to_id in shallow]
    shown_edges = tuple(e for e in kept if e.from_id in on_page)
    grades = grade_shares(nodes, effects)
    return Trace(
        root_id=root,
        nodes=page,
        edges=shown_edges,
        node_count=len(shown),
        edge_count=len(kept),
        worst_grade=max((g.grade for g in grades if g.figure_count), key=lambda g: g.value),
        grades=grades,
        influences=effects,
        manifest=RunManifest(
            region=frame.region,
            baseline=world.scenario.baseline,
            scenario_name=world.scenario.name,
            scenario_digest=scenario_digest(world.scenario),
            setting_count=len(world.scenario.settings),
            weather_year=frame.weather_year,
            as_of_year=frame.as_of_year,
            factor_set=frame.factor_set,
            revision=projection.revision,
            result_digest=projection.digest,
            lineage_digest=lineage_digest(nodes, edges),
            release_status=projection.release_status,
        ),
        prov_json=prov_json(page, shown_edges) if asked.with_prov else "",
    )


def grade_shares(nodes: Sequence[TraceNode], effects: Sequence[Influence]) -> tuple[GradeShare, ...]:
    """How many graded figures, and how much of the measured effect, rest on each grade."""
    graded = [n.grade for n in nodes if n.kind in GRADED]
    whole = fsum(abs(e.effect) for e in effects)
    return tuple(
        GradeShare(
            grade,
            count := graded.count(grade.value),
            count / len(graded) if graded else 0.0,
            fsum(abs(e.effect) for e in effects if e.grade is grade) / whole if whole > 0 else None,
        )
        for grade in Grade
    )


def scenario_digest(scenario: Scenario) -> str:
    """SHA-256 of baseline and settings; the name and the order of the settings are no part of it."""
    plain = scenario.model_dump(mode="json", exclude={"name"})
    plain["settings"].sort(key=lambda s: (s["lever_id"], s["place"]))
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
