"""What layers make of a wall: transmittance (ISO 6946) and heat capacity seen from inside (ISO 13790, 12.3.1).

Of the two ways that the standard names, the layers near the room and the daily swing of ISO 13786, the first is taken:
in the heavy cases of ASHRAE 140 it comes nearer to detailed programs in heating and lowest temperatures, where the one
capacity of the network must also carry what the mass keeps over several days.
"""

from services.buildings.zone.doors import Layer, OpaqueSurface
from services.buildings.zone.physics import physics


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
        # Soil lies against the slab: no film (ISO 13370).
        outer = 0.0 if surface.boundary == "ground" else per["outer_resistance_m2_k_per_w"]
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
    """Heat capacity seen from inside, J/(m2 K): as given, or of the layers from inside.

    Layers count to the least of 10 cm, the first insulation, and half of an element that has none. A partition
    (boundary internal) has the room on both sides, so that half of it counts.
    """
    if not surface.layers:
        return surface.heat_capacity_j_per_m2_k
    per = physics()
    poorest = per["insulation_conductivity_w_per_m_k"]
    depth_m = per["counted_depth_m"]
    if not any(_insulates(layer, poorest) for layer in surface.layers):
        depth_m = min(depth_m, 0.5 * sum(layer.thickness_m for layer in surface.layers))
    found = 0.0
    for layer in reversed(surface.layers):
        if _insulates(layer, poorest) or depth_m <= 0:
            break
        counted = min(layer.thickness_m, depth_m)
        found += counted * layer.density_kg_per_m3 * layer.specific_heat_j_per_kg_k
        depth_m -= counted
    return found


def _insulates(layer: Layer, conductivity_w_per_m_k: float) -> bool:
    """A layer without mass, or of a conductor as poor as insulation."""
    return layer.resistance_m2_k_per_w > 0 or layer.conductivity_w_per_m_k <= conductivity_w_per_m_k
