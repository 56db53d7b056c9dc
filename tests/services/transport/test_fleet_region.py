"""Jiangsu's fleet: standards add up to the stock, programmes reach their vehicles, counts of the police, e-bikes."""

import numpy as np
import pytest

from services.common.scenario import Frame, LeverSetting, Scenario
from services.transport.base import DIESEL
from services.transport.emissions.standards import STANDARDS
from services.transport.fleet.run import Fleet
from services.transport.project import run_activity
from services.transport.region_fleet import project_region_fleet

FRAME = Frame(region="jiangsu")


def fleet(*settings: LeverSetting, baseline: str = "frozen") -> Fleet:
    return run_activity(FRAME, Scenario(baseline=baseline, settings=settings))[2].fleet  # type: ignore[arg-type]


def setting(lever: str, value: float, *years: int) -> LeverSetting:
    return LeverSetting(lever_id=f"transport.{lever}", years=years, values=(value,) * max(len(years), 1))


def test_standards_and_powertrains_are_the_same_vehicles() -> None:
    own = fleet(baseline="planned")
    assert own.standard_stock.sum(axis=0) == pytest.approx(own.stock.sum(axis=2), rel=1e-12)
    assert own.diesel_standard_stock.sum(axis=0) == pytest.approx(own.stock[:, :, DIESEL], rel=1e-12)
    assert own.pollutant_t.min() >= 0.0


@pytest.mark.parametrize("baseline", ["frozen", "planned", "reference", "accelerated"])
def test_vehicles_are_conserved_every_year(baseline: str) -> None:
    own = fleet(baseline=baseline)
    kept = own.stock[..., :-1] + own.sales[..., 1:] - own.scrapped[..., 1:]
    assert np.abs(own.stock[..., 1:] - kept).max() <= 1e-9
    assert own.scrapped.min() >= 0.0
    assert (own.retired <= own.scrapped + 1e-6).all()


def test_a_longer_life_sells_fewer_vehicles() -> None:
    sold = [fleet(setting("vehicle_life_scale", s)).sales[..., 1:].sum() for s in (0.8, 1.0, 1.2)]
    assert sold[0] > sold[1] > sold[2]


def test_the_china_iii_programme_takes_old_diesel_trucks_and_leaves_china_vi() -> None:
    lever = setting("china3_diesel_retirement_rate", 0.5, 2021)
    before, after = fleet(), fleet(lever)
    old, new = (
        f.diesel_standard_stock[: STANDARDS.index("III") + 1].sum(axis=(0, 1)) for f in (before, after)
    )
    trucks = [5, 6, 7]
    assert (new[trucks, 5] < 0.2 * old[trucks, 5]).all()
    assert after.retired.sum() > before.retired.sum()
    assert after.stock.sum(axis=2) == pytest.approx(before.stock.sum(axis=2), rel=1e-9)


def test_heavy_trucks_lie_near_the_counts_of_the_police() -> None:
    """615,000 at the end of 2021, 594,000 of 2022; light 790,000 and 844,000; medium 101,000 and 91,000."""
    stock = fleet(baseline="reference").stock.sum(axis=(0, 2))
    for c, counts in ((7, (615e3, 594e3)), (5, (790e3, 844e3)), (6, (101e3, 91e3))):
        assert stock[c, 1:3] == pytest.approx(counts, rel=0.12)


def test_electric_bicycles_are_a_fleet_of_their_own() -> None:
    own = fleet()
    assert own.e_bike_stock[:, 0].sum() == pytest.approx(45e6)
    assert own.e_bike_mwh[:, 0].sum() == pytest.approx(45e6 * 2500 * 1.4 / 100 / 1e3)
    reply = project_region_fleet(FRAME, Scenario(baseline="frozen"))
    assert reply.segments[-1].vehicle_class == "e_bike"
    assert own.stock.shape[1] == 10
    by_class = {s.vehicle_class for s in reply.standards}
    assert "heavy_truck" in by_class
