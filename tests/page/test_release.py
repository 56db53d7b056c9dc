"""A result on its way to the public, in the browser: three people lead it there, and it stays marked on the way."""

import json
import re
from contextlib import contextmanager

import pytest

from tests.page.conftest import watched, whole
from tests.page.people import sign_in
from tests.page.test_accessibility import problems

TITLE = "江苏省 2030 年前碳达峰测算"
MARK = {"internal": "内部测算 · 不得发布", "submitted": "已提交待审核", "released": "已发布"}


@contextmanager
def at_work(browser, people, user_id, **context):
    """A tab in which a person has signed in."""
    with watched(browser, people.address, **context) as page:
        page.goto(people.address)
        sign_in(page, people, user_id)
        yield page


def open_releases(page):
    page.wait_for_selector("[data-headline], [data-no-project]")
    page.click("[data-open=releases]")
    page.wait_for_selector(".drawer-body [data-do=refresh]:enabled")


def open_release(page, title):
    open_releases(page)
    page.click(f"[data-release-id] button:has-text('{title}')")
    page.wait_for_selector("[data-release-title]")


def submit(page, title):
    whole(page)
    open_releases(page)
    page.click("[data-do=submit-form]")
    page.wait_for_function("() => /^[0-9a-f]{64}$/.test(document.querySelector('[data-digest]').textContent)")
    digest = page.inner_text("[data-digest]")
    page.fill("[data-field=release-title]", title)
    page.fill("[data-field=release-reason]", "按省里要求报送")
    page.click("[data-do=submit]")
    page.wait_for_selector("[data-release-title]")
    return digest


def take(page, button, reason):
    page.fill("[data-field=step-reason]", reason)
    page.click(f"[data-do={button}]")


def state(page):
    return page.get_attribute(".drawer-body p [data-status]", "data-status").removeprefix("RELEASE_STATUS_")


def wait_state(page, name):
    page.wait_for_selector(f".drawer-body p [data-status=RELEASE_STATUS_{name}]")


@pytest.fixture(scope="module")
def released(browser, people):
    """(id, digest) of a result that three people led to release, in the browser."""
    with at_work(browser, people, "li") as page:
        digest = submit(page, TITLE)
        assert state(page) == "SUBMITTED"
        page.wait_for_selector(".drawer-body [data-hindrance]")
        assert page.get_attribute(".drawer-body [data-hindrance]", "data-hindrance") == "role"
    with at_work(browser, people, "zhao") as page:
        open_release(page, TITLE)
        assert page.inner_text("[data-manifest]").count(digest) == 1, "what was shown is what is frozen"
        take(page, "approve", "数据与来源已核对")
        wait_state(page, "REVIEWED")
        assert page.get_attribute(".drawer-body [data-hindrance]", "data-hindrance") == "role"
    with at_work(browser, people, "wang") as page:
        open_release(page, TITLE)
        take(page, "release", "经领导小组同意发布")
        wait_state(page, "RELEASED")
        steps = page.inner_text(".steps")
        assert [steps.index(who) for who in ("li", "zhao", "wang")] == sorted(
            steps.index(who) for who in ("li", "zhao", "wang")
        )
        yield page.inner_text(".drawer-body p code"), digest


def test_three_people_lead_a_result_to_release_and_anybody_reads_it(browser, people, released):
    release_id, digest = released
    asked = []
    with watched(browser, people.address) as page:
        page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
        page.goto(f"{people.address}/released")
        page.click(f"[data-release-id='{release_id}'] a")
        page.wait_for_selector("[data-frozen]")
        assert page.inner_text("h1") == TITLE
        assert re.search(r"20\d\d", page.inner_text("[data-headline=carbon_peak]"))
        assert digest in page.inner_text("[data-manifest]")
        assert len(page.inner_text("[data-signature]")) > 60
        assert "江苏" in page.inner_text("[data-release]"), "places have their names"
        assert page.locator("[data-targets] tbody tr").count() > 50
        text = page.inner_text("body")
        assert not any(re.search(rf"\b{who}\b", text) for who in ("li", "zhao", "wang")), "nobody is named"
    assert {u.rpartition("/")[0].rpartition("/")[2] for u in asked} == {
        "dafeng.release.v1.PublicReleaseService"
    }


def test_the_public_page_shows_nothing_that_is_not_released(browser, people, released):
    title = "只提交的结果"
    with at_work(browser, people, "li") as page:
        page.select_option("[data-pick=scenario]", "accelerated")
        submit(page, title)
        hidden = page.inner_text(".drawer-body p code")
    refused = ("404 (Not Found)",)
    with watched(browser, people.address, expected=refused) as page:
        page.goto(f"{people.address}/released/")
        page.wait_for_selector("[data-release-id]")
        page.check("[data-pick=past]")
        page.wait_for_selector("main[aria-busy=false]")
        assert title not in page.inner_text("body") and hidden not in page.content()
        release_id, _ = released
        page.goto(f"{people.address}/released/#/{release_id}")
        page.wait_for_selector("[data-frozen]")
        for address in (hidden, "no-such-thing"):
            page.goto(f"{people.address}/released/#/{address}")
            page.wait_for_selector("[role=alert]:has-text('没有该结果')")
            assert page.locator("[data-frozen], [data-release-id]").count() == 0


def test_every_file_of_the_public_page_says_what_it_is(browser, people, released):
    release_id, _ = released
    with watched(browser, people.address) as page:
        page.goto(f"{people.address}/released/#/{release_id}")
        page.wait_for_selector("[data-frozen]")
        marks = page.eval_on_selector_all("[data-mark]", "all => all.map((e) => e.dataset.mark)")
        assert len(marks) > 5
        assert all(m == f"{MARK['released']} · {release_id}" for m in marks)
        with page.expect_download() as csv:
            page.click("[data-do=frozen-csv]")
        first = csv.value.path().read_text("utf-8-sig").splitlines()[0]
        assert MARK["released"] in first and release_id in first
        with page.expect_download() as chart:
            page.click("[data-chart=frozen_co2] [data-download=csv]")
        assert release_id in chart.value.path().read_text("utf-8-sig").splitlines()[0]
        with page.expect_download() as whole_file:
            page.click("[data-do=frozen-json]")
        kept = json.loads(whole_file.value.path().read_text("utf-8"))
        assert release_id in kept["status"] and kept["release"]["release_id"] == release_id
        with page.expect_download() as book:
            page.click("[data-do=excel]")
        assert book.value.path().read_bytes()[:2] == b"PK"
        with page.expect_download() as picture:
            page.click("[data-chart=frozen_co2] [data-download=png]")
        assert picture.value.path().stat().st_size > 10_000


def test_the_frozen_result_is_shown_as_what_it_is_and_not_as_ones_own(browser, people, released):
    release_id, digest = released
    with at_work(browser, people, "zhao") as page:
        open_release(page, TITLE)
        page.click("[data-do=open-frozen]")
        page.wait_for_selector("[data-frozen]")
        strip = page.inner_text("[data-frozen] [data-release]")
        assert MARK["released"] in strip and release_id in strip and digest[:8] in strip
        page.click("[data-do=close-frozen]")
        page.wait_for_selector("[data-no-project]")
        assert MARK["internal"] in page.inner_text("[data-release]")


def test_one_person_with_two_roles_is_told_before_trying(browser, people):
    with at_work(browser, people, "both") as page:
        page.select_option("[data-pick=scenario]", "frozen")
        submit(page, "一人两角")
        page.wait_for_selector("[data-hindrance=author]")
        assert page.locator("[data-do=approve]").is_disabled()
        assert "另一位" in page.inner_text("[data-hindrance]")


def test_a_returned_result_says_so_with_the_reason(browser, people):
    title = "待修改的结果"
    with at_work(browser, people, "li") as page:
        page.select_option("[data-pick=scenario]", "reference")
        submit(page, title)
    with at_work(browser, people, "zhao") as page:
        open_release(page, title)
        take(page, "return", "请补充电力来源")
        wait_state(page, "INTERNAL")
        assert "请补充电力来源" in page.inner_text(".steps")
        page.click("[data-do=back]")
        assert "已退回" in page.inner_text(f"[data-release-id]:has-text('{title}')")


def test_own_results_are_marked_internal_with_the_digest_in_files(browser, people):
    with at_work(browser, people, "li") as page:
        whole(page)
        assert MARK["internal"] in page.inner_text("[data-release]")
        assert set(page.eval_on_selector_all("[data-mark]", "all => all.map((e) => e.dataset.mark)")) == {
            MARK["internal"]
        }
        with page.expect_download() as csv:
            page.click("[data-chart=co2] [data-download=csv]")
        first = csv.value.path().read_text("utf-8-sig").splitlines()[0]
        assert MARK["internal"] in first and re.search(r"结果摘要 [0-9a-f]{8}", first)


def test_the_drawer_of_releases_is_clean(browser, people, released):
    with at_work(browser, people, "li", bypass_csp=True) as page:
        open_release(page, TITLE)
        page.wait_for_selector("[data-manifest] details")
        assert problems(page) == []
        page.click("[data-do=back]")
        page.click("[data-do=submit-form]")
        page.wait_for_selector("[data-form=submit]")
        assert problems(page) == []


def test_the_public_page_is_clean(browser, people, released):
    release_id, _ = released
    with watched(browser, people.address, locale="en-US", bypass_csp=True) as page:
        page.goto(f"{people.address}/released/")
        page.wait_for_selector("[data-release-id]")
        assert problems(page) == []
        page.goto(f"{people.address}/released/#/{release_id}")
        page.wait_for_selector("[data-frozen]")
        page.wait_for_timeout(300)
        assert problems(page) == []


def test_a_withdrawn_result_stays_readable_and_is_marked_with_the_reason(browser, people, released):
    """Last: it ends what the tests above read."""
    release_id, _ = released
    with at_work(browser, people, "wang") as page:
        open_release(page, TITLE)
        take(page, "withdraw", "来源有误，待更正")
        page.click("[data-do=withdraw]")
        wait_state(page, "WITHDRAWN")
    with watched(browser, people.address) as page:
        page.goto(f"{people.address}/released/")
        page.wait_for_selector("main[aria-busy=false]")
        assert page.locator(f"[data-release-id='{release_id}']").count() == 0
        page.check("[data-pick=past]")
        page.click(f"[data-release-id='{release_id}'] a")
        page.wait_for_selector("[data-past]")
        told = page.inner_text("[data-past]")
        assert "已撤回" in told and "来源有误，待更正" in told
        assert all(
            "已撤回" in m
            for m in page.eval_on_selector_all("[data-mark]", "all => all.map((e) => e.dataset.mark)")
        )
