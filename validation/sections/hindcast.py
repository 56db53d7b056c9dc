"""The years after 2020 as the model saw them from 2020, beside what was observed since."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.common.words import Label
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, near
from validation.context import Context
from validation.provenance import grade_of, source_of
from validation.regions import REGIONS, region_ids

AS_OF, LAST = 2020, 2025
TOLERANCE_SHARE = 0.10
DRAWN = (
    "consumption_total",
    "peak_load",
    "capacity_pv",
    "capacity_wind",
    "vehicles_private",
    "nev_stock",
    "grid_factor",
)


def run(context: Context) -> Iterator[Piece]:
    """A row for every statistic of a hidden year that the model has a figure for; then how many it has none for."""
    for region in region_ids(context.quick):
        name = REGIONS[region]
        rows = context.client.check_hindcast(region, AS_OF, LAST).rows
        hidden = [r for r in rows if r.hidden]
        held = {r.quantity: r.statistic for r in rows if r.year == AS_OF}
        modelled = [r for r in hidden if r.HasField("modelled")]
        for row in modelled:
            yield Comparison(
                f"hindcast.{region}.{row.quantity}.{row.year}",
                Label(f"{name.zh} {row.year}：{row.label.zh}", f"{name.en} {row.year}: {row.label.en}"),
                unit=row.unit,
                source=source_of(row.provenance),
                grade=grade_of(row.provenance),
                remark=Label(row.remark.zh, row.remark.en) if row.remark.en else None,
                **near(row.modelled, row.statistic, share=TOLERANCE_SHARE),
            )
        yield from _charts(region, modelled)
        yield Paragraph(_summary(name, hidden, modelled, held))


def _charts(region: str, rows: Sequence[Any]) -> Iterator[Chart]:
    """Model and statistics of the quantities that are most looked for."""
    name = REGIONS[region]
    for quantity in DRAWN:
        own = [r for r in rows if r.quantity == quantity]
        if len(own) < 2:
            continue
        years = [float(r.year) for r in own]
        label = own[0].label
        yield Chart(
            f"hindcast-{region}-{quantity}".replace("_", "-"),
            "lines",
            Label(f"{name.zh}：{label.zh}", f"{name.en}: {label.en}"),
            Label("年份", "year"),
            Label(own[0].unit, own[0].unit),
            (
                Series(Label("模型（2020 年所见）", "model as of 2020"), years, [r.modelled for r in own]),
                Series(Label("统计", "statistics"), years, [r.statistic for r in own]),
            ),
        )


def _summary(name: Label, hidden: Sequence[Any], modelled: Sequence[Any], held: dict[str, float]) -> Label:
    """How often the model is nearer than the last value known, and what it has no figure for."""
    both = [r for r in modelled if held.get(r.quantity)]
    better = sum(abs(r.modelled - r.statistic) < abs(held[r.quantity] - r.statistic) for r in both)
    without = sorted({r.quantity for r in hidden} - {r.quantity for r in modelled})
    return Label(
        f"{name.zh}：{len(both)} 个有 2020 年值的统计中，{better} 个模型比“保持 2020 年值”更接近。"
        f"模型没有对应量的统计 {len(hidden) - len(modelled)} 个：{'、'.join(without)}。",
        f"{name.en}: of {len(both)} statistics with a value of 2020, the model is nearer than that last value in {better}. "
        f"{len(hidden) - len(modelled)} statistics have no counterpart in the model: {', '.join(without)}.",
    )


SECTION = Section(
    "hindcast",
    Label("回测：隐藏 2020 年以后的数据", "Hindcast: data after 2020 hidden"),
    Label(
        "计划情景从 2020 年出发，2021 至 2025 年的观测对模型隐藏，再逐项与统计对照；限值一律为 ±10 %。规划文件和在建项目清单里已有的"
        "内容（如 2025 年目标）并未隐藏，因此并非完全盲测。",
        "The planned scenario starts from 2020 with the observations of 2021 to 2025 hidden from the model, and is held against "
        "the statistics one by one; the limit is 10 % either way throughout. What plans and registers of that time already "
        "said of later years (targets of 2025) is not hidden, so the test is not blind in full.",
    ),
    run,
    minutes=0.3,
)
