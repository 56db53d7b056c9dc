"""Doors of SimulateZone (dafeng.buildings.v1 zone.proto, same names and units).

What is left out is None or empty here; defaults are put in where the network is made (`network.py`, `sun.py`,
`air.py`, `run.py`). Series are checked for length and range in `checks.py`, so that a long wrong series is one
violation and not thousands.
"""

from typing import Annotated, Literal

from pydantic import Field

from services.buildings.climate.doors import WeatherSource
from services.common.axes import HOURS
from services.common.scenario import Door

_Series = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=True)], ...], Field(strict=False, max_length=HOURS)
]
_Id = Annotated[str, Field(min_length=1, max_length=60)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Area = Annotated[float, Field(gt=0, le=1e6)]
_Azimuth = Annotated[float, Field(ge=0, le=360)]
_Tilt = Annotated[float, Field(ge=0, le=180)]
_Transmittance = Annotated[float, Field(ge=0.01, le=10)]
_Film = Annotated[float, Field(ge=0, le=2)]
_Length = Annotated[float, Field(ge=0, le=50)]
_Power = Annotated[float, Field(ge=0, le=1e8)]
_Degrees = Annotated[float, Field(ge=-90, le=90)]
_Month = Annotated[int, Field(ge=1, le=12)]


class Layer(Door):
    """A layer with mass (thickness, conductivity, density, specific heat) or a bare resistance."""

    name: Annotated[str, Field(max_length=60)] = ""
    thickness_m: Annotated[float, Field(ge=0, le=5)] = 0.0
    conductivity_w_per_m_k: Annotated[float, Field(ge=0, le=500)] = 0.0
    density_kg_per_m3: Annotated[float, Field(ge=0, le=20_000)] = 0.0
    specific_heat_j_per_kg_k: Annotated[float, Field(ge=0, le=10_000)] = 0.0
    resistance_m2_k_per_w: Annotated[float, Field(ge=0, le=100)] = 0.0


class OpaqueSurface(Door):
    """A wall, roof, floor or inner mass. Without tilt: 180 on the ground, else 90."""

    surface_id: _Id
    boundary: Literal["outdoor", "ground", "internal"]
    area_m2: _Area
    azimuth_deg: _Azimuth = 0.0
    tilt_deg: _Tilt | None = None
    layers: Annotated[tuple[Layer, ...], Field(strict=False, max_length=20)] = ()
    u_value_w_per_m2_k: Annotated[float, Field(ge=0, le=10)] = 0.0  # 0: by layers
    heat_capacity_j_per_m2_k: Annotated[float, Field(ge=0, le=1e7)] = 0.0
    solar_absorptance: _Share | None = None
    emissivity: _Share | None = None
    outer_resistance_m2_k_per_w: _Film | None = None
    inner_resistance_m2_k_per_w: _Film | None = None
    flow_factor: Annotated[float, Field(ge=0, le=5)] | None = None

    @property
    def tilt(self) -> float:
        """Tilt from the horizontal, degrees."""
        if self.tilt_deg is not None:
            return self.tilt_deg
        return 180.0 if self.boundary == "ground" else 90.0


class Shade(Door):
    """Overhang and fins; a height goes with an overhang, a width with fins."""

    overhang_depth_m: _Length = 0.0
    overhang_gap_m: _Length = 0.0
    fin_depth_m: _Length = 0.0
    fin_gap_m: _Length = 0.0
    window_height_m: _Length = 0.0
    window_width_m: _Length = 0.0


class Window(Door):
    """A window, frame included."""

    window_id: _Id
    area_m2: _Area
    azimuth_deg: _Azimuth = 0.0
    tilt_deg: _Tilt | None = None
    u_value_w_per_m2_k: _Transmittance
    solar_heat_gain_share: _Share = 0.0
    frame_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    panes: Annotated[int, Field(ge=1, le=3)] | None = None
    shading_share: _Series = ()
    shade: Shade | None = None

    @property
    def tilt(self) -> float:
        """Tilt from the horizontal, degrees."""
        return 90.0 if self.tilt_deg is None else self.tilt_deg


class ThermalMass(Door):
    """Thermal mass by class, or by both values."""

    mass_class: Literal["", "very_light", "light", "medium", "heavy", "very_heavy"] = ""
    heat_capacity_j_per_k: Annotated[float, Field(ge=0, le=1e12)] = 0.0
    mass_area_m2: Annotated[float, Field(ge=0, le=1e7)] = 0.0


class NaturalVentilation(Door):
    """Open windows: between two outdoor temperatures, in months from first to last (over the new year as well)."""

    air_change_per_h: Annotated[float, Field(gt=0, le=100)]
    above_degc: _Degrees = 0.0
    below_degc: _Degrees = 0.0
    first_month: _Month = 1
    last_month: _Month = 12


class Zone(Door):
    """A zone."""

    floor_area_m2: _Area
    volume_m3: Annotated[float, Field(gt=0, le=1e8)]
    surfaces: Annotated[tuple[OpaqueSurface, ...], Field(strict=False, max_length=200)] = ()
    windows: Annotated[tuple[Window, ...], Field(strict=False, max_length=200)] = ()
    thermal_bridge_w_per_k: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    inner_surface_area_m2: Annotated[float, Field(gt=0, le=1e7)] | None = None
    thermal_mass: ThermalMass | None = None
    infiltration_per_h: _Series = ()
    ventilation_m3_per_h: _Series = ()
    heat_recovery_share: _Share = 0.0
    natural_ventilation: NaturalVentilation | None = None
    air_density_by_elevation: bool | None = None
    internal_gain_w: _Series = ()
    internal_convective_share: _Share | None = None
    latent_gain_w: _Series = ()
    solar_to_air_share: _Share = 0.0
    solar_lost_share: _Share = 0.0
    heating_setpoint_degc: _Series = ()
    cooling_setpoint_degc: _Series = ()
    heating_capacity_w: _Power | None = None
    cooling_capacity_w: _Power | None = None
    ground_degc: _Series = ()
    ground_albedo: _Share | None = None
    sky_difference_k: Annotated[float, Field(ge=0, le=50)] | None = None
    comfort_humidity_kg_per_kg: Annotated[float, Field(ge=0, le=0.1)] | None = None


class SimulateZoneRequest(Door):
    """Request of SimulateZone."""

    zone: Zone
    weather: WeatherSource = WeatherSource()
    with_hours: bool = False
