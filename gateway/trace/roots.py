"""The number that is traced: a metric, a target, or a numeric field of a reply, tied to the stages that made it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from math import isfinite
from typing import Any

import numpy as np

from gateway.results import MetricSeries, Projection
from gateway.targets.data import Target, TargetsFile, read_targets
from gateway.trace.doors import PROJECT_REPLY, TraceDoor
from gateway.trace.expand import World, expand
from gateway.trace.graph import Graph
from gateway.trace.lineage import GATEWAY, SOFTWARE, TARGETS, stage_of
from gateway.trace.results import EdgeRole, NodeKind, TraceNode
from services.common.errors import Violation, near_names
from services.common.recording import Read
from services.common.regions import Region
from services.common.scenario import Frame
from services.common.words import Grade, Label, Provenance

_INDEX = re.compile(r"\[(\d+)\]")
_DIRECTIONS = "directions"
# Folders and tables of areas whose stages read others than the folder of their own name.
_AREA_DATA: Mapping[str, tuple[str, ...]] = {
    "abatement": ("abatement", "compare", "synergy", "costs", "accounts"),
    "budget": ("budget", "cities"),
    "cities": ("cities", "departments"),
    "comparison": ("compare",),
    "cost": ("costs", "accounts"),
    "report": ("accounts",),
    "targets": ("targets", "directions", "deferred_slots"),
    "warning": ("warning", "ensemble"),
}


@dataclass(frozen=True)
class ReplyFields:
    """The numeric fields of a reply message; its area, and whether its request names a frame or scenario."""

    paths: frozenset[str]
    area: str
    projects: bool


FieldsOf = Callable[[str], ReplyFields | None]


@dataclass(frozen=True)
class Scene:
    """A whole projection and who published which metric in it."""

    projection: Projection
    publisher: Mapping[str, str]

    @property
    def metrics(self) -> Mapping[str, MetricSeries]:
        """Metrics by id."""
        return {m.metric.metric_id: m for m in self.projection.metrics}


def violations(asked: TraceDoor, world: World, scene: Scene, fields_of: FieldsOf) -> list[Violation]:
    """Everything wrong with what is asked, against the projection that there is."""
    found = []
    projection = scene.projection
    targets = {t.id for t in read_targets(world.region.region_id).targets}
    if asked.metric_id and asked.metric_id not in scene.metrics:
        found.append(_unknown("metric_id", "metric", asked.metric_id, scene.metrics))
    if asked.target_id and asked.target_id not in targets:
        found.append(_unknown("target_id", "target of the region", asked.target_id, targets))
    if asked.field_path:
        reply = fields_of(asked.reply)
        if reply is None:
            found.append(Violation("reply", "no reply of the gateway's services has this name", asked.reply))
        else:
            plain = _plain(asked)
            if plain not in reply.paths:
                found.append(_unknown("field_path", f"numeric field of {asked.reply}", plain, reply.paths))
            elif asked.reply == PROJECT_REPLY:
                found += _out_of_range(asked, projection)
    if asked.place and asked.place not in projection.places:
        found.append(_unknown("place", f"city of {world.region.region_id}", asked.place, projection.places))
    elif (
        asked.place
        and asked.metric_id in scene.metrics
        and not scene.metrics[asked.metric_id].place_values.size
    ):
        found.append(Violation("place", f"{asked.metric_id} has no values by city: leave place empty"))
    if asked.year and asked.year not in projection.years:
        span = f"{projection.years[0]} to {projection.years[-1]}"
        found.append(Violation("year", "the year is outside the frame", str(asked.year), span))
    return found


def add_root(graph: Graph, world: World, asked: TraceDoor, scene: Scene, fields_of: FieldsOf) -> str:
    """The node of what is asked, with the edges that lead on."""
    if asked.metric_id:
        root = metric_node(graph, world, scene, asked.metric_id, asked.place)
    elif asked.target_id:
        root = _target(graph, world, scene, asked.target_id)
    else:
        root = _field(graph, world, asked, scene, fields_of)
    graph.link(root, SOFTWARE, EdgeRole.WAS_ATTRIBUTED_TO)
    return root


def metric_node(graph: Graph, world: World, scene: Scene, metric_id: str, place: str = "") -> str:
    """A metric at the year, made by the sector that published it, else by the gateway's own stages."""
    series = scene.metrics[metric_id]
    publisher = scene.publisher.get(metric_id)
    node_id = graph.add(
        TraceNode(
            f"metric:{metric_id}{f'@{place}' if place else ''}",
            NodeKind.METRIC,
            series.metric.label,
            metric_value(scene.projection, series, place, world.year),
            metric_id,
            series.metric.unit,
            world.year,
            place,
        )
    )
    graph.link(node_id, stage_of(publisher) if publisher else GATEWAY, EdgeRole.WAS_GENERATED_BY)
    return node_id


def metric_value(projection: Projection, series: MetricSeries, place: str, year: int) -> float | None:
    """A metric's value; None when it is not finite."""
    at = projection.years.index(year)
    values = series.place_values[projection.places.index(place)] if place else series.region_values
    return float(values[at]) if isfinite(values[at]) else None


def target_metric(world: World, target_id: str) -> str:
    """The metric that answers a target; empty when none does."""
    target = _target_of(read_targets(world.region.region_id), target_id)
    return target.reading.metric_id if target.reading else ""


def target_year(frame: Frame, target_id: str) -> int:
    """The year a target is read in when none is asked: its own, else the frame's last."""
    found = [t for t in read_targets(frame.region).targets if t.id == target_id]
    inside = found and frame.first_year <= found[0].year <= frame.last_year
    return found[0].year if inside else frame.last_year


def _target(graph: Graph, world: World, scene: Scene, target_id: str) -> str:
    file = read_targets(world.region.region_id)
    target = _target_of(file, target_id)
    answer = next((t for t in scene.projection.targets if t.target_id == target_id), None)
    node_id = graph.sourced(
        TraceNode(
            f"target:{target_id}",
            NodeKind.TARGET,
            target.label.label(),
            answer.value if answer else None,
            f"{answer.verdict.value}: {target.wording}" if answer else target.wording,
            target.unit,
            target.year,
            target.place if target.place in scene.projection.places else "",
        ),
        # A number printed in an official document, as it is printed.
        Provenance(file.documents[target.document].source, target.section, target.wording, Grade.A),
    )
    graph.link(node_id, TARGETS, EdgeRole.WAS_GENERATED_BY)
    for reading in (*((target.reading,) if target.reading else ()), *target.other_readings):
        if reading.metric_id in scene.metrics:
            local = target.place in scene.projection.places
            place = target.place if local and scene.metrics[reading.metric_id].place_values.size else ""
            below = metric_node(graph, world, scene, reading.metric_id, place)
            graph.link(node_id, below, EdgeRole.WAS_DERIVED_FROM)
    if target.observed:
        city = target.place if target.place in world.region.city_ids else ""
        for name in (*target.observed.ids, *target.observed.over):
            for below in expand(graph, world, Read("observed", "observations", name, city, "")):
                graph.link(node_id, below, EdgeRole.WAS_DERIVED_FROM)
    return node_id


def _rule(graph: Graph, world: World, scene: Scene, direction_id: str) -> str:
    table = world.region.table(_DIRECTIONS)
    at = table.columns["direction"].index(direction_id)
    row = table.rows()[at]
    node_id = graph.sourced(
        TraceNode(f"rule:{direction_id}", NodeKind.RULE, Label(row["zh"], row["en"]), text=row["rule"]),
        table.provenance[at],
    )
    graph.link(node_id, TARGETS, EdgeRole.WAS_GENERATED_BY)
    if row["metric"] in scene.metrics:
        graph.link(node_id, metric_node(graph, world, scene, row["metric"]), EdgeRole.WAS_DERIVED_FROM)
    return node_id


def _field(graph: Graph, world: World, asked: TraceDoor, scene: Scene, fields_of: FieldsOf) -> str:
    """A field of a reply. Of a projection it leads to what that part is made by; of others to all of a projection and
    to the data of their area.
    """
    path = asked.field_path
    if asked.reply != PROJECT_REPLY:
        return _other_reply(graph, world, asked, fields_of)
    path = path.removeprefix("projection.")
    value = field_value(scene.projection, path, asked.place, world.year)
    root = graph.add(
        TraceNode(
            f"number:{path}", NodeKind.NUMBER, Label(path, path), value, path, "", world.year, asked.place
        )
    )
    top, index = _head(path)
    projection = scene.projection
    if top == "metrics":
        metric_id = projection.metrics[index].metric.metric_id
        graph.link(root, metric_node(graph, world, scene, metric_id), EdgeRole.WAS_DERIVED_FROM)
    elif top == "targets":
        graph.link(
            root, _target(graph, world, scene, projection.targets[index].target_id), EdgeRole.WAS_DERIVED_FROM
        )
    elif top == _DIRECTIONS:
        rule = _rule(graph, world, scene, projection.directions[index].direction_id)
        graph.link(root, rule, EdgeRole.WAS_DERIVED_FROM)
    elif top in set(scene.publisher.values()):
        graph.link(root, stage_of(top), EdgeRole.WAS_GENERATED_BY)
    else:
        graph.link(root, GATEWAY, EdgeRole.WAS_GENERATED_BY)
    return root


def _other_reply(graph: Graph, world: World, asked: TraceDoor, fields_of: FieldsOf) -> str:
    reply = fields_of(asked.reply)
    assert reply is not None  # violations() saw to it
    root = graph.add(
        TraceNode(
            f"number:{asked.reply}:{asked.field_path}",
            NodeKind.NUMBER,
            Label(asked.field_path, asked.field_path),
            text=asked.reply,
        )
    )
    stage = graph.add(TraceNode(f"stage:gateway.{reply.area}", NodeKind.STAGE, Label(reply.area, reply.area)))
    graph.link(root, stage, EdgeRole.WAS_GENERATED_BY)
    subjects = area_data(world.region, reply.area)
    for subject, kind in subjects:
        for node_id in expand(graph, world, Read(kind, subject, "", "", stage)):
            graph.link(stage, node_id, EdgeRole.USED)
    if reply.projects or not subjects:
        graph.link(stage, TARGETS, EdgeRole.WAS_INFORMED_BY)
        graph.link(stage, GATEWAY, EdgeRole.WAS_INFORMED_BY)
    return root


def area_data(region: Region, area: str) -> list[tuple[str, str]]:
    """Data files that the stages of an area read besides those of a projection, each with its kind."""
    folders = _AREA_DATA.get(area, (area,))
    found = [item for folder in folders for item in region.subjects(folder)]
    return found + [(name, "table") for name in folders if region.has(name)]


def field_value(projection: Projection, path: str, place: str = "", year: int = 0) -> float | None:
    """The value of a path; an array without an index is read at the place and the year. None when there is none."""
    at: Any = projection
    axes: tuple[str, ...] = ()
    for part in path.split("."):
        name, _, index = part.partition("[")
        axes = _axes(at, name)
        at = getattr(at, name)
        if index:
            at = at.ravel()[int(index[:-1])] if isinstance(at, np.ndarray) else at[int(index[:-1])]
    if isinstance(at, np.ndarray):
        if ("place" in axes and not place) or not at.size:
            return None
        where = {
            "place": projection.places.index(place) if place else 0,
            "year": projection.years.index(year),
        }
        if at.shape[axes.index("year")] != len(projection.years) if "year" in axes else True:
            return None
        if not set(axes) <= set(where):
            return None
        at = at[tuple(where[a] for a in axes)]
    if isinstance(at, tuple) or at is None or isinstance(at, str):
        return None
    return float(at) if isfinite(at) else None


def _axes(owner: Any, name: str) -> tuple[str, ...]:
    if not is_dataclass(owner):
        return ()
    return next((f.metadata.get("axes", ()) for f in fields(owner) if f.name == name), ())


def _out_of_range(asked: TraceDoor, projection: Projection) -> list[Violation]:
    path = asked.field_path.removeprefix("projection.")
    try:
        field_value(projection, path, asked.place, projection.years[-1])
    except (IndexError, AttributeError, TypeError, ValueError):
        return [Violation("field_path", "this projection has no such element", path)]
    return []


def _plain(asked: TraceDoor) -> str:
    """The path without indices, as it is listed; an index of an array is no index of a message."""
    path = asked.field_path
    if asked.reply == PROJECT_REPLY:
        path = path.removeprefix("projection.")
    plain = _INDEX.sub("[]", path)
    return plain.removesuffix("[]")


def _head(path: str) -> tuple[str, int]:
    name, _, rest = path.partition(".")[0].partition("[")
    return name, int(rest[:-1]) if rest else 0


def _target_of(file: TargetsFile, target_id: str) -> Target:
    return next(t for t in file.targets if t.id == target_id)


def _unknown(field: str, what: str, given: str, known: Any) -> Violation:
    return Violation(field, f"no such {what}{near_names(given, known)}", given)
