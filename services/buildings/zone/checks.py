"""What a zone's fields mean together: every violation at once, each with how to mend it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from services.buildings.zone.constructions import transmittance
from services.buildings.zone.doors import Layer, NaturalVentilation, OpaqueSurface, Shade, Window, Zone
from services.buildings.zone.network import (
    MOST_SUB_STEPS,
    described_area,
    mass_of,
    mass_to_outside,
    sub_steps,
)
from services.buildings.zone.physics import MASS_TO_SURFACE
from services.buildings.zone.profiles import GROUND_LENGTHS, LENGTHS
from services.common.errors import Violation
from services.common.sent_series import hours_of

HEATING_OFF_DEGC: Final = -99.0
COOLING_OFF_DEGC: Final = 99.0
_HEIGHT_M: Final = (1.5, 100.0)  # volume over floor of anything that people call a room or a hall
_TRANSMITTANCE: Final = (0.01, 10.0)
# (lowest, highest, unit) of the zone's series
_SERIES: Final[Mapping[str, tuple[float, float, str]]] = {
    "infiltration_per_h": (0.0, 100.0, "1/h"),
    "ventilation_m3_per_h": (0.0, 1e8, "m3/h"),
    "internal_gain_w": (0.0, 1e8, "W"),
    "latent_gain_w": (0.0, 1e8, "W"),
    "heating_setpoint_degc": (-1000.0, 60.0, "degC, -99 and below for off"),
    "cooling_setpoint_degc": (-60.0, 1000.0, "degC, 99 and above for off"),
    "ground_degc": (-60.0, 60.0, "degC"),
}


def zone_violations(zone: Zone, first_weekday: int, where: str = "zone") -> list[Violation]:
    """All that is wrong with a zone; the network as a whole is judged only when its parts are right."""
    found = list(_parts(zone, first_weekday, where))
    return found or list(_network(zone, where))


def _parts(zone: Zone, first_weekday: int, where: str) -> Iterator[Violation]:
    low, high = _HEIGHT_M
    height = zone.volume_m3 / zone.floor_area_m2
    if not low <= height <= high:
        allowed = f"{low:g} to {high:g} m"
        yield Violation(
            f"{where}.volume_m3", "volume over floor area is no room's height", f"{height:.3g} m", allowed
        )
    if not zone.surfaces and not zone.windows:
        yield Violation(f"{where}.surfaces", "a zone needs a surface or a window: add its walls")
    yield from _unique([s.surface_id for s in zone.surfaces], f"{where}.surfaces", "surface_id")
    yield from _unique([w.window_id for w in zone.windows], f"{where}.windows", "window_id")
    for i, surface in enumerate(zone.surfaces):
        yield from _surface(surface, f"{where}.surfaces[{i}]")
    for i, window in enumerate(zone.windows):
        yield from _window(window, f"{where}.windows[{i}]")
    wrong_series = False
    for name, (least, most, unit) in _SERIES.items():
        lengths = GROUND_LENGTHS if name == "ground_degc" else LENGTHS
        for violation in _series(getattr(zone, name), lengths, least, most, unit, f"{where}.{name}"):
            wrong_series = True
            yield violation
    if not wrong_series:
        yield from _setpoints(zone, first_weekday, where)
    yield from _capacities(zone, where)
    if zone.natural_ventilation is not None:
        yield from _natural(zone.natural_ventilation, f"{where}.natural_ventilation")
    yield from _mass(zone, where)


def _unique(ids: Sequence[str], where: str, name: str) -> Iterator[Violation]:
    for one, count in Counter(ids).items():
        if count > 1:
            yield Violation(where, f"{name} must be unique: rename all but one", f"{one}, {count} times")


def _surface(surface: OpaqueSurface, where: str) -> Iterator[Violation]:
    wrong_layers = [v for k, item in enumerate(surface.layers) for v in _layer(item, f"{where}.layers[{k}]")]
    yield from wrong_layers
    inside_only = surface.boundary == "internal"
    if surface.layers and (surface.u_value_w_per_m2_k > 0 or surface.heat_capacity_j_per_m2_k > 0):
        yield Violation(
            where,
            "layers already tell transmittance and heat capacity: take away u_value_w_per_m2_k and "
            "heat_capacity_j_per_m2_k, or the layers",
        )
    if not surface.layers and surface.u_value_w_per_m2_k < _TRANSMITTANCE[0] and not inside_only:
        given = f"u_value_w_per_m2_k {surface.u_value_w_per_m2_k:g}"
        yield Violation(
            where, "no transmittance: give layers, or u_value_w_per_m2_k", given, f">= {_TRANSMITTANCE[0]:g}"
        )
    if surface.layers and not inside_only and not wrong_layers:
        value = transmittance(surface)
        if not _TRANSMITTANCE[0] <= value <= _TRANSMITTANCE[1]:
            allowed = f"{_TRANSMITTANCE[0]:g} to {_TRANSMITTANCE[1]:g} W/(m2 K)"
            yield Violation(
                f"{where}.layers",
                "the layers make no building's transmittance: check thickness in m and conductivity in W/(m K)",
                f"{value:.4g}",
                allowed,
            )


def _layer(layer: Layer, where: str) -> Iterator[Violation]:
    values = {
        "thickness_m": layer.thickness_m,
        "conductivity_w_per_m_k": layer.conductivity_w_per_m_k,
        "density_kg_per_m3": layer.density_kg_per_m3,
        "specific_heat_j_per_kg_k": layer.specific_heat_j_per_kg_k,
    }
    if layer.resistance_m2_k_per_w > 0:
        given = [name for name, value in values.items() if value > 0]
        if given:
            yield Violation(
                where, f"a layer has a resistance or a mass: leave out {', '.join(given)}, or the resistance"
            )
        return
    missing = [name for name, value in values.items() if value <= 0]
    if missing:
        yield Violation(where, f"a layer needs {', '.join(missing)} above 0, or resistance_m2_k_per_w alone")


def _window(window: Window, where: str) -> Iterator[Violation]:
    yield from _series(window.shading_share, LENGTHS, 0.0, 1.0, "share", f"{where}.shading_share")
    if window.shade is not None:
        yield from _shade(window.shade, f"{where}.shade")


def _shade(shade: Shade, where: str) -> Iterator[Violation]:
    if shade.overhang_depth_m > 0 and shade.window_height_m <= 0:
        yield Violation(f"{where}.window_height_m", "an overhang needs the height of the window", "0", "> 0")
    if shade.fin_depth_m > 0 and shade.window_width_m <= 0:
        yield Violation(f"{where}.window_width_m", "fins need the width of the window", "0", "> 0")


def _series(
    values: Sequence[float], lengths: Sequence[int], least: float, most: float, unit: str, where: str
) -> Iterator[Violation]:
    allowed = f"{least:g} to {most:g} {unit}"
    if values and len(values) not in lengths:
        known = ", ".join(map(str, lengths))
        yield Violation(where, "wrong number of values", f"{len(values)}", f"none, {known}")
    given = np.array(values, dtype=np.float64)
    bad = np.flatnonzero(~((given >= least) & (given <= most)))
    if bad.size:
        told = ", ".join(f"{given[i]:g} at {i}" for i in bad[:5])
        more = f" and {bad.size - 5} more" if bad.size > 5 else ""
        yield Violation(where, "values beyond their range: check the unit", told + more, allowed)


def _setpoints(zone: Zone, first_weekday: int, where: str) -> Iterator[Violation]:
    heat = hours_of(zone.heating_setpoint_degc, first_weekday, HEATING_OFF_DEGC)
    cool = hours_of(zone.cooling_setpoint_degc, first_weekday, COOLING_OFF_DEGC)
    wrong = np.flatnonzero((heat > cool) & (heat > HEATING_OFF_DEGC) & (cool < COOLING_OFF_DEGC))
    if wrong.size:
        h = wrong[0]
        yield Violation(
            f"{where}.heating_setpoint_degc",
            f"heating set-point above the cooling set-point in {wrong.size} hours: lower it, or set one of them off",
            f"{heat[h]:g} at hour {h}",
            f"at most {cool[h]:g} there",
        )


def _capacities(zone: Zone, where: str) -> Iterator[Violation]:
    for name in ("heating", "cooling"):
        if getattr(zone, f"{name}_capacity_w") is not None and not getattr(zone, f"{name}_setpoint_degc"):
            yield Violation(
                f"{where}.{name}_capacity_w",
                f"{name} has a capacity but no set-point: give {name}_setpoint_degc, or take the capacity away",
            )


def _natural(rule: NaturalVentilation, where: str) -> Iterator[Violation]:
    if rule.above_degc >= rule.below_degc:
        yield Violation(
            where,
            "windows never open: above_degc must be lower than below_degc",
            f"above {rule.above_degc:g}, below {rule.below_degc:g}",
        )


def _mass(zone: Zone, where: str) -> Iterator[Violation]:
    given = zone.thermal_mass
    by_surface = [f"surfaces[{i}]" for i, s in enumerate(zone.surfaces) if s.heat_capacity_j_per_m2_k > 0]
    if given is None:
        if not by_surface and not any(
            layer.resistance_m2_k_per_w <= 0 for s in zone.surfaces for layer in s.layers
        ):
            yield Violation(
                f"{where}.thermal_mass",
                "no thermal mass: give layers, heat_capacity_j_per_m2_k of surfaces, or thermal_mass",
            )
        return
    at = f"{where}.thermal_mass"
    both = given.heat_capacity_j_per_k > 0, given.mass_area_m2 > 0
    if given.mass_class and any(both):
        yield Violation(at, "give mass_class, or heat_capacity_j_per_k with mass_area_m2, not both")
    elif not given.mass_class and not all(both):
        yield Violation(
            at,
            "give mass_class, or both heat_capacity_j_per_k and mass_area_m2 above 0",
            f"{given.heat_capacity_j_per_k:g} J/K, {given.mass_area_m2:g} m2",
        )
    if by_surface:
        yield Violation(
            at,
            "mass is told twice: take thermal_mass away, or heat_capacity_j_per_m2_k of the surfaces",
            ", ".join(by_surface[:5]),
        )


def _network(zone: Zone, where: str) -> Iterator[Violation]:
    """The conditions of the method: areas that fit, mass that is reached, mass that is there at all."""
    mass = mass_of(zone)
    windows = sum(w.u_value_w_per_m2_k * w.area_m2 for w in zone.windows)
    known = described_area(zone)
    if zone.inner_surface_area_m2 is not None and zone.inner_surface_area_m2 < known * (1 - 1e-9):
        yield Violation(
            f"{where}.inner_surface_area_m2",
            "less than the sum of surfaces and windows: raise it, or leave it out",
            f"{zone.inner_surface_area_m2:g}",
            f">= {known:g}",
        )
    elif (taken := mass.mass_area_m2 + windows / MASS_TO_SURFACE) > mass.inner_surface_area_m2 * (1 + 1e-9):
        yield Violation(
            f"{where}.inner_surface_area_m2",
            "mass area and windows take more than all inner surfaces (A_m + H_w / 9.1 <= A_t): give the whole inner "
            "surface with its partitions, or a lighter mass",
            f"{mass.inner_surface_area_m2:g}",
            f">= {taken:.6g} m2",
        )
    opaque = zone.thermal_bridge_w_per_k + sum(
        transmittance(s) * s.area_m2 * (1.0 if s.flow_factor is None else s.flow_factor)
        for s in zone.surfaces
        if s.boundary != "internal"
    )
    if opaque >= mass.to_surface_w_per_k:
        yield Violation(
            f"{where}.thermal_mass",
            "opaque parts conduct more than the mass can pass on (H_op < 9.1 A_m): give more mass area, or tell panels "
            "without mass as windows without sun",
            f"H_op {opaque:.6g} W/K",
            f"< {mass.to_surface_w_per_k:.6g} W/K",
        )
        return
    steps = sub_steps(windows, mass_to_outside(opaque, mass), mass)
    if steps > MOST_SUB_STEPS:
        yield Violation(
            f"{where}.thermal_mass",
            "too little thermal mass for an hourly balance, less than air and furniture have: raise it",
            f"{mass.heat_capacity_j_per_k:.4g} J/K",
            f">= {mass.heat_capacity_j_per_k * steps / MOST_SUB_STEPS:.4g} J/K",
        )
