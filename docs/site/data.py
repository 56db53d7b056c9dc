"""The data dictionary: every figure of the regions and the nation with unit, source and grade, from their files."""

from pathlib import Path

from docs.site.markdown import code, number, said, table
from gateway.region_folder.shape import PLACE_FILES, TARGETS_FILE
from services.common.region_files import (
    NATIONAL,
    OWN_SOURCES,
    ROOT,
    LeavesFile,
    TableFile,
    read_leaves,
    read_table,
    read_yaml,
    sources,
)
from services.common.regions import load_region, region_ids

PLACES = (NATIONAL, *region_ids())
_NOT_FIGURES = (*PLACE_FILES, TARGETS_FILE, OWN_SOURCES)
_INTRO = {
    "en": "Made from the files in `regions/{place}`: every single figure by name, every table by its columns (the rows are in the "
    "file named). Grade A: official documents and statistics; B: sound sources, converted; C: estimated or downscaled by the "
    "rule under *derived*. What a region leaves out is the nation's. `dafeng region check` says it of a folder of your own.",
    "zh": "由 `regions/{place}` 的文件生成：单个数值逐项列出，表格列出各列（行在所列文件中）。等级 A 官方文件与统计；B 可靠来源经换算；C 按"
    "“推算”所述规则估计或分解。地区未给出的取全国值。自有数据可用 `dafeng region check` 检查。",
}
_LEAVES = {
    "en": ("figure", "what", "value", "unit", "grade", "source", "clause", "derived"),
    "zh": ("指标", "含义", "数值", "单位", "等级", "来源", "条款", "推算"),
}
_COLUMNS = {"en": ("column", "type", "unit"), "zh": ("列", "类型", "单位")}
_CITY = {
    "en": ("figure", "what", "unit", "values", "grade", "derived"),
    "zh": ("指标", "含义", "单位", "数值", "等级", "推算"),
}
_WORDS = {
    "en": {"rows": "rows", "grades": "grades", "cities": "Figures of the cities", "tables": "sources"},
    "zh": {"rows": "行", "grades": "等级", "cities": "各城市数据", "tables": "来源"},
}


def page(place: str, language: str) -> str:
    """The page of a region, or of the nation."""
    folder = ROOT / place
    parts = [f"# {_name(place, language)}\n", _INTRO[language].format(place=place) + "\n"]
    for path in sorted(folder.rglob("*.yaml")):
        relative = path.relative_to(folder)
        if (relative.parts[0] == "cities" and place != NATIONAL) or path.name in _NOT_FIGURES:
            continue
        parts.append(f"## {code(relative.with_suffix('').as_posix())}\n")
        parts.append(
            _table(path, language) if path.with_suffix(".csv").is_file() else _leaves(path, language)
        )
    if place != NATIONAL:
        parts += _cities(place, language)
    return "\n".join(parts)


def _name(place: str, language: str) -> str:
    if place == NATIONAL:
        return {"en": "National data", "zh": "全国数据"}[language]
    return said(load_region(place).place.label, language)


def _leaves(path: Path, language: str) -> str:
    read, known = read_leaves(path, 0, ROOT), sources()
    raw = LeavesFile.model_validate(read_yaml(path)).leaves
    rows = []
    for name, leaf in read.items():
        told = leaf.provenance
        what = said(leaf.label, language) or raw[name].note
        rows.append(
            (
                code(name),
                what,
                _value(leaf),
                leaf.unit,
                told.grade.value,
                known[told.source].title,
                told.clause,
                told.derivation,
            )
        )
    return table(_LEAVES[language], rows)


def _value(leaf) -> str:
    if not leaf.values:
        return number(leaf.value) if isinstance(leaf.value, float) else str(leaf.value)
    years = sorted(leaf.values)
    shown = years if len(years) <= 8 else (*years[:3], *years[-3:])
    told = [f"{y}: {number(leaf.values[y])}" for y in shown]
    if len(years) > 8:
        told.insert(3, "...")
    return "; ".join(told)


def _table(path: Path, language: str) -> str:
    meta = TableFile.model_validate(read_yaml(path))
    read, known, words = read_table(path.with_suffix(".csv"), 0, ROOT), sources(), _WORDS[language]
    grades: dict[str, int] = {}
    for told in read.provenance:
        grades[told.grade.value] = grades.get(told.grade.value, 0) + 1
    counts = ", ".join(f"{grade} {count:,}" for grade, count in sorted(grades.items()))
    named = sorted({known[told.source].title for told in read.provenance})
    more = f" (+{len(named) - 12})" if len(named) > 12 else ""
    lines = [
        f"{said(meta.title.label(), language)}: {len(read):,} {words['rows']}; {words['grades']} {counts}; "
        f"{words['tables']}: {'; '.join(named[:12])}{more}\n",
        table(_COLUMNS[language], [(code(n), c.type, c.unit) for n, c in meta.columns.items()]),
    ]
    return "\n".join(lines)


def _cities(region_id: str, language: str) -> list[str]:
    """Figures of all cities, side by side."""
    region = load_region(region_id)
    parts = [f"## {_WORDS[language]['cities']}\n"]
    names = {c.place_id: said(c.label, language) for c in region.cities}
    subjects = {p.stem for c in names for p in (ROOT / region_id / "cities" / c).glob("*.yaml")} - {
        "city",
        "observations",
    }
    for subject in sorted(subjects):
        each = {c: read_leaves(ROOT / region_id / "cities" / c / f"{subject}.yaml", 0, ROOT) for c in names}
        rows = []
        for name in dict.fromkeys(n for leaves in each.values() for n in leaves):
            given = {c: leaves[name] for c, leaves in each.items() if name in leaves}
            one = next(iter(given.values()))
            values = "; ".join(f"{names[c]} {_value(leaf)}" for c, leaf in given.items())
            grades = ", ".join(sorted({leaf.provenance.grade.value for leaf in given.values()}))
            rules = "; ".join(
                dict.fromkeys(
                    leaf.provenance.derivation for leaf in given.values() if leaf.provenance.derivation
                )
            )
            rows.append((code(name), said(one.label, language), one.unit, values, grades, rules))
        parts.append(f"### {code(subject)}\n\n{table(_CITY[language], rows)}")
    return parts
