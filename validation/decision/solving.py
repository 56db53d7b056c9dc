"""Reaching targets and sharing them out: worked answers."""

import math
from collections.abc import Iterator

import numpy as np

from gateway.abatement.curve import Effect
from gateway.cities.problem import remaining_fall
from gateway.cities.profiles import yearly_rate
from gateway.cities.rounding import apportion
from gateway.cities.sharing import Combination, Line, fall_combination, solve
from gateway.cities.weights import composite, entropies, entropy_weights, min_max
from gateway.compare.shapley import exact, plain
from gateway.solve.method.conflict import conflict_sets
from gateway.solve.method.corner import Signs
from gateway.solve.method.least import Aim, least
from gateway.solve.method.nearest import Shortfall, nearest
from services.common.annuity import capital_recovery_factor
from tests.gateway import test_carbon_peak
from tests.gateway.abatement.test_curve import M2
from tests.gateway.cities.test_sharing import CO2, GDP, LATER
from tests.gateway.solve.plain import USUAL, do, task
from tests.gateway.solve.test_known_answers import opposed, total
from validation.comparison import Comparison, near
from validation.decision.rows import row


def rows() -> Iterator[Comparison]:
    """Solving, costs, cities, the carbon peak."""
    yield from _solved()
    yield from _conflict()
    yield from _abatement()
    yield from _cities()
    yield from _carbon_peak()


def _solved() -> Iterator[Comparison]:
    curved = lambda x: [1 - (1 - 0.5 * x[0]) * (1 - 0.4 * x[1])]  # noqa: E731
    for case, zh, en, point, known, width, source in (
        ("least_change", "两个抓手之和不小于 1.2，改动最小", "Two levers that must sum to 1.2, least change",
         do(least(task(total, [0.1, 0.1], [1.2]), Aim.LEAST_CHANGE)), (0.6, 0.6), 1e-6, "Projection on a line"),
        ("bound", "两个抓手之和不小于 1.2，其一以 0.4 为限", "Two levers that must sum to 1.2, one bound at 0.4",
         do(least(task(total, [0.1, 0.1], [1.2], high=[0.4, 1.0]), Aim.LEAST_CHANGE)), (0.4, 0.8), 1e-6, "Bound active"),
        ("weights", "两个抓手之和不小于 1.2，权重 2 与 1，平方最小", "Two levers that must sum to 1.2, weights 2 and 1, squares",
         do(least(task(total, [0.1, 0.1], [1.2], weight=[2, 1]), Aim.LEAST_CHANGE)), (0.3, 0.9), 1e-6, "Lagrange, by hand"),
        ("few_levers", "两个抓手之和不小于 1.2，权重 2 与 1，尽量少动", "Two levers that must sum to 1.2, weights 2 and 1, few levers",
         do(least(task(total, [0.1, 0.1], [1.2], weight=[2, 1]), Aim.FEW_LEVERS)), (0.2, 1.0), 1e-6, "Linear programme, by hand"),
        ("curved", "弯曲的目标（精确设置）", "A curved goal (tight settings)",
         do(least(task(curved, [0, 0], [0.55]), Aim.LEAST_CHANGE)), (0.880313, 0.490510), 1e-5, "Lagrange conditions solved to six digits"),
        ("curved_usual", "弯曲的目标（日常设置）", "A curved goal (usual settings)",
         do(least(task(curved, [0, 0], [0.55], tuning=USUAL), Aim.LEAST_CHANGE)), (0.880313, 0.490510), 2e-2, "Lagrange conditions solved to six digits; limit of the test at usual settings"),
    ):  # fmt: skip
        for k in range(2):
            yield row(f"solve.{case}.{k + 1}", f"{zh}：抓手 {k + 1}", f"{en}: lever {k + 1}", "", source,
                      near(point.x[k], known[k], absolute=width))  # fmt: skip


def _conflict() -> Iterator[Comparison]:
    """Two goals that cannot both be met."""
    planted = task(opposed, [0, 0], [0.70, 0.75])
    point = do(nearest(planted, Shortfall.SQUARES, planted.space.start))
    source = "Least squares of the shortfalls, worked to four digits"
    for k, (x, short) in enumerate(zip((0.5955, 0.549), (0.176, 0.226), strict=True)):
        yield row(f"solve.nearest.{k + 1}", f"相互矛盾的目标，最近点：抓手 {k + 1}", f"Goals in conflict, nearest point: lever {k + 1}",
                  "", source, near(point.x[k], x, absolute=5e-4))  # fmt: skip
        yield row(f"solve.shortfall.{k + 1}", f"相互矛盾的目标，欠缺 {k + 1}", f"Goals in conflict, shortfall {k + 1}", "", source,
                  near(-point.g[k], short, absolute=5e-4))  # fmt: skip
    wider = task(lambda x: [*opposed(x), x[0] + x[1]], [0, 0], [0.70, 0.75, 0.3])
    point = do(nearest(wider, Shortfall.SQUARES, wider.space.start))
    found = do(conflict_sets(wider, point, Signs(3, 2)))
    right = len(found) == 1 and found[0].goals == (0, 1) and found[0].proved
    yield row("solve.conflict", "在三个目标中找出并证明矛盾的一对（1 为是）", "The pair in conflict among three goals is found and proved (1: yes)",
              "", "Planted conflict", near(float(right), 1.0))  # fmt: skip


def _abatement() -> Iterator[Comparison]:
    for rate, years, known in (
        (0.08, 20, 0.101852208823),
        (0.05, 20, 0.080242587191),
        (0.08, 10, 0.149029488697),
    ):
        yield row(f"annuity.{100 * rate:g}.{years}", f"资本回收系数：{100 * rate:g}%，{years} 年", f"Capital recovery factor at {100 * rate:g} % over {years} years",
                  "1/yr", "r / (1 - (1 + r)^-n)", near(capital_recovery_factor(rate, years), known, absolute=1e-12))  # fmt: skip
    found = exact(plain(2), {m: np.array(v, float) for m, v in M2.items()})
    pair = [Effect(-r[0], r[1]) for r in found]
    for name, one, (t, cost, height) in zip(
        ("heat_pumps", "clean_power"), pair, ((6, 5.5, 0.916666667), (24, 9.5, 0.395833333)), strict=True
    ):
        zh = "热泵" if name == "heat_pumps" else "清洁电力"
        en = name.replace("_", " ")
        source = "Two measures, four coalitions, by hand"
        yield row(f"abatement.{name}.tonnes", f"相互作用的两项措施，{zh}：减排", f"Two measures that interact, {en}: CO2", "t", source, near(one.abatement_tco2, t, share=1e-6))  # fmt: skip
        yield row(f"abatement.{name}.cost", f"相互作用的两项措施，{zh}：成本", f"Two measures that interact, {en}: cost", "CNY", source, near(one.cost_cny, cost, share=1e-6))  # fmt: skip
        yield row(f"abatement.{name}.height", f"相互作用的两项措施，{zh}：单位成本", f"Two measures that interact, {en}: cost per tonne", "CNY/t", source, near(one.height(0) or 0.0, height, share=1e-6))  # fmt: skip


def _cities() -> Iterator[Comparison]:
    """Yearly rates, one factor for all cities, whole units, weights by entropy."""
    for fall, rate in ((14, 2.971417), (18, 3.891285), (20.5, 4.484594)):
        yield row(f"cities.rate.{fall:g}", f"五年下降 {fall:g}% 的年均降幅", f"Yearly rate of a fall by {fall:g} % in five years", "%",
                  "1 - (1 - f)^(1/5)", near(100 * yearly_rate(fall / 100, 5), rate, absolute=5e-7))  # fmt: skip
    left = remaining_fall(0.18, 0.06)
    yield row("cities.remaining", "18% 已完成 6%，余下降幅", "What remains of 18 % when 6 % are done", "%", "1 - 0.82 / 0.94",
              near(100 * left, 12.765957, absolute=5e-7))  # fmt: skip
    combination = fall_combination(CO2, GDP, LATER)
    yield row("cities.equal", "三市各降 18%，全省降幅", "Province when three cities fall by 18 % each", "share",
              "Growth differs, so the province misses it; by hand", near(combination.value((0.18,) * 3), 0.17319256, absolute=5e-9))  # fmt: skip
    found = solve(combination, [Line(0.0, effort, -1.0, 1.0) for effort in (1.0, 1.1, 0.9)], 0.18)
    for k, known in enumerate((18.465392, 20.311931, 16.618853)):
        yield row(f"cities.share.{k + 1}", f"努力程度不同的三市，城市 {k + 1} 的降幅", f"Three cities of different effort, fall of city {k + 1}", "%",
                  "One factor for all cities, by hand", near(100 * found.numbers[k], known, absolute=5e-7))  # fmt: skip
    yield row(
        "cities.reached",
        "三市合成的全省降幅",
        "Fall of the province by these",
        "share",
        "Asked: 18 %",
        near(found.reached, 0.18, absolute=2e-16),
    )
    codes = ("320100", "320200", "320300")
    for case, whole, weights, parts in (
        ("plain", 10, (3.33, 3.33, 3.34), (3, 3, 4)),
        ("large", 25, (1, 3, 6), (3, 7, 15)),
        ("paradox", 11, (6, 6, 2), (5, 5, 1)),
    ):
        units = apportion(whole, weights, codes)
        yield row(f"cities.apportion.{case}", f"{whole} 个单位分给三市，与手算一致的个数", f"{whole} units for three cities: as many as by hand", "cities",
                  "Largest remainder, by hand", near(sum(a == b for a, b in zip(units, parts, strict=True)), 3))  # fmt: skip
    columns = tuple(zip((10, 0.5, 8), (6, 0.8, 5), (3, 0.9, 2), (1, 0.4, 9), strict=True))
    weights = entropy_weights(columns)
    scores = composite([min_max(c) for c in columns], weights)
    for what, zh, en, values, known in (
        ("entropy", "熵", "entropy", entropies(columns), (0.683157, 0.680482, 0.752620)),
        ("weight", "熵权", "weight by entropy", weights, (0.358525, 0.361552, 0.279923)),
        ("score", "综合得分", "composite score", scores, (0.670769, 0.608389, 0.441224, 0.279923)),
    ):
        for k, expected in enumerate(known):
            yield row(f"cities.{what}.{k + 1}", f"熵权法的{zh} {k + 1}", f"Entropy method, {en} {k + 1}", "", "Shannon entropy of four cities, by hand",
                      near(values[k], expected, absolute=5e-7))  # fmt: skip
    one = Combination((1.0,) * 3)
    poured = solve(one, [Line(0.0, w, 0.0, h) for w, h in ((1.0, 2.0), (1.0, 10.0), (2.0, 10.0))], 12.0)
    yield row("cities.water_filling", "一市到上限后其余各市分担之和", "Shares when one city is at its bound, summed", "", "Asked: 12",
              near(math.fsum(poured.numbers), 12.0, absolute=1e-9))  # fmt: skip


def _carbon_peak() -> Iterator[Comparison]:
    """Series whose carbon peak can be seen."""
    found = test_carbon_peak.found
    for case, zh, en, values, known in (
        ("triangle", "三角形序列", "A triangle", [80, 90, 100, 90, 80, 70],
         {"year": 2022, "plateau_first_year": 2022, "plateau_last_year": 2022, "steady_fall_year": 2023, "second_peak_year": 0}),
        ("flat_top", "六年平台", "A flat top of six years", [90, 99.5, 99.5, 100, 99.5, 99.5, 99.5, 90, 80, 70],
         {"year": 2023, "plateau_first_year": 2021, "plateau_last_year": 2026, "steady_fall_year": 2027, "second_peak_year": 0}),
        ("double", "双峰", "A W", [90, 100, 95, 99, 90, 80, 70], {"year": 2021, "second_peak_year": 2023, "steady_fall_year": 2024}),
        ("earliest", "两个相等的最大值取最早", "The earliest of equal maxima", [90, 100, 95, 100, 80, 70, 60], {"year": 2021}),
    ):  # fmt: skip
        peak = found(values)
        for name, year in known.items():
            what = {
                "year": ("碳达峰年份", "year of the carbon peak"),
                "plateau_first_year": ("平台期首年", "first year of the plateau"),
                "plateau_last_year": ("平台期末年", "last year of the plateau"),
                "steady_fall_year": ("持续下降首年", "first year of the steady fall"),
                "second_peak_year": ("第二峰年份（0 为无）", "year of a second maximum (0: none)"),
            }[name]
            yield row(f"carbon_peak.{case}.{name}", f"{zh}：{what[0]}", f"{en}: {what[1]}", "", "Rules of the carbon peak, by eye",
                      near(getattr(peak, name), year))  # fmt: skip
