"""What layers make of a wall: transmittance (ISO 6946) and heat capacity seen from inside (ISO 13786, 24 h).

The heat capacity of a construction is kappa = |Y_ii - Y_io| / omega of its layers for a daily swing: the heat its
inner face takes up less what passes through, over the swing of that face. ISO 13790 (12.3.1) names it beside a rule
of thumb: all layers up to 10 cm, the first insulation or half the thickness. The rule jumps at each of the three and
lets 10 cm of concrete swing as one; in the heavy cases of ASHRAE 140 kappa comes nearer to detailed simulation in
cooling, both highest temperatures and peak cooling, the rule in heating. The film inside is left out, for the network
has its own (h_ms).
"""

import cmath
import math
from collections.abc import Sequence

from services.buildings.zone.doors import Layer, OpaqueSurface
from services.buildings.zone.physics import physics

_SECONDS_PER_HOUR = 3600.0


def resistance(layer: Layer) -> float:
    """Resistance of a layer, m2 K/W."""
    if layer.resistance_m2_k_per_w > 0:
        return layer.resistance_m2_k_per_w
    return layer.thickness_m / layer.conductivity_w_per_m_k


def films(surface: OpaqueSurface) -> tuple[float, float]:
    """Film resistances (inside, outside), m2 K/W: as given, else of ISO 6946 by the direction of the heat flow."""
    per = physics()
    outer = surface.outer_resistance_m2_k_per_w
    inner = surface.inner_resistance_m2_k_per_w
    if outer is None:
        outer = per["outer_resistance_m2_k_per_w"]
    if inner is None:
        flat = per["wall_least_tilt_deg"]
        kind = "roof" if surface.tilt < flat else "floor" if surface.tilt > 180 - flat else "wall"
        inner = per[f"inner_resistance_{kind}_m2_k_per_w"]
    return inner, outer


def transmittance(surface: OpaqueSurface) -> float:
    """U with both films, W/(m2 K), without the flow factor: as given, or of the layers."""
    if not surface.layers:
        return surface.u_value_w_per_m2_k
    return 1.0 / (sum(films(surface)) + sum(resistance(layer) for layer in surface.layers))


def heat_capacity(surface: OpaqueSurface) -> float:
    """Heat capacity seen from inside, J/(m2 K): as given, or of the layers.

    A partition (boundary internal) has the room on both sides; each side sees half of it.
    """
    if not surface.layers:
        return surface.heat_capacity_j_per_m2_k
    outer = 0.0 if surface.boundary == "internal" else films(surface)[1]
    return areal_heat_capacity(surface.layers, outer, physics()["periodic_hours"])


def areal_heat_capacity(layers: Sequence[Layer], outer_resistance: float, period_hours: float) -> float:
    """kappa of ISO 13786, J/(m2 K): layers from outside to inside, film outside in m2 K/W, none inside.

    Each layer is a transmission line; impedances are carried from outside to inside with tanh, which no thick layer
    makes overflow. `passed` is the part of the inner flux that comes out at the other end.
    """
    omega = 2 * math.pi / (period_hours * _SECONDS_PER_HOUR)
    impedance = complex(outer_resistance)
    passed = 1.0 + 0.0j
    for layer in layers:
        if layer.resistance_m2_k_per_w > 0:
            impedance += layer.resistance_m2_k_per_w
            continue
        capacity = layer.density_kg_per_m3 * layer.specific_heat_j_per_kg_k
        line = 1.0 / cmath.sqrt(1j * omega * capacity * layer.conductivity_w_per_m_k)
        gamma = layer.thickness_m * cmath.sqrt(1j * omega * capacity / layer.conductivity_w_per_m_k)
        # cosh and sinh over exp(gamma): bounded for any thickness.
        shrink = cmath.exp(-2 * gamma)
        cosh, sinh = 0.5 * (1 + shrink), 0.5 * (1 - shrink)
        below = line * cosh + impedance * sinh
        passed *= line * cmath.exp(-gamma) / below
        impedance = line * (impedance * cosh + line * sinh) / below
    if impedance == 0:
        return 0.0
    return abs((1 - passed) / impedance) / omega
