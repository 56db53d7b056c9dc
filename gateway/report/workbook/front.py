"""Sheets that are read first: cover, headline, changes from the baseline."""

from collections import Counter
from typing import Final

from gateway.report.doors import USUAL_YEARS
from gateway.report.workbook.planner_units import CO2_TOTAL, UNITS
from gateway.report.workbook.scene import Change, Scene, points_text
from gateway.report.workbook.sheets import Book, Cell, Number, Sheet, Year, digits_for
from gateway.report.workbook.times import clock_text
from gateway.report.workbook.words import (
    BASELINES,
    NOTES,
    PEAK_STATUS,
    SHEETS,
    TITLES,
    VERDICTS,
    WEATHER,
    named,
)
from gateway.results import Verdict
from services.common.region_files import sources
from services.common.words import Label

_FACTS: Final = (
    Label("地区", "Place"),
    Label("情景", "Scenario"),
    Label("基准", "Baseline"),
    Label("修改数", "Changes from it"),
    Label("年份", "Years"),
    Label("气象年", "Weather year"),
    Label("观测截至", "Observations up to"),
    Label("排放因子集", "Set of emission factors"),
    Label("电力调度方式", "Mode of dispatch"),
    Label("模型版本", "Model version"),
    Label("数据版本", "Data revision"),
    Label("结果摘要（SHA-256）", "Digest of the result (SHA-256)"),
    Label("发布状态", "Release status"),
)
_PEAK_HEAD: Final = (
    Label("口径", "Boundary"),
    Label("碳达峰年", "Year of the carbon peak"),
    Label("峰值，{unit}", "Level, {unit}"),
    Label("峰值，tCO2", "Level, tCO2"),
    Label("状态", "Status"),
    Label("平台期起", "Plateau from"),
    Label("平台期止", "Plateau to"),
    Label("峰值是否明确", "Clear peak"),
    Label("稳中有降起始年", "Steady fall from"),
    Label("第二峰", "Second peak"),
    Label("主导部门", "Leading sector"),
    Label("主导城市", "Leading city"),
)
_LOAD_HEAD: Final = (
    Label("年份", "Year"),
    Label("尖峰负荷，{unit}", "Peak load, {unit}"),
    Label("尖峰负荷，MW", "Peak load, MW"),
    Label("出现时刻", "Hour"),
    Label("净负荷尖峰，{unit}", "Net-load peak, {unit}"),
    Label("净负荷尖峰，MW", "Net-load peak, MW"),
    Label("备用率", "Reserve margin, share"),
    Label("缺供电量，MWh", "Unserved energy, MWh"),
)
_CHANGE_HEAD: Final = (
    Label("抓手", "Lever"),
    Label("名称", "Name"),
    Label("地区", "Place"),
    Label("单位", "Unit"),
    Label("路径", "Path"),
    Label("设定点", "Points set"),
    Label("下限", "Lowest"),
    Label("上限", "Highest"),
    Label("政策条款", "Policy targets"),
    Label("来源", "Source"),
    Label("等级", "Grade"),
)


def cover(book: Book, scene: Scene) -> None:
    """Whose numbers these are, and how to read them."""
    sheet, say = book.sheet("cover"), book.say
    p, frame = scene.projection, scene.projection.frame
    values = (
        scene.place(frame.region),
        p.scenario_name or say(Label("（未命名）", "(no name)")),
        named(BASELINES, p.baseline, scene.language),
        str(len(scene.scenario.settings)),
        f"{p.years[0]}–{p.years[-1]}",
        named(WEATHER, frame.weather_year, scene.language),
        str(frame.as_of_year) if frame.as_of_year else say(Label("全部", "all that are known")),
        frame.factor_set,
        p.power.mode.value,
        p.revision.model_version,
        p.revision.data_revision,
        p.digest,
        book.status,
    )
    for label, value in zip(_FACTS, values, strict=True):
        sheet.line(say(label), value)
    if scene.frozen:
        sheet.line(say(Label("发布标题", "Title of the release")), scene.frozen.title)
        sheet.line(say(Label("清单编号（SHA-256）", "Manifest id (SHA-256)")), scene.frozen.manifest_id)
        sheet.line(say(Label("说明", "Reason")), scene.frozen.reason or None)
    sheet.row += 1
    sheet.heading(say(Label("如何阅读", "How to read this")))
    for note in NOTES:
        sheet.paragraph(say(note))
    sheet.row += 1
    sheet.heading(say(Label("工作表", "Sheets")))
    for key in SHEETS:
        sheet.line(say(SHEETS[key]), say(TITLES[key]))
    sheet.printed(8)
    sheet.close([24, 60])


def headline(book: Book, scene: Scene) -> None:
    """The two peaks and the counts of verdicts."""
    sheet, say = book.sheet("headline"), book.say
    unit = CO2_TOTAL.of(scene.language)
    sheet.heading(say(Label("碳达峰，各口径", "Carbon peak in every boundary")))
    peaks: list[list[Cell]] = []
    for peak in scene.projection.carbon_peaks:
        peaks.append(
            [
                say(peak.label),
                Year(peak.year),
                Number(peak.level_tco2 / unit.size, unit.digits),
                Number(peak.level_tco2),
                named(PEAK_STATUS, peak.status, scene.language),
                Year(peak.plateau_first_year),
                Year(peak.plateau_last_year),
                say(Label("明确", "yes") if peak.clear else Label("平台期", "no: plateau")),
                Year(peak.steady_fall_year),
                Year(peak.second_peak_year),
                _sector(scene, peak.leading_sector),
                scene.place(peak.leading_city),
            ]
        )
    sheet.table([say(h).format(unit=unit.name) for h in _PEAK_HEAD], peaks)
    sheet.heading(say(Label("尖峰负荷", "Peak load")))
    mw = UNITS["MW"].of(scene.language)
    sheet.table([say(h).format(unit=mw.name) for h in _LOAD_HEAD], _loads(scene))
    sheet.heading(say(Label("目标判定计数", "Counts of verdicts")))
    counts = Counter(t.verdict for t in scene.projection.targets)
    strive = Counter(t.verdict for t in scene.projection.targets if t.strive)
    rows: list[list[Cell]] = [
        [named(VERDICTS, v.value, scene.language), counts[v], strive[v]] for v in Verdict
    ]
    rows.append([say(Label("合计", "Total")), sum(counts.values()), sum(strive.values())])
    sheet.table(
        [
            say(Label("判定", "Verdict")),
            say(Label("目标数", "Targets")),
            say(Label("其中力争", "of which strive for")),
        ],
        rows,
    )
    sheet.freeze(2, 1)
    sheet.close()


def _loads(scene: Scene) -> list[list[Cell]]:
    p = scene.projection
    load, power = p.peak_load, p.power
    mw = UNITS["MW"].of(scene.language)
    wanted = {*USUAL_YEARS, p.years[-1]}
    return [
        [
            Year(year),
            Number(load.peak_load_mw[y] / mw.size, mw.digits),
            Number(load.peak_load_mw[y]),
            clock_text(int(load.peak_hour[y]), scene.language),
            Number(load.net_peak_mw[y] / mw.size, mw.digits),
            Number(load.net_peak_mw[y]),
            Number(load.reserve_margin_share[y], 3),
            Number(load.unserved_mwh[y]),
        ]
        for y, year in enumerate(p.years)
        if year in wanted and power.years
    ]


def _sector(scene: Scene, sector: str) -> str:
    names = {s.sector: s.label for s in scene.projection.sectors}
    return scene.say(names[sector]) if sector in names else sector


def changes(book: Book, scene: Scene) -> None:
    """Every setting beside the baseline's path, two rows each, years in columns."""
    sheet, say = book.sheet("changes"), book.say
    years = [Year(y) for y in scene.projection.years]
    if scene.old_data:
        _plain_changes(sheet, scene)
        return
    if not scene.changes:
        sheet.paragraph(say(Label("没有修改：情景即基准。", "No changes: the scenario is the baseline.")))
        sheet.printed(8)
        sheet.close([40])
        return
    sheet.head([*map(say, _CHANGE_HEAD), *years])
    sheet.printed(len(_CHANGE_HEAD) + len(years))
    for change in scene.changes:
        sheet.rows(_change_rows(scene, change))
    sheet.freeze(4, 2)
    sheet.close([34, 32])


def _plain_changes(sheet: Sheet, scene: Scene) -> None:
    """The settings as they were made; the baseline's paths of then are not held."""
    heads = (Label("抓手", "Lever"), Label("地区", "Place"), Label("设定点", "Points set"))
    rows: list[list[Cell]] = []
    for setting in scene.scenario.settings:
        place = scene.place(setting.place or scene.projection.frame.region)
        rows.append([setting.lever_id, place, points_text(setting)])
    sheet.table([scene.say(h) for h in heads], rows)
    sheet.freeze(4, 1)
    sheet.close([40, 20, 60])


def _change_rows(scene: Scene, change: Change) -> list[list[Cell]]:
    lever = change.lever
    place = scene.place(change.place or scene.projection.frame.region)
    told = sources()[lever.source].title if lever.source in sources() else lever.source
    last = [", ".join(lever.policy_refs) or None, told, lever.grade.value]
    digits = digits_for([*change.baseline_path, *change.own_path])
    name = scene.say(lever.label)
    fixed: list[Cell] = [lever.lever_id, name, place, lever.unit]
    bounds: list[Cell] = [Number(lever.low, digits), Number(lever.high, digits), *last]
    before, after = scene.say(Label("基准", "baseline")), scene.say(Label("本情景", "this scenario"))
    return [
        [*fixed, before, None, *bounds, *(Number(v, digits) for v in change.baseline_path)],
        [*fixed, after, change.points, *bounds, *(Number(v, digits) for v in change.own_path)],
    ]
