"""A folder to fill in: every file, figure, row and city that a region needs, with units and labels and no numbers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from gateway.region_folder.shape import CITIES, CITY_COLUMN, TARGETS_FILE, LeafShape, Shape, TableShape, needs
from services.common.errors import Violation, invalid
from services.common.region_files import OWN_SOURCES, PLACE_FILE, PROVENANCE_COLUMNS

# Of a longer table the head alone is written: its rows are series, which come from elsewhere as a whole.
_MOST_ROWS: Final = 2000
_GUIDE: Final = """\
# {zh} {en}

本目录按现有地区所需列出全部文件、指标、单位与行，数值留空。逐项填写 `value`（或按年 `values`）、`source`、
`clause`（条款、页码或表号）、`grade`：A 官方文件或统计；B 可靠来源经换算；C 估计或由上级数据分解，必须在
`derivation` 写明规则。来源登记在 `sources.yaml`。不适用的指标填 0 并在 `derivation` 说明。填写中随时检查：
`dafeng region check 本目录`；无缺项后以 `dafeng serve --embedded --regions 上级目录` 启动。

This folder lists every file, figure, unit and row that a region needs; the numbers are left empty. Fill in `value` (or
`values` by year), `source`, `clause` (article, page or table) and `grade`: A official documents and statistics, B sound
sources that were converted, C estimates and what was downscaled, whose rule stands in `derivation`. Sources are listed
in `sources.yaml`. What does not apply is 0, with a word in `derivation`. Check as often as you like: `dafeng region
check THIS_FOLDER`; when nothing is missing, serve it: `dafeng serve --embedded --regions THE_FOLDER_ABOVE`.
"""
_SOURCES: Final = """\
# 来源登记：编号: 标题、年份。 Sources: an id of your own, title, year.
# statistical_yearbook_2021: {title: "某省统计年鉴 2021", year: 2021, note: "printed volume"}
"""


@dataclass(frozen=True)
class Named:
    """A place as it is called."""

    place_id: str
    zh: str
    en: str
    adcode: str


def write_template(folder: Path, region: Named, cities: Sequence[Named]) -> int:
    """Write the folder, which must not exist or be empty; the number of files. DomainError(INVALID_INPUT)."""
    if folder.exists() and any(folder.iterdir()):
        raise invalid(
            [Violation("folder", "is not empty: nothing is written over", str(folder), "a new folder")]
        )
    wanted = needs()
    files: dict[str, str] = {
        "README.md": _GUIDE.format(zh=region.zh, en=region.en),
        OWN_SOURCES: _SOURCES,
        TARGETS_FILE: "documents: {}\ntargets: []\n",
        PLACE_FILE: _yaml({**_place(region), "cities": [c.place_id for c in cities]}),
    }
    files |= _files(wanted.region, "", cities)
    for city in cities:
        before = f"{CITIES}/{city.place_id}/"
        files[f"{before}city.yaml"] = _yaml(_place(city))
        files |= _files(wanted.city, before, ())
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(files)


def _place(place: Named) -> dict[str, Any]:
    return {"label": {"zh": place.zh, "en": place.en}, "adcode": place.adcode}


def _files(shape: Shape, before: str, cities: Sequence[Named]) -> dict[str, str]:
    files = {f"{before}{subject}.yaml": _leaves(found) for subject, found in shape.leaves.items()}
    for subject, table in shape.tables.items():
        files[f"{before}{subject}.yaml"] = _side_car(table)
        files[f"{before}{subject}.csv"] = _rows(table, cities)
    return files


def _leaves(shapes: Mapping[str, LeafShape]) -> str:
    """Figures with label, unit and kind; value, source, clause, derivation and grade are left to be filled in."""
    leaves = {}
    for name, shape in shapes.items():
        file = shape.file
        one: dict[str, Any] = {}
        if file.label:
            one["label"] = file.label.model_dump()
        one |= {"unit": shape.unit} | ({"kind": file.kind} if file.kind != "parameter" else {})
        one |= {"value" if file.values is None else "values": None}
        one |= dict.fromkeys(("source", "grade"))
        leaves[name] = one | {"clause": "", "derivation": ""}
    return _yaml({"provenance": {}, "leaves": leaves})


def _side_car(table: TableShape) -> str:
    file = table.file
    made: dict[str, Any] = {
        "title": file.title.model_dump(),
        "provenance": {},
        "columns": {n: c.model_dump(exclude_defaults=True) for n, c in file.columns.items()},
    }
    if file.observed_year_column:
        made["observed_year_column"] = file.observed_year_column
    return _yaml(made)


def _rows(table: TableShape, cities: Sequence[Named]) -> str:
    own = [n for n in PROVENANCE_COLUMNS if n not in table.file.columns]
    names = [*table.file.columns, *own]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    if len(table.rows) <= _MOST_ROWS:
        for key in sorted(table.rows, key=_order):
            writer.writerow(dict(zip(table.key, key, strict=True)))
    if table.covers_cities:
        writer.writerows({CITY_COLUMN: city.place_id} for city in cities)
    return out.getvalue()


def _order(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(f"{part:09d}" if isinstance(part, int) else str(part) for part in key)


def _yaml(content: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=120)
    return text
