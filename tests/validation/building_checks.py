"""What every section on buildings must be: named in both languages, with a source, finite, and within its limits."""

import math

from validation.comparison import Chart, Comparison, Section, Verdict
from validation.context import Context


def quick_comparisons(section: Section, outside: tuple[str, ...] = ()) -> dict[str, Comparison]:
    """Comparisons of a quick run by id; only those of `outside` may lie, and must lie, outside their limits."""
    pieces = list(section.run(Context(quick=True)))
    found = [p for p in pieces if isinstance(p, Comparison)]
    by_id = {c.comparison_id: c for c in found}
    assert len(by_id) == len(found) > 0
    for c in found:
        assert c.comparison_id == c.comparison_id.lower() and c.comparison_id.startswith(
            f"{section.section_id}."
        )
        assert c.label.zh and c.label.en and c.source and c.grade in ("A", "B", "C", "exact", "method")
        assert any("\u4e00" <= letter <= "\u9fff" for letter in c.label.zh)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in c.label.en)
        assert math.isfinite(c.figure) and math.isfinite(c.reference)
        assert c.verdict is not Verdict.SHOWN or c.remark is not None, f"{c.comparison_id} does not say why"
    assert sorted(c.comparison_id for c in found if c.verdict is Verdict.DIFFERS) == sorted(outside)
    charts = [p for p in pieces if isinstance(p, Chart)]
    assert len({c.chart_id for c in charts}) == len(charts) > 0
    assert all(len(s.x) == len(s.y) > 0 for c in charts for s in c.series)
    return by_id
