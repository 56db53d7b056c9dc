"""The workbook read back: the projection's own bits, the release status everywhere, sums that hold, both languages."""

import re
import sys
import time
import zipfile
from dataclasses import replace
from io import BytesIO

import numpy as np
import openpyxl
import pytest

from gateway.report.workbook import words
from gateway.report.workbook.export import export_workbook
from gateway.report.workbook.planner_units import UNITS
from gateway.report.workbook.scene import Scene
from gateway.report.workbook.words import SHEETS
from gateway.results import Verdict
from services.common.power_outcome import DispatchMode
from services.common.region_files import sources
from services.common.regions import load_region, region_ids
from services.common.scenario import BASELINES, WEATHER_YEARS, Frame, Scenario

ZH = {key: label.zh for key, label in SHEETS.items()}
EN = {key: label.en for key, label in SHEETS.items()}
STATUS = ("内部测算 · 不得发布", "internal – not for publication")


def rows(sheet, first=1):
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


def block(sheet, title, right=True):
    """Columns of a table by their id: of the contract's side, or of the readers'."""
    found = rows(sheet)
    at = next(i for i, row in enumerate(found) if row[0] == title)
    ids = found[at + 3]
    second = ids.index(ids[0], 1)
    columns = range(second + 1, len(ids)) if right else range(1, second)
    body = []
    for row in found[at + 4 :]:
        if not isinstance(row[0], int):
            break
        body.append(row)
    return {ids[c]: np.array([row[c] for row in body], dtype=float) for c in columns if ids[c]}


def table(sheet, head_row):
    """Rows below a heading row until an empty one."""
    found = rows(sheet, head_row + 1)
    return found[: next((i for i, row in enumerate(found) if row[0] is None), len(found))]


def same_bits(found, expected):
    assert np.array_equal(np.asarray(found, dtype=float), np.asarray(expected, dtype=float))


def test_sheets_stand_in_the_order_they_are_read(books):
    assert books["zh"].sheetnames == list(ZH.values())
    assert books["en"].sheetnames == list(EN.values())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_and_every_printed_page_carries_the_release_status_and_the_digest(books, scene, language):
    for sheet in books[language]:
        for text in (sheet["A1"].value, sheet.oddHeader.left.text, sheet.oddFooter.left.text):
            assert all(mark in text for mark in (*STATUS, scene.projection.digest)), sheet.title
    told = books[language].properties.description
    assert all(mark in told for mark in (*STATUS, scene.projection.digest))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_prints_on_a4_landscape_one_page_wide(books, language):
    for sheet in books[language]:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.fitToWidth in (1, None) and sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert sheet.freeze_panes or sheet.title in (ZH["cover"], EN["cover"])
        assert sheet.column_dimensions["A"].width >= 8


def test_no_cell_is_a_formula(books):
    for book in books.values():
        assert not [c.coordinate for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-2", "@SUM(A1)", '=HYPERLINK("http://x","y")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(scene, name):
    named = replace(scene, projection=replace(scene.projection, scenario_name=name))
    book = openpyxl.load_workbook(BytesIO(export_workbook(named).content))
    cell = next(c for c in book[ZH["cover"]]["B"] if c.value == name)
    assert cell.data_type == "s" and cell.quotePrefix


def test_the_same_projection_gives_the_same_bytes(scene, files):
    time.sleep(1.1)  # a clock that got in would show
    again = export_workbook(scene)
    assert again.content == files["zh"].content
    with zipfile.ZipFile(BytesIO(again.content)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_cover_says_whose_numbers_these_are(books, scene):
    p = scene.projection
    for language, named in (("zh", ("江苏", "规划", "平年")), ("en", ("Jiangsu", "planned", "normal"))):
        sheet = books[language][SHEETS["cover"].zh if language == "zh" else SHEETS["cover"].en]
        told = {str(row[1]) for row in rows(sheet) if row[1] is not None}
        revision = p.revision
        expected = {p.digest, revision.model_version, revision.data_revision, p.scenario_name, "balance_2020"}
        assert expected | set(named) <= told


@pytest.mark.parametrize(("language", "total", "direct"), [("zh", 1e8, "直接排放，按部门"), ("en", 1e6, "Direct emissions by sector")])  # fmt: skip
def test_co2_of_sectors_has_the_projections_bits_and_sums_to_the_total(books, scene, language, total, direct):
    p = scene.projection
    sheet = books[language][ZH["co2"] if language == "zh" else EN["co2"]]
    found = block(sheet, direct)
    for sector in p.sectors:
        same_bits(found[sector.sector], sector.direct_tco2)
    same_bits(found["territorial"], p.account.territorial_tco2)
    assert np.allclose(sum(found[s.sector] for s in p.sectors), found["territorial"], rtol=1e-12)
    shown = block(sheet, direct, right=False)
    size = UNITS["tCO2"].of(language).size
    same_bits(shown["territorial"], p.account.territorial_tco2 / size)
    headline = table(books[language][ZH["headline"] if language == "zh" else EN["headline"]], 5)
    assert [row[3] for row in headline] == [c.level_tco2 for c in p.carbon_peaks]
    assert [row[2] for row in headline] == [c.level_tco2 / total for c in p.carbon_peaks]
    assert [row[1] for row in headline] == [c.year for c in p.carbon_peaks]


def test_generation_capacity_and_stores_have_the_projections_bits(books, scene):
    outcome = scene.projection.power
    sheet = books["zh"][ZH["power"]]
    energy, built = block(sheet, "发电量与调入"), block(sheet, "装机容量与通道容量，年末")
    for t in outcome.technologies:
        same_bits(energy[t.technology], t.energy_mwh)
        same_bits(built[t.technology], t.capacity_mw)
    made = sum(energy[t.technology] for t in outcome.technologies)
    assert np.allclose(made, energy["total"], rtol=1e-12)
    stores = block(sheet, "储能")
    for s in outcome.stores:
        same_bits(stores[f"{s.store_id}.power"], s.power_mw)
        same_bits(stores[f"{s.store_id}.discharged"], s.discharged_mwh)


def test_causes_have_the_projections_bits_and_sum_to_the_peak_load(books, scene):
    load = scene.projection.peak_load
    sheet = books["zh"][ZH["peak"]]
    found = block(sheet, "尖峰时刻的负荷，按成因")
    for i, cause in enumerate(load.causes):
        same_bits(found[cause], load.by_cause_mw[i])
    assert np.allclose(sum(found[c] for c in load.causes), found["total"], rtol=1e-9)
    same_bits(block(sheet, "尖峰负荷")["peak_load"], load.peak_load_mw)


def test_peak_days_stand_hour_by_hour_and_their_causes_sum_to_the_load(books, scene):
    days = {(d.year, d.season): d for d in scene.projection.power.peak_days}
    found = table(books["zh"][ZH["peak_days"]], 4)
    day = days[2030, "summer"]
    own = [row for row in found if row[:2] == [2030, "夏季"]]
    assert len(own) == 24
    second = 3 + 1 + len(day.causes) + len(day.groups) + 1
    for hour, row in enumerate(own):
        assert row[second] == day.load_mw[hour]
        causes = row[second + 1 : second + 1 + len(day.causes)]
        same_bits(causes, day.load_by_cause_mw[:, hour])
        assert sum(causes) == pytest.approx(row[second], rel=1e-9)
    hours = {row[2] for row in own}
    assert len(hours) == 24 and all(re.fullmatch(r"\d+月\d+日\d+时", h) for h in hours)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_has_one_row_with_its_bits_and_its_unit(books, scene, language):
    p = scene.projection
    found = {
        row[0]: row for row in table(books[language][ZH["metrics"] if language == "zh" else EN["metrics"]], 4)
    }
    expected = [m for m in p.metrics if m.region_values.size]
    assert len(found) == len(expected) > 400
    n = len(p.years)
    for m in expected:
        row = found[m.metric.metric_id]
        assert row[2] == m.metric.unit
        values = m.region_values
        assert [v for v, x in zip(row[3 : 3 + n], values, strict=True) if np.isfinite(x)] == [x for x in values if np.isfinite(x)]  # fmt: skip
        if m.metric.unit in UNITS:
            unit = UNITS[m.metric.unit].of(language)
            assert row[4 + n] == unit.name
            assert row[5 + n] == (values[0] / unit.size if np.isfinite(values[0]) else "—")


def test_targets_and_their_cities_are_told_as_the_projection_answers_them(books, scene):
    p = scene.projection
    found = {row[0]: row for row in table(books["zh"][ZH["targets"]], 4)}
    assert list(found) == [t.target_id for t in p.targets]
    for t in p.targets:
        row = found[t.target_id]
        assert row[7] == (t.asked if t.asked is not None else "—") and row[8] == t.unit
        assert row[10] == (t.value if t.value is not None else "—")
        assert row[11] == (t.margin if t.margin is not None else "—")
    cities = table(books["zh"][ZH["target_cities"]], 4)
    answered = [(t.target_id, c.place, c.value) for t in p.targets for c in t.cities]
    assert [(r[0], r[2], r[8]) for r in cities] == [
        (a, b, v if np.isfinite(v) else "—") for a, b, v in answered
    ]
    counts = rows(books["zh"][ZH["headline"]])
    at = next(i for i, row in enumerate(counts) if row[0] == "判定")
    assert sum(row[1] for row in counts[at + 1 : at + 1 + len(Verdict)]) == len(p.targets)


def test_a_target_is_told_in_planners_units_too(books, scene):
    row = next(
        r for r in table(books["zh"][ZH["targets"]], 4) if r[8] == "GW" and isinstance(r[7], (int, float))
    )
    assert row[23] == "万千瓦" and row[20] == pytest.approx(row[7] * 100, rel=1e-15)


def test_cities_sum_to_the_region(books, scene):
    found = block(books["zh"][ZH["cities"]], "二氧化碳排放（能源活动）")
    for city in scene.projection.cities:
        same_bits(found[city.place], city.territorial_tco2)
    assert np.allclose(found["total"], scene.projection.account.territorial_tco2, rtol=1e-12)


def test_changes_show_both_paths_with_bounds_source_and_grade(books, scene):
    found = table(books["zh"][ZH["changes"]], 4)
    assert len(found) == 2 * len(scene.scenario.settings)
    years = list(scene.projection.years)
    for change, (before, after) in zip(scene.changes, zip(found[::2], found[1::2], strict=True), strict=True):
        assert before[0] == after[0] == change.lever.lever_id
        assert before[6:8] == [change.lever.low, change.lever.high]
        assert before[10] in ("A", "B", "C") and before[9]
        same_bits(before[11:], change.baseline_path)
        same_bits(after[11:], change.own_path)
    wind = found[1]
    assert wind[11 + years.index(2030)] == 30.1 and wind[11 + years.index(2060)] == 55.0
    assert wind[5] == "2030: 30.1; 2035: 55.0"
    assert found[3][2] == "苏州"


def test_a_scenario_without_changes_says_so(scene):
    bare = Scene(scene.projection, Scenario(), scene.levers, "en")
    book = openpyxl.load_workbook(BytesIO(export_workbook(bare).content))
    assert "No changes" in book[EN["changes"]]["A4"].value


def test_sources_are_those_of_the_list_with_their_grades(books):
    found = table(books["zh"][ZH["sources"]], 4)
    assert len(found) > 100
    for row in found:
        assert row[1] == sources()[row[0]].title
        assert set(row[5].split(", ")) <= {"A", "B", "C", "政策文件"}, row


def test_both_languages_are_complete(books):
    """Headings and words: no Chinese in the English workbook but in names of sources, sections, wordings."""
    han = re.compile(r"[\u4e00-\u9fff]")
    free = {EN["sources"]: {1, 4}, EN["targets"]: {2, 19}, EN["changes"]: {9}, EN["cover"]: {1}}
    for sheet in books["en"]:
        for row in rows(sheet, 2):
            for column, value in enumerate(row):
                if isinstance(value, str) and column not in free.get(sheet.title, ()):
                    assert not han.search(value), (sheet.title, column, value)
    for sheet in books["zh"]:
        assert han.search(sheet.title) and han.search(sheet["A2"].value)
    a_word = re.compile(r"^[a-z][a-z ,']+$")
    ids = {"编号", "城市编号", "目标编号", "来源编号", "单位", "抓手", "指标", "等级"}
    for key in ("headline", "co2", "power", "peak", "peak_days", "cities"):
        for row in rows(books["zh"][ZH[key]], 3):
            if row[0] not in ids:
                assert not [v for v in row if isinstance(v, str) and a_word.match(v)], (key, row)


def test_every_word_of_every_regions_projection_has_a_name(shop):
    async def made(region):
        frame = Frame(region=region, factor_set="balance_2020", last_year=2030)
        (found,) = await shop.pipeline.project_chunk(frame, (Scenario(),), DispatchMode.FAST)
        return Scene(found, Scenario(), await shop.pipeline.calls.levers(region), "zh")

    for region in region_ids():
        if not load_region(region).has("scenarios/planned"):
            continue
        scene = shop.do(made(region))
        p = scene.projection
        assert set(p.peak_load.causes) <= set(words.CAUSES)
        assert {g for d in p.power.peak_days for g in d.groups} <= set(words.GROUPS)
        assert {part.part for s in p.sectors for part in s.parts} <= set(words.PARTS)
        assert {t.sector for t in p.targets} <= set(words.TARGET_SECTORS)
        assert {r.name for t in p.targets for r in t.readings} <= set(words.READINGS)
        assert {t.compare for t in p.targets} <= set(words.OPERATORS)
        assert {x.reason for x in (*p.targets, *p.directions)} - {""} <= set(words.REASONS)
        assert {c.status for c in p.carbon_peaks} <= set(words.PEAK_STATUS)
        assert {t.unit for t in p.targets} <= set(UNITS), "units of targets are told in both languages"
        book = openpyxl.load_workbook(BytesIO(export_workbook(scene).content))
        assert book.sheetnames == list(ZH.values())
    assert {v.value for v in Verdict} == set(words.VERDICTS)
    assert set(words.WEATHER) == set(WEATHER_YEARS) and set(words.BASELINES) == set(BASELINES)


def test_it_is_small_and_opens_quickly(files, scene):
    started = time.perf_counter()
    export_workbook(scene)
    written = time.perf_counter()
    openpyxl.load_workbook(BytesIO(files["zh"].content))
    opened = time.perf_counter()
    size = len(files["zh"].content)
    told = f"{size / 1e6:.2f} MB, written in {written - started:.2f} s, opened in {opened - written:.2f} s"
    sys.stdout.write(f"workbook: {told}\n")
    assert size < 2_000_000
    assert opened - written < 15  # a bound for loaded machines; the figure is printed
