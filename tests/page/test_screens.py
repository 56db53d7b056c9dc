"""Pictures of every view for a person to look at: var/screens, ignored by git."""

import pytest

from tests.page.conftest import SCREENS, VIEWS, show, watched

# Without the browser's wait for two equal frames, which a busy machine may not draw.
SCROLL = "card => card.scrollIntoView({block: 'nearest'})"
SIZES = {"desk": (1440, 900), "small": (1280, 800), "tablet": (820, 1180)}


def draw_what_is_below(page):
    """Charts off the screen wait until they come into view."""
    for card in page.locator("main .card[data-chart]").all():
        card.evaluate(SCROLL)
        page.wait_for_timeout(60)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(200)


@pytest.mark.thorough  # other tests look at every view too; this one keeps pictures
@pytest.mark.parametrize(
    ("size", "locale"),
    [
        ("desk", "zh-CN"),
        ("desk", "en-US"),
        ("small", "en-US"),
        ("tablet", "zh-CN"),
    ],
)
def test_every_view_is_pictured(browser, site, size, locale):
    width, height = SIZES[size]
    SCREENS.mkdir(parents=True, exist_ok=True)
    with watched(browser, site, viewport={"width": width, "height": height}, locale=locale) as page:
        for view in VIEWS:
            show(page, site, f"#/jiangsu/{view}")
            # What is off the screen is drawn when it comes into view.
            for card in page.locator("#view .card").all():
                card.evaluate(SCROLL)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(400)
            if size == "desk":
                draw_what_is_below(page)
            path = SCREENS / f"{view}_{size}_{locale[:2]}.png"
            page.screenshot(path=path, full_page=size == "desk")
            assert path.stat().st_size > 20_000
