"""Line plots as inline SVG."""

from collections.abc import Sequence
from html import escape
from typing import Final

Points = Sequence[tuple[float, float]]
_COLOURS: Final = ("#2563a8", "#c2570c", "#3f7d3a", "#8a4fa3", "#7a6a1f", "#a83250")
_WIDTH, _HEIGHT = 860, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 12, 28


def line_plot(
    title: str, unit: str, lines: dict[str, Points], marks: Sequence[tuple[float, str]] = ()
) -> str:
    """Lines over seconds with a legend; `marks` are times with a word (phases)."""
    lines = {name: points for name, points in lines.items() if points}
    points = [p for line in lines.values() for p in line]
    most_x = max((x for x, _ in points), default=1.0) or 1.0
    most_y = max((y for _, y in points), default=1.0) or 1.0
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">']
    for share in (0.0, 0.5, 1.0):
        y = _y(share * most_y, most_y)
        parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(share * most_y)}</text>'
        )
    for at, word in marks:
        x = _x(at, most_x)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}" class="mark"/>')
        parts.append(f'<text x="{x + 2:.1f}" y="{_HEIGHT - 4}">{escape(word)}</text>')
    for i, (name, line) in enumerate(lines.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        path = " ".join(f"{_x(x, most_x):.1f},{_y(y, most_y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        y = _TOP + 14 * (i + 1)
        parts.append(f'<text x="{_WIDTH - _RIGHT + 10}" y="{y}" fill="{colour}">{escape(name)}</text>')
    head = f"<h3>{escape(title)}, {escape(unit)}</h3>"
    return head + "".join(parts) + "</svg>"


def _x(value: float, most: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / most


def _y(value: float, most: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / most


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
