"""ProjectFleet worked by hand, its programmes by standard, the weather of batteries, and what it refuses."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.common.door import open_door
from services.common.errors import DomainError
from services.transport.fleet.doors import OwnFleet
from services.transport.fleet.project import project_fleet
from services.transport.fleet.result import ProjectedFleet


def ask(**changes: Any) -> ProjectedFleet:
    own: dict[str, Any] = {
        "class_id": "van",
        "like_class": "light_truck",
        "survival_share": [1.0, 0.5, 0.25],
        "mileage_km": 10_000.0,
        "mileage_decay_per_year": 0.0,
        "stock_count": [80.0, 80.0],
        "powertrains": [
            {
                "powertrain": "diesel",
                "opening_by_age": [40.0, 20.0, 10.0],
                "sales_share": [1.0],
                "fuel_per_100km": 10.0,
                "improvement_per_year": 0.1,
            }
        ],
    }
    whole = {k: changes.pop(k) for k in list(changes) if k in OwnFleet.model_fields}
    raw = {"first_year": 2024, "last_year": 2026, "vehicle_classes": [own | changes], **whole}
    return project_fleet(open_door(OwnFleet, raw))


def refused(**changes: Any) -> set[str]:
    with pytest.raises(DomainError) as caught:
        ask(**changes)
    return {v.field for v in caught.value.violations}


def test_stock_distance_and_fuel_worked_by_hand() -> None:
    reply = ask(with_ages=True)
    vans = reply.series[0]
    assert vans.stock_count.tolist() == [70.0, 80.0, 80.0]
    assert vans.sales_count.tolist() == [40.0, 50.0, 45.0]
    assert vans.scrapped_count.tolist() == [0.0, 40.0, 45.0]
    assert vans.stock_by_age_count[:, :3].tolist() == [[40, 20, 10], [50, 20, 10], [45, 25, 10]]
    assert vans.distance_km == pytest.approx([7e5, 8e5, 8e5], rel=1e-14)
    litres = 0.1 * 1e4 * np.array([70.0, 50 * 0.9 + 30, 45 * 0.81 + 25 * 0.9 + 10])
    assert vans.fuel_gj == pytest.approx(litres * 0.03587145, rel=1e-12)


def test_the_standards_of_a_class_are_its_stock_and_a_programme_takes_no_newer_one() -> None:
    programme = {"from_year": 2025, "to_year": 2025, "rate_per_year": 1.0, "to_standard": "V"}
    life = {"survival_share": [], "life_years": 12.0, "life_shape": 4.0, "oldest_age_years": 0}
    train = {"powertrain": "diesel", "opening_count": 1000.0, "sales_share": [1.0]}
    before = ask(**life, powertrains=[train], stock_count=[0.0, 0.0])
    after = ask(**life, powertrains=[train], stock_count=[0.0, 0.0], retirements=[programme])
    kept, left = ({s.standard: s.stock_count for s in reply.standards} for reply in (before, after))
    for reply in (before, after):
        total = sum(s.stock_count for s in reply.standards)
        assert total == pytest.approx(reply.series[0].stock_count, rel=1e-12)
    assert left["VI"] == pytest.approx(kept["VI"], rel=1e-12)
    assert left["V"][1:].max() == 0.0
    gone = sum(kept[s][1] for s in kept if s != "VI")
    assert after.series[0].retired_early_count[1] == pytest.approx(gone, rel=1e-12)


def test_cold_months_raise_the_use_of_batteries_and_of_nothing_else() -> None:
    trains = [
        {"powertrain": "bev", "opening_count": 10.0, "sales_share": [0.5]},
        {"powertrain": "diesel", "opening_count": 10.0, "sales_share": [0.5]},
    ]
    mild, cold = (ask(powertrains=trains, month_degc=[t] * 12) for t in (20.0, 0.0))
    assert cold.series[0].electricity_mwh[0] / mild.series[0].electricity_mwh[0] == pytest.approx(1.27)
    assert cold.series[1].fuel_gj.tolist() == mild.series[1].fuel_gj.tolist()


def test_a_longer_life_sells_less() -> None:
    sold = [
        ask(survival_share=[], life_years=life, powertrains=[{"powertrain": "bev", "opening_count": 100.0}],
            stock_count=[100.0, 100.0]).series[0].sales_count[1:].sum()
        for life in (4.0, 8.0, 16.0)
    ]  # fmt: skip
    assert sold[0] > sold[1] > sold[2]


def test_well_to_wheel_counts_the_grid_with_its_losses() -> None:
    usual = {"electricity_kwh_per_100km": 30.0, "improvement_per_year": 0.0}
    train = [{"powertrain": "bev", "opening_count": 10.0, **usual}]
    reply = ask(powertrains=train, grid_kgco2_per_kwh=[0.6], grid_loss_share=0.25)
    assert reply.carriers[0].well_to_tank_tco2e[0] == pytest.approx(10 * 1e4 * 0.3 * 0.8 / 1e3, rel=1e-12)
    assert reply.carriers[0].direct_tco2.tolist() == [0.0, 0.0, 0.0]
    silent = ask(powertrains=train)
    assert any("grid" in note for note in silent.notes)


def test_one_year_is_the_opening_fleet() -> None:
    reply = ask(last_year=2024, stock_count=[])
    assert reply.series[0].stock_count.tolist() == [70.0]


def test_everything_wrong_is_told_at_once() -> None:
    at = "vehicle_classes[0]"
    train = {"powertrain": "bev", "opening_by_age": [1.0, 0.0, 0.0, 5.0], "fuel_per_100km": 3.0}
    found = refused(
        powertrains=[train | {"sales_share": [0.4]}],
        sales_count=[1.0],
        retirements=[{"from_year": 2026, "to_year": 2025, "powertrains": ["lng"]}],
        month_degc=[1.0],
    )
    assert found == {
        "month_degc",
        f"{at}.powertrains[0].opening_by_age[3]",
        f"{at}.powertrains[0].fuel_per_100km",
        f"{at}.sales_count",
        f"{at}.retirements[0].to_year",
        f"{at}.retirements[0].powertrains",
    }
    assert refused(survival_share=[0.9, 0.95], life_years=5.0) >= {
        f"{at}.survival_share[0]", f"{at}.survival_share[1]", f"{at}.life_years"
    }  # fmt: skip
    assert refused(last_year=2100) == {"last_year"}
    assert refused(mileage_km=float("nan")) == {f"{at}.mileage_km"}


@settings(max_examples=40, deadline=None)
@given(
    st.floats(1, 60), st.floats(0.5, 20), st.floats(0, 1e10), st.lists(st.floats(0, 1e10), min_size=2, max_size=2),
    st.floats(0, 1), st.integers(0, 40), st.floats(-60, 60),
)  # fmt: skip
def test_whatever_the_doors_let_in_gives_finite_counts_that_add_up(
    life: float, shape: float, opening: float, wanted: list[float], rate: float, age: int, degc: float
) -> None:
    reply = ask(
        survival_share=[],
        life_years=life,
        life_shape=shape,
        stock_count=wanted,
        powertrains=[{"powertrain": "phev", "opening_count": opening, "fuel_per_100km": 8.0,
                      "electricity_kwh_per_100km": 20.0}],
        retirements=[{"from_year": 2025, "to_year": 2026, "rate_per_year": rate, "from_age_years": age}],
        month_degc=[degc] * 12,
    )  # fmt: skip
    own = reply.series[0]
    for name in ("stock_count", "sales_count", "scrapped_count", "retired_early_count", "fuel_gj"):
        values = getattr(own, name)
        assert np.isfinite(values).all()
        assert values.min() >= 0.0, name
    kept = own.stock_count[:-1] + own.sales_count[1:] - own.scrapped_count[1:]
    assert own.stock_count[1:] == pytest.approx(kept, rel=1e-12, abs=1e-6)


def test_years_out_of_order_hide_no_other_fault() -> None:
    powertrain = {"powertrain": "diesel", "opening_by_age": [0.0, 0.0, 0.0, 5.0]}
    found = refused(first_year=2024, last_year=2020, month_degc=[1.0], powertrains=[powertrain, powertrain])
    assert found == {
        "last_year",
        "month_degc",
        "vehicle_classes[0].powertrains[0].opening_by_age[3]",
        "vehicle_classes[0].powertrains[1].opening_by_age[3]",
        "vehicle_classes[0].powertrains[1].powertrain",
    }
