"""pvlib used directly, as someone would without us: where the sun stands, light on a plane, and its own chain of PV."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import pandas as pd
import pvlib

from services.buildings.climate.sky import sun
from services.buildings.climate.weather import Weather
from services.buildings.roofs import pv_yield
from services.buildings.roofs.pv_yield import Chain, Plane
from services.common.arrays import FloatArray

TIMES = pd.date_range("2021-01-01 00:30", periods=8760, freq="h", tz="Etc/GMT-8")
_NO_OTHER_LOSS = (
    "shading", "snow", "mismatch", "wiring", "connections", "lid", "nameplate_rating", "age", "availability",
)  # fmt: skip


def sun_position(latitude_deg: float, longitude_deg: float) -> tuple[FloatArray, FloatArray]:
    """Zenith and azimuth in the middle of the hours, degrees [h], by NREL's algorithm (good to 0.0003 degrees)."""
    found = pvlib.solarposition.get_solarposition(TIMES, latitude_deg, longitude_deg)
    return found["zenith"].to_numpy(), found["azimuth"].to_numpy()


def on_plane(weather: Weather, azimuth_deg: float, tilt_deg: float, albedo: float) -> dict[str, FloatArray]:
    """Light on a plane in W/m2 [h] by the name pvlib gives its parts; Perez, the sun where our `sun` has it."""
    where = sun(weather)
    zenith = np.degrees(np.arccos(where.zenith_cosine))
    found = pvlib.irradiance.get_total_irradiance(
        tilt_deg,
        azimuth_deg,
        zenith,
        where.azimuth_deg,
        weather.direct_normal_w_per_m2,
        weather.global_w_per_m2,
        weather.diffuse_w_per_m2,
        dni_extra=pvlib.irradiance.get_extra_radiation(np.repeat(np.arange(1, 366), 24)),
        airmass=pvlib.atmosphere.get_relative_airmass(zenith),
        albedo=albedo,
        model="perez",
    )
    return {name: np.asarray(values) for name, values in found.items()}


def model_chain(plane: Plane, chain: Chain, weather: Weather) -> pvlib.modelchain.ModelChain:
    """1 kW of the same modules as pvlib's ModelChain, which lets diffuse light through the glass unhindered."""
    system = pvlib.pvsystem.PVSystem(
        surface_tilt=plane.tilt_deg,
        surface_azimuth=plane.azimuth_deg,
        albedo=chain.ground_albedo,
        module_parameters={"pdc0": 1.0, "gamma_pdc": chain.temperature_coefficient_per_k},
        inverter_parameters={
            "pdc0": 1 / (chain.dc_ac_ratio * chain.inverter_efficiency_share),
            "eta_inv_nom": chain.inverter_efficiency_share,
        },
        temperature_model_parameters=pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][
            "close_mount_glass_glass"
        ],
        losses_parameters={"soiling": 100 * chain.loss_share} | dict.fromkeys(_NO_OTHER_LOSS, 0),
    )
    place = pvlib.location.Location(weather.latitude_deg, weather.longitude_deg, "Etc/GMT-8")
    return pvlib.modelchain.ModelChain(
        system,
        place,
        aoi_model="physical",
        spectral_model="no_loss",
        dc_model="pvwatts",
        ac_model="pvwatts",
        losses_model="pvwatts",
        transposition_model="perez",
    )


def weather_frame(weather: Weather) -> pd.DataFrame:
    """The weather as ModelChain takes it."""
    return pd.DataFrame(
        {
            "ghi": weather.global_w_per_m2,
            "dni": weather.direct_normal_w_per_m2,
            "dhi": weather.diffuse_w_per_m2,
            "temp_air": weather.outdoor_degc,
            "wind_speed": weather.wind_m_per_s,
        },
        index=TIMES,
    )


def chain_output(plane: Plane, chain: Chain, weather: Weather) -> FloatArray:
    """Alternating current of 1 kW by ModelChain, kW [h]."""
    modelled = model_chain(plane, chain, weather)
    modelled.run_model(weather_frame(weather))
    return np.asarray(modelled.results.ac.fillna(0).clip(lower=0), dtype=np.float64)


@contextmanager
def diffuse_unhindered() -> Iterator[None]:
    """Our chain with glass that lets diffuse light through whole, as ModelChain has it."""
    with patch.object(pv_yield, "_diffuse_through_glass", lambda tilt_deg: (1.0, 1.0)):
        yield
