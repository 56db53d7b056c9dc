"""The page in a real browser: what a planner sees, in both languages, under the strict policy."""

import re
import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser, http):
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    problems, foreign = [], []
    opened.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    opened.on("pageerror", lambda e: problems.append(str(e)))
    opened.on(
        "request", lambda r: foreign.append(r.url) if not r.url.startswith((http, "data:", "blob:")) else None
    )
    yield opened
    opened.close()
    assert problems == []
    assert foreign == []


def open_page(page, http, view=""):
    page.goto(f"{http}/#{view}")
    page.wait_for_selector("[data-headline=carbon_peak]", timeout=60_000)


def test_the_headline_and_every_chart_are_shown_in_chinese_first(page, http):
    open_page(page, http)
    assert "碳达峰" in page.inner_text("[data-headline=carbon_peak]")
    assert re.search(r"20[2-6]\d", page.inner_text("[data-headline=carbon_peak]"))
    assert "万千瓦" in page.inner_text("[data-headline=peak_load]")
    for chart in ("co2", "peak_day", "generation"):
        assert page.locator(f"[data-chart={chart}] svg path").count() > 5
    assert "内部" in page.inner_text("body")


def test_english_says_the_same(page, http):
    open_page(page, http, "language=en")
    assert "Carbon peak" in page.inner_text("[data-headline=carbon_peak]")
    assert "GW" in page.inner_text("[data-headline=peak_load]")
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for part in page.locator(".headline, .card h2, .card thead, .strip").all_inner_texts():
        assert not chinese.search(part), part  # sections of the documents stay as printed


def test_targets_can_be_filtered_and_found(page, http):
    open_page(page, http)
    rows = page.locator("[data-chart=targets] tbody tr")
    every = rows.count()
    assert every == 90
    page.select_option("[data-chart=targets] select", "VERDICT_TRACKED_ONLY")
    assert 0 < rows.count() < every
    page.select_option("[data-chart=targets] select", "")
    page.fill("[data-chart=targets] input[type=search]", "JSP-06")
    assert rows.count() == 1


def test_a_link_restores_the_view(page, http):
    open_page(page, http, "scenario=accelerated&language=en&year=2035&by=cause")
    assert "accelerated" in page.inner_text(".strip")
    assert "2035" in page.inner_text("[data-headline=peak_load]")
    page.select_option(".top select >> nth=2", "frozen")
    page.locator(".strip", has_text="frozen").wait_for()
    assert "scenario=frozen" in page.url


def test_a_city_shows_its_own_figures(page, http):
    open_page(page, http, "city=nantong")
    assert page.locator("[data-chart=city_co2] svg path").count() > 2
    assert "南通" in page.inner_text(".strip")


def test_each_chart_is_a_table_too(page, http):
    open_page(page, http)
    page.click("[data-chart=co2] button >> nth=0")
    assert page.locator("[data-chart=co2] tbody tr").count() == 41


def test_an_unknown_place_is_told_with_its_field(browser, http):
    page = browser.new_page()
    page.goto(f"{http}/#region=atlantis")
    page.wait_for_selector("[role=alert]")
    assert "region" in page.inner_text("[role=alert]")
    page.close()


def test_a_small_screen_does_not_scroll_sideways(browser, http):
    page = browser.new_page(viewport={"width": 390, "height": 800})
    open_page(page, http)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
