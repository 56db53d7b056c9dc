"""Region files: a figure without source, clause and grade is refused."""

import pytest
import yaml

from services.common.errors import DomainError
from services.common.region_files import RegionDataError, sources
from services.common.regions import Region, check_all, load_region


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "sources" / "a.yaml", {"book": {"title": "A yearbook"}})
    write(
        tmp_path / "here" / "region.yaml",
        {"label": {"zh": "此", "en": "Here"}, "adcode": "1", "cities": ["town"]},
    )
    write(
        tmp_path / "here" / "cities" / "town" / "city.yaml",
        {"label": {"zh": "镇", "en": "Town"}, "adcode": "2"},
    )
    sources.cache_clear()
    yield tmp_path
    sources.cache_clear()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


GOOD = {"value": 3.0, "unit": "MW", "source": "book", "clause": "table 1", "grade": "A"}


def test_a_leaf_with_provenance_is_read(root):
    write(root / "here" / "x.yaml", {"leaves": {"cap": GOOD}})
    leaf = Region("here", root=root).leaf("x", "cap")
    assert leaf.number() == 3.0
    assert leaf.provenance.source == "book"


@pytest.mark.parametrize("gone", ["source", "clause", "grade", "unit", "value"])
def test_a_leaf_that_lacks_part_of_its_provenance_is_refused(root, gone):
    write(root / "here" / "x.yaml", {"leaves": {"cap": {k: v for k, v in GOOD.items() if k != gone}}})
    with pytest.raises(RegionDataError):
        Region("here", root=root).leaf("x", "cap")
    assert check_all(root)


@pytest.mark.parametrize(
    "change",
    [{"source": "unlisted"}, {"grade": "C"}, {"grade": "D"}, {"colour": "red"}, {"values": {2020: 1.0}}],
)
def test_a_leaf_that_breaks_a_rule_is_refused(root, change):
    write(root / "here" / "x.yaml", {"leaves": {"cap": {**GOOD, **change}}})
    with pytest.raises(RegionDataError):
        Region("here", root=root).leaf("x", "cap")


def test_a_table_needs_a_side_car_and_declared_columns(root):
    (root / "here" / "t.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(RegionDataError):
        Region("here", root=root).table("t")
    side_car = {
        "title": {"zh": "表", "en": "table"},
        "provenance": {"source": "book", "clause": "p. 1", "grade": "B"},
        "columns": {"a": {"unit": "MW"}},
    }
    write(root / "here" / "t.yaml", side_car)
    with pytest.raises(RegionDataError, match="not declared"):
        Region("here", root=root).table("t")


def test_as_of_hides_later_observations_but_no_parameters(root):
    values = {2020: 1.0, 2025: 2.0}
    seen = {**GOOD, "kind": "observation", "values": values}
    seen.pop("value")
    parameter = {**seen, "kind": "parameter"}
    write(root / "here" / "x.yaml", {"leaves": {"seen": seen, "given": parameter}})
    region = Region("here", as_of_year=2022, root=root)
    assert region.leaf("x", "seen").values == {2020: 1.0}
    assert region.leaf("x", "given").values == values


def test_the_observations_of_jiangsu_are_hidden_after_as_of():
    metric = "electricity_consumption_total"
    assert max(load_region("jiangsu", 2020).observed(metric)) == 2020
    assert load_region("jiangsu").observed(metric)[2025] == 889.5


def test_an_unknown_region_is_told_with_near_names():
    with pytest.raises(DomainError) as caught:
        load_region("jiangsuu")
    assert "did you mean jiangsu" in str(caught.value)


def test_the_data_revision_changes_with_the_data(root):
    write(root / "here" / "x.yaml", {"leaves": {"cap": GOOD}})
    before = Region("here", root=root).data_revision
    from services.common.regions import _folder_digest

    _folder_digest.cache_clear()
    write(root / "here" / "x.yaml", {"leaves": {"cap": {**GOOD, "value": 4.0}}})
    assert Region("here", root=root).data_revision != before


def test_a_region_without_tiles_loads_and_its_cities_have_none(root):
    (town,) = Region("here", root=root).cities
    assert town.tile_row is None and town.tile_column is None and town.initials == ""


@pytest.mark.parametrize(("region_id", "rows", "columns"), [("jiangsu", 4, 5), ("jiangxi", 5, 4)])
def test_every_city_has_a_tile_and_initials_of_its_own(region_id, rows, columns):
    region = load_region(region_id)
    tiles = {(c.tile_row, c.tile_column) for c in region.cities}
    assert len(tiles) == len({c.initials for c in region.cities}) == len(region.cities)
    assert {r for r, _ in tiles} == set(range(rows)) and {c for _, c in tiles} == set(range(columns))
    assert set(region.table("tiles").text("city")) == set(region.city_ids)
    assert region.place.tile_row is None


def test_nanjing_stands_south_and_west_of_nantong():
    cities = {c.place_id: c for c in load_region("jiangsu").cities}
    assert (cities["nanjing"].tile_row, cities["nanjing"].tile_column) == (3, 0)
    assert (cities["nantong"].tile_row, cities["nantong"].tile_column) == (2, 3)
