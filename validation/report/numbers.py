"""How the report writes numbers."""

from math import inf

from validation.comparison import Comparison


def figure(value: float) -> str:
    """A number with four significant digits, thousands grouped."""
    if value != value or value in (inf, -inf):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if 1e-4 <= abs(value) < 1e7:
        digits = max(0, 4 - len(str(int(abs(value)))) if abs(value) >= 1 else 6)
        return f"{value:,.{digits}f}" if abs(value) >= 1 else f"{value:.4g}"
    return f"{value:.3e}"


def difference(comparison: Comparison) -> str:
    """The difference, as a share where that says more; none where the reference is but a limit."""
    if comparison.reference in (comparison.low, comparison.high) and comparison.low != comparison.high:
        return "–"
    share = comparison.difference_share
    if comparison.difference == 0:
        return "0"
    if share is None or abs(share) > 10:
        return f"{'+' if comparison.difference > 0 else ''}{figure(comparison.difference)}"
    return f"{100 * share:+.2g} %" if abs(share) < 0.001 else f"{100 * share:+.1f} %"


def limits(comparison: Comparison) -> str:
    """The bounds of the figure."""
    if comparison.low == -inf and comparison.high == inf:
        return "–"
    if comparison.low == -inf:
        return f"≤ {figure(comparison.high)}"
    if comparison.high == inf:
        return f"≥ {figure(comparison.low)}"
    if comparison.low == comparison.high:
        return f"= {figure(comparison.low)}"
    return f"{figure(comparison.low)} … {figure(comparison.high)}"
