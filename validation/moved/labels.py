"""What a group of figures is called in both languages, for a reader who does not know the files."""

from collections.abc import Mapping

from services.common.region_files import ROOT, read_leaves, read_table
from services.common.words import Label
from validation.moved.figures import Group


def label_of(group: Group, levers: Mapping[str, Label]) -> Label:
    """The leaf's, the table's with its column, or the lever's with its baseline; a file of leaves is its own name."""
    side_car = group.files()[0]
    table = side_car.with_suffix(".csv")
    if group.part in levers:
        lever = levers[group.part]
        return Label(f"{lever.zh}（{side_car.stem}）", f"{lever.en} ({side_car.stem})")
    if table.is_file():
        title = read_table(table, 0, ROOT).title
        part = f": {group.part}" if group.part else ""
        return Label(f"{title.zh}{part}", f"{title.en}{part}")
    found = read_leaves(side_car, 0, ROOT).get(group.part)
    return found.label if found and found.label.en else Label(group.name, group.name)
