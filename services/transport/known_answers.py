"""Known answers of the transport sector: a fleet of three ages, counted by hand."""

from collections.abc import Sequence

import numpy as np

from services.common.self_test import KnownAnswer
from services.transport.fleet.cohorts import Cohorts, run_cohorts, standard_range

_AGES, _YEARS, _SLOTS = 3, 3, 5


def known_answers() -> Sequence[KnownAnswer]:
    """40 new, 20 and 10 older vehicles; of each age 1, 1/2 and 1/4 are alive; then 80 are wanted every year."""
    out = run_cohorts(_three_ages())
    found = {
        "stock": out.stock[0, 0, :, 0],
        "sales": out.sales[0, 0, :, 0],
        "scrapped": out.scrapped[0, 0, :, 0],
        "distance, km": out.use[0, 0, 0, :, 0],
    }
    # Year 1: 20 and 10 live on, 50 are sold and 40 leave; year 2: 25 and 10 live on, 45 are sold.
    known = {
        "stock": (70.0, 80.0, 80.0),
        "sales": (40.0, 50.0, 45.0),
        "scrapped": (0.0, 40.0, 45.0),
        "distance, km": (7_000.0, 8_000.0, 8_000.0),
    }
    return tuple(
        KnownAnswer(f"{name} in year {year}", float(found[name][year]), value, "counted by hand")
        for name, values in known.items()
        for year, value in enumerate(values)
        if (name, year) != ("scrapped", 0)
    )


def _three_ages() -> Cohorts:
    """One class, powertrain and place; ages stand oldest first; 100 km a year, no programme to scrap early."""
    standard = np.zeros((1, 1, _SLOTS, 2))
    standard[:, :, :_AGES, 0] = 1.0
    standard[:, :, _AGES:, 1] = 1.0
    return Cohorts(
        survival=np.array([[0.25, 0.5, 1.0]]),
        distance_km=np.full((1, _AGES), 100.0),
        wear_years=np.array([2.0, 1.0, 0.0]),
        opening=np.array([10.0, 20.0, 40.0]).reshape(1, 1, _AGES, 1),
        wanted=np.array([70.0, 80.0, 80.0]).reshape(1, _YEARS, 1),
        sales_given=np.array([False]),
        share=np.ones((1, 1, _YEARS, 1)),
        rate=np.zeros((2, _YEARS, 1)),
        holds=np.ones((2, 1, 1), dtype=np.bool_),
        last_slot=np.full((2, 1), 99),
        youngest_age=np.ones(2, dtype=np.int64),
        fuel=np.full((1, 1, _SLOTS, 1), 2.0),
        electric=np.zeros((1, 1, _SLOTS, 1)),
        exhaust=np.full((1, 1, 1, _SLOTS), 3.0),
        rise=np.full((1, 1, 1, _SLOTS), 0.5),
        plug_in=np.zeros(1, dtype=np.bool_),
        fuel_km_share=np.ones((1, _SLOTS, 1)),
        standard_share=standard,
        standard_slots=standard_range(standard),
        group_of=np.zeros(1, dtype=np.int64),
        old_slot=np.array([_AGES]),
    )
