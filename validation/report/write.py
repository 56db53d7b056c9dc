"""Writes all files of a report into a folder."""

import json
import math
from pathlib import Path

from validation.comparison import Comparison
from validation.report.found import Found
from validation.report.html import html
from validation.report.markdown import markdown
from validation.report.plots import svg

LANGUAGES = ("zh", "en")


def write(found: Found, folder: Path) -> tuple[Path, ...]:
    """report.{zh,en}.{html,md}, plots/ and results.json; the paths of the reports."""
    (folder / "plots").mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        pictures = {c.chart_id: svg(c, language) for part in found.sections for c in part.charts}
        for chart_id, picture in pictures.items():
            (folder / "plots" / f"{chart_id}.{language}.svg").write_text(picture, encoding="utf-8")
        for suffix, text in (("html", html(found, language, pictures)), ("md", markdown(found, language))):
            path = folder / f"report.{language}.{suffix}"
            path.write_text(text, encoding="utf-8")
            written.append(path)
    results = {
        "revision": found.revision,
        "passed": found.passed,
        "quick": found.quick,
        "sections": [
            {
                "id": part.section.section_id,
                "seconds": round(part.seconds, 1),
                "fault": part.fault,
                "comparisons": [_row(c) for c in part.comparisons],
            }
            for part in found.sections
        ],
    }
    (folder / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    return tuple(written)


def _row(c: Comparison) -> dict[str, object]:
    return {
        "id": c.comparison_id,
        "what": c.label.en,
        "figure": _number(c.figure),
        "reference": _number(c.reference),
        "unit": c.unit,
        "low": _number(c.low),
        "high": _number(c.high),
        "grade": c.grade,
        "verdict": c.verdict.value,
        "source": c.source,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
