"""What the desk of releases allows and refuses, whoever comes to it. The other process is a stand-in here."""

import pytest
from sqlalchemy import text as sql

from dafeng.projection.v1 import projection_pb2
from dafeng.release.v1 import release_pb2
from dafeng.releases import check
from gateway.owning import HiddenError
from gateway.release.doors import (
    ListReleasedRequest,
    ListReleasesRequest,
    ReleaseResultRequest,
    ReviewResultRequest,
    WithdrawResultRequest,
)
from gateway.release.manifest import check_complete, manifest_of
from gateway.release.steps import same
from gateway.release.words import ReleaseGrade, ReleaseSource
from services.common.acting import NOBODY, Actor
from services.common.errors import DomainError
from services.common.words import ReleaseStatus, Revision
from services.runtime.convert import to_message
from tests.gateway.release.conftest import ASKED
from tests.gateway.release.people import (
    AUTHOR,
    CITY_AUTHOR,
    ELSEWHERE,
    EVERYTHING,
    RELEASER,
    REVIEWER,
    VIEWER,
    acting,
    person,
)


class Floor:
    """Steps at a desk, each by somebody."""

    def __init__(self, shop, desk):
        self._shop, self.desk = shop, desk

    def by(self, who, coroutine_function, *given):
        async def asked():
            with acting(who):
                return await coroutine_function(*given)

        return self._shop.do(asked())

    def submit(self, who=AUTHOR, title="江苏达峰", **more):
        return self.by(who, self.desk.submit, {**ASKED, "reason": "第一稿", "title": title, **more})

    def review(self, release, who=REVIEWER, approved=True):
        asked = ReviewResultRequest(release_id=release.release_id, approved=approved, reason="核对无误")
        return self.by(who, self.desk.review, asked)

    def release(self, release, who=RELEASER, supersedes=""):
        asked = ReleaseResultRequest(release_id=release.release_id, reason="同意发布", supersedes=supersedes)
        return self.by(who, self.desk.release, asked)

    def withdraw(self, release, who=RELEASER):
        asked = WithdrawResultRequest(release_id=release.release_id, reason="口径有误")
        return self.by(who, self.desk.withdraw, asked)


@pytest.fixture
def floor(shop, desk):
    return Floor(shop, desk)


def refused(expected, act, *given, **more):
    with pytest.raises(DomainError) as caught:
        act(*given, **more)
    assert caught.value.reason == expected, caught.value
    return caught.value


def test_three_people_lead_a_result_to_release_and_everybody_can_prove_it(floor, again):
    release = floor.submit()
    assert release.status is ReleaseStatus.SUBMITTED and release.author == "wang"
    assert floor.review(release).status is ReleaseStatus.REVIEWED
    done = floor.release(release)
    assert done.status is ReleaseStatus.RELEASED and again.asked == 2
    assert [(s.status.value, s.actor) for s in done.steps] == [
        ("submitted", "wang"),
        ("reviewed", "li"),
        ("released", "zhao"),
    ]
    public = floor.by(NOBODY, floor.desk.public, done.release_id)
    assert not any(s.actor for s in public.steps) and [s.reason for s in public.steps] == ["同意发布"]
    projection = projection_pb2.Projection.FromString(floor.by(NOBODY, floor.desk.content, public))
    message = to_message(public, release_pb2.Release())
    assert not [f for f in check(message, projection) if f.wrong]


def test_the_same_content_handed_in_again_by_its_author_is_the_same_release(floor):
    first = floor.submit()
    assert floor.submit() == first
    assert floor.submit(title="另一标题").release_id != first.release_id
    assert floor.submit(CITY_AUTHOR).scope == "jiangsu/nantong"
    refused("RELEASE_STATE", floor.submit, person("chen", "planner"))


def test_one_person_with_every_role_cannot_release_alone(floor):
    release = floor.submit(EVERYTHING)
    refused("SAME_PERSON", floor.review, release, EVERYTHING)
    floor.review(release)
    refused("SAME_PERSON", floor.release, release, EVERYTHING)
    refused("SAME_PERSON", floor.release, release, person("LI ", "releaser"))


def test_who_had_a_part_in_an_earlier_round_has_no_other_in_a_later_one(floor):
    both = person("sun", "planner", "reviewer", "releaser")
    release = floor.submit()
    floor.review(release, both, approved=False)
    release = floor.submit()
    floor.review(release, REVIEWER)
    refused("SAME_PERSON", floor.release, release, both)
    # The same content under another title is the same content.
    refused("SAME_PERSON", floor.submit, both, title="换个标题")
    other = floor.submit(person("chen", "planner"), title="换个标题")
    refused("SAME_PERSON", floor.review, other, person("wang", "reviewer"))


def test_a_planner_a_viewer_and_nobody_neither_review_nor_release(floor):
    release = floor.submit()
    refused("NOT_ALLOWED", floor.review, release, person("chen", "planner"))
    floor.review(release)
    refused("NOT_ALLOWED", floor.release, release, person("chen", "planner"))
    refused("NOT_ALLOWED", floor.release, release, person("he", "reviewer"))
    for who in (VIEWER, NOBODY):
        refused("UNKNOWN_RELEASE", floor.release, release, who)
        refused("NOT_ALLOWED", floor.submit, who)


def test_services_systems_and_the_user_without_sign_in_neither_review_nor_release(floor):
    release = floor.submit()
    for who in (
        Actor("local", frozenset({"reviewer", "releaser"}), ("*",)),
        person("bot", "reviewer", kind="system"),
        person("gateway", "reviewer", kind="service"),
    ):
        refused("NOT_ALLOWED", floor.review, release, who)
    anybody = floor.submit(Actor("local", frozenset({"planner"}), ("*",)), title="未登录")
    refused("SAME_PERSON", floor.review, anybody)
    assert floor.review(anybody, approved=False).status is ReleaseStatus.INTERNAL


def test_another_region_neither_sees_nor_touches_a_release(floor):
    release = floor.submit()
    refused("NOT_ALLOWED", floor.submit, ELSEWHERE)
    refused("UNKNOWN_RELEASE", floor.by, ELSEWHERE, floor.desk.get, release.release_id)
    refused("UNKNOWN_RELEASE", floor.review, release, ELSEWHERE)
    floor.review(release)
    refused("UNKNOWN_RELEASE", floor.release, release, ELSEWHERE)
    suzhou = person("ma", "planner", scopes=("jiangsu/suzhou",))
    city = floor.submit(CITY_AUTHOR)
    refused("UNKNOWN_RELEASE", floor.by, suzhou, floor.desk.get, city.release_id)
    assert floor.by(suzhou, floor.desk.listed, ListReleasesRequest()) == ((), "")


def test_no_step_is_skipped_and_none_goes_back(floor):
    release = floor.submit()
    refused("RELEASE_STATE", floor.release, release)
    refused("RELEASE_STATE", floor.withdraw, release)
    floor.review(release, approved=False)
    refused("RELEASE_STATE", floor.review, release)
    floor.submit()
    floor.review(release)
    refused("RELEASE_STATE", floor.review, release, approved=False)
    floor.release(release)
    refused("RELEASE_STATE", floor.release, release)
    floor.withdraw(release)
    refused("RELEASE_STATE", floor.withdraw, release)
    refused("RELEASE_STATE", floor.submit)


def test_a_result_that_does_not_come_out_the_same_is_neither_approved_nor_released(floor, again):
    release = floor.submit()
    again.reason = "NOT_REPRODUCED"
    refused("NOT_REPRODUCED", floor.review, release)
    assert floor.by(AUTHOR, floor.desk.get, release.release_id).status is ReleaseStatus.SUBMITTED
    again.reason = ""
    floor.review(release)
    again.reason = "NOT_REPRODUCED"
    refused("NOT_REPRODUCED", floor.release, release)


def test_after_model_or_data_changed_nothing_is_approved_or_released(floor, monkeypatch):
    release = floor.submit()
    changed = lambda _: Revision("0.1.0", "f" * 64)  # noqa: E731
    monkeypatch.setattr("gateway.release.manifest.revision_of", changed)
    refused("REVISION_DIFFERS", floor.review, release)
    monkeypatch.undo()
    floor.review(release)
    monkeypatch.setattr("gateway.release.manifest.revision_of", changed)
    refused("REVISION_DIFFERS", floor.release, release)


def test_a_newer_release_supersedes_an_older_one_which_stays_retrievable(floor):
    old = floor.release(floor.review(floor.submit()))
    new = floor.release(floor.review(floor.submit(title="第二稿")), supersedes=old.release_id)
    gone = floor.by(NOBODY, floor.desk.public, old.release_id)
    assert gone.status is ReleaseStatus.SUPERSEDED and gone.superseded_by == new.release_id
    listed, _ = floor.by(NOBODY, floor.desk.public_list, ListReleasedRequest())
    assert [r.release_id for r in listed] == [new.release_id]
    past, _ = floor.by(NOBODY, floor.desk.public_list, ListReleasedRequest(with_past=True))
    assert [r.release_id for r in past] == [new.release_id, old.release_id]
    withdrawn = floor.withdraw(new)
    assert withdrawn.steps[-1].reason == "口径有误"
    assert floor.by(NOBODY, floor.desk.public, new.release_id).status is ReleaseStatus.WITHDRAWN
    assert floor.by(NOBODY, floor.desk.public_list, ListReleasedRequest())[0] == ()


def test_only_a_released_result_of_the_same_region_is_superseded(floor):
    first = floor.review(floor.submit())
    second = floor.review(floor.submit(title="第二稿"))
    refused("RELEASE_STATE", floor.release, second, supersedes=first.release_id)
    refused("UNKNOWN_RELEASE", floor.release, second, supersedes="0" * 24)
    assert floor.by(AUTHOR, floor.desk.get, second.release_id).status is ReleaseStatus.REVIEWED


def test_lists_go_on_where_a_page_ended(floor):
    ids = [floor.submit(title=f"第{n}稿").release_id for n in range(3)]
    page, token = floor.by(AUTHOR, floor.desk.listed, ListReleasesRequest(page_size=2))
    rest, end = floor.by(AUTHOR, floor.desk.listed, ListReleasesRequest(page_size=2, page_token=token))
    assert [r.release_id for r in (*page, *rest)] == ids[::-1] and end == ""


def test_nobody_sees_what_is_not_released(floor):
    release = floor.review(floor.submit())
    hidden = refused("UNKNOWN_RELEASE", floor.by, NOBODY, floor.desk.public, release.release_id)
    unknown = refused("UNKNOWN_RELEASE", floor.by, NOBODY, floor.desk.public, "0" * len(release.release_id))
    assert isinstance(hidden, HiddenError) and not isinstance(unknown, HiddenError), (
        "the audit log hears of it"
    )
    assert floor.by(NOBODY, floor.desk.public_list, ListReleasedRequest(with_past=True)) == ((), "")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE releases SET status = 'released'",
        "UPDATE releases SET manifest = replace(manifest, '江苏达峰', '江苏已达峰')",
        "UPDATE releases SET superseded_by = 'x'",
        "UPDATE release_steps SET actor = 'chen'",
        "UPDATE release_steps SET reason = '' WHERE number = 1",
        "DELETE FROM release_steps",
        "UPDATE release_contents SET content = substr(content, 1, 100) || x'00' || substr(content, 102)",
        "DELETE FROM release_contents",
    ],
)
def test_a_stored_byte_that_was_changed_is_found_before_anything_is_done(floor, database, change):
    release = floor.submit()
    with database.transaction() as connection:
        connection.execute(sql(change))
    refused("STORE_DAMAGED", floor.review, release)
    assert floor.desk.store.faults()


def test_a_cut_chain_of_steps_is_found(floor, database):
    first = floor.submit()
    assert floor.desk.store.faults() == []
    with database.transaction() as connection:
        connection.execute(sql("DELETE FROM release_steps"))
        connection.execute(sql("DELETE FROM releases"))
    assert floor.desk.store.faults()
    assert first.release_id


def test_a_title_or_reason_with_control_characters_is_refused_with_everything_else(floor):
    error = refused(
        "INVALID_INPUT",
        floor.submit,
        title="a\u202eb",
        reason="",
        frame={"region": "jiangsu", "last_year": 1},
    )
    assert {"title", "reason", "frame.last_year"} <= {v.field for v in error.violations}


def test_a_partial_result_or_one_without_sources_or_grades_is_not_handed_in(projected):
    projection, scenario = projected
    whole = manifest_of("t", projection, scenario, "0", "cpu", "jiangsu")
    sectors = [s.sector for s in projection.sectors]
    check_complete(whole, projection, sectors)
    from dataclasses import replace

    for change in (
        {"sectors": whole.sectors[1:]},
        {"sources": ()},
        {"sources": (ReleaseSource("unknown", ""),)},
        {"grades": ()},
        {"grades": (ReleaseGrade("", 3),)},
        {"targets": ()},
        {"frame": whole.frame.model_copy(update={"last_year": 2031})},
    ):
        with pytest.raises(DomainError) as caught:
            check_complete(replace(whole, **change), projection, sectors)
        assert caught.value.reason == "INVALID_INPUT"


@pytest.mark.parametrize("spelling", ["WANG", " wang", "ｗａｎｇ", "wa\u200bng", "\ufeffwang", "w\u00adang"])
def test_another_spelling_of_an_id_is_the_same_person(spelling):
    assert same(spelling, AUTHOR.user_id) and not same(spelling, REVIEWER.user_id)
