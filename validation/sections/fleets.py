"""Vehicles: cohorts beside an independent model, closed answers, literature, counts, charging and targets."""

from collections.abc import Iterator

from services.common.words import Label
from validation.comparison import Piece, Section
from validation.context import Context
from validation.fleet import charging, choice, cohorts, counted, literature, targets


def run(context: Context) -> Iterator[Piece]:
    """Every part of it, from arithmetic to what was counted."""
    yield from cohorts.region_rows(context.quick)
    yield from cohorts.random_rows(context.quick)
    yield from cohorts.closed_rows()
    yield from choice.rows(context.quick)
    yield from literature.rows(context.quick)
    yield from charging.rows(context.quick)
    yield from counted.rows(context.quick)
    yield from targets.rows(context.quick)


SECTION = Section(
    "fleets",
    Label("车辆与运输", "Vehicles and transport"),
    Label(
        "按车龄的车队与一个独立的普通 Python 模型逐年比对；封闭解、文献数值、公安与统计口径的计数、充电曲线和交通目标。",
        "Cohorts of vehicles beside an independent model in plain Python, closed answers, figures of the literature, counts of "
        "police and statistics, shapes of charging, and targets of transport.",
    ),
    run,
    minutes=1.0,
)
