"""Sheets of series: years down the side, readers' units on the left, the contracts' on the right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.report.doors import USUAL_YEARS
from gateway.report.workbook.planner_units import reader_unit
from gateway.report.workbook.scene import Scene
from gateway.report.workbook.sheets import Book, Cell, Number, Sheet, Year, digits_for
from gateway.report.workbook.times import clock_text
from gateway.report.workbook.words import CAUSES, GROUPS, PARTS, SEASONS, named
from services.common.arrays import FloatArray
from services.common.power_outcome import PeakDay
from services.common.words import Label

_YEAR = Label("年份", "Year")


@dataclass(frozen=True)
class Series:
    """One column: its name, id, unit of the contract, values."""

    name: str
    series_id: str
    unit: str
    values: FloatArray


def co2(book: Book, scene: Scene) -> None:
    """CO2 by sector where it is emitted, then with electricity given to those who use it."""
    sheet, say, p = book.sheet("co2"), book.say, scene.projection
    account = p.account
    direct = [Series(say(s.label), s.sector, "tCO2", s.direct_tco2) for s in p.sectors]
    total = Series(
        say(Label("能源活动合计", "Energy, total")), "territorial", "tCO2", account.territorial_tco2
    )
    others = [
        Series(
            say(Label("净调入电力", "Net imported power")),
            "imported_power",
            "tCO2",
            account.imported_power_tco2,
        ),
        Series(say(Label("工业过程", "Industrial process")), "process", "tCO2", account.process_tco2),
        Series(say(Label("碳汇", "Sinks")), "sink", "tCO2", account.sink_tco2),
    ]
    _block(sheet, scene, Label("直接排放，按部门", "Direct emissions by sector"), [*direct, total, *others])
    used = [Series(say(s.label), s.sector, "tCO2", s.attributed_tco2) for s in p.sectors]
    title = Label("电力排放归到用户后，按部门", "By sector, emissions of electricity given to its users")
    _block(sheet, scene, title, used)
    for sector in p.sectors:
        parts = [
            Series(named(PARTS, part.part, scene.language), part.part, "tCO2", part.direct_tco2)
            for part in sector.parts
        ]
        label = Label(f"{sector.label.zh}，按组成", f"{sector.label.en}, by part")
        if parts:
            _block(sheet, scene, label, parts)
    sheet.freeze(2, 1)
    sheet.close()


def power(book: Book, scene: Scene) -> None:
    """Generation and capacity by technology, then stores."""
    sheet, say, outcome = book.sheet("power"), book.say, scene.projection.power
    made = outcome.technologies
    energy = [Series(say(t.label), t.technology, "MWh", t.energy_mwh) for t in made]
    total = Series(say(Label("合计", "Total")), "total", "MWh", sum_of([t.energy_mwh for t in made]))
    _block(sheet, scene, Label("发电量与调入", "Generation and imports"), [*energy, total])
    built = [Series(say(t.label), t.technology, "MW", t.capacity_mw) for t in made]
    _block(
        sheet, scene, Label("装机容量与通道容量，年末", "Capacity of plants and lines, at year's end"), built
    )
    lost = [Series(say(t.label), t.technology, "MWh", t.curtailed_mwh) for t in made if t.curtailed_mwh.any()]
    if lost:
        _block(sheet, scene, Label("弃电量", "Curtailed energy"), lost)
    stores = []
    for s in outcome.stores:
        name = say(s.label)
        stores += [
            Series(f"{name} – {say(Label('功率', 'power'))}", f"{s.store_id}.power", "MW", s.power_mw),
            Series(f"{name} – {say(Label('容量', 'energy'))}", f"{s.store_id}.energy", "MWh", s.energy_capacity_mwh),
            Series(f"{name} – {say(Label('充电', 'charged'))}", f"{s.store_id}.charged", "MWh", s.charged_mwh),
            Series(f"{name} – {say(Label('放电', 'discharged'))}", f"{s.store_id}.discharged", "MWh", s.discharged_mwh),
        ]  # fmt: skip
    if stores:
        _block(sheet, scene, Label("储能", "Stores"), stores)
    system = [
        Series(say(Label("用电需求", "Demand")), "demand", "MWh", outcome.demand_mwh),
        Series(say(Label("线损", "Losses")), "loss", "MWh", outcome.loss_mwh),
        Series(say(Label("厂用电", "Plants' own use")), "plant_own_use", "MWh", outcome.plant_own_use_mwh),
        Series(say(Label("缺供", "Unserved")), "unserved", "MWh", outcome.unserved_mwh),
        Series(say(Label("富余", "Surplus")), "surplus", "MWh", outcome.surplus_mwh),
        Series(say(Label("供电煤耗", "Net coal rate")), "coal_rate", "kgce/MWh", outcome.net_coal_rate_kgce_per_mwh),
    ]  # fmt: skip
    _block(sheet, scene, Label("电力平衡", "Balance"), system)
    sheet.freeze(2, 1)
    sheet.close()


def peak(book: Book, scene: Scene) -> None:
    """The peak load of every year, its hour and its causes."""
    sheet, say, load = book.sheet("peak"), book.say, scene.projection.peak_load
    main = [
        Series(say(Label("尖峰负荷", "Peak load")), "peak_load", "MW", load.peak_load_mw),
        Series(say(Label("夏季", "Summer")), "summer", "MW", load.summer_mw),
        Series(say(Label("冬季", "Winter")), "winter", "MW", load.winter_mw),
        Series(say(Label("净负荷尖峰", "Net-load peak")), "net_peak", "MW", load.net_peak_mw),
        Series(say(Label("备用率", "Reserve margin")), "reserve_margin", "share", load.reserve_margin_share),
        Series(say(Label("缺供电量", "Unserved energy")), "unserved", "MWh", load.unserved_mwh),
    ]
    hours = [clock_text(int(h), scene.language) for h in load.peak_hour]
    _block(sheet, scene, Label("尖峰负荷", "Peak load"), main, (say(Label("出现时刻", "Hour")), hours))
    causes = [
        Series(named(CAUSES, c, scene.language), c, "MW", load.by_cause_mw[i])
        for i, c in enumerate(load.causes)
    ]
    total = Series(say(Label("合计", "Total")), "total", "MW", load.peak_load_mw)
    _block(sheet, scene, Label("尖峰时刻的负荷，按成因", "Load at the peak hour by cause"), [*causes, total])
    sheet.freeze(2, 1)
    sheet.close()


def peak_days(book: Book, scene: Scene) -> None:
    """The highest days of summer and winter in usual years, hour by hour, by cause and by source."""
    sheet, say, p = book.sheet("peak_days"), book.say, scene.projection
    wanted = {*USUAL_YEARS, *(c.year for c in p.carbon_peaks[:1]), p.years[-1]}
    days = [d for d in p.power.peak_days if d.year in wanted and d.year in p.years]
    if not days:
        sheet.close([40])
        return
    head = [_YEAR, Label("季节", "Season"), Label("时刻", "Hour")]
    causes, groups = days[0].causes, days[0].groups
    names = [
        say(Label("负荷", "Load")),
        *(f"{say(Label('负荷', 'load'))}: {named(CAUSES, c, scene.language)}" for c in causes),
        *(f"{say(Label('供应', 'supply'))}: {named(GROUPS, g, scene.language)}" for g in groups),
    ]
    unit = reader_unit("MW", scene.language)
    assert unit is not None, "MW has readers' units"
    sheet.head([*map(say, head), *(f"{n}, {unit.name}" for n in names), "", *(f"{n}, MW" for n in names)])
    sheet.printed(len(head) + len(names))
    for day in days:
        sheet.rows(_day_rows(day, scene, unit.size, unit.digits))
    sheet.freeze(4, 3)
    sheet.close()


def cities(book: Book, scene: Scene) -> None:
    """CO2, electricity and peak load of every city, and their sum."""
    sheet, p = book.sheet("cities"), scene.projection
    tables = (
        (Label("二氧化碳排放（能源活动）", "CO2 (energy, territorial)"), "tCO2", "territorial_tco2", True),
        (Label("用电量", "Electricity"), "MWh", "electricity_mwh", True),
        (
            Label("尖峰负荷（各市自身，不可相加）", "Peak load (own, not additive)"),
            "MW",
            "peak_load_mw",
            False,
        ),
    )
    for title, unit, name, adds in tables:
        columns = [Series(scene.place(c.place), c.place, unit, getattr(c, name)) for c in p.cities]
        if adds and columns:
            total = sum_of([c.values for c in columns])
            columns.append(Series(book.say(Label("合计", "Total")), "total", unit, total))
        _block(sheet, scene, title, columns)
    sheet.freeze(2, 1)
    sheet.close()


def sum_of(values: Iterable[FloatArray]) -> FloatArray:
    """The sum in the order given, [year]."""
    first, *rest = [v.copy() for v in values]
    for one in rest:
        first += one
    return first


def _block(
    sheet: Sheet,
    scene: Scene,
    title: Label,
    columns: Sequence[Series],
    texts: tuple[str, Sequence[str]] | None = None,
) -> None:
    """One table twice, side by side: readers' units, then the contract's; `texts` is a column of both sides' years."""
    say, years = scene.say, scene.projection.years
    units = [reader_unit(c.unit, scene.language) for c in columns]
    sheet.heading(say(title))
    lead = [say(_YEAR)] + ([texts[0]] if texts else [])
    names = [c.name for c in columns]
    shown = [u.name if u else c.unit for u, c in zip(units, columns, strict=True)]
    right = len(lead) + len(columns) + 1
    head = sheet.row
    blank = [""] * (len(lead) - 1)
    unit_word = say(Label("单位", "Unit"))
    sheet.head([*lead, *names])
    sheet.head([unit_word, *blank, *shown])
    sheet.head([say(Label("编号", "Id")), *blank, *(c.series_id for c in columns)])
    for at, row in enumerate(([say(_YEAR), *names], [unit_word, *(c.unit for c in columns)])):
        sheet.head(row, right, head + at)
    sheet.head([say(Label("编号", "Id")), *(c.series_id for c in columns)], right, head + 2)
    left_digits = [
        digits_for(u.of(c.values), u.digits) if u else digits_for(c.values)
        for u, c in zip(units, columns, strict=True)
    ]
    right_digits = [digits_for(c.values) for c in columns]
    left_values = [u.of(c.values) if u else c.values for u, c in zip(units, columns, strict=True)]
    for y, year in enumerate(years):
        left: list[Cell] = [Year(year), *([texts[1][y]] if texts else [])]
        left += [Number(v[y], d) for v, d in zip(left_values, left_digits, strict=True)]
        exact = [Number(c.values[y], d) for c, d in zip(columns, right_digits, strict=True)]
        sheet.rows([[Year(year), *exact]], right, sheet.row)
        sheet.rows([left])
    sheet.printed(right - 1)
    sheet.row += 1


def _day_rows(day: PeakDay, scene: Scene, size: float, digits: int) -> list[list[Cell]]:
    season = named(SEASONS, day.season, scene.language)
    values = [day.load_mw, *day.load_by_cause_mw, *day.supply_mw]
    rows: list[list[Cell]] = []
    for hour in range(len(day.load_mw)):
        here = [float(v[hour]) for v in values]
        rows.append(
            [
                Year(day.year),
                season,
                clock_text(day.first_hour + hour, scene.language),
                *(Number(v / size, digits) for v in here),
                "",
                *(Number(v) for v in here),
            ]
        )
    return rows
