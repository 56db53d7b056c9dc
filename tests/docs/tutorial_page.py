"""Steps of a tutorial on the page, read from the notes in its text and taken in a browser by the names that people see.

A note is `<!-- step: WORDS -->`. Names and texts are in quotes; "…" in a text stands for anything:

    open                            the page itself
    choose "LABEL" "OPTION"         of a list
    write "LABEL" "TEXT"            into a field
    press "KEY"                     where the cursor is
    click ROLE "NAME"               tab or button
    download "ENTRY" ".ending"      the button of an entry of a list
    look "CARD"                     remember what a card says
    moved "CARD"                    it says something else now
    again "CARD"                    it says what it said then
    expect "TEXT"                   on the page; `expect dialog`, `table`, `button`, `pressed` say where
"""

import re
import shlex
import time
from pathlib import Path

from tests.page.conftest import PATIENCE_MS

_NOTE = re.compile(r"<!-- step: (.*?) -->")
_WAIT_MS = 250


def steps(page):
    """(line, words) of every note of a page, in order."""
    text = page.read_text("utf-8")
    return [(text.count("\n", 0, m.start()) + 1, shlex.split(m[1])) for m in _NOTE.finditer(text)]


def said(page):
    """What a reader sees of a page: its text without the notes, and without marks of bold."""
    return re.sub(r"\s+", " ", _NOTE.sub("", page.read_text("utf-8")).replace("**", ""))


class Reader:
    """Takes the steps of a page in a browser's tab."""

    def __init__(self, tab, site):
        self._tab, self._site = tab, site
        self._seen = {}

    def take(self, words):
        """One step. AssertionError, or the browser's own error, when the page does not answer as the text says."""
        getattr(self, f"_{words[0]}")(*words[1:])
        self._whole()

    def _open(self):
        self._tab.goto(self._site)

    def _choose(self, label, option):
        self._tab.get_by_role("combobox", name=label, exact=True).first.select_option(label=option)

    def _write(self, label, text):
        fields = self._tab.get_by_role("textbox", name=label).or_(
            self._tab.get_by_role("searchbox", name=label)
        )
        fields.first.fill(text)

    def _press(self, key):
        self._tab.keyboard.press(key)

    def _click(self, role, name):
        self._tab.get_by_role(role, name=name, exact=True).or_(
            self._tab.get_by_role(role, name=name)
        ).first.click()

    def _download(self, entry, ending):
        button = self._tab.get_by_role("listitem").filter(has_text=entry).get_by_role("button")
        with self._tab.expect_download() as waiting:
            button.click()
        path = Path(waiting.value.path())
        assert waiting.value.suggested_filename.endswith(ending) and path.stat().st_size > 10_000

    def _look(self, card):
        self._seen[card] = self._card(card)

    def _moved(self, card):
        self._until(lambda: self._card(card) != self._seen[card], f"{card} still says {self._seen[card]}")

    def _again(self, card):
        self._until(lambda: self._card(card) == self._seen[card], f"{card} no longer says {self._seen[card]}")

    def _card(self, name):
        heading = self._tab.get_by_role("heading", level=2, name=re.compile(f"^{re.escape(name)}"))
        return heading.first.locator("xpath=..").get_by_role("paragraph").first.inner_text()

    def _expect(self, *words):
        *where, text = words
        kind = where[0] if where else "page"
        if kind in ("pressed", "button"):
            pressed = {"pressed": True} if kind == "pressed" else {}
            self._tab.get_by_role("button", name=text, **pressed).first.wait_for()
            return
        place = {
            "page": self._tab.locator("body"),
            "dialog": self._tab.get_by_role("dialog"),
            "table": self._tab.get_by_role("table").first,
        }[kind]
        wanted = re.compile(r"\s*.*?\s*".join(re.escape(part.strip()) for part in text.split("…")), re.S)
        self._until(lambda: wanted.search(self._text(place)), f"{text!r} is not there ({kind})")

    def _text(self, place):
        names = place.evaluate(
            "e => [...e.querySelectorAll('[aria-label]')].map(x => x.getAttribute('aria-label')).join('\\n')"
        )
        return re.sub(r"[\s\u00a0\u2009]+", " ", place.inner_text() + "\n" + names)

    def _whole(self):
        """Wait until the whole result is on the page."""
        self._tab.wait_for_selector("main[aria-busy=false] #view[data-ready=true]")
        self._tab.wait_for_timeout(_WAIT_MS)

    def _until(self, holds, otherwise):
        end = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < end, otherwise
            self._tab.wait_for_timeout(_WAIT_MS)
