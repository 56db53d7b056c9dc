"""When the gateway is away: what is on the page stays, is said to be old, and becomes new by itself."""

from gateway.settings import ServeSettings
from tests.gateway.conftest import free_port, running
from tests.page.conftest import headline, show, watched, whole


def test_an_old_result_stays_while_the_gateway_is_away_and_it_recovers_by_itself(browser):
    http = f"127.0.0.1:{free_port()}"
    site = f"http://{http}"
    lost = ("Failed to load resource", "ERR_CONNECTION_REFUSED", "net::")
    with watched(browser, site, expected=lost) as page:
        with running(ServeSettings(listen="127.0.0.1:0", http=http)):
            show(page, site)
            said = headline(page, "peak_load")
        page.select_option("[data-pick=weather]", "hot")
        page.wait_for_selector("[role=alert]")
        assert headline(page, "peak_load") == said, "the old result stays"
        with running(ServeSettings(listen="127.0.0.1:0", http=http)):
            page.wait_for_selector("[role=alert]", state="detached", timeout=90_000)
            whole(page)
            assert headline(page, "peak_load") != said


def test_a_late_answer_of_an_older_question_is_dropped(browser, site):
    with watched(browser, site) as page:
        show(page, site)
        held = []

        def hold(route):
            if route.request.post_data_json["frame"]["weather_year"] == "hot":
                held.append(route)
            else:
                route.continue_()

        page.route("**/*ProjectionService/Project", hold)
        page.select_option("[data-pick=weather]", "hot")
        page.wait_for_timeout(300)
        assert held
        page.select_option("[data-pick=weather]", "cold")
        for route in held:
            route.continue_()
        page.wait_for_timeout(500)
        whole(page)
        said = headline(page, "peak_load")
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        whole(page)
        assert headline(page, "peak_load") == said
