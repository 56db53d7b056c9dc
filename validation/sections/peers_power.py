"""Side by side with peers, power: PyPSA and HiGHS alone on the same generated years: results and CPU time of one run."""

import importlib.util
import logging
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

import highspy
import numpy as np

from benchmarks.bench_dispatch import highs, year
from benchmarks.bench_gaps import generated
from benchmarks.bench_peers import own_run, solved_network
from services.common.power_outcome import DispatchMode
from services.common.words import Label
from services.power.instance.result import DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance
from tests.services.power.lp import optimum
from tests.services.power.test_dispatch_against_lp import TWO_STORES
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, at_most, near
from validation.context import Context
from validation.sections.dispatch_rows import BELOW_SHARE, CAPTURED_SHARE, CNY, UNIT

YEARS, QUICK_YEARS = ("2025", "2035", "2050"), ("2025",)
HIGHS = f"HiGHS {highspy.Highs().version()}, default method, same input"
# The schedule of the accurate mode when it is asked to go on to the optimum.
TIGHT_SHARE = 1e-7
# Optima differ among themselves where plants or hours of the same cost stand for each other.
BLOCK_SHARE, CYCLE_SHARE = 1e-4, 0.01
PEERS_SHARE = 1e-6
FAST, ACCURATE, TIGHT = "fast", "accurate", "to_optimum"
ASKED = {
    FAST: (DispatchMode.FAST, None, Label("快速模式", "fast mode")),
    ACCURATE: (DispatchMode.ACCURATE, None, Label("精确模式", "accurate mode")),
    TIGHT: (DispatchMode.ACCURATE, TIGHT_SHARE, Label("精确模式、求至最优", "accurate mode, on to the optimum")),
}  # fmt: skip
# Above it there are many hours at price zero, in which stores may turn free energy over or leave it.
FREE_SHARE = 0.05
NOT_UNIQUE = Label(
    "弃电多，零价时段内储能是否循环不影响成本，最优解不唯一，故不设限值",
    "much is curtailed: in hours at price zero stores may cycle or not at the same cost, so that the optimum is not the "
    "only one and there is no limit",
)
MEASURED = Label(
    "本次运行中测得的单线程 CPU 时间之比，随机器而变，故不设限值",
    "CPU time in one thread, measured in this run; it differs from machine to machine, so that there is no limit",
)


STORE_WORDS = (Label("电池", "batteries"), Label("抽水蓄能", "pumped storage"))


@dataclass(frozen=True)
class Peer:
    """What a peer found of a year: cost, CNY; energies, MWh, that of variable plants less surplus; CPU time, s."""

    name: str
    source: str
    cost_cny: float
    blocks_mwh: Mapping[str, float]
    variable_mwh: float
    stores_mwh: Mapping[str, float]
    unserved_mwh: float
    seconds: float


@dataclass
class Found:
    """What is shown of all years."""

    own_twh: list[float] = field(default_factory=list)
    peer_twh: list[float] = field(default_factory=list)
    ratios: dict[str, list[float]] = field(default_factory=dict)


def run(context: Context) -> Iterator[Piece]:
    """Every year by every peer, and the charts."""
    with_pypsa = importlib.util.find_spec("pypsa") is not None and not context.quick
    yield Paragraph(
        Label(
            "三个生成的年份（类似 2025、2035、2050 年的江苏：三类可变电源、十二个机组档位、两个储能、8,760 小时），"
            "输入完全相同。PyPSA 计时含建模与求解，HiGHS 自建好的矩阵起计时，本软件自负荷起计时。",
            "Three generated years (like Jiangsu in 2025, 2035 and 2050: three variable sources, twelve blocks, two stores, "
            "8,760 hours), the input the same for all. PyPSA is timed with building and solving, HiGHS from the finished "
            "matrices, this software from the load on.",
        )
    )
    if not with_pypsa:
        yield Paragraph(_why_not(context.quick))
    found = Found()
    years = QUICK_YEARS if context.quick else YEARS
    for name in years:
        yield from _year(name, with_pypsa, found)
    yield from _charts(years, found)


def _why_not(quick: bool) -> Label:
    if quick:
        return Label(
            "简要运行不含 PyPSA（每年约十秒）。", "A quick run leaves PyPSA out (some ten seconds a year)."
        )
    return Label(
        "未安装 PyPSA（pip install -e .[bench]），因此只与 HiGHS 比较。",
        "PyPSA is not installed (pip install -e .[bench]): only HiGHS stands beside.",
    )


def _year(name: str, with_pypsa: bool, found: Found) -> Iterator[Comparison]:
    instance = generated(name, False)
    load, variable, cap, stores = year(name)
    cost, alone, own_seconds = own_run(load, cap, stores, variable)
    peers = [_highs(instance, highs(load, cap, stores, variable))]
    if with_pypsa:
        peers.append(_pypsa(load, cap, stores, variable))
    results, seconds = {}, {}
    for key, (mode, tolerance, _) in ASKED.items():
        start = time.process_time()
        results[key] = dispatch(instance, mode, True, *(() if tolerance is None else (tolerance,)))
        seconds[key] = time.process_time() - start
    # HiGHS alone gives the least cost; where there is PyPSA, its schedule is the one compared.
    label = Label(f"类似 {name} 年", f"year like {name}")
    for peer in peers:
        yield from _results(name, label, peer, cost, alone, results)
        yield from _energies(name, label, peer, results, float(variable.sum()))
        yield _ratio(
            name, label, peer, own_seconds, "kernel", Label("预测所用调度", "dispatch of projections")
        )
        yield _ratio(
            name,
            label,
            peer,
            seconds[FAST],
            "general",
            Label("通用调度（快速模式）", "general dispatch, fast mode"),
        )
        found.ratios.setdefault(peer.name, []).append(peer.seconds / own_seconds)
    if with_pypsa:
        yield _row(
            f"agree.{name}", label, "PyPSA 与 HiGHS 的目标值", "objective of PyPSA beside that of HiGHS", UNIT,
            HIGHS, near(peers[1].cost_cny / CNY, peers[0].cost_cny / CNY, share=PEERS_SHARE),
        )  # fmt: skip
    for block, mwh in peers[-1].blocks_mwh.items():
        found.own_twh.append(_blocks(results[TIGHT])[block] / 1e6)
        found.peer_twh.append(mwh / 1e6)


def _results(
    name: str, year: Label, peer: Peer, cost: float, alone: float, results: Mapping[str, DispatchResult]
) -> Iterator[Comparison]:
    """Cost in all modes and the saving by stores."""
    case = f"{peer.name.lower()}.{name}"
    for key, words, figure, limit in (
        ("kernel", Label("预测所用调度", "dispatch of projections"), cost, TWO_STORES[0]),
        *(
            (key, ASKED[key][2], result.cost_cny, TWO_STORES[0] if key == FAST else TWO_STORES[1])
            for key, result in results.items()
        ),
    ):
        best = peer.cost_cny
        yield _row(
            f"cost.{case}.{key}", year,
            f"{words.zh}的成本与 {peer.name} 的目标值（至多高 {100 * limit:g} %）",
            f"cost of the {words.en} beside the objective of {peer.name} (at most {100 * limit:g} % above)",
            UNIT, peer.source,
            {
                "figure": figure / CNY,
                "reference": best / CNY,
                "low": best * (1 - max(BELOW_SHARE, PEERS_SHARE if peer.name == "PyPSA" else 0.0)) / CNY,
                "high": best * (1 + limit) / CNY,
            },
        )  # fmt: skip
    yield _row(
        f"captured.{case}", year,
        f"预测所用调度取得的储能可节约成本的比例（{peer.name} 为 1）",
        f"share of the possible saving by stores that the dispatch of projections captures ({peer.name}: 1)",
        "share", peer.source,
        {
            "figure": (alone - cost) / (alone - peer.cost_cny),
            "reference": 1.0,
            "low": CAPTURED_SHARE,
            "high": 1 + PEERS_SHARE,
        },
    )  # fmt: skip


def _energies(
    name: str, year: Label, peer: Peer, results: Mapping[str, DispatchResult], available_mwh: float
) -> Iterator[Comparison]:
    """Generation by block, wind and PV used, unserved energy, cycles of the stores."""
    case = f"{peer.name.lower()}.{name}"
    tight = results[TIGHT]
    load = tight.load_mwh
    for key in (FAST, TIGHT):
        apart = {b: _blocks(results[key])[b] - mwh for b, mwh in peer.blocks_mwh.items()}
        worst = max(apart, key=lambda b: abs(apart[b]))
        limit = BLOCK_SHARE if key == TIGHT else TWO_STORES[0]
        words = ASKED[key][2]
        yield _row(
            f"blocks.{case}.{key}", year,
            f"{words.zh}：差异最大的档位（{worst}）的发电量差，占全年用电量（{peer.name}）",
            f"{words.en}: generation of the block that differs most ({worst}) from {peer.name}, of the year's load",
            "share", peer.source, at_most(abs(apart[worst]) / load, limit),
        )  # fmt: skip
    yield _row(
        f"unserved.{case}", year, f"未供电量（{peer.name}）", f"unserved energy ({peer.name})", "GWh", peer.source,
        near(tight.unserved_mwh / 1e3, peer.unserved_mwh / 1e3, share=BLOCK_SHARE, absolute=1e-6 * load / 1e3),
    )  # fmt: skip
    unique = peer.variable_mwh > (1 - FREE_SHARE) * available_mwh
    used = sum(u.energy_mwh for u in tight.units if u.unit_id.startswith("variable")) - tight.surplus_mwh
    yield _row(
        f"variable.{case}", year, f"利用的风光电量（{peer.name}）", f"wind and PV used ({peer.name})", "TWh", peer.source,
        _unless(near(used / 1e6, peer.variable_mwh / 1e6, share=BLOCK_SHARE), unique), None if unique else NOT_UNIQUE,
    )  # fmt: skip
    for store, words in zip(tight.storages, STORE_WORDS, strict=True):
        size = store.discharged_mwh / store.cycles_count
        limits = near(store.cycles_count, peer.stores_mwh[store.storage_id] / size, share=CYCLE_SHARE)
        yield _row(
            f"cycles.{case}.{store.storage_id}", year,
            f"{words.zh}全年循环次数（{peer.name}）", f"cycles of the {words.en} in the year ({peer.name})",
            "", peer.source, _unless(limits, unique), None if unique else NOT_UNIQUE,
        )  # fmt: skip


def _unless(limits: Mapping[str, float], unique: bool) -> dict[str, float]:
    """The limits, or figure and reference alone where the optimum leaves them open."""
    return {name: value for name, value in limits.items() if unique or name in ("figure", "reference")}


def _ratio(name: str, year: Label, peer: Peer, own_seconds: float, which: str, words: Label) -> Comparison:
    return Comparison(
        f"peers_power.speed.{peer.name.lower()}.{name}.{which}",
        Label(
            f"{year.zh}：{peer.name} 的 CPU 时间是{words.zh}的倍数（{peer.seconds:.1f} s 与 {1e3 * own_seconds:.2f} ms）",
            f"{year.en}: CPU time of {peer.name} as a multiple of the {words.en} "
            f"({peer.seconds:.1f} s beside {1e3 * own_seconds:.2f} ms)",
        ),
        figure=peer.seconds / own_seconds,
        reference=1.0,
        unit="×",
        source=f"{peer.source}; both in this run",
        grade="method",
        remark=MEASURED,
    )


def _row(
    name: str,
    year: Label,
    zh: str,
    en: str,
    unit: str,
    source: str,
    limits: Mapping[str, float],
    remark: Label | None = None,
) -> Comparison:
    return Comparison(
        f"peers_power.{name}",
        Label(f"{year.zh}：{zh}", f"{year.en}: {en}"),
        unit=unit,
        source=source,
        grade="method",
        remark=remark,
        **limits,
    )


def _blocks(result: DispatchResult) -> dict[str, float]:
    """Energy of the blocks that cost something, MWh."""
    return _named({u.unit_id: u.energy_mwh for u in result.units}, "block")


def _named(energy_mwh: Mapping[str, float], first: str) -> dict[str, float]:
    return {name: mwh for name, mwh in energy_mwh.items() if name.startswith(first)}


def _highs(instance: DispatchInstance, timed: tuple[float, float]) -> Peer:
    """HiGHS alone: cost and time of the matrices built by hand, energies of the programme of the tests."""
    cost, seconds = timed
    found = optimum(instance)
    # What must run below zero load in the instance is no plant of the peers and costs nothing.
    assert abs(found.objective_cny / cost - 1) < PEERS_SHARE
    energy = {name: float(series.sum()) for name, series in found.series.items()}
    plants = {g.generator_id: energy[f"{g.generator_id}.output_mw"] for g in instance.generators}
    return Peer(
        "HiGHS",
        HIGHS,
        cost,
        _named(plants, "block"),
        sum(_named(plants, "variable").values()) - energy["surplus_mw"],
        {s.storage_id: energy[f"{s.storage_id}.discharge_mw"] for s in instance.storages},
        energy["unserved_mw"],
        seconds,
    )


def _pypsa(load: np.ndarray, cap: np.ndarray, stores: np.ndarray, variable: np.ndarray) -> Peer:
    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net, seconds = solved_network(load, cap, stores, variable)
        plants = {str(n): float(mwh) for n, mwh in net.generators_t.p.sum().items()}
        out = {str(n): float(mwh) for n, mwh in net.storage_units_t.p_dispatch.sum().items()}
    return Peer(
        "PyPSA",
        f"PyPSA {version('pypsa')} with {HIGHS}",
        float(net.objective),
        _named(plants, "block"),
        sum(_named(plants, "variable").values()) - plants["surplus"],
        out,
        plants["unserved"],
        seconds,
    )


def _charts(years: tuple[str, ...], found: Found) -> Iterator[Piece]:
    yield Chart(
        "peers-power-blocks",
        "match",
        Label("各年各档位的年发电量", "Generation of every block in every year"),
        Label("独立软件，TWh", "peer, TWh"),
        Label("本软件，TWh", "Dafeng, TWh"),
        [Series(Label("档位", "blocks"), found.peer_twh, found.own_twh)],
    )
    yield Chart(
        "peers-power-speed",
        "bars",
        Label("CPU 时间之比（预测所用调度为 1）", "CPU time, dispatch of projections = 1"),
        Label("倍", "times"),
        Label("", ""),
        [Series(Label(name, name), list(years), ratios) for name, ratios in found.ratios.items()],
    )


SECTION = Section(
    "peers_power",
    Label("与同类软件并列：电力", "Side by side with peers: power"),
    Label(
        "PyPSA 与 HiGHS 用同样输入得到的目标值、各档位发电量和储能循环次数，以及本次运行测得的速度之比。",
        "Objective, generation by block and cycles of stores of PyPSA and HiGHS with the same input, and the ratio of "
        "speeds measured in this run.",
    ),
    run,
    1.5,
)
