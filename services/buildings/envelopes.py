"""Envelopes of the states: as built to a standard, and after each retrofit package."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from services.buildings.states import DEPTHS, STATES
from services.common.recording import kept
from services.common.regions import Region


@dataclass(frozen=True)
class Envelope:
    """Transmittances W/(m2 K), heat gain coefficient of the glazing, air change by leakage in use."""

    u_wall: float
    u_roof: float
    u_floor: float
    u_window: float
    shgc: float
    air_change_per_h: float


@kept(maxsize=16)
def envelopes(region: Region, family: str, zone: str) -> tuple[Envelope, ...]:
    """Envelopes of a family ("residential", "public") in a thermal zone, in the order of STATES."""
    rows = region.table("buildings/envelopes").rows()
    built = {r["standard"]: _built(r) for r in rows if r["family"] == family and r["zone"] == zone}
    packages = region.table("buildings/retrofit_packages").by("package")
    return tuple(
        built[s.standard] if s.depth == DEPTHS[0] else retrofitted(built[s.standard], packages[s.depth])
        for s in STATES
    )


def retrofitted(before: Envelope, package: Mapping[str, Any]) -> Envelope:
    """An envelope after a package: each element is brought to the package's limit unless it was better."""
    return replace(
        before,
        u_wall=min(before.u_wall, package["u_wall_at_most_w_per_m2_k"]),
        u_roof=min(before.u_roof, package["u_roof_at_most_w_per_m2_k"]),
        u_window=min(before.u_window, package["u_window_at_most_w_per_m2_k"]),
        shgc=min(before.shgc, package["shgc_at_most"]) * package["shgc_ratio"],
        air_change_per_h=before.air_change_per_h * package["air_change_ratio"],
    )


def _built(row: Mapping[str, Any]) -> Envelope:
    return Envelope(
        row["u_wall_w_per_m2_k"],
        row["u_roof_w_per_m2_k"],
        row["u_floor_w_per_m2_k"],
        row["u_window_w_per_m2_k"],
        row["window_shgc"],
        row["air_change_per_h"],
    )
