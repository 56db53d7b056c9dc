"""How the sun through clear glass falls with its angle: Fresnel at each face, absorption in each pane, stacked.

Textbook optics (Duffie and Beckman, Solar Engineering of Thermal Processes, chapter 5): two polarisations, panes added
one behind the other, the part of absorbed sun that goes inwards by the resistances before and behind the pane.
The curve is scaled to the caller's coefficient at normal incidence, so it holds for coatings only as far as they keep
the shape of clear glass.
"""

import numpy as np

from services.buildings.zone.physics import physics
from services.common.arrays import FloatArray
from services.common.recording import kept

_STEPS = 900
_POLARISATIONS = 2


@kept(maxsize=4)
def incidence_curve(panes: int) -> tuple[FloatArray, FloatArray, float]:
    """Coefficient over that at normal incidence: (cosines ascending from 0, factor at each, factor of diffuse light).

    Diffuse light comes evenly from the half space: the integral of factor(theta) sin(2 theta) over theta.
    """
    angle = np.linspace(np.pi / 2, 0.0, _STEPS + 1)
    gain = _gain(panes, angle[1:])
    factor = np.concatenate([[0.0], gain / gain[-1]])  # all is mirrored at grazing incidence
    weight = factor * np.sin(2 * angle)
    diffuse = float(np.sum((weight[1:] + weight[:-1]) * -np.diff(angle)) / 2)
    cosine = np.cos(angle)
    cosine[0] = 0.0
    for values in (cosine, factor):
        values.flags.writeable = False
    return cosine, factor, diffuse


def beam_factor(panes: int, incidence_cosine: FloatArray) -> FloatArray:
    """Factor of the beam at an angle of incidence, 1 at normal incidence, 0 at grazing, [h]."""
    cosine, factor, _ = incidence_curve(panes)
    found: FloatArray = np.interp(incidence_cosine, cosine, factor)
    return found


def _gain(panes: int, angle: FloatArray) -> FloatArray:
    """Heat gain coefficient of clear panes at angles, mean of both polarisations."""
    total = np.zeros_like(angle)
    for polarisation in range(_POLARISATIONS):
        through, back = _pane(angle, polarisation)
        total += _stack(panes, through, back) / _POLARISATIONS
    return total


def _pane(angle: FloatArray, polarisation: int) -> tuple[FloatArray, FloatArray]:
    """Transmittance and reflectance of one pane."""
    per = physics()
    index = per["glass_refraction_index"]
    inside = np.arcsin(np.sin(angle) / index)
    a, b = np.cos(angle), np.cos(inside)
    face = ((a - index * b) / (a + index * b)) if polarisation else ((index * a - b) / (index * a + b))
    mirror = face**2
    clear = np.exp(-per["glass_extinction_per_pane"] / b)
    once = 1 / (1 - (mirror * clear) ** 2)
    through = (1 - mirror) ** 2 * clear * once
    return through, mirror * (1 + clear * through)


def _stack(panes: int, through: FloatArray, back: FloatArray) -> FloatArray:
    """Transmitted sun plus the inward part of what panes absorb, for equal panes one behind the other."""
    rest = [(np.ones_like(through), np.zeros_like(through))]  # of the panes from i inwards: (through, back)
    for _ in range(panes):
        t, r = rest[0]
        once = 1 / (1 - back * r)
        rest.insert(0, (through * t * once, back + through**2 * r * once))
    gain = rest[0][0].copy()
    down, up_back = (
        np.ones_like(through),
        np.zeros_like(through),
    )  # light on pane i, mirror of the panes outside it
    inward = _inward_shares(panes)
    for i in range(panes):
        falling = down / (1 - up_back * rest[i][1])
        passed = falling * through / (1 - back * rest[i + 1][1])
        absorbed = (1 - through - back) * (falling + passed * rest[i + 1][1])
        gain += inward[i] * absorbed
        once = 1 / (1 - up_back * back)
        down, up_back = down * through * once, back + through**2 * up_back * once
    return gain


def _inward_shares(panes: int) -> list[float]:
    """Part of the sun absorbed in each pane, from outside, that goes inwards."""
    per = physics()
    gap = per["glass_gap_resistance_m2_k_per_w"]
    outer, inner = per["outer_resistance_m2_k_per_w"], per["inner_resistance_wall_m2_k_per_w"]
    total = outer + inner + (panes - 1) * gap
    return [(outer + i * gap) / total for i in range(panes)]
