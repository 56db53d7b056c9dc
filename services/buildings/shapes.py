"""Hourly shapes of buildings by end use: fixed by the base-year stock and the weather year, never by the scenario.

Heating and cooling fall in the hours of the heat balance of the base stock, spread over starting times; the rest
follows schedules and the season.
"""

from typing import Final

import numpy as np

from services.buildings.base import PUBLIC, PUBLIC_TYPES, StockBase, stock_base
from services.buildings.intensity import intensities
from services.buildings.use import holidays, schedule
from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY, HOURS, MONTH_DAYS, SATURDAY
from services.common.digest import array_digest
from services.common.recording import kept
from services.common.regions import Region
from services.common.weather import WeatherYear, weather_year
from services.common.words import Label, LoadShape

LEAVES: Final = "buildings/shapes"
HEATING_RESIDENTIAL: Final = "buildings.space_heating_residential"
HEATING_PUBLIC: Final = "buildings.space_heating_public"
COOLING_RESIDENTIAL: Final = "buildings.cooling_residential"
COOLING_PUBLIC: Final = "buildings.cooling_public"
HOT_WATER: Final = "buildings.hot_water"
COOKING_RESIDENTIAL: Final = "buildings.cooking_residential"
COOKING_PUBLIC: Final = "buildings.cooking_public"
APPLIANCES_RESIDENTIAL: Final = "buildings.lighting_appliances_residential"
APPLIANCES_PUBLIC: Final = "buildings.lighting_appliances_public"
DISTRICT_HEAT: Final = "buildings.district_heat"
ROOFTOP_PV: Final = "buildings.rooftop_pv"
_MONTH = np.repeat(np.arange(12), np.array(MONTH_DAYS) * 24)

_ROWS: Final = (
    (HEATING_RESIDENTIAL, "space_heating", "住宅供暖", "space heating of dwellings"),
    (HEATING_PUBLIC, "space_heating", "公共建筑供暖", "space heating of public buildings"),
    (COOLING_RESIDENTIAL, "cooling", "住宅空调", "cooling of dwellings"),
    (COOLING_PUBLIC, "cooling", "公共建筑空调", "cooling of public buildings"),
    (HOT_WATER, "hot_water", "生活热水", "hot water"),
    (COOKING_RESIDENTIAL, "cooking", "住宅炊事", "cooking in dwellings"),
    (COOKING_PUBLIC, "cooking", "餐饮炊事", "catering"),
    (APPLIANCES_RESIDENTIAL, "lighting_appliances", "住宅照明家电", "lighting and appliances of dwellings"),
    (
        APPLIANCES_PUBLIC,
        "lighting_appliances",
        "公共建筑照明设备",
        "lighting and equipment of public buildings",
    ),
    (DISTRICT_HEAT, "space_heating", "区域供热", "district heat of buildings"),
    (ROOFTOP_PV, "rooftop_pv", "屋顶光伏", "rooftop PV"),
)


@kept(maxsize=8)
def load_shapes(region_id: str, weather: str) -> tuple[LoadShape, ...]:
    """The basis of a region in a weather year."""
    base = stock_base(region_id)
    region = base.region
    year = weather_year(region, weather, 0.0)
    hourly = intensities(region_id, weather).hourly
    people = base.population / base.population.sum()
    outdoor = (people[:, None] * year.temperature_degc).sum(axis=0)
    homes = _day_profile(region, "cooking_home")
    catering = _day_profile(region, "cooking_catering") * schedule(region_id, "com", "occ").reshape(
        DAYS, 24
    ).sum(axis=1).repeat(24)
    values = {
        HEATING_RESIDENTIAL: _by_weather(region, hourly[0], outdoor, "heating_residential"),
        COOLING_RESIDENTIAL: _by_weather(region, hourly[1], outdoor, "cooling_residential"),
        HEATING_PUBLIC: _by_weather(region, hourly[2], outdoor, "heating_public"),
        COOLING_PUBLIC: _by_weather(region, hourly[3], outdoor, "cooling_public"),
        HOT_WATER: _hot_water(region, outdoor),
        COOKING_RESIDENTIAL: homes,
        COOKING_PUBLIC: catering,
        APPLIANCES_RESIDENTIAL: _home_appliances(region),
        APPLIANCES_PUBLIC: _public_equipment(base),
        DISTRICT_HEAT: _district_heat(base, year),
        ROOFTOP_PV: year.pv_share,
    }
    return tuple(_shape(name, cause, Label(zh, en), values[name]) for name, cause, zh, en in _ROWS)


def _shape(name: str, cause: str, label: Label, hourly: FloatArray) -> LoadShape:
    share = np.ascontiguousarray(hourly / hourly.sum())
    share.flags.writeable = False
    return LoadShape(name, array_digest(share), cause, label, share)


def _by_weather(region: Region, hourly: FloatArray, outdoor: FloatArray, name: str) -> FloatArray:
    """Days by a weather curve of felt temperature, hours of a day by the heat balance, spread over starting times.

        T^ = 0.6 T(d) + 0.3 T(d-1) + 0.1 T(d-2);  cooling ~ 1 - exp(-((T^ - base)/scale)^k);  heating ~ base - T^
    The curve saturates because on hot days nearly all units run already, which identical simulated homes miss.
    """

    def value(leaf: str) -> float:
        return region.number(LEAVES, f"{name}_{leaf}")

    daily = outdoor.reshape(DAYS, 24).mean(axis=1)
    weights = [region.number(LEAVES, f"felt_temperature_weight_{k}") for k in range(3)]
    felt = sum(w * np.roll(daily, k) for k, w in enumerate(weights))
    day = np.arange(DAYS)
    if name.startswith("cooling"):
        excess = np.maximum(felt - value("base_degc"), 0.0) / value("scale_k")
        amount = 1 - np.exp(-(excess ** value("exponent")))
    else:
        amount = np.maximum(value("base_degc") - felt, 0.0)
    season = (day >= value("first_day")) & (day <= value("last_day"))
    if value("first_day") > value("last_day"):
        season = (day >= value("first_day")) | (day <= value("last_day"))
    festival, october = holidays(region)
    rest = ((day + FIRST_WEEKDAY) % 7 >= SATURDAY) | (festival + october > 0)
    spread = _spread(hourly, int(value("smoothing_hours"))).reshape(DAYS, 24)
    out = np.zeros((DAYS, 24))
    for kind in (rest, ~rest):
        weight = amount * season * kind
        profile = (spread * (season & kind)[:, None]).sum(axis=0) / (season & kind).sum()
        level = value("level_share")
        profile = (1 - level) * profile + level * profile.mean()
        out += weight[:, None] * profile[None, :]
    return out.ravel()


def _spread(hourly: FloatArray, half: int) -> FloatArray:
    """Spread over starting times by a triangle; the year is a ring."""
    weights = np.array([half + 1 - abs(k) for k in range(-half, half + 1)], dtype=float)
    weights /= weights.sum()
    shifted = [w * np.roll(hourly, k) for w, k in zip(weights, range(-half, half + 1), strict=True)]
    return np.asarray(np.sum(shifted, axis=0))


def _day_profile(region: Region, name: str) -> FloatArray:
    row = region.table("buildings/day_profiles").by("profile")[name]
    return np.tile(np.array([row[f"h{h:02d}"] for h in range(24)]), DAYS)


def _hot_water(region: Region, outdoor: FloatArray) -> FloatArray:
    monthly = np.array([outdoor[m == _MONTH].mean() for m in range(12)])
    cold = np.maximum(monthly, region.number(LEAVES, "cold_water_lowest_degc"))
    rise = region.number(LEAVES, "hot_water_use_degc") - cold
    return np.asarray(_day_profile(region, "hot_water") * rise[_MONTH])


def _home_appliances(region: Region) -> FloatArray:
    row = region.table("buildings/archetypes").by("archetype")["urban_residential_high"]
    varying = row["equipment_w_per_m2"] * schedule(region.region_id, "res", "equip")
    varying = varying + row["lighting_w_per_m2"] * schedule(region.region_id, "res", "light")
    constant = region.number(LEAVES, "constant_appliance_share")
    return np.asarray(constant / HOURS + (1 - constant) * varying / varying.sum())


def _public_equipment(base: StockBase) -> FloatArray:
    region = base.region
    archetypes = region.table("buildings/archetypes").by("archetype")
    types = region.table("buildings/public_types").by("building_type")
    area = base.type_area_m2[:, PUBLIC].sum(axis=0)
    total = np.zeros(HOURS)
    for t, name in enumerate(PUBLIC_TYPES):
        row, use = archetypes[name], types[name]["schedule"]
        watt = row["lighting_w_per_m2"] * schedule(region.region_id, use, "light")
        watt = watt + row["equipment_w_per_m2"] * schedule(region.region_id, use, "equip")
        total += area[t] * watt
    return total


def _district_heat(base: StockBase, year: WeatherYear) -> FloatArray:
    """Degree-hours of the heating season in the cities with networks."""
    region = base.region
    weight = base.district_heated_share * base.type_area_m2[:, 0]
    weight = weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))
    outdoor = (weight[:, None] * year.temperature_degc).sum(axis=0)
    day = np.arange(HOURS) // 24
    first = region.number("buildings/physics", "public_heating_first_day")
    last = region.number("buildings/physics", "public_heating_last_day")
    season = (day >= first) | (day <= last)
    return np.where(season, np.maximum(region.number(LEAVES, "network_base_degc") - outdoor, 0.0), 0.0)
