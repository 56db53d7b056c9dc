"""The lineage of a run: sectors, their modules and the gateway's stages, with everything each of them read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.calls import POWER
from gateway.results import SectorInfo
from gateway.trace.expand import World, expand
from gateway.trace.graph import Graph
from gateway.trace.results import EdgeRole, NodeKind, TraceNode
from services.common.recording import Read
from services.common.revision import MODEL_VERSION
from services.common.words import Label

GATEWAY = "stage:gateway"
TARGETS = "stage:targets"
SOFTWARE = "agent:dafeng"
_TARGET_MODULES = "gateway.targets"


@dataclass(frozen=True)
class Recorded:
    """What each sector, and the gateway's own stages, read in a run."""

    sectors: Mapping[str, Sequence[Read]]
    gateway: Sequence[Read]


def stage_of(sector: str) -> str:
    """The node of a sector."""
    return f"stage:{sector}"


def build(graph: Graph, world: World, infos: Mapping[str, SectorInfo], recorded: Recorded) -> None:
    """All stages of a projection: sectors hand on to each other and to power, all to the gateway's stages."""
    graph.add(
        TraceNode(SOFTWARE, NodeKind.AGENT, Label("达峰软件", "the software Dafeng"), text=MODEL_VERSION)
    )
    publisher = {m.metric_id: sector for sector, info in infos.items() for m in info.metrics}
    accounts = Label("核算与峰值", "accounts and peaks")
    graph.add(TraceNode(GATEWAY, NodeKind.STAGE, accounts))
    graph.add(TraceNode(TARGETS, NodeKind.STAGE, Label("目标评估", "targets")))
    for sector, info in infos.items():
        stage = graph.add(TraceNode(stage_of(sector), NodeKind.STAGE, info.label))
        graph.link(GATEWAY, stage, EdgeRole.WAS_INFORMED_BY)
        givers = {publisher[n] for n in info.needs}
        if sector == POWER:
            givers |= set(infos) - {POWER}
        for giver in sorted(givers - {sector}):
            graph.link(stage, stage_of(giver), EdgeRole.WAS_INFORMED_BY)
        _add_reads(graph, world, stage, info.label, recorded.sectors[sector])
    own = [r for r in recorded.gateway if not r.stage.startswith(_TARGET_MODULES)]
    judging = [r for r in recorded.gateway if r.stage.startswith(_TARGET_MODULES)]
    _add_reads(graph, world, GATEWAY, accounts, own)
    _add_reads(graph, world, TARGETS, Label("目标评估", "targets"), judging)
    graph.link(TARGETS, GATEWAY, EdgeRole.WAS_INFORMED_BY)


def _add_reads(graph: Graph, world: World, stage: str, label: Label, reads: Sequence[Read]) -> None:
    """The modules of a stage and what each read."""
    for read in sorted(reads):
        found = expand(graph, world, read)
        if not found:
            continue
        short = read.stage.rpartition(".")[2]
        module = graph.add(
            TraceNode(
                f"{stage}:{read.stage}",
                NodeKind.STAGE,
                Label(f"{label.zh}：{short}", f"{label.en}: {short}"),
                text=read.stage,
            )
        )
        graph.link(stage, module, EdgeRole.WAS_INFORMED_BY)
        for node_id in found:
            graph.link(module, node_id, EdgeRole.USED)
