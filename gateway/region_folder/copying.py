"""A region's folder copied under another name, for a province or city that brings figures of its own."""

import csv
import io
import re
import shutil
from pathlib import Path
from typing import Final

import yaml

from gateway.region_folder.check import ID, ID_RULE
from services.common.errors import Violation, invalid
from services.common.region_files import PLACE_FILE, PlaceFile, is_taken, read_yaml, region_folder
from services.common.regions import built_in_ids, load_region

# Columns and keys in which a folder names its own region.
_COLUMNS: Final = ("place", "region")
_KEYS: Final = r"^(\s*(?:place|value_place|region):\s*){0}\s*$"


def copy_region(region_id: str, folder: Path, zh: str, en: str) -> int:
    """Copy a region that is there into a new folder, whose name becomes its id; how many files.

    Only its name is changed, where files tell it. DomainError(INVALID_INPUT, UNKNOWN_REGION).
    """
    if region_id not in built_in_ids():
        load_region(region_id)
    new_id = folder.resolve().name
    found = []
    if not ID.fullmatch(new_id):
        found.append(Violation("folder", ID_RULE, new_id))
    elif is_taken(new_id):
        found.append(Violation("folder", "such a region came along: give the folder another name", new_id))
    if folder.exists() and any(folder.iterdir()):
        found.append(
            Violation("folder", "is not empty: nothing is written over", str(folder), "a new folder")
        )
    if found:
        raise invalid(found)
    source = region_folder(region_id)
    paths = sorted(p for p in source.rglob("*") if p.suffix in (".yaml", ".csv"))
    for path in paths:
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            _copy_table(path, target, region_id, new_id)
        else:
            text = path.read_text("utf-8")
            key = re.compile(_KEYS.format(re.escape(region_id)), re.MULTILINE)
            target.write_text(key.sub(rf"\g<1>{new_id}", text), encoding="utf-8")
    _name(folder / PLACE_FILE, zh, en)
    return len(paths)


def _copy_table(path: Path, target: Path, old: str, new: str) -> None:
    """A table; written anew only where a cell names the region."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    named = [i for i, name in enumerate(header) if name in _COLUMNS]
    if not any(row[i] == old for row in rows for i in named):
        shutil.copyfile(path, target)
        return
    for row in rows:
        for i in named:
            row[i] = new if row[i] == old else row[i]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    target.write_text(out.getvalue(), encoding="utf-8")


def _name(path: Path, zh: str, en: str) -> None:
    place = PlaceFile.model_validate(read_yaml(path))
    plain = {"label": {"zh": zh, "en": en}, "adcode": place.adcode, "cities": place.cities}
    path.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), encoding="utf-8")
