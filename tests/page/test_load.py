"""What a planner sees first, in both languages, under the strict policy."""

import re

import pytest

from tests.page.conftest import VIEWS, headline, show, watched, whole

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_a_finished_projection_is_there_at_once_in_chinese_and_planning_units(page, site):
    show(page, site)
    assert "江苏" in page.title() and page.locator("h1").count() == 1
    assert re.search(r"20[2-6]\d\s*年\s+\d\.\d\d\s*亿吨", headline(page, "carbon_peak"))
    assert re.search(r"\d\d,\d{3}\s*万千瓦", headline(page, "peak_load"))
    assert re.search(r"\d+\s*/ \d+ 项达成", headline(page, "targets"))
    assert page.locator("[data-chart=co2] svg path").count() > 5


def test_the_headline_says_what_the_service_says(page, site):
    show(page, site)
    said = page.evaluate(
        """async () => (await (await fetch('/dafeng.projection.v1.ProjectionService/Project', {
          method: 'POST', headers: {'content-type': 'application/json'},
          body: JSON.stringify({frame: {region: 'jiangsu', first_year: 2020, last_year: 2060}, scenario: {}})
        })).json()).projection"""
    )
    peak, at = said["carbon_peaks"][0], said["years"].index(2030)
    assert f"{peak['year']}" in headline(page, "carbon_peak")
    assert f"{peak['level_tco2'] / 1e8:.2f}" in headline(page, "carbon_peak")
    assert f"{said['peak_load']['peak_load_mw'][at] / 10:,.0f}" in headline(page, "peak_load")
    met = sum(t["verdict"] in ("VERDICT_MET", "VERDICT_ALREADY_MET") for t in said["targets"])
    assert re.search(rf"{met}\s*/ {len(said['targets'])}", headline(page, "targets"))


def test_the_language_changes_without_a_reload(page, site):
    show(page, site)
    page.evaluate("window.kept = true")
    page.click("[data-language]")
    page.wait_for_selector("html[lang=en]", state="attached")
    assert page.evaluate("window.kept")
    assert "Carbon peak" in headline(page, "carbon_peak")
    page.reload()
    whole(page)
    assert "Carbon peak" in headline(page, "carbon_peak"), "the choice is remembered"


def test_no_view_has_chinese_words_in_english(browser, site):
    with watched(browser, site, locale="en-US") as page:
        for view in VIEWS:
            show(page, site, f"#/jiangsu/{view}")
            texts = page.locator(
                "main h3, main button, main th, main label, main legend, .levers, .strip, .top"
            )
            for text in texts.all_inner_texts():
                for line in text.splitlines():
                    if CHINESE.search(line):
                        assert re.search(r"达峰|中文|《|[一二三四五六七八九十]", line), f"{view}: {line}"


def test_units_are_planning_units_or_si_by_choice(page, site):
    show(page, site)
    planned = float(re.search(r"([\d,]+)\s*万千瓦", headline(page, "peak_load"))[1].replace(",", ""))
    page.click("[data-units]")
    gigawatts = float(re.search(r"([\d.]+)\s*GW", headline(page, "peak_load"))[1])
    assert planned / 100 == pytest.approx(gigawatts, abs=0.06)


def test_views_are_reached_by_keys(page, site):
    show(page, site)
    page.focus(".tabs [aria-selected=true]")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.get_attribute(".tabs [aria-selected=true]", "data-view") == "power"
    page.keyboard.press("End")
    assert page.get_attribute(".tabs [aria-selected=true]", "data-view") == VIEWS[-1]


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (1280, 800),
        pytest.param(1024, 768, marks=pytest.mark.thorough),
        pytest.param(820, 1180, marks=pytest.mark.thorough),
        (390, 800),
    ],
)
@pytest.mark.parametrize("locale", [pytest.param("zh-CN", marks=pytest.mark.thorough), "en-US"])
def test_no_screen_scrolls_sideways(browser, site, width, height, locale):
    with watched(browser, site, viewport={"width": width, "height": height}, locale=locale) as page:
        show(page, site)
        for view in VIEWS:
            page.evaluate(f"location.hash = '#/jiangsu/{view}'")
            page.wait_for_selector(f"[role=tabpanel][aria-labelledby=tab-{view}]")
            page.wait_for_timeout(100)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{view}: {wide}"


def test_an_unknown_place_is_told_by_the_service(browser, site):
    with watched(browser, site, expected=("Failed to load resource",)) as page:
        page.goto(f"{site}/#/atlantis/overview")
        page.wait_for_selector("[role=alert] code")
        assert "region" in page.inner_text("[role=alert]")
