"""The views of buildings and transport: what a card shows is picked, kept in the link, and follows a picked city."""

import pytest

from tests.page.conftest import show

CARDS = {
    "buildings": ("building_stock", "building_energy", "building_flows", "building_heat", "building_pv"),
    "transport": ("freight", "fleet", "passengers", "nev_shares", "charging", "transport_energy"),
}


def table(page, card):
    """Rows of a card's table, as shown."""
    page.click(f"[data-chart={card}] [data-table]")
    rows = page.eval_on_selector_all(
        f"[data-chart={card}] tbody tr",
        "all => all.map(r => [...r.children].map(c => c.textContent.trim()))",
    )
    page.click(f"[data-chart={card}] [data-table]")
    return rows


def number(text):
    return float(text.replace(",", "").replace("\u2212", "-"))


@pytest.mark.parametrize("view", CARDS)
def test_every_card_has_a_chart_with_values(page, site, view):
    show(page, site, f"#/jiangsu/{view}")
    for card in CARDS[view]:
        rows = table(page, card)
        assert [row[0] for row in rows] == [str(year) for year in range(2020, 2061)], card
        assert any(number(cell) for cell in rows[-1][1:]), card


def test_a_pick_stands_in_the_link_and_is_found_again(page, site):
    show(page, site, "#/jiangsu/transport")
    page.select_option("[data-pick=fleet]", "trucks")
    page.click("[data-chart=freight] [data-mode=shares]")
    page.wait_for_url("**p=*")
    shown, address = table(page, "fleet"), page.url
    page.goto("about:blank")
    show(page, site, address.split("/", 3)[3])
    assert table(page, "fleet") == shown
    assert page.get_attribute("[data-chart=freight] [data-mode=shares]", "aria-pressed") == "true"
    shares = [sum(number(cell) for cell in row[1:]) for row in table(page, "freight")]
    assert all(abs(share - 100) < 0.3 for share in shares)


def test_a_picked_city_has_its_own_stock_and_says_where_it_has_none(page, site):
    show(page, site, "#/jiangsu/buildings")
    region = table(page, "building_stock")
    show(page, site, "#/jiangsu/transport?city=suzhou")
    page.wait_for_selector("[data-chart=charging] h3:has-text('全省')")
    page.click("[data-view=buildings]")
    city = table(page, "building_stock")
    assert 0 < number(city[-1][1]) < number(region[-1][1])
    assert "全省" not in page.inner_text("[data-chart=building_stock] h3")


def test_targets_are_told_with_their_clause(page, site):
    show(page, site, "#/jiangsu/buildings?p=building_pv:pv_coverage")
    card = page.locator("[data-chart=building_pv]")
    assert "JSP-28" in card.locator(".frame").get_attribute("aria-label")
    card.scroll_into_view_if_needed()
    assert "JSP-28" in card.locator(".plot svg").text_content()
