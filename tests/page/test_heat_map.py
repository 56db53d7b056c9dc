"""The year map, the only chart of thousands of marks on a canvas: painted at once, and no trouble when it is left."""

from tests.page.conftest import show, watched

MAP = "[data-chart=heatmap_year]"
# The share of the drawing's width, at half its height, that has ink; read in the same task as the drawing.
PAINTED = f"""
() => {{
  window.dispatchEvent(new Event('beforeprint'))
  const canvas = document.querySelector('{MAP} canvas')
  const row = canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data
  let inked = 0
  for (let x = 0; x < canvas.width; x++) inked += row[4 * x + 3] > 0
  const share = inked / canvas.width
  window.dispatchEvent(new Event('afterprint'))
  return share
}}
"""


def slowed(page, times):
    """The tab as on a slower machine."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def test_the_year_map_is_whole_on_paper_which_waits_for_no_frame(page, site):
    show(page, site, "#/jiangsu/power")
    page.evaluate(f"document.querySelector('{MAP}').scrollIntoView()")
    page.wait_for_selector(f"{MAP} canvas", state="attached")
    slowed(page, 8)
    assert page.evaluate(PAINTED) > 0.9


def test_the_year_map_is_left_while_it_is_painted(browser, site):
    with watched(browser, site) as page:
        show(page, site, "#/jiangsu/power")
        slowed(page, 8)
        page.evaluate(f"document.querySelector('{MAP}').scrollIntoView()")
        page.wait_for_selector(f"{MAP} canvas", state="attached")
        page.evaluate("location.hash = '#/jiangsu/targets'")
        page.wait_for_selector(MAP, state="detached")
        page.wait_for_timeout(500)  # the frames that were still to come
