"""The pages of docs/extend: the same steps in both languages, and every file named in the words above its edit."""

import pytest

from tests.docs.blocks import blocks
from tests.docs.extend_steps import DOCS, unnamed_files

NAMES = ("lever", "target", "city", "province", "sector")
PAGES = [DOCS / "extend" / f"{name}{language}.md" for name in NAMES for language in ("", ".zh")]


def test_there_is_no_other_page():
    assert {path.name for path in (DOCS / "extend").glob("*.md")} == {path.name for path in PAGES}


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_blocks(name):
    def of(ending):
        page = DOCS / "extend" / f"{name}{ending}"
        return [(b.language, b.words, b.text) for b in blocks(page)]

    assert of(".md") == of(".zh.md")
    assert len(of(".md")) > 4


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_edit_names_its_file_in_words(page):
    assert unnamed_files(page) == []
