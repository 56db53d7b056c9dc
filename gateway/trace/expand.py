"""A read becomes nodes: the figure with its value, unit, provenance and document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.factors.library import library
from gateway.trace.graph import Graph
from gateway.trace.results import EdgeRole, NodeKind, TraceNode
from services.common.axes import BASE_YEAR
from services.common.factors import LIBRARY, MAPPINGS, SETS, factor_sets, named_set
from services.common.levers import LeverPaths
from services.common.recording import Read
from services.common.region_files import OBSERVATIONS, Leaf, RegionDataError, Table
from services.common.regions import Region
from services.common.scenario import Scenario
from services.common.words import Grade, Label, Lever, Provenance

# Above so many provenances, rows of a table are shown by source and grade.
_MOST_GROUPS = 40
_SCENARIOS = "scenarios/"
_LEVER_STAGE = "services.common.levers"
USER = "agent:user"


@dataclass(frozen=True)
class World:
    """What reads are looked up in."""

    region: Region
    scenario: Scenario
    levers: Mapping[str, Lever]
    paths: LeverPaths
    year: int


def expand(graph: Graph, world: World, read: Read) -> list[str]:
    """Nodes of what was read; none for files that hold no figure of it (a metric never observed)."""
    try:
        if read.kind == "lever":
            return [lever_node(graph, world, read.name)] if read.name in world.levers else []
        if read.kind == "observed":
            return _observation(graph, world, read)
        if read.kind == "leaf":
            leaf = world.region.leaf(read.subject, read.name, read.place)
            return [_leaf(graph, world, read.subject, leaf, read.place)]
        if read.kind == "leaves":
            leaves = world.region.leaves(read.subject, read.place)
            return [_leaf(graph, world, read.subject, leaf, read.place) for leaf in leaves.values()]
        return _table(graph, world, read)
    except RegionDataError:
        return []  # looked for and not there: the stage went on without it


def _leaf(graph: Graph, world: World, subject: str, leaf: Leaf, place: str) -> str:
    known = sorted(leaf.values)
    value: float | None = None
    year, text = 0, ""
    if known:
        value, year = float(leaf.path((world.year,))[0]), world.year
        text = f"{known[0]}-{known[-1]}"
    elif isinstance(leaf.value, str):
        text = leaf.value
    elif leaf.value is not None:
        value = float(leaf.value)
    node = TraceNode(
        f"leaf:{subject}#{leaf.name}{_at(place)}",
        NodeKind.LEAF,
        leaf.label if leaf.label.en else Label(leaf.name, leaf.name),
        value,
        text,
        leaf.unit,
        year,
        place,
    )
    return graph.sourced(node, leaf.provenance)


def _observation(graph: Graph, world: World, read: Read) -> list[str]:
    table = world.region.table(OBSERVATIONS, read.place)
    rows = [
        (year, value, provenance)
        for metric, year, value, provenance in zip(
            table.columns["metric"],
            table.columns["year"],
            table.columns["value"],
            table.provenance,
            strict=True,
        )
        if metric == read.name
    ]
    if not rows:
        return []
    year, value, latest = max(rows, key=lambda r: r[0])
    worst = max((p for _, _, p in rows), key=lambda p: p.grade.value).grade
    node_id = graph.sourced(
        TraceNode(
            f"observed:{read.name}{_at(read.place)}",
            NodeKind.OBSERVATION,
            Label(read.name, read.name),
            float(value),
            f"{len(rows)} years, {min(r[0] for r in rows)}-{year}",
            "",
            int(year),
            read.place,
        ),
        Provenance(latest.source, latest.clause, latest.derivation, worst),
    )
    for source in sorted({p.source for _, _, p in rows}):
        graph.link(node_id, graph.document(source), EdgeRole.WAS_DERIVED_FROM)
    return [node_id]


def _table(graph: Graph, world: World, read: Read) -> list[str]:
    if read.stage == _LEVER_STAGE and read.subject.startswith(_SCENARIOS):
        return []  # the rows of each lever stand below the lever
    if read.subject in (LIBRARY, MAPPINGS, SETS):
        return [_factor_set(graph, world.region)]
    return [table_node(graph, world.region.table(read.subject, read.place), read.subject, read.place)]


def table_node(graph: Graph, table: Table, subject: str, place: str = "") -> str:
    """A table and its rows by provenance."""
    node_id = f"table:{subject}{_at(place)}"
    if node_id in graph.nodes:
        return node_id
    graph.add(TraceNode(node_id, NodeKind.TABLE, table.title, text=f"{len(table)} rows", place=place))
    groups: dict[Provenance, int] = {}
    for provenance in table.provenance:
        groups[provenance] = groups.get(provenance, 0) + 1
    if len(groups) > _MOST_GROUPS:
        groups = _by_source_and_grade(groups)
    for k, (provenance, count) in enumerate(groups.items()):
        rows = TraceNode(
            f"rows:{subject}{_at(place)}#{k}",
            NodeKind.TABLE_ROWS,
            table.title,
            text=f"{count} rows",
            place=place,
        )
        graph.link(node_id, graph.sourced(rows, provenance), EdgeRole.WAS_DERIVED_FROM)
    return node_id


def _by_source_and_grade(groups: Mapping[Provenance, int]) -> dict[Provenance, int]:
    found: dict[tuple[str, Grade], list[tuple[Provenance, int]]] = {}
    for provenance, count in groups.items():
        found.setdefault((provenance.source, provenance.grade), []).append((provenance, count))
    return {members[0][0]: sum(count for _, count in members) for members in found.values()}


def _factor_set(graph: Graph, region: Region) -> str:
    """The set in use and the factor of every carrier."""
    set_id = named_set(region, region.factor_set)
    label = next(s.label for s in factor_sets(region) if s.set_id == set_id)
    node_id = f"factor_set:{set_id}"
    if node_id in graph.nodes:
        return node_id
    graph.add(TraceNode(node_id, NodeKind.FACTOR_SET, label))
    for factor in library(region).values():
        if set_id in factor.set_ids:
            node = TraceNode(
                f"factor:{factor.factor_id}",
                NodeKind.FACTOR,
                factor.label,
                factor.tco2_per_gj,
                factor.carrier,
                "tCO2/GJ",
                factor.valid_from_year,
            )
            graph.link(node_id, graph.sourced(node, factor.provenance), EdgeRole.WAS_DERIVED_FROM)
    return node_id


def lever_node(graph: Graph, world: World, lever_id: str) -> str:
    """A lever at its value in the scenario, its path in the baseline, and the caller's settings of it."""
    lever = world.levers[lever_id]
    node_id = f"lever:{lever_id}"
    if node_id in graph.nodes:
        return node_id
    value = float(world.paths.path(lever_id)[world.year - BASE_YEAR])
    graph.sourced(
        TraceNode(node_id, NodeKind.LEVER, lever.label, value, lever.group, lever.unit, world.year),
        Provenance(lever.source, ", ".join(lever.policy_refs), lever.note, lever.grade),
    )
    graph.link(node_id, _baseline(graph, world, lever), EdgeRole.WAS_DERIVED_FROM)
    for setting in world.scenario.settings:
        if setting.lever_id == lever_id:
            shown = ", ".join(f"{v:g}" for v in setting.values)
            years = ", ".join(str(y) for y in setting.years)
            graph.add(
                TraceNode(
                    own := f"setting:{lever_id}{_at(setting.place)}",
                    NodeKind.LEVER_SETTING,
                    lever.label,
                    text=f"{shown} @ {years}" if years else shown,
                    unit=lever.unit,
                    place=setting.place,
                )
            )
            graph.add(TraceNode(USER, NodeKind.AGENT, Label("调用者", "the caller")))
            graph.link(node_id, own, EdgeRole.WAS_DERIVED_FROM)
            graph.link(own, USER, EdgeRole.WAS_ATTRIBUTED_TO)
    return node_id


def _baseline(graph: Graph, world: World, lever: Lever) -> str:
    """The rows of a lever in the baseline of the scenario."""
    baseline = world.scenario.baseline
    table = world.region.table(f"{_SCENARIOS}{baseline}")
    rows = [i for i, name in enumerate(table.columns["lever_id"]) if name == lever.lever_id]
    provenances: Sequence[Provenance] = [table.provenance[i] for i in rows]
    worst = max(provenances, key=lambda p: p.grade.value)
    shown = ", ".join(f"{table.columns['year'][i]}: {table.columns['value'][i]:g}" for i in rows)
    return graph.sourced(
        TraceNode(
            f"baseline:{baseline}#{lever.lever_id}",
            NodeKind.BASELINE,
            Label(f"{table.title.zh}：{lever.label.zh}", f"{table.title.en}: {lever.label.en}"),
            float(
                np.interp(
                    world.year,
                    [table.columns["year"][i] for i in rows],
                    [table.columns["value"][i] for i in rows],
                )
            ),
            shown,
            lever.unit,
            world.year,
        ),
        worst,
    )


def _at(place: str) -> str:
    return f"@{place}" if place else ""
