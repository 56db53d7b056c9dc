"""Task tables as files: a workbook whose sums are formulas, or CSV. The same table gives the same bytes."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from math import isfinite

import xlsxwriter

from gateway.cities.results import TaskRow, TaskTable
from gateway.csv_text import plain_text
from services.common.errors import Violation, invalid

_HEAD = ("城市 city", "部门 department", "目标 target", "指标 indicator", "单位 unit", "基期 base")
_TAIL = ("依据 basis", "来源 source", "状态 status", "备注 comment")
_BASIS = {
    "yearly": "当年量 in the year",
    "level": "年末水平 at year's end",
    "fall": "较基期累计下降 fall since base",
}
_STATUS = {"proposed": "建议 proposed", "short": "预测有缺口 short", "ahead": "预测可完成 ahead"}
_FIXED_DATE = datetime(2000, 1, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")


def export_table(table: TaskTable, form: str) -> tuple[bytes, str, str]:
    """(bytes, media type, file name) of a table. DomainError(INVALID_INPUT) when table or format is not whole."""
    wrong = list(_faults(table))
    if form not in ("", *FORMATS):
        wrong.append(Violation("format", "no such format", form, ", ".join(FORMATS)))
    if wrong:
        raise invalid(wrong)
    name = f"tasks_{table.region}"
    if form == "csv":
        return _csv(table), "text/csv; charset=utf-8", f"{name}.csv"
    return _xlsx(table), XLSX, f"{name}.xlsx"


def _faults(table: TaskTable) -> Iterator[Violation]:
    if not table.rows:
        yield Violation("table.rows", "a table needs rows")
    for i, row in enumerate(table.rows):
        for name in ("task_values", "has_task"):
            given = len(getattr(row, name))
            if given != len(table.years):
                yield Violation(
                    f"table.rows[{i}].{name}", "one for each year", str(given), str(len(table.years))
                )
        if not all(isfinite(v) for v in (*row.task_values, row.base or 0.0)):
            yield Violation(f"table.rows[{i}]", "every number must be finite")


def _head(table: TaskTable) -> tuple[str, ...]:
    return (*_HEAD, *(str(y) for y in table.years), *_TAIL)


def _before(row: TaskRow) -> tuple[str, ...]:
    place = f"{row.place_label.zh} {row.place_label.en}"
    return (place, row.department.zh, row.target_id, f"{row.indicator.zh} {row.indicator.en}", row.unit)


def _after(row: TaskRow) -> tuple[str, ...]:
    comment = f"{row.comment.zh} {row.comment.en}".strip()
    return (_BASIS.get(row.basis, row.basis), row.source, _STATUS.get(row.status, row.status), comment)


def _csv(table: TaskTable) -> bytes:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_head(table))
    for row in table.rows:
        values = [repr(v) if has else "" for v, has in zip(row.task_values, row.has_task, strict=True)]
        base = "" if row.base is None else repr(row.base)
        texts = [*map(plain_text, _before(row)), base, *values, *map(plain_text, _after(row))]
        writer.writerow(texts)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(table: TaskTable) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "分年度目标任务", "created": _FIXED_DATE})
        sheet = book.add_worksheet("任务 tasks")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, _head(table), bold)
        sheet.freeze_panes(1, 1)
        for at, row in enumerate(table.rows, start=1):
            _write(sheet, table, at, row, bold if row.place == table.region else None)
        notes = book.add_worksheet("参数 settings")
        notes.write_row(0, 0, ("参数 setting", "取值 value", "来源 source"), bold)
        for at, s in enumerate(table.settings, start=1):
            for column, text in enumerate((s.setting, s.given, s.source)):
                notes.write_string(at, column, text)
        start = len(table.settings) + 2
        for at, item in enumerate(table.left_out, start=start):
            notes.write_string(at, 0, item.target_id)
            notes.write_string(at, 1, f"未列入 left out: {item.reason.zh} {item.reason.en}")
    return out.getvalue()


def _write(
    sheet: "xlsxwriter.worksheet.Worksheet", table: TaskTable, at: int, row: TaskRow, form: object
) -> None:
    for column, text in enumerate(_before(row)):
        sheet.write_string(at, column, text, form)
    base = len(_HEAD) - 1
    below = _rows_below(table.rows, at)
    if row.base is not None:
        sheet.write_number(at, base, row.base, form)
    for j, (value, has) in enumerate(zip(row.task_values, row.has_task, strict=True)):
        column = base + 1 + j
        if has and row.sum_of_cities and below:
            cell = xlsxwriter.utility.xl_col_to_name(column)
            sheet.write_formula(at, column, f"=SUM({cell}{at + 2}:{cell}{at + 1 + below})", form, value)
        elif has:
            sheet.write_number(at, column, value, form)
    for j, text in enumerate(_after(row)):
        sheet.write_string(at, base + 1 + len(table.years) + j, text, form)


def _rows_below(rows: Sequence[TaskRow], at: int) -> int:
    """City rows of the same target right below row `at` (rows count from 1 under the heading)."""
    count = 0
    for row in rows[at:]:
        if row.target_id != rows[at - 1].target_id or row.sum_of_cities:
            break
        count += 1
    return count
