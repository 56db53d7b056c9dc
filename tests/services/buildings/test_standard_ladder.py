"""The heat balance under the fixed conditions of the design standards: a 75 % building must save about 75 %.

Conditions of JGJ 134 and GB 55015: all rooms, all day, 18 degC from December to February and 26 degC from 15 June to
August, 4.3 W/m2 of gains; cold zone 18 degC from 15 November to 15 March, 3.8 W/m2.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from services.buildings.kernels import simulate_zone

from services.buildings.zones import climate, make_zone, physics
from services.common.axes import HOURS
from services.common.regions import load_region
from services.common.weather import weather_year

REGION = load_region("jiangsu")
PER = physics(REGION)
DAY = np.arange(HOURS) // 24
# standard: air changes an hour, COP, EER of the standard's equipment
HSCW = {
    "pre_standard": (1.5, 1.0, 2.2),
    "saving_50": (1.0, 1.9, 2.3),
    "saving_65": (1.0, 1.9, 2.6),
    "saving_75": (1.0, 2.2, 3.0),
}
COLD = {"pre_standard": 1.0, "saving_50": 0.5, "saving_65": 0.5, "saving_75": 0.5}


def demand(
    city: str,
    zone_name: str,
    standard: str,
    air_changes: float,
    heat: NDArray[np.bool_],
    cool: NDArray[np.bool_],
    gains: float,
) -> tuple[float, float]:
    """Useful heat and cooling of a six-storey slab, kWh/m2."""
    place = climate(REGION, weather_year(REGION, "normal"), REGION.city_ids.index(city))
    archetype = REGION.table("buildings/archetypes").by("archetype")["urban_residential_mid"]
    envelope = next(
        row
        for row in REGION.table("buildings/envelopes").rows()
        if (row["family"], row["zone"], row["standard"]) == ("residential", zone_name, standard)
    )
    zone = make_zone(REGION, archetype, envelope, "res", place)
    volume = PER["volume_share_of_height"] * archetype["storey_height_m"]
    air, heated, cooled = (np.zeros(HOURS) for _ in range(3))
    sums = np.zeros(4)
    simulate_zone(
        place.outdoor, 0.0, place.outdoor, zone.solar, np.full(HOURS, gains),
        np.full(HOURS, PER["air_heat_wh_per_m3_k"] * air_changes * volume), np.zeros(HOURS),
        np.where(heat, 18.0, -99.0), np.where(cool, 26.0, 99.0),
        place.inverse_cop, place.inverse_eer_residential, zone.windows, zone.opaque,
        PER["mass_area_m2_per_m2"], PER["surface_area_m2_per_m2"], PER["heat_capacity_j_per_m2_k"],
        100.0, 120.0, PER["residential_sensible_share"], 16.0, 480, air, heated, cooled, sums,
    )  # fmt: skip
    return float(sums[0]), float(sums[1])


def hscw(city: str, standard: str) -> tuple[float, float]:
    winter, summer = (DAY >= 334) | (DAY < 59), (DAY >= 165) & (DAY < 243)
    return demand(city, "hscw", standard, HSCW[standard][0], winter, summer, 4.3)


@pytest.mark.parametrize("city", ["nanjing", "suzhou", "nantong", "huaian"])
def test_each_level_of_the_standard_saves_what_its_name_says(city: str) -> None:
    electricity = {}
    for standard, (_, cop, eer) in HSCW.items():
        heat, cool = hscw(city, standard)
        electricity[standard] = heat / cop + cool / eer
    saving = {s: 1 - e / electricity["pre_standard"] for s, e in electricity.items()}
    assert 0.50 <= saving["saving_50"] <= 0.63
    assert 0.62 <= saving["saving_65"] <= 0.72
    assert 0.70 <= saving["saving_75"] <= 0.80


def test_each_level_of_the_cold_zone_saves_what_its_name_says() -> None:
    winter = (DAY >= 318) | (DAY < 74)
    heat = {s: demand("xuzhou", "cold", s, n, winter, DAY < 0, 3.8)[0] for s, n in COLD.items()}
    saving = {s: 1 - q / heat["pre_standard"] for s, q in heat.items()}
    assert 0.40 <= saving["saving_50"] <= 0.52
    assert 0.58 <= saving["saving_65"] <= 0.68
    assert 0.70 <= saving["saving_75"] <= 0.80


@pytest.mark.parametrize(
    # typical year of the CSWD weather, independent prototype of the same standard model
    ("standard", "heat", "cool"),
    [("pre_standard", 82.1, 39.2), ("saving_65", 41.2, 27.8), ("saving_75", 34.8, 25.0)],
)
def test_demand_in_nanjing_is_near_that_of_the_typical_year(standard: str, heat: float, cool: float) -> None:
    found = hscw("nanjing", standard)
    assert found[0] == pytest.approx(heat, rel=0.05)
    assert found[1] == pytest.approx(cool, rel=0.12)
