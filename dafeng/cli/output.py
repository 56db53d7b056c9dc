"""What the command line prints: tables on standard output, progress and errors on standard error."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dafeng.common.v1 import common_pb2

# A pipe or a file has no width of its own: wide enough that words of a table stay whole.
_PIPE_COLUMNS = 160
_NARROW_COLUMNS = 120
out = Console(
    soft_wrap=True, width=None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _PIPE_COLUMNS
)
err = Console(stderr=True)


def fail(title: str, lines: Iterable[str], code: int) -> NoReturn:
    """Print an error and leave with an exit code."""
    err.print(f"[bold red]{title}[/]", highlight=False)
    for line in lines:
        err.print(line, highlight=False, markup=False)
    raise typer.Exit(code)


@contextlib.contextmanager
def status(text: str) -> Iterator[None]:
    """A spinner on a terminal while something takes long; silent elsewhere."""
    with err.status(text):
        yield


@contextlib.contextmanager
def progress(text: str) -> Iterator[Callable[[Any], None]]:
    """A progress bar on a terminal, silent elsewhere; gives what hears the progress of a stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(text, total=None)

        def tell(heard: Any) -> None:
            stage = f"{heard.stage.zh} {heard.stage.en}".strip() or text
            bar.update(task, completed=heard.done_count, total=heard.total_count or None, description=stage)

        yield tell


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Iterable[int] = (),
    spare: Iterable[int] = (),
) -> None:
    """Print a table; `right` lists the columns to align right, `spare` those that a narrow screen does without."""
    made = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    aligned = set(right)
    left_out = set(spare) if out.width < _NARROW_COLUMNS else set()
    shown = [i for i in range(len(columns)) if i not in left_out]
    for i in shown:
        made.add_column(columns[i], justify="right" if i in aligned else "left", overflow="fold")
    for row in rows:
        made.add_row(*(str(row[i]) for i in shown))
    out.print(made)
    if left_out:
        names = ", ".join(columns[i].split()[-1] for i in sorted(left_out))
        out.print(f"  屏幕较窄，略去 narrow screen, left out: {names}", highlight=False)


def number(value: float) -> str:
    """A number as short as its size allows: 1,234,567, 45.6, 7.89, 0.123; 0.000 is near 0, 0 is 0."""
    size = abs(value)
    if size < 1:
        return "0" if size == 0 else f"{value:.3f}" if size >= 5e-4 else "0.000"
    return f"{value:,.0f}" if size >= 1e3 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def grade_text(grade: "common_pb2.Grade.ValueType") -> str:
    """A, B or C; empty where no grade is told."""
    return common_pb2.Grade.Name(grade).removeprefix("GRADE_") if grade else ""


def hour_text(hour: int) -> str:
    """Hour of the year as month-day and clock, for example 216 -> 01-10 00:00."""
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    day, month = hour // 24, 0
    while day >= days[month]:
        day -= days[month]
        month += 1
    return f"{month + 1:02d}-{day + 1:02d} {hour % 24:02d}:00"
