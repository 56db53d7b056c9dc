"""What is kept in files depends on the data files that its name counts, and on no others."""

import pytest

from services.buildings.intensity import intensities
from services.buildings.kept_subjects import ROOFS, ZONES
from services.buildings.roofs.places import city_output
from services.common.recording import recording
from services.common.regions import load_region, region_ids


@pytest.mark.parametrize("region_id", region_ids())
@pytest.mark.parametrize(
    ("kept", "subjects"),
    [(lambda r: intensities(r, "normal"), ZONES), (city_output, ROOFS)],
    ids=["zones", "roofs"],
)
def test_what_is_named_is_read_and_nothing_else(region_id, kept, subjects):
    with recording() as heard:
        kept(region_id)
    assert {read.subject for read in heard} == set(subjects)


def test_the_revision_of_subjects_counts_these_files_and_no_others():
    region = load_region("jiangsu")
    one, other, cities = (
        region.revision_of(*names)
        for names in (("buildings/pv",), ("buildings/pv", "buildings/sky"), ("buildings",))
    )
    assert len({one, other, cities, region.revision_of(), region.data_revision}) == 5
    assert cities != load_region("jiangxi").revision_of("buildings")
    assert one == region.revision_of("buildings/pv")
