"""Known differences: read from known.yaml, put on the comparisons they belong to."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from services.common.words import Label
from validation.comparison import Comparison

FILE = Path(__file__).with_name("known.yaml")


@dataclass(frozen=True)
class KnownDifference:
    """Why comparisons of a pattern lie outside their limits."""

    pattern: str
    reason: Label


def known_differences() -> tuple[KnownDifference, ...]:
    """All entries of the file."""
    entries = yaml.safe_load(FILE.read_text("utf-8")) or []
    return tuple(KnownDifference(e["id"], Label(e["zh"], e["en"])) for e in entries)


def explained(comparison: Comparison, known: tuple[KnownDifference, ...]) -> Comparison:
    """The comparison with its reason, if there is one."""
    for entry in known:
        if fnmatchcase(comparison.comparison_id, entry.pattern):
            return replace(comparison, known=entry.reason)
    return comparison


def not_needed(known: tuple[KnownDifference, ...], comparisons: list[Comparison]) -> tuple[str, ...]:
    """Patterns that explain no difference of this report, though it holds comparisons of theirs."""
    found = []
    for entry in known:
        named = [c for c in comparisons if fnmatchcase(c.comparison_id, entry.pattern)]
        if named and all(c.within for c in named):
            found.append(entry.pattern)
    return tuple(found)
