"""Percentiles, intervals and scores of warnings: known answers, coverage, calibration."""

from collections.abc import Iterator

import numpy as np
from scipy import stats

from gateway.ensemble.statistics import percentile, rank_interval
from gateway.targets.probability import wilson
from gateway.warning.probability import Seen, weigh, weighted_chance
from gateway.warning.scores import brier_score, score
from services.common.words import Label
from tests.gateway.ensemble.test_statistics import VALUES
from tests.gateway.warning import test_probability, test_scores
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.context import Context
from validation.decision.rows import row
from validation.from_tests import deviation, examples, spread

WILSON = "Wilson 1927, score interval at 95 %, worked to five digits"
WEIGHED = "Gaussian likelihood of one observation, worked by hand"


def rows(context: Context) -> Iterator[Piece]:
    """Percentiles, intervals with their coverage, Brier score, reweighing, calibration."""
    yield from _percentiles(context.quick)
    yield from intervals()
    yield from _scores()
    yield from _weights()
    yield from _calibration()


def _percentiles(quick: bool) -> Iterator[Comparison]:
    drawn = examples(VALUES, 40 if quick else 300)
    worst = [
        max(
            deviation(percentile(v, q), np.percentile(v, 100 * q), 1e-9, 1e-6)
            for q in (0.025, 0.1, 0.5, 0.9, 0.975)
        )
        for v in drawn
    ]
    for which, fields in spread(worst, 1e-9).items():
        yield row(f"percentile.{which}", f"{len(drawn)} 组随机数的五个分位数：{'最大' if which == 'worst' else '中位'}相对偏差",
                  f"Five percentiles of {len(drawn)} random sets: {which} relative deviation", "share",
                  "numpy.percentile (type 7), same values", fields, "method")  # fmt: skip


def intervals() -> Iterator[Piece]:
    """Ends and exact confidence of intervals of a chance and of a percentile."""
    for good, count, low, high in (
        (870, 1000, 0.84773, 0.88944),
        (8700, 10000, 0.86327, 0.87645),
        (0, 1000, 0.0, 0.00383),
        (3, 1000, 0.00102, 0.00878),
    ):
        found = wilson(good / count, count)
        for side, value, known in zip(("low", "high"), found, (low, high), strict=True):
            end = "下" if side == "low" else "上"
            yield row(f"wilson.{good}_of_{count}.{side}", f"{count} 个成员中 {good} 个达成：概率区间{end}限",
                      f"{good} of {count} members: {side} end of the interval", "share", WILSON,
                      near(value, known, absolute=6e-6))  # fmt: skip
    for count, low_rank, high_rank in ((1000, 881, 919), (10000, 8941, 9059)):
        first, last = rank_interval(count, 0.9)
        for side, value, known in (("low", first, low_rank), ("high", last, high_rank)):
            yield row(f"rank.{count}.{side}", f"{count} 个成员 90% 分位数区间的{'首' if side == 'low' else '末'}个次序",
                      f"{'First' if side == 'low' else 'Last'} rank of the interval of the 90th percentile, {count} members", "rank",
                      "Binomial by its normal approximation, rounded outward, by hand", near(value, known))  # fmt: skip
        # The percentile lies between both ranks when the number of members below it is from `first` to `last` - 1.
        covered = stats.binom.cdf(last - 1, count, 0.9) - stats.binom.cdf(first - 1, count, 0.9)
        yield row(f"rank.{count}.coverage", f"{count} 个成员该区间的精确置信度", f"Exact confidence of this interval, {count} members",
                  "share", "Binomial distribution, exact; nominal 95 %", {"figure": covered, "reference": 0.95, "low": 0.95})  # fmt: skip
    yield from _wilson_coverage()


def _wilson_coverage() -> Iterator[Piece]:
    """Exact coverage over true probabilities from 0.5 to 99.5 %."""
    chances = np.linspace(0.005, 0.995, 100)
    drawn = []
    for count in (100, 1000):
        good = np.arange(count + 1)
        ends = np.array([wilson(g / count, count) for g in good])
        covered = [
            float(stats.binom.pmf(good, count, p)[(ends[:, 0] <= p) & (p <= ends[:, 1])].sum())
            for p in chances
        ]
        drawn.append(Series(Label(f"{count} 个成员", f"{count} members"), chances.tolist(), covered))
        for what, zh, value in (("mean", "平均", np.mean(covered)), ("lowest", "最低", min(covered))):
            yield Comparison(
                f"decisions.wilson.coverage.{count}.{what}",
                Label(
                    f"{count} 个成员的概率区间在 100 个真实概率上的{zh}精确置信度",
                    f"Exact confidence of the interval of a probability over 100 true values, {what}, {count} members",
                ),
                figure=float(value),
                reference=0.95,
                unit="share",
                source="Binomial distribution, exact; nominal 95 %",
                grade="exact",
                remark=Label(
                    "计数是整数，置信度围绕 95% 波动（Brown, Cai, DasGupta 2001）：只有平均值应接近名义值，没有逐点限值",
                    "counts are whole numbers, so the confidence swings about 95 % (Brown, Cai, DasGupta 2001): the mean should be "
                    "near the nominal value, there is no limit for each",
                ),
            )
    yield Chart(
        "decisions-coverage",
        "lines",
        Label(
            "概率区间的精确置信度（名义 95%）",
            "Exact confidence of the interval of a probability (nominal 95 %)",
        ),
        Label("真实概率", "true probability"),
        Label("置信度", "confidence"),
        drawn,
    )


def _scores() -> Iterator[Comparison]:
    found = brier_score("posterior", 0, test_scores.CHANCES, test_scores.MISSED)
    source = "Brier 1950: mean square of the chance less what came, five cases by hand"
    assert found.skill is not None
    for case, zh, en, value, known in (
        ("score", "布赖尔分数", "Brier score", found.brier, 0.102),
        ("base_rate", "基准发生率", "Base rate", found.base_rate, 0.4),
        ("reference", "只报基准率的分数", "Score of the base rate alone", found.reference, 0.24),
        ("skill", "技巧分数", "Skill", found.skill, 0.575),
    ):
        yield row(
            f"brier.{case}",
            f"五个预警的{zh}",
            f"{en} of five warnings",
            "",
            source,
            near(value, known, share=1e-6),
        )
    cases = test_scores.CASES
    counted = score("office", test_scores.LABEL, 0, cases, 200, 1)
    for name, zh, en, whole in (
        ("hit_count", "命中", "hits", 1), ("miss_count", "漏报", "misses", 1),
        ("false_alarm_count", "误报", "false alarms", 1), ("correct_negative_count", "正确不报", "correct negatives", 2),
        ("no_answer_count", "无法回答", "without an answer", 1), ("series_count", "序列", "series", 3),
    ):  # fmt: skip
        yield row(f"warnings.{name}", f"六个预警的{zh}数", f"Six warnings: {en}", "", "Counted by hand",
                  near(getattr(counted, name), whole))  # fmt: skip


def _weights() -> Iterator[Comparison]:
    falling = test_probability.FALLING
    one = weigh([Seen({2: 93.0}, falling, 1.0, 0.0)], 4)
    wide = weigh([Seen({2: 93.0}, falling, 2.0, 0.0)], 4)
    chances = test_probability.missing(falling, {2: 93.0}, 0.0, 0.0, 82.0, 5, 2)
    for k, known in enumerate((0.00764687, 0.42882406, 0.54582407, 0.01770499)):
        yield row(f"reweigh.weight.{k + 1}", f"观测后成员 {k + 1} 的权重", f"Weight of member {k + 1} after an observation", "share",
                  WEIGHED, near(one.weights[k], known, absolute=5e-9))  # fmt: skip
    for case, zh, en, value, known in (
        ("size", "有效成员数", "Effective members", one.size, 2.073889),
        ("chance", "超标概率", "Chance of missing", weighted_chance(chances, one.weights), 0.436471),
        ("size_wide", "误差加倍时的有效成员数", "Effective members at twice the error", wide.size, 3.361142),
        ("chance_wide", "误差加倍时的超标概率", "Chance of missing at twice the error", weighted_chance(chances, wide.weights), 0.474376),
    ):  # fmt: skip
        yield row(f"reweigh.{case}", zh, en, "", WEIGHED, near(value, known, absolute=5e-7))


def _calibration() -> Iterator[Piece]:
    """Truth and members drawn alike: what is told is what comes."""
    # Fewer cases leave the Brier scores of neighbouring years to chance.
    chances, missed = test_probability.drawn_alike()
    drawn = []
    before = float(missed.mean() * (1 - missed.mean()))
    for last, told in chances.items():
        found = list(test_probability.bins_told(told, missed))
        ratio = max(abs(came - expected) / bound for expected, came, bound in found)
        yield row(f"calibration.{last}", f"看到第 {last} 年时，各概率段的发生率与所报概率之差占二项限值（最大）",
                  f"Year {last} seen: what came less the chance told, over the binomial bound, largest of the bins", "ratio",
                  "400 cases whose truth is drawn as the members are; 3.5 standard errors and 0.02", at_most(ratio, 1.0))  # fmt: skip
        brier = float(np.mean((told - missed) ** 2))
        yield row(f"calibration.brier.{last}", f"看到第 {last} 年时的布赖尔分数，应低于前一年", f"Brier score with year {last} seen, below that of the year before",
                  "", "Every observation adds information; first: score of the base rate", at_most(brier, before))  # fmt: skip
        before = brier
        drawn.append(
            Series(
                Label(f"看到第 {last} 年", f"year {last} seen"),
                [e for e, _, _ in found],
                [c for _, c, _ in found],
            )
        )
    yield Chart(
        "decisions-calibration",
        "match",
        Label("所报超标概率与实际发生率", "Chance told and how often it came"),
        Label("所报概率", "chance told"),
        Label("发生率", "how often it came"),
        drawn,
    )  # fmt: skip
