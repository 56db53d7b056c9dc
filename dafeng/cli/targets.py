"""`dafeng targets`: every policy target, rule and deferred number, answered; conflicts between documents."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dafeng.areas.targets import entered as entered_values
from dafeng.cli.connection import EXIT_TARGETS_MISSED, connected, translated_errors
from dafeng.cli.files import INTERNAL_MARK, write_json, write_rows
from dafeng.cli.options import Address, BaselineName, JsonFile, PlaceId, SettingTexts, WeatherYear
from dafeng.cli.output import out, progress, table
from dafeng.cli.parsing import parse_settings, place_asked
from dafeng.cli.reports import VERDICTS
from dafeng.client import InvalidInputError, Violation
from dafeng.projection.v1 import projection_pb2
from dafeng.targets.v1 import targets_pb2

EXAMPLE = "Example: dafeng targets jiangsu --entered docs/examples/entered_jiangsu.csv --document JSP"
ENTERED_COLUMNS = ("item_id", "place", "year", "value", "source", "office", "date", "status", "role")
_NEEDED = ("item_id", "year", "value", "source")
_MISSED = projection_pb2.VERDICT_MISSED


def targets(
    region: PlaceId,
    scenario: BaselineName = "planned",
    set_: SettingTexts = None,
    weather: WeatherYear = "normal",
    as_of: Annotated[int, typer.Option("--as-of", help="Hide observations after this year; 0 uses all.")] = 0,
    entered: Annotated[
        Path | None,
        typer.Option(help=f"CSV of values that offices enter: {', '.join(ENTERED_COLUMNS)}."),
    ] = None,
    tolerance: Annotated[
        list[str] | None, typer.Option(help='Own tolerance of an "about": TARGET=VALUE. Repeatable.')
    ] = None,
    anchor: Annotated[
        str, typer.Option(help="Shift the model to the last value seen: none, level or ratio.")
    ] = "none",
    document: Annotated[str, typer.Option(help="Only this document: JSP, JSS, NTP, JSD, JXO.")] = "",
    verdict: Annotated[
        str, typer.Option(help="Only this verdict: met, missed, on_track, behind, already_met ...")
    ] = "",
    rules: Annotated[bool, typer.Option("--rules", help="Also the rules without a number.")] = False,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Also where the documents disagree.")
    ] = False,
    observed_only: Annotated[
        bool, typer.Option("--observed-only", help="Observed and entered values only, nothing projected.")
    ] = False,
    no_assumed_years: Annotated[
        bool, typer.Option("--no-assumed-years", help="Do not judge targets whose year or start is assumed.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with code 4 when a target is missed.")] = False,
    json_file: JsonFile = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the targets as CSV.")] = None,
    address: Address = "",
) -> None:
    """Answer every policy target: met, missed, on track, behind, already met, cannot be computed, tracked only."""
    with translated_errors():
        settings = parse_settings(set_ or ())
        values = entered_values(read_entered(entered)) if entered is not None else []
        own = read_tolerances(tolerance or ())
        wanted = verdict_of(verdict)
    with connected(address) as client:
        place, city = place_asked(client, region)
        with progress("评估目标 judging targets") as tell:
            report = client.targets.evaluate(
                place,
                scenario,
                settings,
                entered=values,
                tolerances=own,
                anchor="" if anchor == "none" else anchor,
                no_assumed_years=no_assumed_years,
                without_projection=observed_only,
                weather_year=weather,
                as_of_year=as_of,
                tell=tell,
            )
        documents = {d.document_id for d in client.targets.list(place).documents}
    with translated_errors():
        _check_document(document, documents)
    chosen = [
        t
        for t in (*report.targets, *report.slots)
        if (not city or t.place == city)
        and document in ("", t.document_id)
        and (wanted is None or t.verdict == wanted)
    ]
    print_targets(report, chosen)
    if rules:
        print_rules([r for r in report.rules if not city or r.place == city], document)
    if conflicts:
        print_conflicts(report.conflicts)
    print_settings(report)
    if json_file is not None:
        write_json(json_file, report)
    if csv_file is not None:
        write_rows(csv_file, _csv_rows(chosen))
    if strict and any(t.verdict == _MISSED for t in chosen):
        raise typer.Exit(EXIT_TARGETS_MISSED)


def read_entered(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV of entered values. InvalidInputError lists everything that cannot be read.

    Rows that begin with # are remarks.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            numbered = [(i, row) for i, row in enumerate(csv.reader(file), start=1) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError("file", (Violation(str(path), f"cannot be read: {error}"),)) from None
    kept = [(i, row) for i, row in numbered if not row[0].startswith("#")]
    header = [name.strip() for name in kept[0][1]] if kept else []
    wrong = [Violation(path.name, f"no column {n}") for n in _NEEDED if n not in header]
    wrong += [
        Violation(path.name, f"column {n!r} is not known; allowed: {', '.join(ENTERED_COLUMNS)}")
        for n in header
        if n not in ENTERED_COLUMNS
    ]
    wrong += [Violation(path.name, f"column {n} stands twice") for n, k in Counter(header).items() if k > 1]
    rows = []
    for i, row in kept[1:]:
        if len(row) != len(header):
            wrong.append(
                Violation(f"{path.name}, row {i}", f"{len(row)} cells; the header has {len(header)}")
            )
            continue
        cells = dict(zip(header, row, strict=True))
        wrong += _cell_faults(f"{path.name}, row {i}", cells)
        rows.append(cells)
    if wrong:
        raise InvalidInputError("entered values cannot be read", tuple(wrong))
    return rows


def _cell_faults(where: str, cells: dict[str, str]) -> list[Violation]:
    found = []
    year = cells.get("year", "").strip()
    if not (year.isdigit() and len(year) == 4):
        found.append(Violation(f"{where}, year", f"{year!r} is not a year"))
    try:
        float(cells.get("value", ""))
    except ValueError:
        found.append(Violation(f"{where}, value", f"{cells.get('value', '')!r} is not a number"))
    return found


def read_tolerances(texts: Sequence[str]) -> dict[str, float]:
    """TARGET=VALUE texts. InvalidInputError lists every one that cannot be read."""
    found, wrong = {}, []
    for text in texts:
        name, equals, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not equals or number < 0 or name in found:
            wrong.append(Violation("--tolerance", f"{text!r}: write TARGET=VALUE once, VALUE 0 or more"))
            continue
        found[name] = number
    if wrong:
        raise InvalidInputError("tolerances", tuple(wrong))
    return found


def verdict_of(name: str) -> int | None:
    """A verdict by its short name; None for all. InvalidInputError for another name."""
    if not name:
        return None
    names = {v.removeprefix("VERDICT_").lower(): v for v in VERDICTS}
    if name not in names:
        raise InvalidInputError(
            "verdict", (Violation("--verdict", f"{name!r}; allowed: {', '.join(names)}"),)
        )
    return projection_pb2.Verdict.Value(names[name])


def _check_document(document: str, known: set[str]) -> None:
    if document and document not in known:
        text = f"{document!r}; allowed: {', '.join(sorted(known))}"
        raise InvalidInputError("document", (Violation("--document", text),))


def print_targets(report: targets_pb2.TargetReport, chosen: Sequence[projection_pb2.TargetResult]) -> None:
    """The targets as a table, and how many have which verdict."""
    rows = [
        (
            t.target_id,
            t.place,
            f"{t.label.zh} {t.label.en}",
            _asked(t),
            t.year or "",
            f"{t.value:.4g}" if t.HasField("value") else "",
            f"{t.margin:+.4g}" if t.HasField("margin") else "",
            f"± {t.tolerance:g}" if t.tolerance else "",
            f"{t.tolerance_needed:.3g}" if t.tolerance_needed else "",
            _verdict(t),
            _because(t),
        )
        for t in chosen
    ]
    columns = (
        "id", "place", "target", "asked", "year", "value", "margin", "tolerance", "needed", "verdict", "why",
    )  # fmt: skip
    name = report.baseline if report.projected else "仅观测和录入 observed and entered only"
    table(
        f"政策目标 policy targets: {report.frame.region} {name}",
        columns,
        rows,
        right=(5, 6, 7, 8),
        spare=(1, 7, 8, 10),
    )
    counts = Counter(VERDICTS[projection_pb2.Verdict.Name(t.verdict)] for t in chosen)
    out.print("; ".join(f"{k}: {v}" for k, v in counts.items()), highlight=False)
    for t in chosen:
        if t.cities:
            worst = sorted(t.cities, key=lambda c: c.margin)
            cities = ", ".join(f"{c.place} {c.value:.1f}" for c in worst)
            out.print(f"  {t.target_id} 分市 city by city ({escape(t.unit)}): {cities}", highlight=False)


def _asked(t: projection_pb2.TargetResult) -> str:
    number = f"{t.asked:g}" if t.HasField("asked") else f"由{t.set_by.zh}定 set by {t.set_by.en}"
    strive = " 力争 strive" if t.strive else ""
    return f"{t.compare} {number} {escape(t.unit)}{strive}"


def _verdict(t: projection_pb2.TargetResult) -> str:
    return VERDICTS[projection_pb2.Verdict.Name(t.verdict)]


def _because(t: projection_pb2.TargetResult) -> str:
    """Basis, or the reason without an answer; the source of a value that was seen; the flags."""
    parts = [t.basis or t.reason]
    if t.HasField("value_source") and t.value_source.kind != "model":
        seen = t.value_source
        parts.append(f"{seen.year}: {seen.value:.4g} {seen.status}, {seen.source}")
    return escape("; ".join([*parts, *t.flags]))


def print_rules(results: Sequence[projection_pb2.DirectionResult], document: str) -> None:
    """Rules without a number."""
    answers = {True: "成立 holds", False: "不成立 broken"}
    rows = []
    for r in results:
        if document in ("", r.document_id):
            rows.append(
                (
                    r.direction_id,
                    r.place,
                    f"{r.label.zh} {r.label.en}",
                    r.rule,
                    f"{r.first_year}-{r.last_year}" if r.first_year else "",
                    answers[r.holds] if r.HasField("holds") else "",
                    r.first_broken_year or "",
                    f"{r.change_share:+.1%}" if r.HasField("change_share") else "",
                    r.reason or r.basis,
                )
            )
    columns = ("id", "place", "rule", "kind", "years", "answer", "first broken", "change", "why")
    table("方向性要求 rules without a number", columns, rows, right=(6, 7))


def print_conflicts(conflicts: Sequence[targets_pb2.Conflict]) -> None:
    """Where documents disagree, with both texts and which one binds."""
    rows = []
    for c in conflicts:
        kind = targets_pb2.ConflictKind.Name(c.kind).removeprefix("CONFLICT_KIND_").lower()
        texts = "\n".join(
            f"{s.target_id} {s.section} {s.place} {s.year or ''}: {s.wording}" for s in c.statements
        )
        rows.append((kind, c.severity, escape(texts), c.binding_target_id, f"{c.label.zh} {c.label.en}"))
    table("文件之间的冲突 conflicts between documents", ("kind", "", "texts", "binds", "meaning"), rows)
    out.print(
        "联合不可行由反推求解判定 joint infeasibility is decided by solving (dafeng solve)", highlight=False
    )


def print_settings(report: targets_pb2.TargetReport) -> None:
    """Every setting the answers rest on, the status and the digest."""
    told = "; ".join(f"{s.label.zh} {s.name} = {s.value}" for s in report.settings)
    out.print(f"设定 settings: {told}", highlight=False)
    revision = report.revision
    out.print(
        f"{INTERNAL_MARK}; {revision.model_version}, "
        f"data {revision.data_revision[:12]}, digest {report.digest[:12]}",
        highlight=False,
    )


def _csv_rows(chosen: Sequence[projection_pb2.TargetResult]) -> list[Sequence[object]]:
    header = (
        "id", "document", "section", "place", "target_zh", "target_en", "wording", "strive", "compare", "asked",
        "unit", "year", "verdict", "basis", "value", "margin", "relative_margin", "tolerance",
        "tolerance_needed", "required_value", "required_year", "value_from", "value_source", "reason", "flags",
    )  # fmt: skip
    rows: list[Sequence[object]] = [header]
    for t in chosen:
        optional = [
            getattr(t, n) if t.HasField(n) else ""
            for n in ("value", "margin", "relative_margin", "tolerance_needed", "required_value")
        ]
        rows.append(
            (
                t.target_id,
                t.document.zh,
                t.section,
                t.place,
                t.label.zh,
                t.label.en,
                t.wording,
                "yes" if t.strive else "no",
                t.compare,
                t.asked if t.HasField("asked") else "",
                t.unit,
                t.year or "",
                projection_pb2.Verdict.Name(t.verdict).removeprefix("VERDICT_").lower(),
                t.basis,
                *optional[:3],
                t.tolerance,
                *optional[3:],
                t.required_year or "",
                t.value_source.kind,
                t.value_source.source,
                t.reason,
                " ".join(t.flags),
            )
        )
    return rows
