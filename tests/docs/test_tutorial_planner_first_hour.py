"""The planner's tutorial is taken step by step in a real browser, by the names that the text gives, in both languages."""

import re

import pytest

from tests.docs.tutorial_page import Reader, said, steps
from tests.docs.tutorial_site import page
from tests.page.conftest import CHROMIUM, browser, site, watched

NAME = "planner_first_hour"
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}
# Texts that the page itself shows and the tutorial need not repeat.
_SHOWN = ("expect", "press", "open", "download")
__all__ = ["browser", "site"]


def test_both_languages_take_the_same_steps():
    taken = {
        language: [
            [word for word in words if re.fullmatch(r"[a-z]+", word)]
            for _, words in steps(page(NAME, language))
        ]
        for language in LANGUAGES
    }
    assert len(taken["en"]) > 40 and taken["en"] == taken["zh"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_pressed_or_written_stands_in_the_text(language):
    text = said(page(NAME, language)).casefold()
    for line, words in steps(page(NAME, language)):
        if words[0] not in _SHOWN:
            name = words[-1] if words[0] == "click" else words[1]
            parts = re.sub(r"^JSP-\d+ ", "", name).split(": ")
            assert all(part.casefold() in text for part in parts), f"line {line}: {name}"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Debian's chromium is not installed")
@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.thorough)])
def test_the_page_answers_every_step(browser, site, language):
    # The value outside its bounds is refused, which browsers note.
    with watched(browser, site, expected=("status of 400",), locale=LANGUAGES[language]) as tab:
        reader = Reader(tab, site)
        for line, words in steps(page(NAME, language)):
            try:
                reader.take(words)
            except Exception as error:
                raise AssertionError(
                    f"{page(NAME, language).name}:{line}: {' '.join(words)}: {error}"
                ) from error
