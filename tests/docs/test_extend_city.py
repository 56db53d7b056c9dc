"""docs/extend/city.md, followed; and what the check of a region tells of a city that is not whole."""

import yaml

from tests.docs.extend_project import copied
from tests.docs.extend_steps import DOCS, Command, Edit, steps

PAGE = DOCS / "extend" / "city.md"


def test_the_page_can_be_followed(tmp_path):
    with copied(tmp_path) as copy:
        copy.follow(steps(PAGE))


def test_a_figure_a_file_and_a_row_that_the_city_lacks_are_told(tmp_path):
    with copied(tmp_path) as copy:
        made = [s for s in steps(PAGE) if isinstance(s, Edit) or s.words[0] == "python"]
        copy.follow(made)
        region = copy.root / "regions" / "jiangsu"
        figures = region / "cities" / "kunshan" / "buildings.yaml"
        content = yaml.safe_load(figures.read_text("utf-8"))
        del content["leaves"]["thermal_zone"]
        figures.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
        (region / "cities" / "kunshan" / "weather.yaml").unlink()
        tiles = region / "tiles.csv"
        tiles.write_text(tiles.read_text("utf-8").replace("kunshan,3,5,KS\n", ""), "utf-8")
        told = ("cities/kunshan/buildings thermal_zone", "cities/kunshan/weather", "tiles.csv kunshan")
        copy.run(Command(0, ("dafeng", "region", "check", "regions/jiangsu"), told, 2))
