"""Dwellings under the fixed conditions of the design standards, with gains reckoned here and not by the model.

JGJ 134 and GB 55015 (hot-summer-cold-winter): all rooms, all day, 18 degC from December to February and 26 degC from
15 June to August, 4.3 W/m2 of gains, no open windows. JGJ 26 (cold): 18 degC from 15 November to 15 March, 3.8 W/m2.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from services.buildings.envelopes import Envelope, envelopes
from services.buildings.states import STANDARDS
from services.buildings.zones import Climate, climate, physics
from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.regions import load_region
from services.common.weather import weather_year
from tests.services.buildings.network import Network, hours, run_kernel

REGION = load_region("jiangsu")
PER = physics(REGION)
DAY = np.arange(HOURS) // 24
HSCW_CITIES = ("nanjing", "suzhou", "nantong", "yancheng", "huaian")
COLD_CITIES = ("xuzhou", "lianyungang")
# Air changes an hour of the standards' calculation; ultra-low and near-zero with heat recovery taken off.
_AIR_CHANGES = {
    "hscw": dict(zip(STANDARDS, (1.5, 1.25, 1.0, 1.0, 1.0, 0.25, 0.2), strict=True)),
    "cold": dict(zip(STANDARDS, (1.0, 0.75, 0.5, 0.5, 0.5, 0.2, 0.15), strict=True)),
}
_GAINS = {"hscw": 4.3, "cold": 3.8}
_HEAT_LIMIT, _COOL_LIMIT = 100.0, 120.0


class Demand(NamedTuple):
    """Useful heat and cooling (with its moisture), kWh/m2 of floor."""

    heat: float
    cool: float


@lru_cache(maxsize=32)
def place(city: str) -> Climate:
    """A city's normal year."""
    return climate(REGION, weather_year(REGION, "normal"), REGION.city_ids.index(city))


def envelope_of(zone: str, standard: str) -> Envelope:
    """Envelope as built to a standard."""
    return envelopes(REGION, "residential", zone)[STANDARDS.index(standard)]


@lru_cache(maxsize=256)
def demand(city: str, zone: str, standard: str, form: str = "mid", shade: float = 1.0) -> Demand:
    """A year of a dwelling (`form` mid: six-storey slab, high: eighteen storeys) in a city; `shade` is on glass in summer."""
    at, built = place(city), envelope_of(zone, standard)
    archetype = REGION.table("buildings/archetypes").by("archetype")[f"urban_residential_{form}"]
    glass = [archetype[f"window_{k}_m2_per_m2"] for k in "nesw"]
    wall, roof, panes = archetype["wall_m2_per_m2"], archetype["roof_m2_per_m2"], sum(glass)
    opaque = built.u_wall * wall + built.u_roof * roof + 0.5 * built.u_floor * roof + 0.05 * (wall + panes)
    volume = PER["volume_share_of_height"] * archetype["storey_height_m"]
    network = Network(built.u_window * panes, 1 / (1 / opaque - 1 / (9.1 * 2.5)), 2.5, 4.5, 165e3)
    if zone == "hscw":
        heated, cooled = (DAY >= 334) | (DAY < 59), (DAY >= 165) & (DAY < 243)
    else:
        heated, cooled = (DAY >= 318) | (DAY < 74), DAY < 0
    sun = _sun(built, glass, wall, roof, at.planes, np.where((DAY >= 120) & (DAY < 273), shade, 1.0))
    given = hours(
        at.outdoor,
        ventilation=PER["air_heat_wh_per_m3_k"] * _AIR_CHANGES[zone][standard] * volume,
        at_air=0.5 * _GAINS[zone],
        radiant=0.5 * _GAINS[zone] + sun,
        heat_at=np.where(heated, 18.0, -np.inf),
        cool_at=np.where(cooled, 26.0, np.inf),
    )
    given.heat_limit[:], given.cool_limit[:] = _HEAT_LIMIT, _COOL_LIMIT
    found = run_kernel(network, given, warm_up=720)
    return Demand(found.heat_kwh(), found.cool_kwh() / PER["residential_sensible_share"])


def _sun(
    built: Envelope, glass: list[float], wall: float, roof: float, planes: FloatArray, shade: FloatArray
) -> FloatArray:
    """Sun through glass (frame 0.25, angle and dirt 0.9 x 0.9) and on walls and roof, less the loss to the sky, W/m2.

    The standards' calculation has no curtains and blinds: `shade` 1.
    """
    through = shade * built.shgc * 0.75 * 0.81 * sum(a * planes[i] for i, a in enumerate(glass))
    walls = 0.04 * 0.6 * built.u_wall * wall * planes[:4].mean(axis=0)
    roofs = 0.04 * 0.7 * built.u_roof * roof * planes[4]
    sky = 0.04 * 4.5 * 11 * (0.5 * (built.u_wall * wall + built.u_window * sum(glass)) + built.u_roof * roof)
    return np.asarray(through + walls + roofs - sky)
