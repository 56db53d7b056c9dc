"""Sensitivities through the design's own path: Ishigami's function, whose indices are known."""

from collections.abc import Iterator

import numpy as np
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample
from scipy import stats

from services.common.words import Label
from tests.gateway.ensemble import opening
from validation.comparison import Chart, Comparison, Piece, Series, near
from validation.context import Context
from validation.decision.rows import row

ANALYTIC = "Ishigami and Homma 1990, a = 7, b = 0.1, variance shares in closed form"
SALIB = "SALib, same sample and seed, called by itself"


def rows(context: Context) -> Iterator[Piece]:
    """Sobol, pairs, given data and Morris."""
    world = opening.jiangsu()
    with opening.without_inputs_of_the_region():
        yield from _sobol(world, context.quick)
        yield from _pairs(world)
        yield from _given(world)
        yield from _morris(world)
        if not context.quick:
            yield from _coverage(world)


def _sobol(world: opening.World, quick: bool) -> Iterator[Piece]:
    # Limits of the tests for these numbers of members.
    count, within = (1024, 0.03) if quick else (4096, 0.01)
    design = opening.open_raw(
        {"sobol": {"base_count": count, "seed": 2, "own_inputs": opening.own(world, 3)}}, world
    )
    found = {
        i.input_id: i for i in opening.told(design, opening.ishigami(opening.cube(world, design, 3))).inputs
    }
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    drawn = sobol_sample.sample(problem, count, calc_second_order=False, seed=2)
    theirs = sobol_analysis.analyze(
        problem, opening.ishigami(drawn), calc_second_order=False, num_resamples=100, seed=3
    )
    ours: dict[str, list[float]] = {"first": [], "total": []}
    for k, lever in enumerate(opening.LEVERS[:3]):
        one = found[lever]
        for what, figure, reference, other in (
            ("first", one.first_order_share, opening.FIRST[k], theirs["S1"][k]),
            ("total", one.total_share, opening.TOTAL[k], theirs["ST"][k]),
        ):
            zh = "一阶" if what == "first" else "总"
            ours[what].append(float(figure))
            yield row(f"sobol.{what}.{k + 1}", f"Ishigami 函数输入 {k + 1} 的{zh}指数（{count} 组）",
                      f"Ishigami's function, {what} index of input {k + 1} ({count} rows)", "share", ANALYTIC,
                      near(figure, reference, absolute=within))  # fmt: skip
            yield row(f"sobol.{what}.{k + 1}.library", f"同一样本，输入 {k + 1} 的{zh}指数",
                      f"Same sample, {what} index of input {k + 1}", "share", SALIB, near(figure, other, absolute=1e-9), "method")  # fmt: skip
        yield row(f"sobol.half_width.{k + 1}", f"输入 {k + 1} 总指数的区间半宽", f"Half width of the total index of input {k + 1}",
                  "share", SALIB, near(one.total_half_width_share, theirs["ST_conf"][k], absolute=1e-9), "method")  # fmt: skip
    names = [f"{zh} {en} {k}" for zh, en in (("一阶", "first"), ("总", "total")) for k in (1, 2, 3)]
    yield Chart(
        "decisions-sobol",
        "bars",
        Label("Ishigami 函数的 Sobol 指数", "Sobol indices of Ishigami's function"),
        Label("方差份额", "share of the variance"),
        Label("指数", "index"),
        (
            Series(Label("本软件", "Dafeng"), names, ours["first"] + ours["total"]),
            Series(Label("解析值", "analytic"), names, [*opening.FIRST, *opening.TOTAL]),
        ),
    )


def _pairs(world: opening.World) -> Iterator[Comparison]:
    raw = {"sobol": {"base_count": 256, "seed": 2, "own_inputs": opening.own(world, 3), "second_order": True}}
    design = opening.open_raw(raw, world)
    first = opening.told(design, opening.ishigami(opening.cube(world, design, 3))).pairs[0]
    assert {first.first_input_id, first.second_input_id} == {opening.LEVERS[0], opening.LEVERS[2]}
    yield row("sobol.pair", "输入 1 与 3 的二阶指数（256 组，限值为其区间半宽）",
              "Second-order index of inputs 1 and 3 (256 rows; limit: its own half width)", "share", ANALYTIC,
              near(first.share, 0.243684, absolute=first.half_width_share))  # fmt: skip


def _given(world: opening.World) -> Iterator[Comparison]:
    raw = {"random": {"member_count": 4096, "seed": 1, "own_inputs": opening.own(world, 3)}}
    design = opening.open_raw(raw, world)
    y = opening.ishigami(opening.cube(world, design, 3))
    found = {i.input_id: i for i in opening.told(design, y).inputs}
    for k, lever in enumerate(opening.LEVERS[:3]):
        yield row(f"given_data.{k + 1}", f"既有样本的一阶指数，输入 {k + 1}（4096 个成员）",
                  f"First-order index from given data, input {k + 1} (4,096 members)", "share", ANALYTIC,
                  near(found[lever].first_order_share or 0.0, opening.FIRST[k], absolute=0.01))  # fmt: skip
    ranks = stats.spearmanr(design.shares(0, design.member_count)[:, 0], y).statistic
    yield row("given_data.rank", "输入 1 的秩相关", "Rank correlation of input 1", "ratio", "scipy.stats.spearmanr, same sample",
              near(found[opening.LEVERS[0]].rank_correlation or 0.0, ranks, share=1e-9), "method")  # fmt: skip


def _morris(world: opening.World) -> Iterator[Comparison]:
    """y = 3a - 2b + 4ac on levels of eighths: b moves y by 1.5 whatever the others are, a by 0.75 (3 + 4c)."""
    raw = {"morris": {"trajectory_count": 60, "seed": 4, "own_inputs": opening.own(world, 4)}}
    design = opening.open_raw(raw, world)
    u = opening.cube(world, design, 4)
    found = opening.told(design, 3 * u[:, 0] - 2 * u[:, 1] + 4 * u[:, 0] * u[:, 2])
    a, b, _, d = sorted(found.inputs, key=lambda i: opening.LEVERS.index(i.input_id))
    source = "y = 3a - 2b + 4ac, effects between the middles of quarters, worked by hand"
    for case, zh, en, figure, fields in (
        ("a", "相互作用的输入 a 的平均效应", "Mean effect of a, which interacts", a.mean_effect, near(a.mean_effect or 0.0, 0.75 * 5, share=0.1)),
        ("b", "线性输入 b 的平均效应", "Mean effect of b, which is linear", b.mean_effect, near(b.mean_effect or 0.0, 1.5, share=1e-6)),
        ("b_spread", "线性输入 b 的效应离散", "Spread of the effect of b", b.effect_spread, near(b.effect_spread or 0.0, 0.0, absolute=1e-9)),
        ("d", "无作用输入 d 的平均效应", "Mean effect of d, which does nothing", d.mean_effect, near(d.mean_effect or 0.0, 0.0, absolute=1e-9)),
    ):  # fmt: skip
        assert figure is not None
        yield row(f"morris.{case}", zh, en, "", source, fields)


def _coverage(world: opening.World) -> Iterator[Comparison]:
    """How often intervals of 40 samples hold the analytic indices."""
    held, seeds = np.zeros(2), 40
    for seed in range(1, seeds + 1):
        raw = {"sobol": {"base_count": 1024, "seed": seed, "own_inputs": opening.own(world, 3)}}
        design = opening.open_raw(raw, world)
        y = opening.ishigami(design.shares(0, design.member_count))
        found = {i.input_id: i for i in opening.told(design, y).inputs}
        for k, lever in enumerate(opening.LEVERS[:3]):
            one = found[lever]
            held[0] += abs(one.first_order_share - opening.FIRST[k]) <= one.first_order_half_width_share
            held[1] += abs(one.total_share - opening.TOTAL[k]) <= one.total_half_width_share
    for what, count in zip(("first", "total"), held, strict=True):
        zh = "一阶" if what == "first" else "总"
        yield Comparison(
            f"decisions.sobol.coverage.{what}",
            Label(
                f"{seeds} 个样本的{zh}指数区间含解析值的比例（名义 95%）",
                f"Share of {3 * seeds} intervals of {what} indices that hold the analytic value (nominal 95 %)",
            ),
            figure=float(count) / (3 * seeds),
            reference=0.95,
            unit="share",
            source=ANALYTIC,
            grade="exact",
            remark=Label(
                "区间由自助法得出，把准随机样本当作随机样本，偏宽；没有可用的限值",
                "the intervals come from a bootstrap that takes the quasi-random sample for a random one, which makes them wide: no "
                "limit can be given",
            ),
        )
