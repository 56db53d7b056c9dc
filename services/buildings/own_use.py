"""Own use of rooftop PV: hour by hour in each building group of each city, tabulated once a region.

Output used in the same hour depends on the ratio of PV energy to load energy of the buildings under the modules.
Modules stand on some roofs and fill them, so the ratio is that of a full roof, whatever the region's capacity.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from services.buildings import shapes
from services.buildings.base import FACTORY, PUBLIC, RURAL, TYPES, URBAN
from services.buildings.end_use_records import RURAL as RURAL_SEGMENT
from services.buildings.end_use_records import Key
from services.buildings.roof_kernels import share_used
from services.buildings.roofs.places import city_output
from services.buildings.stock import Stock
from services.buildings.use import schedule
from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.units import KWH_PER_MWH

# Yearly PV energy over yearly load; the curve is linear between. It is straight near 0 and flat far out.
_RATIOS: Final = np.concatenate([[0.0], np.geomspace(0.01, 50.0, 47)])
_WEATHER: Final = "normal"


def group_load_mwh(
    region: Region, stock: Stock, energy: Mapping[Key, FloatArray], public_mwh: FloatArray
) -> FloatArray:
    """Electricity behind the meters of a building type, MWh [p, t, y], as if every roof had buildings like those
    that carry PV under it; `public_mwh` [t, p, y] is that of public types."""
    load = np.empty_like(stock.demand_m2)
    area = stock.type_m2
    per_m2, over_mean = _roof_loads(region)
    for t in (URBAN, FACTORY):
        load[:, t] = area[:, t] * per_m2[t] / KWH_PER_MWH
    electricity = sum((e for (_, carrier), e in energy.items() if carrier == "electricity"), np.zeros(1))
    load[:, RURAL] = electricity[RURAL_SEGMENT]
    load[:, PUBLIC] = public_mwh.transpose(1, 0, 2)
    load *= over_mean[:, None]
    return load


@kept(maxsize=8)
def _roof_loads(region: Region) -> tuple[FloatArray, FloatArray]:
    """Load under roofs that carry PV, kWh/m2 [t], and load there over the mean of the type, [t]."""
    rows = region.table("buildings/roof_loads").by("building_type")
    per_m2, over_mean = (
        np.array([rows[t][name] for t in TYPES]) for name in ("kwh_per_m2", "load_over_mean")
    )
    return per_m2, over_mean


def own_use_share(region_id: str, ratio: FloatArray) -> FloatArray:
    """Share of output used behind the meter, [p, t, y], from PV energy over load energy [p, t, y]."""
    out = np.empty_like(ratio)
    share_used(ratio, _RATIOS, _tables(region_id), out)
    return out


@kept(maxsize=8)
def _tables(region_id: str) -> FloatArray:
    """Load met by PV over all load, [p, t, ratio]."""
    output = city_output(region_id)
    output = output / output.sum(axis=1, keepdims=True)
    loads = load_shapes_of_roofs(region_id)
    found = np.zeros((len(output), len(TYPES), len(_RATIOS)))
    for p, sun in enumerate(output):
        bright = sun > 0
        for k, ratio in enumerate(_RATIOS):
            found[p, :, k] = np.minimum(ratio * sun[bright], loads[:, bright]).sum(axis=1)
    found.flags.writeable = False
    return found


@kept(maxsize=8)
def load_shapes_of_roofs(region_id: str) -> FloatArray:
    """Shape of the load behind the meter by building type, each summing to 1, [t, h]."""
    region = load_region(region_id)
    rows = region.table("buildings/roof_loads").by("building_type")
    archetypes = region.table("buildings/archetypes").by("archetype")
    weather = {s.shape_id: s.hourly_share for s in shapes.load_shapes(region_id, _WEATHER)}
    found = np.zeros((len(TYPES), HOURS))
    for t, name in enumerate(TYPES):
        row = rows[name]
        dwelling = t in (URBAN, RURAL)
        heat = weather[shapes.HEATING_RESIDENTIAL if dwelling else shapes.HEATING_PUBLIC]
        cool = weather[shapes.COOLING_RESIDENTIAL if dwelling else shapes.COOLING_PUBLIC]
        use = _use(region, row, archetypes["urban_residential_high" if t == URBAN else name])
        constant, heating, cooling = (row[f"{k}_share"] for k in ("constant", "heating", "cooling"))
        found[t] = constant / HOURS + heating * heat + cooling * cool
        found[t] += (1 - constant - heating - cooling) * use / use.sum()
    found.flags.writeable = False
    return found


def _use(region: Region, row: Mapping[str, Any], archetype: Mapping[str, Any]) -> FloatArray:
    """Lamps and equipment by schedule, W/m2 [h]."""
    lamps = archetype["lighting_w_per_m2"] * schedule(region.region_id, row["schedule"], "light")
    if row["part"] == "lighting":
        return np.asarray(lamps)
    equipment = archetype["equipment_w_per_m2"] * schedule(region.region_id, row["schedule"], "equip")
    return np.asarray(lamps + equipment)
