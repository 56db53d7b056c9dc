"""Modes of urban travel in 2020 by tier of city, and the parameters of travel. Read once a region."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.region_files import Leaf
from services.common.regions import load_region

TABLE: Final = "transport/passenger_modes"
TRAVEL: Final = "transport/travel"
ELASTICITIES: Final = "transport/passenger_elasticities"
E_BIKE: Final = "e_bike"
PUBLIC: Final = ("bus", "metro")
CARS: Final = ("car", "taxi")
CYCLES: Final = ("bicycle", "e_bike")
_MIN_PER_HOUR: Final = 60.0


@dataclass(frozen=True)
class Modes:
    """Modes of 2020, [m, p]: p are the cities of a region, or one tier."""

    names: tuple[str, ...]
    nests: tuple[tuple[int, ...], ...]  # positions of the members of each nest
    share: FloatArray  # of trips, sums to 1 over m
    length_km: FloatArray
    ride_min: FloatArray  # in the vehicle, or on foot
    wait_min: FloatArray  # waiting and access on foot
    cost_cny: FloatArray  # a trip
    occupancy: FloatArray  # NaN: no vehicle of its own on the street
    green: FloatArray  # [m] 1 when counted as green travel

    def position(self, mode: str) -> int:
        """Index of a mode."""
        return self.names.index(mode)

    def positions(self, modes: tuple[str, ...]) -> tuple[int, ...]:
        """Indices of modes."""
        return tuple(self.names.index(m) for m in modes)


@kept(maxsize=8)
def modes_of(region_id: str, as_of_year: int = 0) -> Modes:
    """Modes of every city of a region by its tier."""
    region = load_region(region_id, as_of_year)
    tiers = [str(region.leaf("transport", "passenger_tier", c).value) for c in region.city_ids]
    return modes_of_tiers(region_id, tuple(tiers), as_of_year)


@kept(maxsize=16)
def modes_of_tiers(region_id: str, tiers: tuple[str, ...], as_of_year: int = 0) -> Modes:
    """Modes of places of the given tiers."""
    rows = load_region(region_id, as_of_year).table(TABLE).rows()
    by_tier: dict[str, list[Mapping[str, Any]]] = {t: [r for r in rows if r["tier"] == t] for t in tiers}
    first = by_tier[tiers[0]]
    nests = dict.fromkeys(r["nest"] for r in first)

    def column(name: str) -> FloatArray:
        return np.array([[r[name] for r in by_tier[t]] for t in tiers], dtype=np.float64).T.copy()

    return Modes(
        names=tuple(r["mode"] for r in first),
        nests=tuple(tuple(i for i, r in enumerate(first) if r["nest"] == n) for n in nests),
        share=column("trip_share"),
        length_km=column("trip_length_km"),
        ride_min=column("trip_length_km") / column("speed_km_per_h") * _MIN_PER_HOUR,
        wait_min=column("wait_access_min"),
        cost_cny=column("cost_cny_per_trip"),
        occupancy=column("occupancy"),
        green=np.array([r["green"] for r in first], dtype=np.float64),
    )


@kept(maxsize=8)
def travel_leaves(region_id: str, as_of_year: int = 0) -> Mapping[str, Leaf]:
    """Parameters of passenger travel."""
    return load_region(region_id, as_of_year).leaves(TRAVEL)


@kept(maxsize=8)
def travel_numbers(region_id: str, as_of_year: int = 0) -> Mapping[str, float]:
    """The single numbers among them."""
    leaves = travel_leaves(region_id, as_of_year)
    return {name: leaf.number() for name, leaf in leaves.items() if not leaf.values}


@kept(maxsize=8)
def elasticities(region_id: str, as_of_year: int = 0) -> Mapping[str, Mapping[str, float]]:
    """Elasticities of the literature by response: short_run, long_run, low, high."""
    return load_region(region_id, as_of_year).table(ELASTICITIES).by("response")
