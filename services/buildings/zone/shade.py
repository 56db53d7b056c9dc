"""Fixed shades: the sunlit part of a window hour by hour, and what they take of sky and ground."""

from typing import Final

import numpy as np

from services.buildings.climate.weather import Sun
from services.buildings.zone.doors import Shade
from services.common.arrays import FloatArray

_LEAST_COSINE: Final = 1e-9


def sunlit_share(shade: Shade, where: Sun, azimuth_deg: float, tilt_deg: float) -> FloatArray:
    """Part of a window that the beam reaches, 0 to 1 [h]; the overhang wide and the fins high beyond the window.

    In the window's own frame the sun stands at (across, up, out); a plate at the edge that stands out by d throws a
    shadow of d up/out (overhang) or d |across|/out (the fin on the sun's side), less the gap.
    """
    tilt = np.radians(tilt_deg)
    turn = np.radians(where.azimuth_deg - azimuth_deg)
    height = where.zenith_cosine
    flat = np.sqrt(np.maximum(1 - height**2, 0.0))
    across = flat * np.sin(turn)
    out = np.sin(tilt) * flat * np.cos(turn) + np.cos(tilt) * height
    up = np.sin(tilt) * height - np.cos(tilt) * flat * np.cos(turn)
    facing = np.maximum(out, _LEAST_COSINE)
    return np.asarray(
        _unshaded(shade.overhang_depth_m * up / facing, shade.overhang_gap_m, shade.window_height_m)
        * _unshaded(shade.fin_depth_m * np.abs(across) / facing, shade.fin_gap_m, shade.window_width_m)
    )


def diffuse_shares(shade: Shade, tilt_deg: float) -> tuple[float, float]:
    """What overhang and fins leave of the light of sky and of ground, 0 to 1, each taken as even.

    View factors of two perpendicular strips (crossed strings). The overhang hides sky only; the two fins hide sky and
    ground alike.
    """
    sky_view = 0.5 * (1 + np.cos(np.radians(tilt_deg)))
    hidden = _view(shade.overhang_depth_m, shade.overhang_gap_m, shade.window_height_m)
    beside = 1 - 2 * _view(shade.fin_depth_m, shade.fin_gap_m, shade.window_width_m)
    above = max(1 - hidden / sky_view, 0.0) if sky_view > _LEAST_COSINE else 1.0
    return float(above * beside), float(beside)


def _unshaded(shadow_m: FloatArray, gap_m: float, length_m: float) -> FloatArray:
    if length_m <= 0:
        return np.ones_like(shadow_m)
    return np.asarray(1 - np.clip((shadow_m - gap_m) / length_m, 0.0, 1.0))


def _view(depth_m: float, gap_m: float, length_m: float) -> float:
    """View factor from a strip of a wall to a plate that stands out of it, `gap_m` beyond the strip's edge."""
    if depth_m <= 0 or length_m <= 0:
        return 0.0
    near, far = np.hypot(gap_m, depth_m), np.hypot(gap_m + length_m, depth_m)
    return float((near + length_m - far) / (2 * length_m))
