"""A zone's description as the network of ISO 13790: mass, areas, conductances."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.zone.constructions import heat_capacity
from services.buildings.zone.doors import OpaqueSurface, Window, Zone
from services.buildings.zone.physics import MASS_TO_SURFACE, SURFACE_TO_AIR, physics

MOST_SUB_STEPS: Final = 60
_CLOSED_SHARE: Final = 0.05  # of all area may be missing or double before surfaces no longer enclose a zone
_SECONDS_PER_HOUR: Final = 3600.0


@dataclass(frozen=True)
class Mass:
    """Thermal mass and the surfaces around it."""

    heat_capacity_j_per_k: float
    mass_area_m2: float
    inner_surface_area_m2: float

    @property
    def to_surface_w_per_k(self) -> float:
        """H_ms."""
        return MASS_TO_SURFACE * self.mass_area_m2

    @property
    def surface_air_w_per_k(self) -> float:
        """H_is."""
        return SURFACE_TO_AIR * self.inner_surface_area_m2


def mass_of(zone: Zone) -> Mass:
    """Mass by class, by value or by layers: C = sum A kappa, A_m = C^2 / sum A kappa^2."""
    area = inner_surface_area(zone)
    given = zone.thermal_mass
    if given is not None and given.mass_class:
        per = physics()
        return Mass(
            per[f"heat_capacity_{given.mass_class}_j_per_m2_k"] * zone.floor_area_m2,
            per[f"mass_area_{given.mass_class}_m2_per_m2"] * zone.floor_area_m2,
            area,
        )
    if given is not None:
        return Mass(given.heat_capacity_j_per_k, given.mass_area_m2, area)
    kappas = [(s.area_m2, heat_capacity(s)) for s in zone.surfaces]
    capacity = sum(a * k for a, k in kappas)
    squares = sum(a * k * k for a, k in kappas)
    return Mass(capacity, capacity**2 / squares if squares > 0 else 0.0, area)


def inner_surface_area(zone: Zone) -> float:
    """All inner surfaces, m2: as given, else the sum when the zone is closed, else at least 4.5 times the floor."""
    if zone.inner_surface_area_m2 is not None:
        return zone.inner_surface_area_m2
    total = described_area(zone)
    if encloses(zone):
        return total
    return max(total, physics()["floor_to_inner_surface_ratio"] * zone.floor_area_m2)


def encloses(zone: Zone) -> bool:
    """True when surfaces and windows close around the zone's air.

    The normals of a closed body, weighed by area, cancel; and no body has less surface than the sphere of its volume.
    Partitions close nothing: which way they stand does not matter.
    """
    parts: list[OpaqueSurface | Window] = [s for s in zone.surfaces if s.boundary != "internal"]
    parts += zone.windows
    total = sum(p.area_m2 for p in parts)
    tilt = np.radians([p.tilt for p in parts])
    turn = np.radians([p.azimuth_deg for p in parts])
    area = np.array([p.area_m2 for p in parts])
    normals = np.array([np.sin(tilt) * np.sin(turn), np.sin(tilt) * np.cos(turn), np.cos(tilt)])
    open_area = float(np.linalg.norm(normals @ area)) if parts else 0.0
    least = (36 * math.pi) ** (1 / 3) * zone.volume_m3 ** (2 / 3)
    return total >= least and open_area <= _CLOSED_SHARE * total


def mass_to_outside(opaque_w_per_k: float, mass: Mass) -> float:
    """H_em, so that mass, surface and outside in series conduct H_op, W/K."""
    if opaque_w_per_k <= 0:
        return 0.0
    return 1 / (1 / opaque_w_per_k - 1 / mass.to_surface_w_per_k)


def sub_steps(windows_w_per_k: float, mass_outside_w_per_k: float, mass: Mass) -> int:
    """Steps an hour so that none is longer than the shortest time constant, that of a zone whose air is held."""
    inner = mass.surface_air_w_per_k + windows_w_per_k
    held = 1 / (1 / inner + 1 / mass.to_surface_w_per_k) + mass_outside_w_per_k
    return max(1, math.ceil(held * _SECONDS_PER_HOUR / mass.heat_capacity_j_per_k))


def described_area(zone: Zone) -> float:
    """Area of all surfaces and windows, m2."""
    return sum(s.area_m2 for s in zone.surfaces) + sum(w.area_m2 for w in zone.windows)
