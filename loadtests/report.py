"""The report of a run: Markdown, HTML with plots, and tables as CSV."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from html import escape
from pathlib import Path
from typing import Any, Final

from loadtests.aims import Aim
from loadtests.figures import Summary, latency_course, per_second, reasons, summaries, summary
from loadtests.plots import line_plot
from loadtests.records import FAILED, OK, REFUSED, Phase, Record, write_rows
from loadtests.watch import Held

_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2530}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}
td,th{padding:.15rem .7rem;border-bottom:1px solid #d8dee6;text-align:right}
td:first-child,th:first-child{text-align:left}svg{width:100%;font-size:11px}
.grid{stroke:#d8dee6}.mark{stroke:#9aa7b5;stroke-dasharray:3 3}.missed{color:#a01818;font-weight:600}
"""


@dataclass(frozen=True)
class Run:
    """All that a run found."""

    kind: str
    words: str
    """What was run, in one line."""
    seconds: float
    records: Sequence[Record]
    phases: Sequence[Phase]
    samples: Sequence[Held]
    aims: Sequence[Aim]
    figures: dict[str, str] = field(default_factory=dict)


def write(run: Run, folder: Path) -> None:
    """report.md, report.html, summary.csv and machine.csv; the records stand there already."""
    tables = _tables(run)
    (folder / "report.md").write_text(_markdown(run, tables), encoding="utf-8")
    (folder / "report.html").write_text(_html(run, tables), encoding="utf-8")
    found = [s for _, rows in _summaries(run) for s in rows]
    write_rows(folder / "summary.csv", [f.name for f in fields(Summary)], [astuple(s) for s in found])
    write_rows(folder / "machine.csv", [f.name for f in fields(Held)], [astuple(s) for s in run.samples])


Table = tuple[str, Sequence[str], list[list[str]]]


def _summaries(run: Run) -> list[tuple[str, list[Summary]]]:
    by_phase = [summary(p.name, [r for r in run.records if r.phase == p.name], p.seconds) for p in run.phases]
    return [
        ("All", [summary("all calls", run.records, run.seconds)]),
        ("By phase", by_phase),
        ("By user and method", summaries(run.records, lambda r: f"{r.user} {r.method}", run.seconds)),
    ]


def _tables(run: Run) -> list[Table]:
    aims = [
        [a.name, a.figure, a.aim, {True: "met", False: "MISSED", None: "not told"}[a.met]] for a in run.aims
    ]
    found: list[Table] = [("Aims", ("aim", "figure", "aimed at", ""), aims)]
    if run.figures:
        found.append(("Figures", ("what", "figure"), [list(item) for item in run.figures.items()]))
    head = (
        "",
        "calls",
        "answered",
        "refused",
        "failed",
        "answered/s",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "refusal p99 ms",
    )
    found += [(title, head, [_cells(s) for s in rows]) for title, rows in _summaries(run)]
    for title, outcome in (("Refusals by reason", REFUSED), ("Failures by reason", FAILED)):
        rows = [[reason, f"{count:,}"] for reason, count in reasons(run.records, outcome).items()]
        found.append((title, ("reason", "calls"), rows or [["none", "0"]]))
    return [
        *found,
        ("Servers", ("process", "memory MB", "most", "threads", "files", "sockets", "CPU s"), _held(run)),
    ]


def _cells(s: Summary) -> list[str]:
    counts = [f"{n:,}" for n in (s.count, s.ok, s.refused, s.failed)]
    return [
        s.name,
        *counts,
        f"{s.ok_per_s:.1f}",
        *(_ms(v) for v in (s.p50_ms, s.p95_ms, s.p99_ms, s.refused_p99_ms)),
    ]


def _ms(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.1f}"


def _held(run: Run) -> list[list[str]]:
    rows = []
    for process in sorted({s.process for s in run.samples}):
        own = [s for s in run.samples if s.process == process]
        last = own[-1]
        most = max(s.rss_mb for s in own)
        whole = (last.threads, last.files, last.sockets)
        used = last.cpu_s - own[0].cpu_s
        rows.append([process, f"{last.rss_mb:,.0f}", f"{most:,.0f}", *map(str, whole), f"{used:.1f}"])
    return rows


def _markdown(run: Run, tables: Iterable[Table]) -> str:
    lines = [f"# Load test: {run.kind}", "", run.words, ""]
    for title, head, rows in tables:
        lines += [f"## {title}", "", _row(head), _row(["---"] * len(head)), *(_row(r) for r in rows), ""]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(c.replace("|", "/").replace("\n", " ") for c in cells) + " |"


def _html(run: Run, tables: Iterable[Table]) -> str:
    parts = [f"<h1>Load test: {escape(run.kind)}</h1><p>{escape(run.words)}</p>"]
    for i, (title, head, rows) in enumerate(tables):
        cells = "".join(f"<th>{escape(h)}</th>" for h in head)
        body = "".join(_html_row(r) for r in rows)
        parts.append(f"<h2>{escape(title)}</h2><table><tr>{cells}</tr>{body}</table>")
        if i == 0:
            parts += _plots(run)
    title = f"<title>Load test: {escape(run.kind)}</title>"
    return f'<!doctype html><html lang="en"><meta charset="utf-8">{title}<style>{_STYLE}</style>{"".join(parts)}</html>'


def _html_row(cells: Sequence[str]) -> str:
    missed = ' class="missed"' if cells[-1] == "MISSED" else ""
    return f"<tr{missed}>" + "".join(f"<td>{escape(c)}</td>" for c in cells) + "</tr>"


def _plots(run: Run) -> list[str]:
    marks = [(p.start_s, p.name) for p in run.phases]
    ended: dict[str, Any] = {o: per_second(run.records, o, run.seconds) for o in (OK, REFUSED, FAILED)}
    took = {f"p{s * 100:.0f}": latency_course(run.records, s, run.seconds) for s in (0.5, 0.95, 0.99)}
    return [
        line_plot("Calls ended", "a second", ended, marks),
        line_plot("Time of accepted calls", "ms", took, marks),
        line_plot("Memory", "MB", _courses(run.samples, "rss_mb"), marks),
        line_plot("Threads, files, sockets", "", {
            f"{process} {what}": line
            for what in ("threads", "files", "sockets")
            for process, line in _courses(run.samples, what).items()
        }, marks),
    ]  # fmt: skip


def _courses(samples: Sequence[Held], what: str) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for sample in samples:
        found.setdefault(sample.process, []).append((sample.at_s, float(getattr(sample, what))))
    return found
