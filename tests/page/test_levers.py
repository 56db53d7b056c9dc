"""Levers: every way to set one gives the same number, the answer follows, nothing typed wrong is lost or believed."""

import re

import pytest

from tests.page.conftest import headline, show, watched, whole

LEVER = "power.battery_capacity"
ROW = f"[data-lever='{LEVER}']"


def to_power(page, site, address="#/jiangsu/overview"):
    show(page, site, address)
    page.click("[data-owner=power]")
    page.wait_for_selector(f"{ROW} input[type=range]")


def field(page):
    return float(page.input_value(f"{ROW} .number").replace(",", ""))


def typed(page, text):
    page.fill(f"{ROW} .number", text)
    page.press(f"{ROW} .number", "Enter")


def test_a_typed_value_changes_the_answer_and_undo_brings_it_back(page, site):
    to_power(page, site)
    before, co2 = headline(page, "reserve"), page.inner_html("[data-chart=generation] svg")
    typed(page, "9,000")
    whole(page)
    assert headline(page, "reserve") != before
    assert page.inner_html("[data-chart=generation] svg") != co2
    assert "较" in headline(page, "reserve"), "the difference to the comparison is told"
    page.click("[data-undo]")
    whole(page)
    assert headline(page, "reserve") == before
    page.click("[data-redo]")
    whole(page)
    assert headline(page, "reserve") != before


def test_drag_track_keys_and_typing_give_the_same_number(page, site):
    to_power(page, site)
    slider = page.locator(f"{ROW} input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + box["height"] / 2)
    whole(page)
    clicked = field(page)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    whole(page)
    assert field(page) == clicked
    said = headline(page, "reserve")
    page.click("[data-undo]")
    page.wait_for_timeout(100)
    while page.is_enabled("[data-undo]"):
        page.click("[data-undo]")
        page.wait_for_timeout(50)
    typed(page, f"{clicked:g}")
    whole(page)
    assert headline(page, "reserve") == said


def test_many_quick_moves_end_in_the_last_and_ask_no_more_than_needed(page, site):
    to_power(page, site)
    asked = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/Project") else None)
    page.evaluate(
        """async (row) => {
          const slider = document.querySelector(row + ' input[type=range]')
          const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
          const [low, high] = [Number(slider.min), Number(slider.max)]
          for (let i = 1; i <= 30; i++) {
            set.call(slider, low + (high - low) * i / 40)
            slider.dispatchEvent(new Event('input', { bubbles: true }))
            await new Promise((next) => setTimeout(next, 10))
          }
          slider.dispatchEvent(new Event('change', { bubbles: true }))
        }""",
        ROW,
    )
    whole(page)
    last = field(page)
    assert len(asked) <= 12, "one in flight, one waiting, then the whole"
    said = headline(page, "reserve")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    whole(page)
    page.click("[data-owner=power]")
    assert field(page) == last and headline(page, "reserve") == said


@pytest.mark.parametrize(
    "bad",
    ["abc", "-5", *(pytest.param(b, marks=pytest.mark.thorough) for b in ("", "1e400", "999999", "NaN"))],
)
def test_a_bad_value_shows_a_message_beside_it_and_loses_nothing(browser, site, bad):
    with watched(browser, site, expected=("Failed to load resource",)) as page:
        to_power(page, site)
        before = headline(page, "reserve")
        typed(page, bad)
        page.wait_for_selector(f"{ROW} [role=alert]")
        assert page.get_attribute(f"{ROW} .number", "aria-invalid") == "true"
        assert headline(page, "reserve") == before
        assert page.input_value(f"{ROW} .number") == bad, "what was typed stays to be mended"
        typed(page, "8000")
        page.wait_for_selector(f"{ROW} [role=alert]", state="detached")
        whole(page)


def test_out_of_bounds_shows_the_services_own_message_in_the_readers_language(browser, site):
    with watched(browser, site, expected=("Failed to load resource",)) as page:
        to_power(page, site)
        typed(page, "999999")
        page.wait_for_selector(f"{ROW} [role=alert]")
        assert re.search(r"[\u4e00-\u9fff]", page.inner_text(f"{ROW} [role=alert]"))
    with watched(browser, site, expected=("Failed to load resource",), locale="en-US") as page:
        to_power(page, site)
        typed(page, "999999")
        page.wait_for_selector(f"{ROW} [role=alert]")
        assert not re.search(r"[\u4e00-\u9fff]", page.inner_text(f"{ROW} [role=alert]"))


def test_full_width_digits_and_commas_are_numbers(page, site):
    to_power(page, site)
    typed(page, "８，０００")
    whole(page)
    assert field(page) == 8000


def test_what_changed_is_listed_and_taken_back(page, site):
    to_power(page, site)
    original = field(page)
    typed(page, "9000")
    whole(page)
    page.click("[data-changes]")
    page.wait_for_selector(".drawer")
    assert "新型储能" in page.inner_text(".drawer")
    page.keyboard.press("Escape")
    page.click("[data-reset-all]")
    whole(page)
    assert field(page) == original


def test_levers_are_found_by_word_and_by_clause(page, site):
    show(page, site)
    page.focus("main")
    page.keyboard.press("/")
    page.wait_for_selector(".search-panel input:focus")
    page.keyboard.press("Escape")
    page.fill("#lever-search", "储能")
    page.wait_for_selector(ROW)
    page.fill("#lever-search", "JSP-18")
    page.wait_for_selector(ROW)


def test_the_path_editor_is_used_by_keys_alone(page, site):
    to_power(page, site)
    page.click(f"{ROW} [data-path]")
    point = page.locator(f"{ROW} [role=slider][aria-valuetext]").last
    point.focus()
    before = point.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowDown")
    whole(page)
    assert page.locator(f"{ROW} [role=slider][aria-valuetext]").last.get_attribute("aria-valuetext") != before


def test_a_place_without_a_plan_still_shows_its_levers(page, site):
    show(page, site, "#/jiangxi/overview")
    page.click("[data-owner=industry]")
    assert page.locator("[data-lever]").count() > 3
