"""Links, kept scenarios, files: what was made is found again, exactly."""

import json
import re

from tests.page.conftest import headline, show, watched, whole

# Planned, with smart charging and more batteries; made by the share drawer below.
SETTINGS = [
    {"lever_id": "transport.smart_charging_share", "years": [2030, 2035], "values": [0.5, 0.7]},
    {"lever_id": "power.battery_capacity", "years": [2030], "values": [40.0]},
]


def open_file(page, name="Two levers", settings=SETTINGS):
    """Open a scenario from a file, as a user would."""
    page.click("[data-open=scenarios]")
    page.set_input_files(
        "input[type=file]",
        {
            "name": "scenario.json",
            "mimeType": "application/json",
            "buffer": json.dumps({"name": name, "baseline": "planned", "settings": settings}).encode(),
        },
    )
    page.wait_for_url(re.compile(r"~|%7E"))
    page.click("[data-close]")
    whole(page)


def test_a_link_opens_the_same_view_with_the_same_numbers(browser, site):
    with watched(browser, site) as page:
        show(page, site, "#/jiangsu/power?y=2035&season=winter&w=hot&by=supply&c=frozen")
        open_file(page)
        said, address = headline(page, "peak_load") + headline(page, "carbon_peak"), page.url
    with watched(browser, site) as page:
        page.goto(address)
        whole(page)
        assert headline(page, "peak_load") + headline(page, "carbon_peak") == said
        assert page.get_attribute("#tab-power", "aria-selected") == "true"
        assert page.input_value("[data-pick=year]") == "2035"
        assert page.input_value("[data-pick=weather]") == "hot"
        assert page.input_value("[data-pick=compared]") == "frozen"
        assert page.url == address


def test_a_scenario_is_kept_and_its_link_names_it(browser, site):
    with watched(browser, site) as page:
        show(page, site)
        open_file(page, name="《海上风电》 first")
        page.click("[data-open=scenarios]")
        page.fill("[data-field=name]", "《海上风电》 first")
        page.click("[data-do=save]")
        page.wait_for_selector("[data-saved='《海上风电》 first']")
        page.click("[data-close]")
        page.wait_for_url(re.compile(r"s=%40"))
        address, said = page.url, headline(page, "carbon_peak")
        page.click("[data-open=share]")
        assert page.input_value("[data-field=link]") == address
    with watched(browser, site) as page:
        page.goto(address)
        whole(page)
        assert "《海上风电》 first" in page.title()
        assert headline(page, "carbon_peak") == said


def test_a_kept_scenario_is_deleted_by_a_second_press(page, site):
    show(page, site)
    open_file(page, name="To be deleted")
    page.click("[data-open=scenarios]")
    page.fill("[data-field=name]", "To be deleted")
    page.click("[data-do=save]")
    row = page.locator("[data-saved='To be deleted']")
    row.wait_for()
    row.locator("button").nth(2).click()
    assert row.count() == 1
    row.locator("button").nth(2).click()
    row.wait_for(state="detached")


def test_back_leads_to_the_view_before(page, site):
    show(page, site)
    page.click("[data-view=power]")
    page.wait_for_url(re.compile(r"/power"))
    page.go_back()
    page.wait_for_selector("[data-view=overview][aria-selected=true]")


def test_what_a_link_names_and_is_not_there_is_told(browser, site):
    with watched(browser, site, expected=("Failed to load resource",)) as page:
        page.goto(f"{site}/#/jiangsu/overview?y=2061&s=%40ffffffffffffffff")
        page.wait_for_selector("[role=alert] li")
        page.locator("[role=alert] li").nth(1).wait_for()
        told = page.inner_text("[role=alert]")
        assert "2061" in told and "ffffffffffffffff" in told


def test_many_changes_are_kept_before_they_are_shared(page, site):
    show(page, site)
    levers = page.evaluate(
        """async () => (await (await fetch('/dafeng.projection.v1.ProjectionService/ListLevers', {
          method: 'POST', headers: {'content-type': 'application/json'}, body: '{"region": "jiangsu"}'
        })).json()).levers"""
    )
    settings = []
    for i, entry in enumerate(e for e in levers if e["lever"]["kind"] == "LEVER_KIND_PATH"):
        years = [y for y in range(2026, 2060, 3) if y > entry["lever"]["last_observed_year"]]
        last = entry["values"][-1]
        nudged = [last * (1 - 1e-4 * ((7 * i + 3 * n) % 11)) for n in range(len(years))]
        inside = [min(max(v, entry["lever"]["low"]), entry["lever"]["high"]) for v in nudged]
        settings.append({"lever_id": entry["lever"]["lever_id"], "years": years, "values": inside})
    chosen = [s for s in settings if s["lever_id"].startswith("transport.")][:60]
    open_file(page, name="Everything", settings=chosen)
    page.click("[data-open=share]")
    page.click("[data-do=keep]")
    page.wait_for_selector("[data-field=link]")
    assert re.search(r"s=%40[0-9a-f]{64}", page.input_value("[data-field=link]"))
