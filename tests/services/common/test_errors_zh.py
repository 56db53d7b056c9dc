"""Chinese texts of violations: given and allowed are told, near names too, and nothing is half translated."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.errors_zh import _FORMS, chinese_of


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("no such lever; did you mean a.b, c.d? (given: a.c)", "没有该抓手；是否为 a.b、c.d？（给出：a.c）"),
        (
            "no such field of the projection (given: cites); allowed: a, b",
            "没有该测算结果字段（给出：cites）；允许：a、b",
        ),
        ("no such target of jiangsu (given: X)", "没有该目标（jiangsu）（给出：X）"),
        ("Input should be less than or equal to 41; allowed: <= 41", "不得大于 41；允许：不大于 41"),
        (
            "outside the lever's bounds (given: 9); allowed: 0 to 5 GW",
            "超出抓手的允许范围（给出：9）；允许：0 至 5 GW",
        ),
        (
            "the day is outside the year (given: 400); allowed: 0 to 364",
            "日期序号不在一年之内（给出：400）；允许：0 至 364",
        ),
        ("days must ascend without repeats (given: 9, 9)", "日期序号必须从小到大，且不得重复（给出：9, 9）"),
        ("given twice (given: a)", "重复给出（给出：a）"),
        ("no such dragon", ""),
        ("something else altogether (given: 3)", ""),
    ],
)
def test_a_violation_in_chinese(english, chinese):
    assert chinese_of(english) == chinese


def test_every_place_holder_is_caught_by_its_form():
    for form, zh in _FORMS:
        asked = {int(n) for n in re.findall(r"\{(\d)\}", zh)}
        assert asked <= set(range(1, re.compile(form).groups + 1)), form
        assert re.search(r"[\u4e00-\u9fff]", zh)


@given(st.text(max_size=300))
def test_any_text_is_translated_or_left_alone(text):
    assert isinstance(chinese_of(text), str)
