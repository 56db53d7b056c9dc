"""Writes sheets: release status above and on paper, headings, tables, number formats; no text becomes a formula."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import isfinite
from typing import Any, Final

import xlsxwriter

from gateway.report.workbook.words import SHEETS, TITLES, text_of
from services.common.words import Label

MISSING: Final = "—"
_FIXED_DATE: Final = datetime(2000, 1, 1)  # the same projection gives the same bytes
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_A4: Final = 9
_MOST_WIDTH, _LEAST_WIDTH = 60, 8
_INK, _HEAD_FILL, _WARN = "#111827", "#E5E7EB", "#8F1B12"


@dataclass(frozen=True)
class Number:
    """A number with the digits it is shown with."""

    value: float
    digits: int = 0
    grouped: bool = True
    """Thousands apart; not in a year."""


class _Exact(float):
    """A double that is written with all its digits: sixteen, as the writer takes, lose the last bits."""

    def __format__(self, _: str) -> str:
        return repr(float(self))


@dataclass(frozen=True)
class Year:
    """A calendar year; 0 is none."""

    value: int


Cell = str | int | Number | Year | None


class Book:
    """A workbook in memory, all sheets in one language."""

    def __init__(self, language: str, status: str, proof: str, title: str) -> None:
        """`proof` is the manifest id of a release, or the digest of a projection that was not released."""
        self.language, self.status = language, status
        self.mark = f"{status} · {proof}"
        self._out = BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties(
            {"title": title, "comments": self.mark, "status": status, "created": _FIXED_DATE}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._number_forms: dict[tuple[int, bool], Any] = {}

    def sheet(self, key: str) -> "Sheet":
        """The next sheet, with the release status in its first row and its title in the second."""
        made = self._book.add_worksheet(text_of(SHEETS[key], self.language))
        return Sheet(self, made, text_of(TITLES[key], self.language))

    def form(self, **properties: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_size": 10, "valign": "top", **properties})
        return self._formats[key]

    def number_form(self, digits: int, grouped: bool) -> Any:
        """The format of a number with so many digits."""
        known = self._number_forms.get((digits, grouped))
        if known is None:
            shown = ("#,##0" if grouped else "0") + ("." + "0" * digits if digits else "")
            known = self._number_forms[digits, grouped] = self.form(num_format=shown)
        return known

    def say(self, label: Label) -> str:
        """A text in the workbook's language."""
        return text_of(label, self.language)

    def content(self) -> bytes:
        """The file's bytes; nothing can be written afterwards."""
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """One sheet, written from the top."""

    def __init__(self, book: Book, sheet: Any, title: str) -> None:
        self.book, self._sheet = book, sheet
        self.row = 3
        self._widths: dict[int, int] = {}
        self._print_columns = 0
        sheet.write_string(0, 0, book.mark, book.form(bold=True, font_color=_WARN))
        sheet.write_string(1, 0, title, book.form(bold=True, font_size=14))
        paper = book.mark.replace("&", "&&")
        sheet.set_header(f"&L{paper}&R&A")
        sheet.set_footer(f"&L{paper}&R&P / &N")
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.47, right=0.47, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)

    def heading(self, text: str) -> None:
        """A heading above a table."""
        self._sheet.write_string(self.row, 0, text, self.book.form(bold=True, font_size=12))
        self.row += 1

    def line(self, text: str, *more: Cell) -> None:
        """A row of a text and what belongs to it."""
        self._cell(self.row, 0, text, bold=bool(more))
        for column, cell in enumerate(more, start=1):
            self._cell(self.row, column, cell)
        self.row += 1

    def paragraph(self, text: str) -> None:
        """A text that runs over the columns to its right."""
        self._string(self.row, 0, text, False)
        self.row += 1

    def head(self, texts: Sequence[str | Year], first: int = 0, row: int | None = None) -> None:
        """The heading row of a table; goes on below unless the row is given."""
        at = self.row if row is None else row
        form = self.book.form(
            bold=True, bg_color=_HEAD_FILL, text_wrap=True, border=1, border_color="#9CA3AF"
        )
        for column, text in enumerate(texts, start=first):
            if isinstance(text, Year):
                self._sheet.write_number(at, column, text.value, form)
            elif text:
                self._sheet.write_string(at, column, text, form)
                self._widen(column, max(map(_width, text.split()), default=0))
        if row is None:
            self.row += 1

    def rows(self, rows: Iterable[Sequence[Cell]], first: int = 0, row: int | None = None) -> None:
        """Rows of a table; goes on below unless the row is given."""
        at = self.row if row is None else row
        for cells in rows:
            for column, cell in enumerate(cells, start=first):
                self._cell(at, column, cell)
            at += 1
        if row is None:
            self.row = at

    def table(self, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """A table from the left, and an empty row below it."""
        self.head(head)
        self.printed(len(head))
        self.rows(rows)
        self.row += 1

    def freeze(self, row: int, column: int) -> None:
        """Rows above and columns left of a cell stay in sight, and are printed on every page."""
        self._sheet.freeze_panes(row, column)
        self._sheet.repeat_rows(0, max(row - 1, 0))

    def printed(self, columns: int) -> None:
        """So many columns go on paper, at least."""
        self._print_columns = max(self._print_columns, columns)

    def filtered(self, row: int, last_row: int, columns: int) -> None:
        """Filter buttons over a table."""
        self._sheet.autofilter(row, 0, max(last_row, row), columns - 1)

    def close(self, widths: Sequence[int] = ()) -> None:
        """Set widths (those given, else as wide as what stands there) and what is printed."""
        for column, width in {**self._widths, **dict(enumerate(widths))}.items():
            self._sheet.set_column(column, column, min(max(width, _LEAST_WIDTH), _MOST_WIDTH) + 1)
        self._sheet.print_area(0, 0, max(self.row - 1, 1), max(self._print_columns, 1) - 1)

    def _cell(self, row: int, column: int, cell: Cell, bold: bool = False) -> None:
        if cell is None:
            self._sheet.write_string(row, column, MISSING, self.book.form(align="right"))
        elif isinstance(cell, str):
            self._string(row, column, cell, bold)
            self._widen(column, _width(cell))
        elif isinstance(cell, Year):
            self._year(row, column, cell.value)
        elif isinstance(cell, Number):
            self._number(row, column, cell)
        else:
            self._sheet.write_number(row, column, cell, self.book.form(num_format="#,##0"))

    def _string(self, row: int, column: int, text: str, bold: bool) -> None:
        properties: dict[str, Any] = {"bold": True} if bold else {}
        if text.startswith(_FORMULA_STARTS):
            properties["quote_prefix"] = True  # stays a text when a reader edits the cell
        self._sheet.write_string(row, column, text, self.book.form(**properties))

    def _year(self, row: int, column: int, year: int) -> None:
        if year:
            self._sheet.write_number(row, column, year, self.book.form(num_format="0"))
        else:
            self._sheet.write_string(row, column, MISSING, self.book.form(align="right"))

    def _number(self, row: int, column: int, cell: Number) -> None:
        value, digits = _Exact(cell.value), cell.digits
        if not isfinite(value):
            self._sheet.write_string(row, column, MISSING, self.book.form(align="right"))
            return
        self._sheet.write_number(row, column, value, self.book.number_form(digits, cell.grouped))
        self._widen(column, len(f"{cell.value:,.{digits}f}"))

    def _widen(self, column: int, width: int) -> None:
        self._widths[column] = max(self._widths.get(column, 0), width)


def digits_for(values: Iterable[float], usual: int | None = None) -> int:
    """Digits of a column: the usual ones, or by its size; always so many that its largest value shows."""
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    steps = ((1000.0, 0), (100.0, 1), (10.0, 2), (1.0, 3), (0.01, 4), (0.0001, 6))
    by_size = next((digits for least, digits in steps if largest >= least), 10 if largest else 0)
    if usual is None:
        return by_size
    return max(usual, by_size) if largest < 1 else usual


def _width(text: str) -> int:
    """How wide a text is in digits: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
