"""Pieces of Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any

LANGUAGES = ("en", "zh")


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; cells may hold any text."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(cell(c) for c in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def cell(value: Any) -> str:
    """A value as a cell: on one line, without what Markdown would take for its own."""
    if value is None:
        return ""
    text = number(value) if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace("|", "\\|").replace("$", "&#36;").replace("<", "&lt;")


def code(text: str) -> str:
    """A name in the type of code; nothing for nothing."""
    return f"`{text}`" if text else ""


def number(value: float) -> str:
    """A figure with all that it needs and no more."""
    return f"{value:,.10g}" if abs(value) >= 1e-4 or value == 0 else f"{value:.6g}"


def said(label: Any, language: str) -> str:
    """A label in a language, or in the other where it has none."""
    first, other = (label.zh, label.en) if language == "zh" else (label.en, label.zh)
    return first or other
