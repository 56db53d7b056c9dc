"""Wedges: sizes are the contributions, sides follow the sign, edges meet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gateway.compare.wedges import stacked


def test_rises_stand_above_the_line_and_falls_below():
    low, high = stacked(np.array([[-3.0, 1.0], [2.0, -4.0], [-1.0, 2.0]]))
    assert low.tolist() == [[-3, 0], [0, -4], [-4, 1]]
    assert high.tolist() == [[0, 1], [2, 0], [-3, 3]]


@given(hnp.arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.integers(-1000, 1000)))
def test_the_outer_edges_sum_to_the_gap_of_every_year(values):
    low, high = stacked(values)
    np.testing.assert_array_equal(high - low, np.abs(values))
    np.testing.assert_array_equal(
        high.max(axis=0, initial=0) + low.min(axis=0, initial=0), values.sum(axis=0)
    )
