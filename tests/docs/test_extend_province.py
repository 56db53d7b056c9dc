"""docs/extend/province.md, followed."""

from tests.docs.extend_project import copied
from tests.docs.extend_steps import DOCS, steps


def test_the_page_can_be_followed(tmp_path):
    with copied(tmp_path) as copy:
        copy.follow(steps(DOCS / "extend" / "province.md"))
