"""The gateway's arithmetic: shares of differences, sensitivities, percentiles, solving, sharing out, warnings."""

from collections.abc import Iterator

from services.common.words import Label
from validation.comparison import Piece, Section
from validation.context import Context
from validation.decision import counting, effects, sensitivity, solving


def run(context: Context) -> Iterator[Piece]:
    """Every part of it."""
    yield from effects.rows(context)
    yield from sensitivity.rows(context)
    yield from counting.rows(context)
    yield from solving.rows()


SECTION = Section(
    "decisions",
    Label("决策计算", "Arithmetic of decisions"),
    Label(
        "因素分解与沙普利值须加总无余，敏感性指数与解析函数比对，分位数与区间的置信度按二项分布精确计算，求解、分解、达峰判定与预警评分与手算比对。",
        "Effects and Shapley values must sum to the whole, sensitivities are held against a function whose indices are known, "
        "intervals against the exact binomial, and solving, sharing out, the carbon peak and scores of warnings against answers "
        "worked by hand.",
    ),
    run,
    minutes=0.5,
)
