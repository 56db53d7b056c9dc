"""Known answers of the gateway: the peak of a made series, by definition, and the highest hour of two shapes."""

from collections.abc import Sequence

import numpy as np

from gateway.carbon_peak import peak_index, span_near_top, steady_fall_index
from gateway.kernels import peak_by_place, warm_up
from services.common.self_test import KnownAnswer, check_answers
from services.numba_start import prepare_numba


def known_answers() -> Sequence[KnownAnswer]:
    """CO2 that peaks twice alike and falls three years in a row; two uses whose highest hours lie apart."""
    total = np.array([100.0, 104.0, 106.0, 106.0, 105.0, 101.0, 102.0, 99.0, 97.0, 96.0])
    at = peak_index(total)
    fall = steady_fall_index(total, at, 3)
    last_near = span_near_top(total, at, 0.02)[1]
    definition = "definition of the carbon peak"
    peak_mw = np.empty((1, 1))
    # Four hours in two groups: 30 x 0.5 + 10 x 0.2 = 17 MW in the third is above 30 x 0.1 + 10 x 0.6 and the rest.
    shares = np.array([[[0.1, 0.3], [0.6, 0.1]], [[0.5, 0.1], [0.2, 0.1]]])
    peak_by_place(
        np.array([[[30.0, 10.0]]]), shares, shares.max(axis=2).T.copy(), np.empty(2), np.empty(2), peak_mw
    )
    return (
        KnownAnswer("earliest of equal highest years", at, 2, definition),
        KnownAnswer("last year within 2 % of the peak", last_near, 4, definition),
        KnownAnswer("first year of three falls in a row", -1 if fall is None else fall, 7, definition),
        KnownAnswer("highest hour of two uses, MW", float(peak_mw[0, 0]), 17.0, "sum of shares by hand"),
    )


def warm_gateway() -> int:
    """Compile or load the kernels; how many known answers were met. WrongAnswersError when one was not."""
    prepare_numba()
    warm_up()
    return check_answers(known_answers())
