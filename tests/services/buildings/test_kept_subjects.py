"""What is kept in files depends on the data files that its name counts, and on no others."""

import pytest

from services.buildings.intensity import intensities
from services.buildings.kept_subjects import SUBJECTS
from services.buildings.roofs.places import city_output
from services.common.recording import recording
from services.common.regions import load_region, region_ids


@pytest.mark.parametrize("region_id", region_ids())
@pytest.mark.parametrize("kept", [lambda r: intensities(r, "normal"), city_output], ids=["zones", "roofs"])
def test_nothing_else_is_read(region_id, kept):
    with recording() as heard:
        kept(region_id)
    assert heard
    assert {read.subject.split("/")[0] for read in heard} <= set(SUBJECTS)


def test_the_revision_of_subjects_stays_when_others_change_and_no_longer():
    region = load_region("jiangsu")
    one, other = region.revision_of("buildings"), region.revision_of("buildings", "weather")
    assert len({one, other, region.data_revision}) == 3
    assert one != load_region("jiangxi").revision_of("buildings")
    assert one == region.revision_of("buildings")
