"""Intercity travel by coach, high-speed rail, conventional rail and air, from 2020 on.

Private cars between cities are what is left of the cars' distance after their urban trips (see
`indicators/travel.py`). Passengers by water are no part: no figure of them is known, and they are few.
"""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.transport.base import TransportBase
from services.transport.travel.modes import travel_leaves, travel_numbers

_LOCAL = "transport/intercity"


@dataclass(frozen=True)
class Intercity:
    """Passenger-km and airport passengers, [p, y].

    Passenger-km by air are those of departing passengers, the boundary of fuel uplift; what moves to rail leaves the
    one and enters the other in full.
    """

    coach_pkm: FloatArray
    hsr_pkm: FloatArray  # with what came from air
    conventional_rail_pkm: FloatArray
    air_pkm: FloatArray  # without what went to rail
    air_passengers: FloatArray  # airport throughput, persons, without those who went to rail
    shifted_passengers: FloatArray  # of the throughput
    shifted_pkm: FloatArray

    @property
    def rail_pkm(self) -> FloatArray:
        """High-speed and conventional rail."""
        total: FloatArray = self.hsr_pkm + self.conventional_rail_pkm
        return total


def intercity_travel(base: TransportBase, paths: LeverPaths, gdp_cny: FloatArray) -> Intercity:
    """Travel follows GDP by yearly elasticities and recovers from 2020; coaches decline; short flights go to rail."""
    numbers = travel_numbers(base.region.region_id, base.region.as_of_year)
    recovery = base.path("passenger_recovery", paths.years)
    flown = base.region.city_numbers("transport", "air_passengers_count")[:, None] * recovery
    flown = flown * activity_index(gdp_cny, base.path("air_gdp_elasticity", paths.years))
    shift = paths.by_place("transport.hsr_shift")
    shifted = flown * base.number("short_haul_air_share") * (shift - shift[:, :1])
    departing = numbers["air_departing_share"]
    shifted_pkm = shifted * (departing * base.number("short_haul_km"))
    rail = activity_index(gdp_cny, base.path("rail_passenger_gdp_elasticity", paths.years))
    rail = rail * recovery * base.rail_weight[:, None]
    return Intercity(
        coach_pkm=_coach_pkm(base, paths),
        hsr_pkm=base.local("hsr_pkm") * rail + shifted_pkm,
        conventional_rail_pkm=base.local("conventional_rail_pkm") * rail,
        air_pkm=flown * (departing * numbers["air_stage_km"]) - shifted_pkm,
        air_passengers=flown - shifted,
        shifted_passengers=shifted,
        shifted_pkm=shifted_pkm,
    )


def _coach_pkm(base: TransportBase, paths: LeverPaths) -> FloatArray:
    """Passenger-km by coach, shared to cities as their coaches are."""
    leaves = travel_leaves(base.region.region_id, base.region.as_of_year)
    steps = 1.0 + leaves["coach_growth_per_year"].path(paths.years)
    steps[0] = 1.0
    coaches = base.stock_count[:, base.position("coach")].sum(axis=1)
    start = base.region.number(_LOCAL, "coach_pkm") * coaches / coaches.sum()
    pkm: FloatArray = start[:, None] * np.cumprod(steps)
    return pkm


def activity_index(gdp_cny: FloatArray, elasticity: FloatArray) -> FloatArray:
    """Activity over that of the base year, [p, y]: each year's growth of GDP to the power of its elasticity [y]."""
    steps = np.ones_like(gdp_cny)
    steps[:, 1:] = (gdp_cny[:, 1:] / gdp_cny[:, :-1]) ** elasticity[1:]
    return np.asarray(np.cumprod(steps, axis=1))
