"""Known answers of the industry sector: one branch that saves, electrifies and leaves coal, worked by hand."""

from collections.abc import Sequence

import numpy as np

from services.common.self_test import KnownAnswer
from services.industry.kernels import project_branches


def known_answers() -> Sequence[KnownAnswer]:
    """1,000 GJ of coal: 10 % are saved, 20 % of the rest become electricity, half of the coal left becomes gas."""
    fuel_gj, electricity_mwh = np.empty((1, 2, 1, 1)), np.empty((1, 1, 1))
    one = np.ones((1, 1))
    project_branches(
        np.array([[1000.0, 0.0]]), np.array([100.0]), np.ones((2, 1, 1)), np.array([[0, 1]], dtype=np.int32),
        np.ones((1, 1, 1)), 0.1 * one, np.ones((1, 2)), 0.2 * one, np.ones((1, 2)), 0.4 * one, 0.5 * one,
        np.ones(1), 0.95, 3.6, 0, 1, fuel_gj, electricity_mwh,
    )  # fmt: skip
    why = "worked by hand"
    return (
        # 900 GJ after saving, 180 of them moved, 720 left; half of it goes.
        KnownAnswer("coal left, GJ", float(fuel_gj[0, 0, 0, 0]), 360.0, why),
        KnownAnswer("gas in its place, GJ", float(fuel_gj[0, 1, 0, 0]), 360.0 * 0.95, why),
        KnownAnswer(
            "electricity, MWh", float(electricity_mwh[0, 0, 0]), 100.0 + 180.0 * 0.4 / 3.6, "3.6 GJ a MWh"
        ),
    )
