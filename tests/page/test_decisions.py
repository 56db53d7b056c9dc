"""Compare, solve, batch, targets, cities, sources: a planner decides on the page."""

import re

import pytest

from tests.page.conftest import VIEWS, headline, show, whole


def typed(page, lever, value):
    page.click(f"[data-owner={lever.split('.')[0]}]")
    page.fill("#lever-search", lever)
    page.fill(f"[data-lever='{lever}'] .number", value)
    page.press(f"[data-lever='{lever}'] .number", "Enter")
    whole(page)


def test_two_scenarios_are_set_side_by_side_and_their_differences_told(page, site):
    show(page, site, "#/jiangsu/overview")
    typed(page, "power.battery_capacity", "9000")
    page.click("[data-view=compare]")
    page.wait_for_selector("[data-table-card]")
    text = page.inner_text("#view")
    assert "新型储能装机" in text
    chart = page.locator("#view [data-chart]").first
    chart.scroll_into_view_if_needed()
    chart.locator("svg path").nth(3).wait_for(state="attached")
    with page.expect_download() as waiting:
        page.click("[data-download=comparison]")
    assert "内部测算" in waiting.value.path().read_text("utf-8-sig")


def test_a_third_scenario_joins_the_comparison(page, site):
    show(page, site, "#/jiangsu/compare")
    picked = page.locator("[data-pick=add-member]")
    values = picked.locator("option").evaluate_all(
        "all => all.filter(o => !o.disabled).map(o => o.value).filter(Boolean)"
    )
    before = page.locator("#view [data-table-card] >> nth=0").locator("thead th").count()
    picked.select_option(values[-1])
    page.locator("#view [data-table-card] >> nth=0").locator("thead th").nth(before).wait_for()


def test_which_levers_meet_these_targets_is_answered_and_applied_by_one_press(page, site):
    # Frozen policy misses the CO2 intensity asked for 2030 by half a point: offshore wind can mend that.
    show(page, site, "#/jiangsu/solve?s=frozen")
    goals, levers = "[data-solve=goals]", "[data-solve=levers]"
    for box, word in ((goals, "JSP-04"), (levers, "海上风电装机")):
        page.wait_for_selector(f"{box} .pick-list input[type=checkbox]", state="attached")
        if page.locator(f"{box} .picks button").count():
            page.locator(f"{box} .picks button").first.click()
        page.fill(f"{box} input[type=search]", word)
        page.locator(f"{box} .pick-list li input[type=checkbox]").first.check()
    before = headline(page, "targets")
    page.click("[data-solve=run]")
    page.wait_for_selector("[data-solve=answer]", timeout=180_000)
    assert "海上风电装机" in page.inner_text("[data-solve=answer]")
    page.click("[data-solve=apply]")
    page.wait_for_url(re.compile("frozen%7E|frozen~"))
    whole(page)
    after = headline(page, "targets")
    met = [int(re.search(r"(\d+)\s*/", t)[1]) for t in (before, after)]
    assert met[1] > met[0], "more targets are met"
    page.click("[data-undo]")
    whole(page)
    assert headline(page, "targets") == before, "one step"


def test_a_batch_is_run_watched_and_shown_again(page, site):
    show(page, site, "#/jiangsu/solve")
    page.click("[data-room=batch]")
    page.fill("[data-field=members]", "64")
    page.click("[data-batch=create]")
    page.wait_for_selector("[data-batch=done]", timeout=180_000)
    page.locator("#view svg path").nth(5).wait_for(state="attached")
    assert "64" in page.inner_text("#view")
    page.reload()
    whole(page)
    page.click("[data-room=batch]")
    page.wait_for_selector("#view :text('64')")


def test_the_range_of_the_peak_comes_on_demand(page, site):
    show(page, site, "#/jiangsu/pathway")
    button = page.locator("[data-band=run]").first
    button.click()
    page.wait_for_selector("[data-band=there]", timeout=240_000)


def test_targets_are_filtered_found_opened_and_exported(page, site):
    show(page, site, "#/jiangsu/targets")
    rows = page.locator("#view [data-target]")
    every = rows.count()
    assert every == 90
    counts = [
        int(re.search(r"\d+", b.inner_text())[0])
        for b in page.locator("#view button[data-verdict]").all()
        if b.get_attribute("data-verdict")
    ]
    assert sum(counts) == every, "the verdicts' counts sum to the rows"
    page.click("#view button[data-verdict=VERDICT_MISSED]")
    assert 0 < rows.count() < every
    page.click("#view button[data-verdict='']")
    page.fill("#view [data-pick=text]", "JSP-06")
    page.wait_for_timeout(300)
    assert rows.count() == 1
    page.fill("#view [data-pick=text]", "")
    with page.expect_download() as waiting:
        page.click("[data-chart=targets] [data-download=csv]")
    text = waiting.value.path().read_text("utf-8-sig")
    assert "内部测算" in text and text.count("JSP-06") >= 1


def test_conflicts_between_documents_stand_with_the_targets(page, site):
    show(page, site, "#/jiangsu/targets")
    page.wait_for_selector("#view :text('JSP-24')", state="attached")
    assert "文件之间的异同" in page.inner_text("#view")


def test_cities_stand_on_tiles_and_a_tile_picks_the_city(page, site):
    show(page, site, "#/jiangsu/cities")
    tiles = page.locator("[data-chart=city_tiles] button:has-text('南通')")
    tiles.first.click()
    page.wait_for_url(re.compile("city=nantong"))
    whole(page)
    assert "南通" in page.title()
    page.click("[data-view=overview]")
    whole(page)
    assert "万吨" in headline(page, "carbon_peak") or "亿吨" in headline(page, "carbon_peak")


@pytest.mark.parametrize("region,count", [("jiangsu", 13), ("jiangxi", 11)])
def test_every_city_has_a_tile_of_its_own(page, site, region, count):
    show(page, site, f"#/{region}/cities")
    boxes = page.locator("[data-chart=city_tiles] [data-place], [data-chart=city_tiles] .tile").all()
    spots = {(round(b["x"]), round(b["y"])) for b in (t.bounding_box() for t in boxes) if b}
    assert len(spots) == count


def test_a_headline_opens_its_documents_with_page_year_and_grade(page, site):
    show(page, site)
    page.click("[data-headline=carbon_peak] button")
    page.wait_for_selector(".drawer")
    page.locator(".drawer", has_text=re.compile("江苏|GB|IPCC|统计")).wait_for()
    text = page.inner_text(".drawer")
    assert re.search(r"\b[ABC]\b", text)
    assert re.search(r"(19|20)\d\d", text)


@pytest.mark.parametrize("view", [v for v in VIEWS if v != "solve"])
def test_every_chart_has_a_source_a_table_and_files(page, site, view):
    show(page, site, f"#/jiangsu/{view}")
    for card in page.locator("#view section.card[data-chart]").all():
        name = card.get_attribute("data-chart")
        if card.locator("[data-table]").count():
            assert card.locator("[data-source]").count() == 1, f"{name}: source"
            assert card.locator("[data-download=csv]").count() == 1, name
            assert card.locator("[data-download=png]").count() == 1, name
        assert card.get_attribute("data-mark"), f"{name}: release status"


def test_any_day_of_the_year_is_shown(page, site):
    show(page, site, "#/jiangsu/power")
    page.fill("#view input[type=date]", "2030-02-03")
    page.wait_for_url(re.compile("d=33"))
    page.locator("#view", has_text="2 月 3 日").first.wait_for()


def test_the_energy_flow_and_the_wedges_are_drawn(page, site):
    show(page, site, "#/jiangsu/pathway?c=reference")
    for chart in ("sankey", "wedges"):
        card = page.locator(f"[data-chart={chart}]")
        card.scroll_into_view_if_needed()
        card.locator("svg path").nth(8).wait_for(state="attached", timeout=180_000)
