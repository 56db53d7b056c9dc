"""The cohort kernel against hand-worked fleets and against plain Python that ages vehicles one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.transport.fleet.cohorts import Cohorts, Results, run_cohorts, standard_range

PROGRAMMES = 2


def cohorts(
    survival: list[float],
    opening: FloatArray,
    wanted: list[float],
    share: FloatArray,
    *,
    rates: tuple[tuple[int, float], ...] = (),
    last_slot: tuple[int, int] = (99, 99),
    youngest: tuple[int, int] = (1, 1),
    given_sales: bool = False,
) -> Cohorts:
    """One class and place; survival and opening [k, a] youngest first, share [k, y]; rates are (year, rate)."""
    kinds, years, ages = len(share), len(wanted), len(survival)
    slots = ages - 1 + years
    rate = np.zeros((PROGRAMMES, years, 1))
    for g, (year, value) in enumerate(rates):
        rate[g, year] = value
    standard = np.zeros((1, kinds, slots, 2))
    standard[:, :, :ages, 0] = 1.0
    standard[:, :, ages:, 1] = 1.0
    return Cohorts(
        survival=np.array(survival)[None, ::-1],
        distance_km=np.full((1, ages), 100.0),
        wear_years=np.arange(ages, dtype=np.float64)[::-1],
        opening=np.asarray(opening, dtype=np.float64)[None, :, ::-1, None],
        wanted=np.array(wanted)[None, :, None],
        sales_given=np.array([given_sales]),
        share=np.asarray(share, dtype=np.float64)[None, :, :, None],
        rate=rate,
        holds=np.ones((PROGRAMMES, 1, kinds), dtype=np.bool_),
        last_slot=np.array(last_slot)[:, None],
        youngest_age=np.array(youngest),
        fuel=np.full((1, kinds, slots, 1), 2.0),
        electric=np.zeros((1, kinds, slots, 1)),
        exhaust=np.full((1, 1, kinds, slots), 3.0),
        rise=np.full((1, 1, kinds, slots), 0.5),
        plug_in=np.zeros(kinds, dtype=np.bool_),
        fuel_km_share=np.ones((1, slots, 1)),
        standard_share=standard,
        standard_slots=standard_range(standard),
        group_of=np.zeros(kinds, dtype=np.int64),
        old_slot=np.array([ages]),
    )


def series(out: Results, name: str) -> list[float]:
    return getattr(out, name)[0, :, :, 0].sum(axis=0).tolist()


ONE = np.ones((1, 3))


def test_a_fleet_of_three_ages_worked_by_hand() -> None:
    """Alive 1, 1/2, 1/4: 40 new, 20 of age 1, 10 of age 2 at the start; 80 wanted after."""
    out = run_cohorts(cohorts([1.0, 0.5, 0.25], np.array([[40.0, 20.0, 10.0]]), [70.0, 80.0, 80.0], ONE))
    # year 1: 20 of age 1, 10 of age 2 -> 50 sold; year 2: 25 + 10 -> 45 sold
    assert series(out, "stock") == [70.0, 80.0, 80.0]
    assert series(out, "sales") == [40.0, 50.0, 45.0]
    assert series(out, "scrapped")[1:] == [40.0, 45.0]
    assert series(out, "retired") == [0.0, 0.0, 0.0]
    assert series(out, "old") == [70.0, 30.0, 10.0]
    assert out.use[0, 0, 0, :, 0].tolist() == [7000.0, 8000.0, 8000.0]
    assert out.use[1, 0, 0, :, 0].tolist() == [14000.0, 16000.0, 16000.0]
    # exhaust 3 g/km and 0.5 more for each year of age
    assert out.use[3, 0, 0, :, 0].tolist() == [
        100.0 * (40 * 3 + 20 * 3.5 + 10 * 4),
        100.0 * (50 * 3 + 20 * 3.5 + 10 * 4),
        100.0 * (45 * 3 + 25 * 3.5 + 10 * 4),
    ]
    assert out.standard_stock[0, :, 0, :, 0].tolist() == [[70.0, 30.0, 10.0], [0.0, 50.0, 70.0]]


def test_early_retirement_worked_by_hand() -> None:
    """A quarter of the survivors of age 2 leave in year 1; the opening model years lose half in year 2."""
    setup = cohorts(
        [1.0, 0.5, 0.25],
        np.array([[40.0, 20.0, 10.0]]),
        [70.0, 80.0, 80.0],
        ONE,
        rates=((1, 0.25), (2, 0.5)),
        last_slot=(99, 2),
        youngest=(2, 1),
    )
    out = run_cohorts(setup)
    # year 1: 20 + 10 x 3/4 = 27.5; year 2: 52.5 / 2 of age 1, and of the 40 new ones 10 x 1/2 at age 2
    assert series(out, "retired") == [0.0, 2.5, 5.0]
    assert series(out, "sales") == [40.0, 52.5, 48.75]
    assert series(out, "scrapped")[1:] == [42.5, 48.75]


def test_two_programmes_act_one_after_the_other() -> None:
    setup = cohorts(
        [1.0, 1.0, 1.0], np.array([[8.0, 0.0, 0.0]]), [8.0, 8.0, 8.0], ONE, rates=((1, 0.5), (1, 0.5))
    )
    out = run_cohorts(setup)
    assert series(out, "retired")[1] == 6.0
    assert series(out, "sales")[1] == 6.0


def test_sales_given_are_sold_whatever_the_stock() -> None:
    setup = cohorts([1.0, 0.5, 0.25], np.array([[40.0, 20.0, 10.0]]), [0.0, 7.0, 9.0], ONE, given_sales=True)
    out = run_cohorts(setup)
    assert series(out, "sales")[1:] == [7.0, 9.0]
    assert series(out, "stock") == [70.0, 37.0, 22.5]


def test_more_survivors_than_wanted_stay_and_nothing_is_sold() -> None:
    out = run_cohorts(cohorts([1.0, 1.0, 1.0], np.array([[5.0, 5.0, 0.0]]), [10.0, 6.0, 0.0], ONE))
    assert series(out, "stock") == [10.0, 10.0, 5.0]
    assert series(out, "sales")[1:] == [0.0, 0.0]


def test_a_class_without_vehicles_stays_empty() -> None:
    out = run_cohorts(cohorts([1.0, 0.5], np.zeros((2, 2)), [0.0, 0.0], np.zeros((2, 2))))
    assert not out.stock.any()
    assert not out.use.any()


def test_one_year_is_the_opening_fleet() -> None:
    out = run_cohorts(cohorts([1.0, 0.5, 0.25], np.array([[40.0, 20.0, 10.0]]), [0.0], np.ones((1, 1))))
    assert series(out, "stock") == [70.0]
    assert series(out, "sales") == [40.0]
    assert series(out, "scrapped") == [30.0]  # 40 - 20 of age 1, 20 - 10 of age 2


def test_ages_that_nothing_survives_to_change_no_bit() -> None:
    opening = np.array([[40.0, 20.0, 10.0]])
    short = run_cohorts(cohorts([1.0, 0.5, 0.25], opening, [70.0, 80.0, 80.0], ONE))
    padded = np.hstack([opening, np.zeros((1, 30))])
    long = run_cohorts(cohorts([1.0, 0.5, 0.25, *[0.0] * 30], padded, [70.0, 80.0, 80.0], ONE))
    for name in ("stock", "sales", "scrapped", "use"):
        assert np.array_equal(getattr(short, name), getattr(long, name))


def aged_one_by_one(setup: Cohorts) -> dict[str, FloatArray]:
    """Stock, sales and early retirement by vehicles that grow older each year, in dictionaries."""
    alive = setup.survival[0, ::-1]
    _, kinds, ages, _ = setup.opening.shape
    years = setup.share.shape[2]
    fleet = [{-a: float(setup.opening[0, k, ages - 1 - a, 0]) for a in range(ages)} for k in range(kinds)]
    found = {name: np.zeros((kinds, years)) for name in ("stock", "sales", "retired")}
    found["stock"][:, 0] = [sum(own.values()) for own in fleet]
    found["sales"][:, 0] = [own[0] for own in fleet]
    for y in range(1, years):
        for k, own in enumerate(fleet):
            left = {}
            for born, n in own.items():
                age = y - born
                if age >= ages or alive[age - 1] <= 0:
                    continue
                n *= alive[age] / alive[age - 1]
                for g in range(PROGRAMMES):
                    if age >= setup.youngest_age[g] and born + ages - 1 <= setup.last_slot[g, 0]:
                        gone = n * setup.rate[g, y, 0]
                        found["retired"][k, y] += gone
                        n -= gone
                left[born] = n
            fleet[k] = left
        missing = float(setup.wanted[0, y, 0])
        if not setup.sales_given[0]:
            missing = max(missing - sum(sum(own.values()) for own in fleet), 0.0)
        for k, own in enumerate(fleet):
            own[y] = missing * float(setup.share[0, k, y, 0])
            found["sales"][k, y] = own[y]
            found["stock"][k, y] = sum(own.values())
    return found


@st.composite
def fleets(draw: st.DrawFn) -> Cohorts:
    ages, years, kinds = draw(st.integers(2, 12)), draw(st.integers(1, 15)), draw(st.integers(1, 3))
    falls = draw(st.lists(st.floats(0.3, 1.0), min_size=ages - 1, max_size=ages - 1))
    survival = [1.0, *np.cumprod(falls).tolist()]
    count = st.floats(0, 1e5)
    opening = np.array(draw(st.lists(count, min_size=kinds * ages, max_size=kinds * ages)))
    weights = np.array(draw(st.lists(st.floats(0.1, 1), min_size=kinds * years, max_size=kinds * years)))
    share = weights.reshape(kinds, years)
    wanted = draw(st.lists(count, min_size=years, max_size=years))
    rates = tuple((draw(st.integers(0, years - 1)), draw(st.floats(0, 1))) for _ in range(PROGRAMMES))
    rates = tuple((year, rate) for year, rate in rates)
    setup = cohorts(
        survival,
        opening.reshape(kinds, ages),
        wanted,
        share / share.sum(axis=0),
        rates=rates,
        last_slot=(draw(st.integers(0, 25)), 99),
        youngest=(draw(st.integers(0, 12)), draw(st.integers(1, 12))),
        given_sales=draw(st.booleans()),
    )
    setup.rate[:, 0] = 0.0
    return setup._replace(youngest_age=np.maximum(setup.youngest_age, 1))


@settings(max_examples=120, deadline=None)
@given(fleets())
def test_any_fleet_is_that_of_plain_python_and_conserves_vehicles(setup: Cohorts) -> None:
    out = run_cohorts(setup)
    plain = aged_one_by_one(setup)
    for name, values in plain.items():
        assert getattr(out, name)[0, :, :, 0] == pytest.approx(values, rel=1e-10, abs=1e-6), name
    stock, sales, scrapped = out.stock, out.sales, out.scrapped
    assert stock.min() >= 0.0
    assert sales.min() >= 0.0
    assert scrapped.min() >= 0.0
    kept = stock[:, :, :-1] + sales[:, :, 1:] - scrapped[:, :, 1:]
    assert stock[:, :, 1:] == pytest.approx(kept, rel=1e-14, abs=1e-9)
    assert (out.retired <= scrapped + 1e-9 * (1.0 + scrapped)).all()
    assert out.standard_stock[0, :, 0].sum(axis=0) == pytest.approx(stock[0].sum(axis=0), rel=1e-12, abs=1e-9)
