"""Sun and sky on a zone: through windows, and on opaque parts as the temperature they see."""

from dataclasses import dataclass

import numpy as np

from services.buildings.climate.sky import plane_irradiance, sun
from services.buildings.climate.weather import Weather
from services.buildings.zone.constructions import films, transmittance
from services.buildings.zone.doors import OpaqueSurface, Window, Zone
from services.buildings.zone.glass import beam_factor, incidence_curve
from services.buildings.zone.physics import physics
from services.buildings.zone.profiles import ground_hours
from services.buildings.zone.shade import diffuse_shares, sunlit_share
from services.common.arrays import FloatArray
from services.common.sent_series import hours_of


@dataclass(frozen=True)
class Outside:
    """Conductances from air to outside and the temperatures at their far ends."""

    windows_w_per_k: float
    opaque_w_per_k: float  # with bridges
    window_degc: FloatArray  # what windows see: outdoors less the loss to the sky, [h]
    opaque_degc: FloatArray  # what opaque parts see: sun, sky, ground, weighed by conductance, [h]


def solar_gain(zone: Zone, weather: Weather) -> FloatArray:
    """Sun through all windows, W [h]."""
    total = np.zeros_like(weather.outdoor_degc)
    albedo = ground_albedo(zone)
    for window in zone.windows:
        total += window_gain(window, weather, albedo)
    return total


def window_gain(window: Window, weather: Weather, albedo: float) -> FloatArray:
    """Sun through one window, W [h]: area of glass x coefficient x (beam, sky, ground by angle and shades)."""
    plane = plane_irradiance(weather, window.azimuth_deg, window.tilt, albedo)
    panes = int(physics()["glass_panes_count"]) if window.panes is None else window.panes
    beam = plane.beam * beam_factor(panes, plane.incidence_cosine)
    even = incidence_curve(panes)[2]
    sky, ground = 1.0, 1.0
    if window.shade is not None:
        beam = beam * sunlit_share(window.shade, sun(weather), window.azimuth_deg, window.tilt)
        sky, ground = diffuse_shares(window.shade, window.tilt)
    light = beam + even * (sky * plane.sky + ground * plane.ground)
    aperture = window.area_m2 * (1 - window.frame_share) * window.solar_heat_gain_share
    return aperture * hours_of(window.shading_share, weather.first_weekday, 1.0) * light


def outside(zone: Zone, weather: Weather) -> Outside:
    """Windows and opaque parts with the temperatures they see.

    A part in the sun sees the sol-air temperature T + R_se (absorptance I - F_sky h_r dT_sky); a window loses to the
    sky in the same way. Partitions see nothing outside.
    """
    per = physics()
    air = weather.outdoor_degc
    windows = sum(w.u_value_w_per_m2_k * w.area_m2 for w in zone.windows)
    glass_loss = sum(
        w.u_value_w_per_m2_k
        * w.area_m2
        * sky_loss_k(zone, w.tilt, per["glass_emissivity"], per["outer_resistance_m2_k_per_w"])
        for w in zone.windows
    )
    opaque = zone.thermal_bridge_w_per_k
    warmth = opaque * air
    for surface in zone.surfaces:
        if surface.boundary == "internal":
            continue
        flow = transmittance(surface) * surface.area_m2
        flow *= 1.0 if surface.flow_factor is None else surface.flow_factor
        opaque += flow
        warmth = warmth + flow * seen_degc(surface, zone, weather)
    return Outside(
        windows,
        opaque,
        np.ascontiguousarray(air - glass_loss / windows if windows > 0 else air),
        np.ascontiguousarray(warmth / opaque if opaque > 0 else air),
    )


def seen_degc(surface: OpaqueSurface, zone: Zone, weather: Weather) -> FloatArray:
    """Temperature that an outer surface sees, degC [h]."""
    per = physics()
    air = weather.outdoor_degc
    if surface.boundary == "ground":
        return ground_hours(zone.ground_degc, float(air.mean()))
    film = films(surface)[1]
    black = surface.solar_absorptance
    grey = surface.emissivity
    black = per["solar_absorptance"] if black is None else black
    grey = per["emissivity"] if grey is None else grey
    light = plane_irradiance(weather, surface.azimuth_deg, surface.tilt, ground_albedo(zone)).total
    return np.asarray(air + film * black * light - sky_loss_k(zone, surface.tilt, grey, film))


def sky_loss_k(zone: Zone, tilt_deg: float, emissivity: float, film_m2_k_per_w: float) -> float:
    """By how much the colder sky lowers the temperature a surface sees, K (ISO 13790, 11.3.5)."""
    per = physics()
    view = 0.5 * (1 + np.cos(np.radians(tilt_deg)))
    coefficient = per["sky_coefficient_w_per_m2_k"] * emissivity
    difference = per["sky_difference_k"] if zone.sky_difference_k is None else zone.sky_difference_k
    return float(film_m2_k_per_w * view * coefficient * difference)


def ground_albedo(zone: Zone) -> float:
    """Reflectance of the ground."""
    return physics()["ground_albedo"] if zone.ground_albedo is None else zone.ground_albedo
