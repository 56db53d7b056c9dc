"""A trace as PROV-JSON (W3C member submission 2013): entities, activities, agents and the relations between them."""

import json
from collections.abc import Iterable
from typing import Any, Final

from gateway.trace.results import EdgeRole, NodeKind, TraceEdge, TraceNode

PREFIX: Final = "dafeng"
_NAMESPACE: Final = "urn:dafeng:"
# The two ends of a relation, as PROV-JSON names them: from, to.
_ENDS: Final = {
    EdgeRole.USED: ("prov:activity", "prov:entity"),
    EdgeRole.WAS_GENERATED_BY: ("prov:entity", "prov:activity"),
    EdgeRole.WAS_DERIVED_FROM: ("prov:generatedEntity", "prov:usedEntity"),
    EdgeRole.WAS_ATTRIBUTED_TO: ("prov:entity", "prov:agent"),
    EdgeRole.WAS_INFORMED_BY: ("prov:informed", "prov:informant"),
}


def prov_json(nodes: Iterable[TraceNode], edges: Iterable[TraceEdge]) -> str:
    """The nodes and the edges between them as one PROV-JSON document, keys in a fixed order."""
    whole: dict[str, dict[str, Any]] = {
        "prefix": {PREFIX: _NAMESPACE},
        "entity": {},
        "activity": {},
        "agent": {},
    }
    known = set()
    for node in nodes:
        kind = {NodeKind.STAGE: "activity", NodeKind.AGENT: "agent"}.get(node.kind, "entity")
        whole[kind][_name(node.node_id)] = _attributes(node)
        known.add(node.node_id)
    for number, edge in enumerate(e for e in edges if e.to_id in known):
        above, below = _ENDS[edge.role]
        relation = {above: _name(edge.from_id), below: _name(edge.to_id)}
        whole.setdefault(edge.role.value, {})[f"_:r{number}"] = relation
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def _name(node_id: str) -> str:
    return f"{PREFIX}:{node_id}"


def _attributes(node: TraceNode) -> dict[str, Any]:
    found: dict[str, Any] = {
        "prov:label": [{"$": node.label.zh, "lang": "zh"}, {"$": node.label.en, "lang": "en"}],
        "prov:type": node.kind.value,
    }
    if node.value is not None:
        found["prov:value"] = node.value
    for name in ("text", "unit", "year", "place", "grade", "source", "clause", "derivation"):
        value = getattr(node, name)
        if value:
            found[f"{PREFIX}:{name}"] = value
    return found
