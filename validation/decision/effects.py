"""Shares of a difference: logarithmic mean index, Shapley values, and both of real scenarios through the gateway."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2
from gateway.compare.lmdi import chained, effects, log_mean
from gateway.compare.shapley import exact, last_in, order_of, plain, sampled, standalone
from services.common.arrays import FloatArray
from services.common.words import Label
from tests.gateway.compare import test_attribute, test_lmdi, test_shapley
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.context import Context
from validation.decision.rows import row
from validation.from_tests import digits, examples, spread

SUM_LIMIT = 1e-12
MODEL_LIMIT = 1e-9
LEVERS = {
    "transport.nev_sales_share_private_car": Label("新能源私人乘用车", "new-energy private cars"),
    "power.onshore_wind_capacity": Label("陆上风电", "onshore wind"),
    "buildings.heat_pump_share_new": Label("新增热泵", "heat pumps"),
}


def rows(context: Context) -> Iterator[Piece]:
    """Worked answers, random ones, then the model's own differences."""
    yield from _lmdi_by_hand()
    yield from _shapley_by_hand()
    yield from _random(context.quick)
    if not context.quick:
        yield from _decomposed(context)
        yield from _attributed(context)


def _lmdi_by_hand() -> Iterator[Comparison]:
    column = test_lmdi.column
    source = "Ang, LMDI-I: L(a, b) ln(x1 / x0), worked by hand to twelve digits"
    mean = log_mean(1200 * 0.45 * 0.6, 1000 * 0.5 * 0.8)
    yield row("lmdi.log_mean", "324 与 400 的对数平均", "Logarithmic mean of 324 and 400", "t", source,
              near(mean, 360.666420079, absolute=1e-8))  # fmt: skip
    found = effects(column(1000, 0.5, 0.8), column(1200, 0.45, 0.6)).ravel()
    for k, (zh, en, value) in enumerate(
        (("活动", "activity", 65.757263192), ("强度", "intensity", -38.0), ("因子", "factor", -103.757263192))
    ):
        yield row(f"lmdi.three_factors.{k}", f"三因素分解的{zh}效应", f"Three factors, effect of {en}", "t", source,
                  near(found[k], value, absolute=1e-8))  # fmt: skip
    yield row("lmdi.three_factors.sum", "三因素效应之和", "Three factors, sum", "t", "Arithmetic: 324 - 400",
              near(math.fsum(found), -76.0, absolute=1e-12))  # fmt: skip
    from_zero = effects(column(1000, 0.3, 0.2, 0.0), column(1200, 0.4, 0.2, 0.3)).ravel()
    yield row("lmdi.from_zero", "从零开始的一项：全部变化归于曾为零的因素", "A term that begins at zero: all to the factor that was zero",
              "t", "Limit of LMDI-I at zero", near(from_zero[3], 28.8, absolute=1e-12))  # fmt: skip


def _shapley_by_hand() -> Iterator[Comparison]:
    values, players = test_shapley.game(test_shapley.A1), plain(3)
    names = (("电动车", "electric cars"), ("清洁电力", "clean power"), ("热泵", "heat pumps"))
    for what, zh, en, found, expected in (
        ("value", "沙普利值", "Shapley value", exact(players, values), (-11.0, -29.5, -3.5)),
        ("alone", "单独引入", "alone", standalone(players, values), (-6.0, -20.0, 2.0)),
        ("last", "最后引入", "last in", last_in(players, values), (-17.0, -40.0, -10.0)),
    ):
        for k, (name_zh, name_en) in enumerate(names):
            yield row(f"shapley.three_levers.{what}.{k}", f"三个相互作用的抓手，{name_zh}：{zh}",
                      f"Three levers that interact, {name_en}: {en}", "t", "All eight coalitions, worked by hand",
                      near(found.ravel()[k], expected[k], absolute=1e-12))  # fmt: skip
    ends = ((1000, 1200), (0.5, 0.45), (0.8, 0.6))
    product = test_shapley.game({m: math.prod(e[m >> k & 1] for k, e in enumerate(ends)) for m in range(8)})
    for k, value in enumerate((66.666666667, -38.333333333, -104.333333333)):
        yield row(f"shapley.product.{k}", f"乘积的沙普利值，因素 {k + 1}", f"Shapley value of a product, factor {k + 1}", "t",
                  "Sun 1998, complete decomposition, worked by hand", near(exact(plain(3), product).ravel()[k], value, absolute=1e-8))  # fmt: skip


def _random(quick: bool) -> Iterator[Piece]:
    count = 20 if quick else 400
    factor = test_lmdi.FACTOR
    terms = st.lists(st.tuples(*[st.tuples(factor, factor, factor)] * 4), min_size=1, max_size=4)
    shown = []
    for case, zh, en, source, values in (
        ("lmdi.random", "LMDI 各效应之和与变化之差占规模", "effects of LMDI less the change, over the size",
         "Arithmetic: effects of every term sum to its change, in one step and in two",
         [_lmdi_gap(one) for one in examples(terms, count)]),
        ("shapley.efficiency", "沙普利值之和与总差之差占规模", "Shapley values summed less the total, over the size",
         "Axiom of efficiency, all coalitions", [_efficiency(*one) for one in examples(test_shapley.games(), count)]),
        ("shapley.orders", "沙普利值与全部排列的均值之差占规模", "Shapley values less the mean over every order, over the size",
         "Definition: mean of what a player adds over every order", [_orders(*one) for one in examples(test_shapley.games(), count)]),
        ("shapley.sampled", "抽样沙普利值之和与总差之差占规模", "sampled Shapley values summed less the total, over the size",
         "Efficiency of every sampled order; limit of the test 1e-11", [_sampled_gap(*one) for one in examples(test_shapley.games(3, 5), count)]),
    ):  # fmt: skip
        limit = 1e-11 if case == "shapley.sampled" else SUM_LIMIT
        for which, fields in spread(values, limit).items():
            worst = which == "worst"
            yield row(f"{case}.{which}", f"{len(values)} 个随机算例，{zh}：{'最大' if worst else '中位'}",
                      f"{len(values)} random cases, {en}: {which}", "share", source, fields)  # fmt: skip
        shown.append(Series(Label(zh, en), *digits(values)))
    yield Chart(
        "decisions-effects",
        "lines",
        Label(
            "随机算例中分解之和与总差一致的位数",
            "Digits to which shares of a difference sum to it, random cases",
        ),
        Label("算例所占比例（从最差起），%", "share of the cases, the worst first, %"),
        Label("一致的十进制位数（限值为 12）", "decimal digits that agree (limit 12)"),
        shown,
    )


def _lmdi_gap(terms: list[Any]) -> float:
    before, middle, after = (np.array([[t[k][p] for t in terms] for k in range(4)]) for p in range(3))
    change = np.prod(after, axis=0) - np.prod(before, axis=0)
    size = (np.prod(after, axis=0) + np.prod(before, axis=0) + np.prod(middle, axis=0)).max()
    both = (effects(before, after), chained([before, middle, after]))
    return max(float(np.abs(e.sum(axis=0) - change).max()) for e in both) / size if size else 0.0


def _size(values: dict[int, FloatArray]) -> float:
    return max(float(np.abs(v).max()) for v in values.values()) + 1


def _efficiency(count: int, values: dict[int, FloatArray]) -> float:
    found = exact(plain(count), values)
    total = values[2**count - 1] - values[0]
    return max(abs(math.fsum(found[:, c]) - total[c]) for c in range(2)) / _size(values)


def _orders(count: int, values: dict[int, FloatArray]) -> float:
    gap = exact(plain(count), values) - test_shapley.by_all_orders(count, values)
    return float(np.abs(gap).max()) / _size(values)


def _sampled_gap(count: int, values: dict[int, FloatArray]) -> float:
    players, ids = plain(count), [f"lever{i}" for i in range(count)]
    drawn = (order_of(players, ids, 1, k) for k in range(3))
    found, _ = sampled([o for order in drawn for o in (order, order[::-1])], values)
    total = values[players.whole] - values[0]
    return float(np.abs(found.sum(axis=0) - total).max()) / _size(values)


def _decomposed(context: Context) -> Iterator[Comparison]:
    """Changes of CO2 of Jiangsu, planned, through the gateway."""
    frame = common_pb2.Frame(region="jiangsu", last_year=2031)
    planned, frozen = (common_pb2.Scenario(baseline=b) for b in ("planned", "frozen"))
    direct, attributed = comparison_pb2.ACCOUNT_BOUNDARY_DIRECT, comparison_pb2.ACCOUNT_BOUNDARY_ATTRIBUTED
    for case, zh, en, request in (
        ("yearly", "2020–2025，逐年", "2020 to 2025, year by year", {"to_year": 2025, "boundary": direct}),
        ("end_points", "2020–2025，首尾", "2020 to 2025, end points", {"to_year": 2025, "boundary": direct, "steps": comparison_pb2.STEPS_END_POINTS}),
        ("attributed", "2020–2025，按用途", "2020 to 2025, by use", {"to_year": 2025, "boundary": attributed}),
        ("two_scenarios", "2025 年规划与冻结", "planned and frozen in 2025", {"to_year": 2025, "other": frozen}),
    ):  # fmt: skip
        found = context.client.comparison.decompose(
            comparison_pb2.DecomposeRequest(frame=frame, scenario=planned, **request)  # type: ignore[arg-type]
        )
        parts = [s.change_tco2 for f in found.factors for s in f.sectors] + [
            a.change_tco2 for a in found.apart
        ]
        gap = abs(math.fsum(parts) - (found.to_tco2 - found.from_tco2)) / found.to_tco2
        yield row(f"decompose.{case}", f"江苏 CO2 变化的因素分解（{zh}）：之和与变化之差占排放",
                  f"Change of Jiangsu's CO2 by factor ({en}): sum less change, over the CO2", "share",
                  "Arithmetic: effects and what stands apart sum to the change", at_most(gap, MODEL_LIMIT))  # fmt: skip


def _attributed(context: Context) -> Iterator[Piece]:
    """Three levers of Jiangsu: every metric, all eight coalitions; the first metric is shown."""
    settings = [common_pb2.LeverSetting(**s) for s in test_attribute.THREE]
    found = context.client.comparison.attribute(
        comparison_pb2.AttributeRequest(
            frame=common_pb2.Frame(region="jiangsu", last_year=2031),
            base=common_pb2.Scenario(name="before"),
            changed=common_pb2.Scenario(name="after", settings=settings),
            years=test_attribute.YEARS,
            all_metrics=True,
        )
    )
    years, players = len(found.years), len(found.contributors)
    worst = 0.0
    for m in found.metrics:
        base, changed = np.array(m.base_values), np.array(m.changed_values)
        parts = np.array(m.contributions).reshape(players, years).sum(axis=0)
        size = max(float(np.maximum(np.abs(base), np.abs(changed)).max()), 1e-12)
        worst = max(worst, float(np.abs(parts - (changed - base)).max()) / size)
    yield row("attribute.sum", f"三个抓手对 {len(found.metrics)} 个指标的贡献之和与差之差占规模（最大）",
              f"Three levers, {len(found.metrics)} metrics: contributions summed less the difference, over the size (largest)",
              "share", "Axiom of efficiency on eight projections", at_most(worst, MODEL_LIMIT))  # fmt: skip
    first = found.metrics[0]
    sectors = np.sum([s.direct_tco2 for s in found.sectors], axis=0)
    gap = np.array(first.changed_values) - np.array(first.base_values)
    yield row("attribute.sectors", "各部门差之和与全省差之差占差（最大）", "Differences of the sectors summed less that of the province, over it (largest)",
              "share", "Arithmetic: sum over sectors", at_most(float(np.abs(sectors / gap - 1).max()), MODEL_LIMIT))  # fmt: skip
    names = [LEVERS[c.contributor_id] for c in found.contributors]
    parts = np.array(first.contributions).reshape(players, years)[:, 0] / 1e6
    alone = np.array(first.standalone).reshape(players, years)[:, 0] / 1e6
    yield Chart(
        "decisions-attribute",
        "bars",
        Label(
            f"三个抓手对江苏 {found.years[0]} 年 CO2 差的贡献",
            f"What three levers contribute to the difference of CO2 in {found.years[0]}",
        ),
        Label("Mt", "Mt"),
        Label("抓手", "lever"),
        tuple(
            Series(label, [f"{n.zh} {n.en}" for n in names], values.tolist())
            for label, values in (
                (Label("沙普利值", "Shapley value"), parts),
                (Label("单独引入", "alone"), alone),
            )
        ),
    )
