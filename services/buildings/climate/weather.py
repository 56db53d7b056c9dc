"""One year of hourly weather at one place, whoever gave it: a city's weather year, a file, a caller's hours."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray


@dataclass(frozen=True)
class Weather:
    """8,760 hours from 1 January 00:00 local standard time, hour-starting; the sun stands at `sun_minute` of each."""

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    utc_offset_hours: float
    sun_minute: float
    first_weekday: int  # of 1 January, Monday 0
    outdoor_degc: FloatArray
    global_w_per_m2: FloatArray  # on the horizontal
    direct_normal_w_per_m2: FloatArray
    diffuse_w_per_m2: FloatArray  # on the horizontal
    humidity_ratio_kg_per_kg: FloatArray  # zeros when the caller gave no humidity
    wind_m_per_s: FloatArray
    closure_ratio: float = 1.0
    pv_light_share: float = 1.0  # of global radiation that the stations' direct and diffuse bear out
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sun:
    """Where the sun stands, [h]."""

    zenith_cosine: FloatArray  # not above 0 when the sun is down
    azimuth_deg: FloatArray  # clockwise from north


@dataclass(frozen=True)
class PlaneIrradiance:
    """Sun on a plane, W/m2 [h]."""

    beam: FloatArray
    sky: FloatArray
    ground: FloatArray
    incidence_cosine: FloatArray  # of the beam, 0 when the sun is behind the plane or down

    @property
    def diffuse(self) -> FloatArray:
        """Sky and ground, W/m2 [h]."""
        return np.asarray(self.sky + self.ground)

    @property
    def total(self) -> FloatArray:
        """All of it, W/m2 [h]."""
        return np.asarray(self.beam + self.sky + self.ground)
