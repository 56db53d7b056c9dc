"""The headline with every grade-C figure moved: which estimates matter."""

from collections.abc import Iterator, Mapping

from services.common.region_files import NATIONAL
from services.common.words import Label
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series
from validation.context import Context
from validation.moved.figures import Group, groups_of, parts_of
from validation.moved.labels import label_of
from validation.moved.run import STEP_SHARE, Headline, Moved, baseline_of, each_moved

REGION, BASELINE = "jiangsu", "planned"
# A file that moves a headline by more is opened, and what is in it moved one by one.
_OPENED_SHARE = 0.005
_TOLD_SHARE = 0.001
_DRAWN = 20
_QUICK = (Group("jiangsu/power/import_lines.yaml"), Group("national/power/parameters.yaml"))
_DOWN = Label("数据不允许上移，因此下移 10 %", "moved down by 10 %, since the data refuse more")


def run(context: Context) -> Iterator[Piece]:
    """Groups by file, then what is in the files that matter; the effects that are told, largest first."""
    base = baseline_of(REGION, BASELINE)
    groups = list(_QUICK) if context.quick else [g for f in (REGION, NATIONAL) for g in groups_of(f)]
    files = list(each_moved(REGION, BASELINE, groups))
    opened = [m for m in files if m.headline is None or _largest(m.headline, base) >= _OPENED_SHARE]
    parts: list[Group] = [] if context.quick else [part for m in opened for part in parts_of(m.group)]
    inside = list(each_moved(REGION, BASELINE, parts))
    told = [*inside, *(m for m in files if m not in opened)] if parts else files
    yield Paragraph(_summary(files, opened, inside))
    levers = {
        e.lever.lever_id: Label(e.lever.label.zh, e.lever.label.en) for e in context.client.levers(REGION)
    }
    labels = {m.group: label_of(m.group, levers) for m in told}
    yield from _rows(
        told, base, labels, "carbon_peak_mt", "Mt", Label("碳达峰水平", "level of the carbon peak")
    )
    yield from _rows(told, base, labels, "peak_load_gw", "GW", Label("2030 年最高负荷", "peak load of 2030"))
    shifts = [m for m in told if m.headline and m.headline.carbon_peak_year != base.carbon_peak_year]
    yield Paragraph(_years(shifts, base))
    refused = sorted(m.group.name for m in told if m.headline is None)
    if refused:
        yield Paragraph(
            Label(
                f"单独移动会违反数据校核、因此没有结果的 {len(refused)} 组：{'、'.join(refused)}。",
                f"{len(refused)} groups cannot be moved alone, since checks of the data then fail: {', '.join(refused)}.",
            )
        )


def _effect(moved: Moved, base: Headline, name: str) -> float:
    """Change of a headline as a share of it, for a move upwards."""
    assert moved.headline is not None
    return (getattr(moved.headline, name) / getattr(base, name) - 1) * (STEP_SHARE / moved.share)


def _largest(found: Headline, base: Headline) -> float:
    return max(
        abs(found.carbon_peak_mt / base.carbon_peak_mt - 1), abs(found.peak_load_gw / base.peak_load_gw - 1)
    )


def _one_way(m: Moved) -> Label | None:
    if m.turned_count:
        return Label(
            f"其中 {m.turned_count} 个占比会超过 1，反向移动",
            f"{m.turned_count} of them, shares that would pass 1, were moved the other way",
        )
    return _DOWN if m.share < 0 else None


def _rows(
    told: list[Moved], base: Headline, labels: Mapping[Group, Label], name: str, unit: str, label: Label
) -> Iterator[Piece]:
    answered = [m for m in told if m.headline is not None]
    ranked = sorted(answered, key=lambda m: -abs(_effect(m, base, name)))
    seen = [m for m in ranked if abs(_effect(m, base, name)) >= _TOLD_SHARE]
    for m in seen:
        yield Comparison(
            f"grade_c.{name}.{m.group.name}".lower().replace(" ", "_"),
            Label(f"{label.zh}：{labels[m.group].zh}", f"{label.en}: {labels[m.group].en}"),
            figure=getattr(m.headline, name),
            reference=getattr(base, name),
            unit=unit,
            source=f"the same projection with {m.count} figures of {m.group.name} moved by {100 * m.share:+.0f} %",
            grade="C",
            remark=_one_way(m),
        )
    drawn = seen[:_DRAWN]
    if drawn:
        yield Chart(
            f"grade-c-{name}".replace("_", "-"),
            "bars",
            Label(f"{label.zh}：各组上移 10 % 的影响", f"{label.en}: effect of moving a group up by 10 %"),
            Label("变化，%", "change, %"),
            Label("", ""),
            (Series(label, [labels[m.group] for m in drawn], [100 * _effect(m, base, name) for m in drawn]),),
        )
    yield Paragraph(
        Label(
            f"{label.zh}：其余 {len(answered) - len(seen)} 组的影响都小于 {100 * _TOLD_SHARE:g} %。",
            f"{label.en}: the other {len(answered) - len(seen)} groups move it by less than {100 * _TOLD_SHARE:g} % each.",
        )
    )


def _summary(files: list[Moved], opened: list[Moved], inside: list[Moved]) -> Label:
    figures = sum(m.count for m in files)
    return Label(
        f"江苏与全国的数据文件中等级 C 的数字共 {figures:,} 个，分在 {len(files)} 个文件组；各组全部上移 10 % 后，有 {len(opened)} 组使碳达峰水平或最高"
        f"负荷变化 {100 * _OPENED_SHARE:g} % 以上（或不能整体移动），已逐项打开为 {len(inside)} 组。",
        f"The data of Jiangsu and of the nation hold {figures:,} numbers of grade C in {len(files)} groups of files. With all of a group moved up by 10 %, "
        f"{len(opened)} groups change the carbon peak or the peak load by {100 * _OPENED_SHARE:g} % or more (or cannot be moved as a whole) and "
        f"were opened into {len(inside)} groups.",
    )


def _years(shifts: list[Moved], base: Headline) -> Label:
    named = ", ".join(f"{m.group.name} ({m.headline.carbon_peak_year})" for m in shifts if m.headline)
    if not named:
        return Label(
            f"没有一组使碳达峰年份离开 {base.carbon_peak_year}。",
            f"No group moves the year of the carbon peak from {base.carbon_peak_year}.",
        )
    return Label(
        f"使碳达峰年份离开 {base.carbon_peak_year} 的组：{named}。",
        f"Groups that move the year of the carbon peak from {base.carbon_peak_year}: {named}.",
    )


SECTION = Section(
    "grade_c",
    Label("等级 C 的估计中哪些重要", "Which grade-C estimates matter"),
    Label(
        "把江苏与全国数据中的每个等级 C 数字按组移动 10 %，重新推演计划情景，看碳达峰和 2030 年最高负荷变化多少。",
        "Every grade-C figure of Jiangsu's and the nation's data is moved by 10 %, in groups, and the planned scenario projected again: how much "
        "do the carbon peak and the peak load of 2030 move?",
    ),
    run,
    minutes=17.0,
)
