"""Charts of a section as SVG. Text stays text, so that any reader's fonts show both languages."""

import warnings
from io import StringIO
from textwrap import shorten

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from services.common.words import Label
from validation.comparison import Chart

_COLOURS = ("#0b4f9e", "#c2410c", "#14653a", "#7c3aed", "#6b4500", "#475467", "#0e7490", "#a11d14")
_NAME_LETTERS = 56
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dafeng",  # the same picture, the same bytes
    "font.size": 9,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def svg(chart: Chart, language: str) -> str:
    """The chart as an SVG element, its title as what a screen reader reads."""
    with mpl.rc_context(_STYLE):
        rows = max((len(s.x) for s in chart.series), default=1)
        height = 1.2 + 0.24 * rows * max(1, len(chart.series)) ** 0.5 if chart.kind == "bars" else 3.4
        figure = Figure(figsize=(7.2, height), layout="constrained")
        axes = figure.add_subplot()
        _DRAW[chart.kind](axes, chart, language)
        axes.set_xlabel(getattr(chart.x_label, language))
        axes.set_ylabel(getattr(chart.y_label, language))
        if len(chart.series) > 1:
            figure.legend(frameon=False, fontsize=8, loc="outside upper center", ncols=3)
        out = StringIO()
        with warnings.catch_warnings():
            # Whoever reads the picture has the fonts; here they are only measured.
            warnings.filterwarnings("ignore", message="Glyph")
            figure.savefig(
                out, format="svg", metadata={"Date": None, "Title": getattr(chart.title, language)}
            )
    text = out.getvalue()
    return text[text.index("<svg") :]


def _lines(axes: Axes, chart: Chart, language: str) -> None:
    for i, series in enumerate(chart.series):
        marker = "o" if len(series.x) < 40 else None
        axes.plot(
            series.x,
            series.y,
            color=_COLOURS[i % len(_COLOURS)],
            marker=marker,
            markersize=3,
            linewidth=1.4,
            label=getattr(series.label, language),
        )


def _bars(axes: Axes, chart: Chart, language: str) -> None:
    thick = 0.8 / max(1, len(chart.series))
    for i, series in enumerate(chart.series):
        at = [k + (i - (len(chart.series) - 1) / 2) * thick for k in range(len(series.x))]
        axes.barh(
            at,
            series.y,
            height=thick,
            color=_COLOURS[i % len(_COLOURS)],
            label=getattr(series.label, language),
        )
    names = chart.series[0].x if chart.series else ()
    axes.set_yticks(range(len(names)), [_name(n, language) for n in names])
    axes.invert_yaxis()
    axes.axvline(0, color="#475467", linewidth=0.8)


def _name(name: object, language: str) -> str:
    """As it fits beside its bar."""
    return shorten(
        getattr(name, language) if isinstance(name, Label) else str(name), _NAME_LETTERS, placeholder="…"
    )


def _match(axes: Axes, chart: Chart, language: str) -> None:
    values = [v for s in chart.series for v in (*s.x, *s.y) if isinstance(v, float | int)]
    if values:
        axes.plot([min(values), max(values)], [min(values), max(values)], color="#8a94a3", linewidth=0.8)
    for i, series in enumerate(chart.series):
        axes.scatter(
            series.x, series.y, s=14, color=_COLOURS[i % len(_COLOURS)], label=getattr(series.label, language)
        )
    if values and min(values) > 0 and max(values) / min(values) > 100:
        axes.set_xscale("log")
        axes.set_yscale("log")


_DRAW = {"lines": _lines, "bars": _bars, "match": _match}
