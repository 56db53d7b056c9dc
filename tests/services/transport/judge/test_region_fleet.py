"""The region's fleet beside the plain model: stock, sales, scrappage, distance and energy to 1e-9."""

import numpy as np
import pytest

from tests.services.transport.judge import plain_files as files
from tests.services.transport.judge.compared_fleet import (
    CASES,
    NEAR,
    compared,
    e_bikes_beside_plain,
    rows,
    stocks_beside_plain,
    use_beside_plain,
)


@pytest.mark.parametrize("baseline", CASES)
@pytest.mark.parametrize("city", ["nantong", "suzhou"])
def test_stock_sales_and_scrappage_are_those_of_the_plain_model(baseline, city):
    for name, what, ours, theirs, atol in stocks_beside_plain(compared(baseline), city):
        np.testing.assert_allclose(ours, theirs, rtol=NEAR, atol=atol, err_msg=f"{name} {what}")


def test_the_fleet_of_the_province_is_that_of_the_plain_model():
    our = compared("planned")
    for name in ("private_car", "urban_bus", "heavy_truck", "motorcycle"):
        c = our.base.classes.index(name)
        total = sum(rows(our.run(city, name)[3]) for city in files.cities())
        np.testing.assert_allclose(
            our.fleet.stock[:, c].sum(axis=0), total, rtol=NEAR, atol=total.max() * 1e-12
        )


@pytest.mark.parametrize("baseline", ["planned", "reference"])
def test_electric_bicycles_are_those_of_the_plain_model(baseline):
    for what, ours, theirs, atol in e_bikes_beside_plain(compared(baseline), "nantong"):
        np.testing.assert_allclose(ours, theirs, rtol=NEAR, atol=atol, err_msg=what)


@pytest.mark.parametrize("baseline", CASES)
def test_distance_and_energy_are_those_of_the_plain_model(baseline):
    for name, powertrain, what, ours, theirs, atol in use_beside_plain(compared(baseline), "nantong"):
        np.testing.assert_allclose(ours, theirs, rtol=NEAR, atol=atol, err_msg=f"{name} {powertrain} {what}")
