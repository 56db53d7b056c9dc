"""Groups of levers have names in both languages."""

import re

from services.common.drivers import LEVERS as DRIVERS
from services.common.lever_groups import GROUPS, group_label
from services.runtime.sectors import sectors


def rows():
    return [*DRIVERS, *(r for entry in sectors() for r in entry.model().levers)]


def test_every_group_of_every_lever_has_a_name_and_no_name_is_left_over():
    assert {f"{r.owner}.{r.group}" for r in rows()} == set(GROUPS)


def test_names_are_chinese_and_english_and_differ_inside_a_sector():
    for row in rows():
        label = row.in_region("jiangsu").group_label
        assert label == group_label(row.owner, row.group)
        assert re.search(r"[\u4e00-\u9fff]", label.zh) and not re.search(r"[\u4e00-\u9fff]", label.en)
    for owner in {r.owner for r in rows()}:
        names = [label for key, label in GROUPS.items() if key.partition(".")[0] == owner]
        assert len({n.zh for n in names}) == len({n.en for n in names}) == len(names)


def test_a_sector_from_outside_shows_its_groups_by_their_ids():
    assert group_label("waste", "land_fill").en == "land fill"
