"""WCAG 2.2 AA as far as a machine sees it, and what it does not see: order, names, live texts, targets."""

import json

import pytest

from tests.page.conftest import VIEWS, show, watched, whole

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [f"{v['id']}: {v['help']}: " + json.dumps([n["target"] for n in v["nodes"]][:4]) for v in found]


def too_small(page):
    """Controls under 24 by 24 px, as HTML."""
    return page.evaluate(
        """() => [...document.querySelectorAll('button, select, input:not([type=range]), [role=tab]')]
          .filter(e => e.offsetParent && !e.closest('.spoken'))
          .map(e => [e.outerHTML.slice(0, 120), e.getBoundingClientRect()])
          .filter(([, r]) => (r.width < 23.5 || r.height < 23.5) && r.width > 1)
          .filter(([html]) => !/type="(checkbox|radio)"/.test(html)).map(([html]) => html)"""
    )


# The languages take turns, so that each view and each language is looked at.
TURNS = [
    pytest.param(view, locale, marks=() if turn % 2 == i else pytest.mark.thorough)
    for turn, view in enumerate(VIEWS)
    for i, locale in enumerate(("zh-CN", "en-US"))
]


@pytest.mark.parametrize(("view", "locale"), TURNS)
def test_a_view_is_clean_and_every_target_large_enough(browser, site, view, locale):
    with watched(browser, site, locale=locale, bypass_csp=True) as page:
        show(page, site, f"#/jiangsu/{view}")
        assert problems(page) == []
        assert too_small(page) == []


@pytest.mark.parametrize(
    "what",
    ["scenarios", *(pytest.param(drawer, marks=pytest.mark.thorough) for drawer in ("share", "export"))],
)
def test_a_drawer_is_clean_takes_the_focus_and_gives_it_back(browser, site, what):
    with watched(browser, site, bypass_csp=True) as page:
        show(page, site)
        page.focus(f"[data-open={what}]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".drawer-body > *")
        assert page.evaluate("document.querySelector('.drawer').contains(document.activeElement)")
        assert problems(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector(".drawer", state="detached")
        assert page.evaluate("document.activeElement.dataset.open") == what


def test_an_error_is_clean_and_announced(browser, site):
    with watched(browser, site, bypass_csp=True, expected=("Failed to load resource",)) as page:
        page.goto(f"{site}/#/atlantis/overview")
        page.wait_for_selector("[role=alert] code")
        assert problems(page) == []


def test_the_first_stops_of_the_keyboard_lead_to_results_and_levers(page, site):
    show(page, site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_chart_is_read_by_keys(page, site):
    show(page, site)
    page.focus("[data-chart=co2] .frame")
    page.keyboard.press("p")
    spoken = page.inner_text("[data-chart=co2] [role=status]")
    assert "2025" in spoken and "亿吨" in spoken
    page.keyboard.press("ArrowRight")
    assert "2026" in page.inner_text("[data-chart=co2] [role=status]")
    page.keyboard.press("t")
    assert page.locator("[data-chart=co2] tbody tr").count() == 41


def test_nothing_moves_where_motion_is_not_wanted(browser, site):
    with watched(browser, site, reduced_motion="reduce") as page:
        show(page, site)
        moving = page.evaluate("document.getAnimations().length")
        assert moving == 0


def test_forced_colours_keep_every_mark(browser, site):
    with watched(browser, site, forced_colors="active") as page:
        for view in ("overview", "targets", "cities"):
            show(page, site, f"#/jiangsu/{view}")
            whole(page)
            assert page.locator("#view").inner_text().strip()
