"""Nodes and edges while a lineage is built, and what is cut out of it."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from hashlib import sha256

from gateway.trace.results import GRADED, EdgeRole, NodeKind, TraceEdge, TraceNode
from services.common.region_files import sources
from services.common.words import Label, Provenance


class Graph:
    """A lineage: nodes by id, and what each was made from."""

    def __init__(self) -> None:
        self.nodes: dict[str, TraceNode] = {}
        self.below: dict[str, dict[tuple[str, EdgeRole], None]] = {}

    def add(self, node: TraceNode) -> str:
        """Add a node unless it is there; its id."""
        self.nodes.setdefault(node.node_id, node)
        return node.node_id

    def link(self, from_id: str, to_id: str, role: EdgeRole) -> None:
        """Add an edge from what was made to what it was made from."""
        self.below.setdefault(from_id, {})[to_id, role] = None

    def document(self, source: str) -> str:
        """The node of a source."""
        known = sources().get(source)
        title = known.title if known else source
        return self.add(
            TraceNode(
                f"document:{source}",
                NodeKind.DOCUMENT,
                Label(title, title),
                text=str(known.year if known else ""),
            )
        )

    def sourced(self, node: TraceNode, provenance: Provenance) -> str:
        """Add a figure with its provenance and its document."""
        made = replace(
            node,
            source=provenance.source,
            clause=provenance.clause,
            derivation=provenance.derivation,
            grade=provenance.grade.value,
        )
        self.link(self.add(made), self.document(provenance.source), EdgeRole.WAS_DERIVED_FROM)
        return made.node_id

    def cut(self, root_id: str, depth: int) -> tuple[tuple[TraceNode, ...], tuple[TraceEdge, ...]]:
        """What is reached from the root in `depth` edges (0: any number), by depth and id."""
        depths = {root_id: 0}
        queue = deque([root_id])
        while queue:
            at = queue.popleft()
            if depth and depths[at] >= depth:
                continue
            for below, _ in self.below.get(at, {}):
                if below not in depths:
                    depths[below] = depths[at] + 1
                    queue.append(below)
        nodes = [replace(self.nodes[i], depth=d) for i, d in depths.items()]
        nodes.sort(key=lambda n: (n.depth, n.node_id))
        edges = [
            TraceEdge(n.node_id, below, role)
            for n in nodes
            for below, role in sorted(self.below.get(n.node_id, {}))
            if below in depths
        ]
        return tuple(nodes), tuple(edges)


def untraceable(nodes: Iterable[TraceNode], edges: Iterable[TraceEdge]) -> list[str]:
    """What breaks the promise that every number leads to figures with a source that is listed and a grade."""
    by_id = {n.node_id: n for n in nodes}
    below: dict[str, list[str]] = {}
    for edge in edges:
        below.setdefault(edge.from_id, []).append(edge.to_id)
    problems = []
    for node in by_id.values():
        if node.kind in GRADED:
            if node.source not in sources():
                problems.append(f"{node.node_id}: source {node.source!r} is not listed")
            if node.grade not in ("A", "B", "C"):
                problems.append(f"{node.node_id}: no grade")
            if f"document:{node.source}" not in below.get(node.node_id, ()):
                problems.append(f"{node.node_id}: does not lead to its document")
        elif node.kind not in (NodeKind.DOCUMENT, NodeKind.AGENT) and node.node_id not in below:
            problems.append(f"{node.node_id}: made from nothing")
    if not any(n.kind in GRADED for n in by_id.values()):
        problems.append("no figure with a source and a grade is reached")
    return problems


def lineage_digest(nodes: Iterable[TraceNode], edges: Iterable[TraceEdge]) -> str:
    """SHA-256 of a trace."""
    whole: Mapping[str, object] = {"nodes": [asdict(n) for n in nodes], "edges": [asdict(e) for e in edges]}
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
