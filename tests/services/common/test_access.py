"""The access table: complete, and what it says."""

from google.protobuf import descriptor_pool

from gateway.api.connect import import_contract
from services.common.access import Subject, access_table, draft_scope, may, page_act, rule_of
from services.common.acting import NOBODY, Actor

NANTONG = Actor("ma", frozenset({"planner"}), ("jiangsu/nantong",))
PROVINCE = Actor("li", frozenset({"planner"}), ("jiangsu",))
REVIEWER = Actor("wu", frozenset({"reviewer"}), ("jiangsu",))


def test_every_method_listed_is_one_of_the_contracts_and_every_place_is_a_field_of_its_request():
    for service, rules in access_table().methods.items():
        import_contract(service)
        methods = {m.name: m for m in descriptor_pool.Default().FindServiceByName(service).methods}
        assert set(rules) == set(methods), service
        for name, rule in rules.items():
            message = methods[name].input_type
            for field in filter(None, rule.place.split(".")):
                message = message.fields_by_name[field].message_type


def test_what_is_not_listed_has_no_rule():
    assert rule_of("/dafeng.projection.v1.ProjectionService/Nothing") is None
    assert page_act("/secret") is None
    assert page_act("/assets/a.js") == "public"


def test_nobody_may_do_more_than_what_is_public():
    assert [act for act in access_table().acts if may(NOBODY, act)] == ["public"]


def test_a_planner_calculates_in_its_province_alone():
    for planner in (NANTONG, PROVINCE):
        assert may(planner, "project", Subject("jiangsu"))
        assert not may(planner, "project", Subject("jiangxi"))


def test_a_city_sees_its_own_drafts_and_those_of_no_other_city_nor_the_province():
    assert may(NANTONG, "see_drafts", Subject("jiangsu/nantong", "zhu"))
    assert not may(NANTONG, "see_drafts", Subject("jiangsu/suzhou", "sun"))
    assert not may(NANTONG, "see_drafts", Subject("jiangsu", "li"))
    assert may(PROVINCE, "see_drafts", Subject("jiangsu/suzhou", "sun"))
    assert may(NANTONG, "see_drafts", Subject("jiangsu", "ma")), "what is one's own is seen"


def test_a_draft_belongs_to_the_place_of_its_author():
    assert draft_scope(NANTONG, "jiangsu") == "jiangsu/nantong"
    assert draft_scope(PROVINCE, "jiangsu") == "jiangsu"


def test_reviewing_and_releasing_are_rights_of_different_roles():
    assert may(REVIEWER, "review", Subject("jiangsu", "ma")) and not may(
        REVIEWER, "release", Subject("jiangsu", "ma")
    )
    assert not may(PROVINCE, "review", Subject("jiangsu", "ma"))
    assert not may(REVIEWER, "project", Subject("jiangsu"))
