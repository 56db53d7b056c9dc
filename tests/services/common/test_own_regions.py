"""Regions of one's own lie in a folder elsewhere and are read like those that came along."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from services.common.errors import DomainError
from services.common.region_files import NATIONAL, ROOT, RegionDataError, region_folder, sources
from services.common.regions import Region, built_in_ids, load_region, region_ids, use_own_regions
from services.own_regions import VARIABLE

# Ids of one test each: what was read of a region is kept.
_SOURCE = "our_yearbook: {title: Yearbook of our own, year: 2021}\n"


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    yield
    use_own_regions(None)


def own(tmp_path, region_id, **files):
    """A region of few files: a place, a city, figures."""
    folder = tmp_path / region_id
    given = {
        "region.yaml": "label: {zh: 云梦, en: Yunmeng}\nadcode: '990000'\ncities: [town]\n",
        "cities/town/city.yaml": "label: {zh: 城, en: Town}\nadcode: '990100'\n",
        "sources.yaml": _SOURCE,
        "x.yaml": "provenance: {source: our_yearbook, clause: table 1, grade: A}\n"
        "leaves:\n  cap: {value: 3.0, unit: GW}\n",
        **files,
    }
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_they_are_served_after_those_that_came_along_with_sources_of_their_own(tmp_path):
    folder = own(tmp_path, "abe_first_by_name")
    before = region_ids(), load_region("jiangsu").data_revision
    use_own_regions(tmp_path)
    assert region_ids() == (*built_in_ids(), "abe_first_by_name") and built_in_ids() == before[0]
    region = load_region("abe_first_by_name")
    assert region.number("x", "cap") == 3.0
    assert region.leaf("x", "cap").provenance.source == "our_yearbook"
    assert sources()["our_yearbook"].title == "Yearbook of our own"
    assert [c.label.en for c in region.cities] == ["Town"]
    # What it lacks is the nation's, as for every region.
    assert region.table("weather/stations").by("station")["NANJING"]["wmo"] == "582380"
    assert "our_yearbook" in region.source_grades() and "cswd_2005" in region.source_grades()
    assert region_folder("abe_first_by_name") == folder and region_folder("jiangsu") == ROOT / "jiangsu"
    assert load_region("jiangsu").data_revision == before[1]


def test_its_data_revision_is_that_of_the_same_files_among_the_others(tmp_path):
    folder = own(tmp_path / "mine", "abe_revision")
    use_own_regions(tmp_path / "mine")
    among = tmp_path / "regions"
    shutil.copytree(folder, among / "abe_revision")
    for name in (NATIONAL, "sources"):
        (among / name).symlink_to(ROOT / name)
    here = Region("abe_revision")
    assert here.data_revision == Region("abe_revision", root=among).data_revision
    sha = hashlib.sha256()
    for base in (ROOT / NATIONAL, folder):
        for path in sorted(base.rglob("*")):
            if path.suffix in (".yaml", ".csv"):
                sha.update(str(path.relative_to(base.parent)).encode() + path.read_bytes())
    assert here.data_revision == sha.hexdigest()


@pytest.mark.parametrize("name", ["jiangsu", "national", "sources"])
def test_a_name_that_is_taken_is_refused(tmp_path, name):
    own(tmp_path, name)
    with pytest.raises(RegionDataError, match=f"{name}: such a region came along"):
        use_own_regions(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RegionDataError, match="is not a folder"):
        use_own_regions(tmp_path / "nowhere")


def test_a_source_that_means_another_thing_is_refused_the_same_words_are_not(tmp_path):
    own(tmp_path, "abe_one")
    own(tmp_path, "abe_two")
    use_own_regions(tmp_path)
    assert "our_yearbook" in sources()
    own(tmp_path, "abe_two", **{"sources.yaml": _SOURCE.replace("2021", "2022")})
    use_own_regions(tmp_path)
    with pytest.raises(
        RegionDataError, match=r"abe_two/sources\.yaml: source our_yearbook is listed elsewhere"
    ):
        sources()
    own(tmp_path, "abe_two", **{"sources.yaml": "cswd_2005: {title: Another book}\n"})
    use_own_regions(tmp_path)
    with pytest.raises(RegionDataError, match="cswd_2005"):
        sources()


def test_without_the_folder_there_is_no_such_region(tmp_path):
    own(tmp_path, "abe_gone")
    use_own_regions(tmp_path)
    use_own_regions(None)
    with pytest.raises(DomainError, match="no such region"):
        load_region("abe_gone")


def test_processes_that_start_from_here_see_the_same(tmp_path, monkeypatch):
    own(tmp_path / "mine", "abe_child")
    monkeypatch.chdir(tmp_path)
    use_own_regions(tmp_path.relative_to(tmp_path) / "mine")
    code = "from services.common.regions import load_region; print(load_region('abe_child').data_revision)"
    # From another folder: what was named by a relative path is the same place.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT.parent, timeout=120
    )
    assert done.stdout.strip() == load_region("abe_child").data_revision, done.stderr
