"""One weather year a place: temperature, sun, humidity and wind that every sector shares, so that a hot still
evening is hot and still everywhere.

The region's wind and PV series is given (regions/<region>/weather/renewables_8760.csv); temperature, radiation and
humidity are synthesised from monthly normals and tied to that series' daily sun: a bright summer day is a hot day.
Method: buildings literature named in regions/sources/weather.yaml (AR(1) daily anomalies; hour shape of Erbs, Klein
and Beckman 1983; radiation shape of Collares-Pereira and Rabl 1979). Reproducible: fixed seed, PCG64.
"""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS, MONTH_DAYS
from services.common.errors import Violation, invalid
from services.common.moist_air import humidity_ratio_kg_per_kg, saturation_pa
from services.common.recording import kept
from services.common.region_files import PROVENANCE_COLUMNS
from services.common.regions import Region
from services.common.scenario import WEATHER_YEARS
from services.common.sun import above_air_w_per_m2, declination_rad, hour_angle_rad

SUBJECT = "weather/synthesis"
_MONTH_OF_DAY = np.repeat(np.arange(12), MONTH_DAYS)
_MID_MONTH = np.cumsum(MONTH_DAYS) - np.array(MONTH_DAYS) / 2
_DAY = np.arange(1, DAYS + 1)


@dataclass(frozen=True)
class WeatherYear:
    """Hourly weather of a region, [p] as `Region.city_ids`, hours hour-starting in Beijing time."""

    name: str
    temperature_degc: FloatArray  # [p, h] outdoor dry-bulb
    global_radiation_w_per_m2: FloatArray  # [p, h] horizontal
    humidity_ratio_kg_per_kg: FloatArray  # [p, h]
    pv_share: FloatArray  # [h] output of the region's PV fleet over its capacity
    onshore_wind_share: FloatArray  # [h]
    offshore_wind_share: FloatArray  # [h]; zeros for an inland region


def weather_year(region: Region, name: str, warming_k: float = 0.0) -> WeatherYear:
    """The weather year of a region by name (normal, hot, cold, low_wind). Deterministic, cached.

    `warming_k` shifts temperatures against the 1982-2006 normals. DomainError(INVALID_INPUT) for another name.
    """
    if name not in WEATHER_YEARS:
        raise invalid([Violation("weather_year", "no such weather year", name, ", ".join(WEATHER_YEARS))])
    return _made(region, name, float(warming_k))


@kept(maxsize=32)
def _made(region: Region, name: str, warming_k: float) -> WeatherYear:
    series = region.table("weather/renewables_8760")
    pv = series.numbers("pv_share")
    onshore, offshore = series.numbers("onshore_wind_share"), series.numbers("offshore_wind_share")
    sun = _daily_sun(pv)
    anomaly = _daily_anomaly(region, sun)
    shift = _shift_k(region, name, anomaly)
    temperature, radiation, humidity = [], [], []
    for city in region.city_ids:
        normals = city_normals(region, city)
        daily = seasonal(normals["mean_temperature_degc"]) + warming_k
        daily = daily + normals["daily_mean_deviation_k"][_MONTH_OF_DAY] * anomaly + shift
        sun_kwh = _daily_radiation_kwh(region, city, normals["global_radiation_kwh_per_m2"], sun)
        clearness = sun_kwh / _month_means(sun_kwh)[_MONTH_OF_DAY]
        hourly = _hourly_temperature(region, daily, normals["daily_range_k"], clearness)
        temperature.append(hourly)
        radiation.append(_hourly_radiation(region, city, sun_kwh))
        humidity.append(_humidity_ratio(region, daily, normals, hourly))
    wind = _wind_share(region, name, anomaly)
    return WeatherYear(
        name=name,
        temperature_degc=_frozen(np.array(temperature)),
        global_radiation_w_per_m2=_frozen(np.array(radiation)),
        humidity_ratio_kg_per_kg=_frozen(np.array(humidity)),
        pv_share=_frozen(pv),
        onshore_wind_share=_frozen(np.minimum(onshore * wind, 1.0)),
        offshore_wind_share=_frozen(np.minimum(offshore * wind, 1.0)),
    )


def _frozen(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values


def _daily_sun(pv_share: FloatArray) -> FloatArray:
    """Each day's PV energy over its month's mean, [day]."""
    daily = pv_share.reshape(DAYS, 24).sum(axis=1)
    return np.asarray(daily / _month_means(daily)[_MONTH_OF_DAY])


def _month_means(daily: FloatArray) -> FloatArray:
    return np.array([daily[m == _MONTH_OF_DAY].mean() for m in range(12)])


def _standardised_by_month(daily: FloatArray, limit: float) -> FloatArray:
    out = daily.copy()
    for m in range(12):
        days = m == _MONTH_OF_DAY
        part = np.clip((daily[days] - daily[days].mean()) / daily[days].std(), -limit, limit)
        out[days] = (part - part.mean()) / part.std()
    return out


def _daily_anomaly(region: Region, sun: FloatArray) -> FloatArray:
    """Temperature anomaly in standard deviations, the same weather over the whole region, [day]."""

    def value(name: str) -> float:
        return region.number(SUBJECT, name)

    generator = np.random.Generator(np.random.PCG64(int(value("seed"))))
    noise = generator.standard_normal(2 * DAYS)
    phi = value("daily_autocorrelation")
    memory = np.empty(2 * DAYS)
    state = 0.0
    for day in range(2 * DAYS):  # the first year only settles the memory
        state = phi * state + np.sqrt(1.0 - phi * phi) * noise[day]
        memory[day] = state
    season = (
        1.0 - np.cos(2 * np.pi * (np.arange(DAYS) + 0.5 - 15) / DAYS)
    ) / 2.0  # 0 mid January, 1 mid July
    rho = value("winter_sun_correlation") + season * (
        value("summer_sun_correlation") - value("winter_sun_correlation")
    )
    limit = value("anomaly_limit")
    bright = _standardised_by_month(sun, limit)
    own = _standardised_by_month(memory[DAYS:], limit)
    return _standardised_by_month(rho * bright + np.sqrt(1.0 - rho**2) * own, limit)


def _shift_k(region: Region, name: str, anomaly: FloatArray) -> FloatArray:
    """What a hot or cold year adds to daily means: a shift of the season and a spell, K [day]."""
    if name not in ("hot", "cold"):
        return np.zeros(DAYS)
    season, months = ("summer", (5, 6, 7, 8)) if name == "hot" else ("winter", (11, 0, 1))
    shift = np.where(np.isin(_MONTH_OF_DAY, months), region.number(SUBJECT, f"{name}_{season}_shift_k"), 0.0)
    peak_months = (6, 7) if name == "hot" else (0, 1)
    days = int(region.number(SUBJECT, f"{name}_spell_days"))
    sign = 1.0 if name == "hot" else -1.0
    start = _spell_start(sign * anomaly, days, peak_months)
    weight = _spell_weight(start, days)
    return shift + region.number(SUBJECT, f"{name}_spell_shift_k") * weight


def _wind_share(region: Region, name: str, anomaly: FloatArray) -> FloatArray:
    """Factor on wind, [h]: heat waves are still, a low-wind year is low and has two spells."""

    def value(leaf: str) -> float:
        return region.number(SUBJECT, leaf)

    factor = np.ones(DAYS)
    if name == "hot":
        days = int(value("hot_spell_days"))
        weight = _spell_weight(_spell_start(anomaly, days, (6, 7)), days)
        factor = 1.0 - (1.0 - value("hot_spell_wind_share")) * weight
    elif name == "low_wind":
        days = int(value("low_wind_spell_days"))
        for months, sign in (((0,), -1.0), ((7,), 1.0)):
            weight = _spell_weight(_spell_start(sign * anomaly, days, months), days)
            factor = factor * (1.0 - (1.0 - value("low_wind_spell_share")) * weight)
        factor = factor * value("low_wind_share")
    return np.repeat(factor, 24)


def _spell_start(badness: FloatArray, days: int, months: tuple[int, ...]) -> int:
    """First day of the run of days with the highest sum that starts in the months."""
    sums = np.convolve(np.concatenate([badness, badness[: days - 1]]), np.ones(days), "valid")
    return int(np.argmax(np.where(np.isin(_MONTH_OF_DAY, months), sums[:DAYS], -np.inf)))


def _spell_weight(start: int, days: int) -> FloatArray:
    """1 in the spell, falling to 0 over half its length on both sides, [day]."""
    taper = max(days // 2, 1)
    day = np.arange(DAYS)
    distance = np.maximum(np.maximum(start - day, day - (start + days - 1)), 0)
    return np.clip(1.0 - distance / (taper + 1), 0.0, 1.0)


def city_normals(region: Region, city: str) -> dict[str, FloatArray]:
    """Monthly normals of a city: its stations' normals mixed by weight (never their hourly series), [month]."""
    weights = {
        row["station"]: row["weight_share"]
        for row in region.table("weather/city_stations").rows()
        if row["city"] == city
    }
    rows = region.table("weather/station_normals").rows()
    names = [k for k in rows[0] if k not in ("station", "month", *PROVENANCE_COLUMNS)]
    mixed = {name: np.zeros(12) for name in names}
    for row in rows:
        weight = weights.get(row["station"], 0.0)
        for name in names:
            mixed[name][row["month"] - 1] += weight * row[name]
    return mixed


def seasonal(monthly: FloatArray) -> FloatArray:
    """A smooth year through mid-month anchors whose monthly means are the normals, [day]."""
    day = np.arange(DAYS) + 0.5
    anchors = monthly.copy()
    known_at = np.concatenate([[_MID_MONTH[-1] - DAYS], _MID_MONTH, [_MID_MONTH[0] + DAYS]])
    curve = np.zeros(DAYS)
    for _ in range(30):
        curve = np.interp(day, known_at, np.concatenate([anchors[-1:], anchors, anchors[:1]]))
        anchors = anchors + monthly - _month_means(curve)
    return curve


def _hourly_temperature(
    region: Region, daily: FloatArray, range_k: FloatArray, clearness: FloatArray
) -> FloatArray:
    """Daily means and ranges to hours (Erbs, Klein and Beckman 1983), degC [h]; clear days swing wider."""
    floor = region.number(SUBJECT, "range_floor_share")
    swing = range_k[_MONTH_OF_DAY] * (floor + (1.0 - floor) * clearness)
    t = 2 * np.pi * np.arange(24) / 24
    shape = (
        0.4632 * np.cos(t - 3.805)
        + 0.0984 * np.cos(2 * t - 0.360)
        + 0.0168 * np.cos(3 * t - 0.822)
        + 0.0138 * np.cos(4 * t - 3.513)
    )
    shape = (shape - shape.mean()) / (shape.max() - shape.min())
    noon = np.arange(-1, DAYS + 1) * 24.0 + 12.0
    around = np.concatenate([daily[-1:], daily, daily[:1]])
    base = np.interp(np.arange(HOURS) + 0.5, noon, around).reshape(DAYS, 24)
    base = base + 0.5 * (daily - base.mean(axis=1))[:, None]
    return np.reshape(base + swing[:, None] * shape, HOURS)


def _hourly_radiation(region: Region, city: str, daily_kwh: FloatArray) -> FloatArray:
    """Global horizontal radiation, W/m2 [h]: each day's sum spread by the sun's path.

    Hour shape: Collares-Pereira and Rabl 1979 on solar time from longitude and the equation of time.
    """
    longitude = region.number("weather", "longitude_deg", city)
    omega = hour_angle_rad(_DAY[:, None], np.arange(0.5, 24.0), longitude)
    omega_s = _sunset_angle(region, city)[:, None]
    a = 0.409 + 0.5016 * np.sin(omega_s - np.pi / 3)
    b = 0.6609 - 0.4767 * np.sin(omega_s - np.pi / 3)
    shape = (a + b * np.cos(omega)) * (np.cos(omega) - np.cos(omega_s))
    shape = np.where(np.abs(omega) < omega_s, np.maximum(shape, 0.0), 0.0)
    shape = shape / shape.sum(axis=1, keepdims=True)
    return np.reshape(1e3 * daily_kwh[:, None] * shape, HOURS)


def _daily_radiation_kwh(region: Region, city: str, monthly_kwh: FloatArray, sun: FloatArray) -> FloatArray:
    """Each day's radiation, kWh/m2 [day]: the month's sum by daily sun, no day clearer than a clear sky."""
    latitude = np.radians(region.number("weather", "latitude_deg", city))
    delta, omega_s = declination_rad(_DAY), _sunset_angle(region, city)
    above_kwh = (24 / np.pi) * above_air_w_per_m2(_DAY) / 1e3
    above_kwh = above_kwh * (
        np.cos(latitude) * np.cos(delta) * np.sin(omega_s) + omega_s * np.sin(latitude) * np.sin(delta)
    )
    limit = region.number(SUBJECT, "clear_sky_share") * above_kwh
    daily = sun * (monthly_kwh / np.array(MONTH_DAYS))[_MONTH_OF_DAY]
    for _ in range(50):  # what a clear day cannot hold goes to the month's other days
        daily = np.minimum(daily, limit)
        daily = daily * (monthly_kwh / np.array(MONTH_DAYS) / _month_means(daily))[_MONTH_OF_DAY]
    return np.asarray(daily)


def _sunset_angle(region: Region, city: str) -> FloatArray:
    latitude = np.radians(region.number("weather", "latitude_deg", city))
    return np.asarray(np.arccos(np.clip(-np.tan(latitude) * np.tan(declination_rad(_DAY)), -1, 1)))


def _humidity_ratio(
    region: Region,
    daily: FloatArray,
    normals: dict[str, FloatArray],
    hourly: FloatArray,
) -> FloatArray:
    """Water in the air, kg/kg [h]: vapour pressure follows the daily mean at constant relative humidity."""
    growth = region.number(SUBJECT, "humidity_growth_per_k")
    mean = normals["mean_temperature_degc"][_MONTH_OF_DAY]
    vapour = normals["vapour_pressure_pa"][_MONTH_OF_DAY] * np.exp(growth * (daily - mean))
    lowest = hourly.reshape(DAYS, 24).min(axis=1)
    vapour = np.minimum(vapour, 0.98 * saturation_pa(lowest))
    return np.repeat(humidity_ratio_kg_per_kg(vapour), 24)
