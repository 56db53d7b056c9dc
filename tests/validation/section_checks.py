"""What every section must be, whatever it is about: named in both languages, with a source, finite, within its limits."""

import math
from collections.abc import Iterable

from validation.comparison import Chart, Comparison, Paragraph, Piece, Verdict

_HAN = ("\u4e00", "\u9fff")


def checked(pieces: Iterable[Piece], section_id: str, outside: tuple[str, ...] = ()) -> dict[str, Comparison]:
    """Comparisons by id; those of `outside`, and no others, lie outside their limits."""
    pieces = list(pieces)
    found = [p for p in pieces if isinstance(p, Comparison)]
    by_id = {c.comparison_id: c for c in found}
    assert len(by_id) == len(found) > 0
    for c in found:
        assert c.comparison_id == c.comparison_id.lower() and c.comparison_id.startswith(f"{section_id}.")
        assert has_han(c.label.zh) and c.label.en and not has_han(c.label.en), c.comparison_id
        assert c.source and not has_han(c.source) and c.grade in ("A", "B", "C", "exact", "method")
        assert math.isfinite(c.figure) and math.isfinite(c.reference), c.comparison_id
        assert c.verdict is not Verdict.SHOWN or c.remark is not None, f"{c.comparison_id} does not say why"
    assert sorted(told(found)) == sorted(outside)
    charts = [p for p in pieces if isinstance(p, Chart)]
    assert len({c.chart_id for c in charts}) == len(charts) > 0
    assert all(len(s.x) == len(s.y) > 0 for c in charts for s in c.series)
    assert all(has_han(p.text.zh) and not has_han(p.text.en) for p in pieces if isinstance(p, Paragraph))
    return by_id


def told(pieces: Iterable[Piece]) -> list[str]:
    """Ids of the comparisons that differ."""
    rows = (p for p in pieces if isinstance(p, Comparison))
    return [c.comparison_id for c in rows if c.verdict is Verdict.DIFFERS]


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in it."""
    return any(_HAN[0] <= letter <= _HAN[1] for letter in text)
