"""The report as one HTML file that holds its pictures."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from validation.comparison import Chart, Comparison, Verdict
from validation.report.found import Found
from validation.report.numbers import difference, figure, limits
from validation.report.words import VERDICTS, WORDS


def html(found: Found, language: str, pictures: dict[str, str]) -> str:
    """The whole report in one language; `pictures` are SVG elements by chart id."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html.jinja").render(
        found=found,
        language=language,
        other="en" if language == "zh" else "zh",
        word=lambda name: getattr(WORDS[name], language),
        text=lambda label: getattr(label, language),
        verdicts=VERDICTS,
        every_verdict=tuple(Verdict),
        kind=lambda piece: (
            "comparison" if isinstance(piece, Comparison) else "chart" if isinstance(piece, Chart) else "text"
        ),
        figure=figure,
        difference=difference,
        limits=limits,
        pictures=pictures,
    )
