"""What leaves the page carries its status and the same numbers."""

import csv
import io
import struct
import zlib

import openpyxl
import pytest

from tests.page.conftest import show, whole

INTERNAL = "内部测算"


def downloaded(page, click):
    with page.expect_download() as waiting:
        page.click(click)
    return waiting.value


def table_of(page, chart):
    page.click(f"[data-chart={chart}] [data-table]")
    rows = page.locator(f"[data-chart={chart}] tbody tr")
    found = [row.split("\t") for row in rows.all_inner_texts()]
    page.click(f"[data-chart={chart}] [data-table]")
    return found


def test_table_and_file_of_a_chart_say_the_same(page, site):
    show(page, site)
    shown = table_of(page, "co2")
    text = downloaded(page, "[data-chart=co2] [data-download=csv]").path().read_text("utf-8-sig")
    status, head, *rows = csv.reader(io.StringIO(text))
    assert INTERNAL in status[0]
    assert len(rows) == 41 and [r[0] for r in rows] == [r[0] for r in shown]
    columns = (len(head) - 1) // 2
    for row, cells in zip(rows, shown, strict=True):
        for exact, scaled, cell in zip(row[1 : 1 + columns], row[1 + columns :], cells[1:], strict=True):
            assert float(exact) * 1e-8 == pytest.approx(float(scaled), rel=1e-12)
            assert f"{float(scaled):,.2f}".replace("-", "\u2212") == cell.replace("\u22120.00", "0.00")


def test_sectors_sum_to_the_total(page, site):
    show(page, site)
    text = downloaded(page, "[data-chart=co2] [data-download=csv]").path().read_text("utf-8-sig")
    _, head, *rows = csv.reader(io.StringIO(text))
    tonnes = [i for i, name in enumerate(head) if name.endswith("(t)")]
    total = next(i for i in tonnes if head[i].startswith("合计"))
    sectors = tonnes[:4]
    for row in rows:
        assert sum(float(row[i]) for i in sectors) == pytest.approx(float(row[total]), rel=1e-9)


def test_a_picture_is_large_and_not_blank(page, site):
    show(page, site)
    data = downloaded(page, "[data-chart=co2] [data-download=png]").path().read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1600, 900)
    pixels = zlib.decompress(
        b"".join(
            data[i + 8 : i + 8 + struct.unpack(">I", data[i : i + 4])[0]]
            for i in chunk_starts(data)
            if data[i + 4 : i + 8] == b"IDAT"
        )
    )
    assert len(set(pixels)) > 100


def chunk_starts(data):
    at = 8
    while at < len(data):
        yield at
        at += 12 + struct.unpack(">I", data[at : at + 4])[0]


def test_every_metric_leaves_as_a_table(page, site):
    show(page, site)
    page.click("[data-open=export]")
    text = downloaded(page, "[data-do=csv]").path().read_text("utf-8-sig")
    status, head, *rows = csv.reader(io.StringIO(text))
    assert INTERNAL in status[0] and head[3:] == [str(y) for y in range(2020, 2061)]
    by_id = {r[0]: r for r in rows}
    assert len(rows) > 400 and float(by_id["account.territorial_tco2"][3]) > 6e8


def test_the_workbook_opens_and_carries_the_status(page, site):
    show(page, site)
    page.click("[data-open=export]")
    saved = downloaded(page, "[data-do=excel]")
    assert saved.suggested_filename.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(saved.path().read_bytes()), read_only=True)
    assert len(book.sheetnames) >= 8
    for sheet in book:
        first = " ".join(str(c) for row in sheet.iter_rows(max_row=2, values_only=True) for c in row if c)
        assert INTERNAL in first, sheet.title


def test_the_report_prints_with_status_charts_and_targets(page, site):
    show(page, site)
    page.click("[data-open=export]")
    page.click("[data-do=report]")
    page.wait_for_selector(".report [data-chart=report_co2]")
    page.wait_for_timeout(300)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    data = page.pdf(prefer_css_page_size=True)
    assert data[:5] == b"%PDF-" and data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") >= 3
    assert INTERNAL in page.inner_text(".report .strip >> nth=0")
    picture = downloaded(page, "[data-do=picture]").path().read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert width == 1600 and height > 3000
    page.click("[data-do=close]")
    whole(page)
