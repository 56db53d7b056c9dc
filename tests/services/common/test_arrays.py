"""The walk over dataclasses: every array of a wrong shape or with an item that is not finite is told by its place."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, IntArray, array, check_shapes


@dataclass(frozen=True)
class Part:
    values: FloatArray = array("year")
    hours: IntArray = array("year")


@dataclass(frozen=True)
class Whole:
    years: tuple[int, ...]
    parts: tuple[Part, ...]
    one: Part
    free: FloatArray = array("year", "any")


def whole(*parts, one=None, free=None):
    good = Part(np.ones(2), np.ones(2, dtype=np.int32))
    return Whole((2020, 2021), parts, one or good, np.ones((2, 3)) if free is None else free)


def test_what_is_right_has_no_problem_and_an_empty_array_may_have_any_shape():
    assert check_shapes(whole(Part(np.empty((0, 0)), np.zeros(2, dtype=np.int32)))) == []


def test_every_wrong_shape_and_every_item_that_is_not_finite_is_told():
    short, bad = Part(np.ones(3), np.ones(2)), Part(np.array([1.0, np.nan]), np.ones(2))
    found = check_shapes(
        whole(short, bad, one=Part(np.ones((2, 1)), np.ones(2)), free=np.full((2, 5), np.inf))
    )
    assert found == [
        "parts[0].values: shape (3,), expected ('year',) = (2,)",
        "one.values: shape (2, 1), expected ('year',) = (2,)",
        "free: not finite",
        "parts[1].values: not finite",
    ]
