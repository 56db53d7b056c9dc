"""Sheets of rows: every metric, every target, cities' verdicts, sources."""

import re
from typing import Final

from gateway.report.workbook.planner_units import reader_unit
from gateway.report.workbook.scene import Scene
from gateway.report.workbook.sheets import Book, Cell, Number, Year, digits_for
from gateway.report.workbook.words import (
    OPERATORS,
    READINGS,
    REASONS,
    TARGET_SECTORS,
    VERDICTS,
    named,
)
from gateway.results import TargetResult
from gateway.targets.data import read_targets
from services.common.region_files import sources
from services.common.words import Label

_TARGET_HEAD: Final = (
    Label("编号", "Id"),
    Label("文件", "Document"),
    Label("条款", "Section"),
    Label("目标", "Target"),
    Label("地区", "Place"),
    Label("领域", "Sector"),
    Label("要求", "Asked"),
    Label("数值", "Number"),
    Label("单位", "Unit"),
    Label("年份", "Year"),
    Label("测算值", "Projected"),
    Label("裕度", "Margin"),
    Label("容差", "Tolerance"),
    Label("判定", "Verdict"),
    Label("力争", "Strive for"),
    Label("达到起始年", "Met since"),
    Label("原因", "Reason"),
    Label("指标", "Metric"),
    Label("各口径读法", "Readings"),
    Label("原文", "Wording"),
    Label("要求，常用单位", "Asked, readers' unit"),
    Label("测算值，常用单位", "Projected, readers' unit"),
    Label("裕度，常用单位", "Margin, readers' unit"),
    Label("常用单位", "Readers' unit"),
)
_RULE_HEAD: Final = (
    Label("编号", "Id"),
    Label("文件", "Document"),
    Label("条款", "Section"),
    Label("要求", "Rule"),
    Label("地区", "Place"),
    Label("起始年", "From"),
    Label("截止年", "To"),
    Label("是否成立", "Holds"),
    Label("首次不成立年", "First broken in"),
    Label("变化率", "Change, share"),
    Label("原因", "Reason"),
    Label("指标", "Metric"),
)
_CITY_HEAD: Final = (
    Label("目标编号", "Target id"),
    Label("目标", "Target"),
    Label("城市编号", "City id"),
    Label("城市", "City"),
    Label("要求", "Asked"),
    Label("数值", "Number"),
    Label("单位", "Unit"),
    Label("年份", "Year"),
    Label("测算值", "Projected"),
    Label("裕度", "Margin"),
    Label("判定", "Verdict"),
)
_SOURCE_HEAD: Final = (
    Label("来源编号", "Source id"),
    Label("题名、发布者和日期", "Title, publisher and date"),
    Label("年份", "Year"),
    Label("许可", "Licence"),
    Label("出处与说明", "Place and note"),
    Label("所引数据等级", "Grades of figures taken from it"),
)
_A_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def metrics(book: Book, scene: Scene) -> None:
    """One row a metric, years in columns; on the right the same in readers' units where there are such."""
    sheet, say, p = book.sheet("metrics"), book.say, scene.projection
    years = [Year(y) for y in p.years]
    head: list[str | Year] = [
        say(Label("编号", "Id")),
        say(Label("指标", "Metric")),
        say(Label("单位", "Unit")),
        *years,
    ]
    sheet.head([*head, "", say(Label("常用单位", "Readers' unit")), *years])
    sheet.printed(len(head))
    for series in p.metrics:
        metric, values = series.metric, series.region_values
        if not values.size:
            continue
        digits, grouped = digits_for(values), metric.unit != "year"
        row: list[Cell] = [metric.metric_id, say(metric.label), metric.unit]
        row += [Number(v, digits, grouped) for v in values]
        unit = reader_unit(metric.unit, scene.language)
        if unit is not None:
            shown = unit.of(values)
            digits = digits_for(shown, unit.digits)
            row += ["", unit.name, *(Number(v, digits, grouped) for v in shown)]
        sheet.rows([row])
    sheet.freeze(4, 2)
    sheet.close([44, 40])


def targets(book: Book, scene: Scene) -> None:
    """Every target with what it asks and what is projected; below, rules without a number."""
    sheet, say, p = book.sheet("targets"), book.say, scene.projection
    sheet.head([say(h) for h in _TARGET_HEAD])
    sheet.printed(len(_TARGET_HEAD))
    first = sheet.row
    sheet.rows(_target_row(scene, t) for t in p.targets)
    sheet.filtered(first - 1, sheet.row - 1, len(_TARGET_HEAD))
    sheet.row += 1
    sheet.heading(say(Label("没有数值的要求", "Rules without a number")))
    yes, no = say(Label("成立", "yes")), say(Label("不成立", "no"))
    documents = read_targets(p.frame.region).documents
    rows: list[list[Cell]] = []
    for rule in p.directions:
        holds = None if rule.holds is None else (yes if rule.holds else no)
        change = None if rule.change_share is None else Number(rule.change_share, 4)
        document = (
            say(documents[rule.document_id].label.label()) if rule.document_id in documents else rule.document
        )
        fixed: list[Cell] = [rule.direction_id, document, rule.section, say(rule.label)]
        span: list[Cell] = [scene.place(rule.place), Year(rule.first_year), Year(rule.last_year), holds]
        why = named(REASONS, rule.reason, scene.language) or None
        rows.append([*fixed, *span, Year(rule.first_broken_year), change, why, rule.metric_id])
    sheet.table([say(h) for h in _RULE_HEAD], rows)
    sheet.freeze(4, 1)
    sheet.close([9, 34, 10, 40, 10, 12, 10, 12, 12, 8, 12, 12, 9, 14, 8, 9, 20, 34, 40, 40, 12, 12, 12, 14])


def target_cities(book: Book, scene: Scene) -> None:
    """Targets that hold for each city, city by city."""
    sheet, say = book.sheet("target_cities"), book.say
    sheet.head([say(h) for h in _CITY_HEAD])
    sheet.printed(len(_CITY_HEAD))
    first = sheet.row
    for target in scene.projection.targets:
        for city in target.cities:
            sheet.rows(
                [
                    [
                        target.target_id,
                        say(target.label),
                        city.place,
                        scene.place(city.place),
                        named(OPERATORS, target.compare, scene.language),
                        _maybe(target.asked, target),
                        target.unit,
                        Year(target.year),
                        _maybe(city.value, target),
                        _maybe(city.margin, target),
                        named(VERDICTS, city.verdict.value, scene.language),
                    ]
                ]
            )
    sheet.filtered(first - 1, sheet.row - 1, len(_CITY_HEAD))
    sheet.freeze(4, 2)
    sheet.close()


def source_list(book: Book, scene: Scene) -> None:
    """Every source of the region's and the nation's data, and the documents that set the targets."""
    sheet, say = book.sheet("sources"), book.say
    if scene.old_data and scene.frozen:
        sheet.table([say(h) for h in _SOURCE_HEAD[:2]], [list(source) for source in scene.frozen.sources])
        sheet.freeze(4, 1)
        sheet.close([40, 60])
        return
    sheet.head([say(h) for h in _SOURCE_HEAD])
    sheet.printed(len(_SOURCE_HEAD))
    known, grades = sources(), scene.source_grades
    documents = {d.source for d in read_targets(scene.projection.frame.region).documents.values()}
    policy = say(Label("政策文件", "policy document"))
    for source_id in sorted({*grades, *documents} & set(known)):
        source = known[source_id]
        found = _A_YEAR.findall(source.title)
        year = str(source.year) or (found[-1] if found else "")
        told = [g.value for g in grades.get(source_id, ())] + ([policy] if source_id in documents else [])
        row: list[Cell] = [source_id, source.title, year or None, source.licence or None, source.note or None]
        sheet.rows([[*row, ", ".join(told)]])
    sheet.freeze(4, 1)
    sheet.close([40, 60, 10, 24, 40, 20])


def _target_row(scene: Scene, target: TargetResult) -> list[Cell]:
    say = scene.say
    readings = "; ".join(
        f"{named(READINGS, r.name, scene.language)}: {named(VERDICTS, r.verdict.value, scene.language)}"
        + (f" ({r.value:.6g})" if r.value is not None else "")
        for r in target.readings
    )
    return [
        target.target_id,
        say(target.document),
        target.section,
        say(target.label),
        scene.place(target.place),
        named(TARGET_SECTORS, target.sector, scene.language),
        named(OPERATORS, target.compare, scene.language),
        _maybe(target.asked, target),
        target.unit,
        Year(target.year),
        _maybe(target.value, target),
        _maybe(target.margin, target),
        Number(target.tolerance, 2),
        named(VERDICTS, target.verdict.value, scene.language),
        say(Label("力争", "yes")) if target.strive else None,
        Year(target.met_since_year),
        named(REASONS, target.reason, scene.language) or None,
        target.metric_id or None,
        readings or None,
        target.wording or None,
        *_for_readers(scene, target),
    ]


def _for_readers(scene: Scene, target: TargetResult) -> list[Cell]:
    """What is asked and projected, and the margin, in the unit that readers expect."""
    unit = reader_unit(target.unit, scene.language)
    if unit is None:
        return [None, None, None, None]
    values = (target.asked, target.value, target.margin)
    grouped = target.unit != "year"
    digits = max(unit.digits, _digits(target)) if unit.size == 1 else unit.digits
    shown = [None if v is None else Number(v / unit.size, digits, grouped) for v in values]
    return [*shown, unit.name]


def _digits(target: TargetResult) -> int:
    """Years and counts without digits."""
    return 0 if target.unit in ("year", "count") else 2


def _maybe(value: float | None, target: TargetResult) -> Number | None:
    return None if value is None else Number(value, _digits(target), target.unit != "year")
