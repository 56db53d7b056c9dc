"""Who is signed in, on the page: nothing before it, what the role allows after it, nothing lost when it ends."""

import re

import pytest

from tests.page.conftest import headline, show, watched, whole
from tests.page.people import sign_in, sign_out
from tests.page.test_accessibility import problems

# Calls that are refused on purpose are complained of by the browser itself.
REFUSED = ("401 (Unauthorized)", "403 (Forbidden)")


def test_on_this_machine_nobody_has_to_sign_in_and_the_page_says_so(page, site):
    show(page, site)
    page.click("[data-open=account]")
    assert "本机" in page.inner_text("[data-user]")
    assert page.locator("[data-do=sign-out], [data-do=sign-in]").count() == 0
    assert page.locator("[data-sign-in]").count() == 0


def test_nothing_is_shown_before_somebody_signed_in(browser, people):
    asked = []
    with watched(browser, people.address) as page:
        page.on("request", lambda r: asked.append(r.url.rpartition("/")[2]) if r.method == "POST" else None)
        page.goto(people.address)
        page.wait_for_selector("[data-sign-in]")
        page.wait_for_timeout(500)
        assert page.locator("[data-headline], [data-chart], [data-lever]").count() == 0
        assert set(asked) == {"WhoAmI"}, "nothing is asked that would be refused"


def test_a_wrong_token_is_told_and_a_right_one_opens_the_page(browser, people):
    with watched(browser, people.address, expected=REFUSED) as page:
        page.goto(people.address)
        page.wait_for_selector("[data-sign-in]")
        page.fill("[data-field=token]", "no.token.atall")
        page.click("[data-sign-in] [data-do=sign-in]")
        page.wait_for_selector("[data-wrong]")
        sign_in(page, people, "li")
        whole(page)
        assert re.search(r"\d", headline(page, "peak_load"))
        page.click("[data-open=account]")
        assert page.inner_text("[data-user]") == "li"
        assert "规划人员" in page.inner_text("[data-roles]")


def test_signing_out_ends_the_session_and_takes_everything_away(browser, people):
    with watched(browser, people.address) as page:
        page.goto(people.address)
        sign_in(page, people, "li")
        whole(page)
        page.click("[data-view=targets]")
        whole(page)
        cookies = page.context.cookies()
        sign_out(page)
        assert page.locator("[data-headline], [data-chart]").count() == 0
        assert page.url == f"{people.address}/", "the address tells nothing of the work"
        page.go_back()
        page.wait_for_selector("[data-sign-in]")
        assert not page.locator("[data-headline]").first.is_visible(), "Back does not bring the work back"
        page.context.add_cookies(cookies)
        page.reload()
        page.wait_for_selector("[data-sign-in]")
        assert page.locator("[data-headline]").count() == 0, "the old cookie counts no more"


def test_a_session_that_ends_in_the_middle_of_work_keeps_the_draft(browser, people):
    with watched(browser, people.address, expected=REFUSED) as page:
        page.goto(people.address)
        sign_in(page, people, "li")
        whole(page)
        page.select_option("[data-pick=scenario]", "accelerated")
        whole(page)
        page.evaluate("window.kept = true")
        before = headline(page, "carbon_peak")
        page.context.clear_cookies()
        page.select_option("[data-pick=scenario]", "reference")
        page.wait_for_selector("[data-sign-in]")
        assert not page.locator("[data-headline]").first.is_visible(), "nobody else reads over the shoulder"
        sign_in(page, people, "li")
        whole(page)
        assert page.evaluate("window.kept"), "the page was not loaded anew"
        assert page.input_value("[data-pick=scenario]") == "reference", "the edit that met the end counts"
        assert headline(page, "carbon_peak") != before, "and is answered without being asked again"
        page.click("[data-undo]")
        whole(page)
        assert page.input_value("[data-pick=scenario]") == "accelerated", "what was done can still be undone"
        assert headline(page, "carbon_peak") == before


def test_another_person_does_not_get_the_work_of_the_first(browser, people):
    with watched(browser, people.address, expected=REFUSED) as page:
        page.goto(people.address)
        sign_in(page, people, "li")
        whole(page)
        page.select_option("[data-pick=scenario]", "accelerated")
        whole(page)
        page.context.clear_cookies()
        page.select_option("[data-pick=weather]", "hot")
        page.wait_for_selector("[data-sign-in]")
        page.fill("[data-field=token]", people.token("both"))
        page.click("[data-sign-in] [data-do=sign-in]")
        page.wait_for_function(
            "() => !location.hash.includes('accelerated') && document.querySelector('[data-headline]')"
        )
        whole(page)
        assert page.input_value("[data-pick=scenario]") == "planned"


def test_who_may_not_calculate_is_told_and_asks_for_nothing(browser, people):
    refused = []
    with watched(browser, people.address) as page:
        page.on("response", lambda r: refused.append(r.url) if r.status >= 400 else None)
        page.goto(people.address)
        sign_in(page, people, "sun")
        page.wait_for_selector("[data-no-project]")
        page.click("[data-open=scenarios]")
        assert page.locator("[data-do=save]").is_disabled()
        assert "保存" in page.inner_text("[data-lacking=keep]")
        page.wait_for_timeout(500)
        assert page.locator("[data-headline]").count() == 0
    assert refused == []


def test_a_refusal_says_in_words_what_is_lacking(browser, people):
    with watched(browser, people.address, expected=REFUSED) as page:
        page.goto(people.address)
        sign_in(page, people, "li")
        whole(page)
        body = '{"code":"permission_denied","message":"Not allowed: li may not project in jiangsu","details":[{"debug":{"reason":"NOT_ALLOWED"}}]}'
        page.route(
            "**/*ProjectionService/Project",
            lambda r: r.fulfill(status=403, content_type="application/json", body=body),
        )
        page.select_option("[data-pick=weather]", "cold")
        page.wait_for_selector("[role=alert].failure")
        told = page.inner_text("[role=alert].failure")
        assert "测算" in told and "江苏" in told and "Not allowed" not in told


def test_the_busy_service_is_told_and_asked_again_by_itself_with_the_newest_question(browser, site):
    with watched(browser, site, expected=("429",)) as page:
        show(page, site)
        asked = []
        body = '{"code":"resource_exhausted","message":"busy","details":[{"debug":{"reason":"CAPACITY"}}]}'

        def refuse(route):
            asked.append(route.request.post_data_json["scenario"]["baseline"])
            route.fulfill(
                status=429, content_type="application/json", headers={"retry-after": "2"}, body=body
            )

        page.route("**/*ProjectionService/Project", refuse)
        page.select_option("[data-pick=scenario]", "accelerated")
        page.wait_for_selector("[data-busy]")
        assert re.search(r"\d 秒", page.inner_text("[data-busy]"))
        page.select_option("[data-pick=scenario]", "reference")
        page.wait_for_timeout(300)
        assert set(asked) == {"accelerated"}, "nothing goes out before the time that the service named"
        page.unroute("**/*ProjectionService/Project")
        sent = []
        page.on(
            "request",
            lambda r: (
                sent.append(r.post_data_json["scenario"]["baseline"]) if r.url.endswith("/Project") else None
            ),
        )
        page.wait_for_selector("[data-busy]", state="detached")
        whole(page)
        assert sent and set(sent) == {"reference"}, "only the newest question is asked"


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_panel_before_the_page_and_the_account_are_clean(browser, people, locale):
    with watched(browser, people.address, locale=locale, bypass_csp=True) as page:
        page.goto(people.address)
        page.wait_for_selector("[data-sign-in]")
        assert problems(page) == []
        sign_in(page, people, "sun")
        page.wait_for_selector("[data-no-project]")
        page.click("[data-open=account]")
        page.wait_for_selector("[data-roles]")
        assert problems(page) == []
