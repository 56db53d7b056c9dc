"""The contract's answer from a projection: uses by carrier and shape, rooftop PV, indicators, the years asked for."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from services.buildings import shapes
from services.buildings.flexible import flexible_loads
from services.buildings.indicators import (
    METRICS,
    from_region_values,
    parts_and_wholes,
    region_only,
    values_by_place,
)
from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.factors import factors_tco2_per_gj
from services.common.outcome import (
    ElectricityUse,
    FuelUse,
    Indicator,
    OnSiteGeneration,
    Outcome,
    empty_place_values,
    sealed,
)
from services.common.revision import revision_of
from services.common.scenario import Frame

SECTOR: Final = "buildings"
_METRIC_NAMES: Final = tuple((m.metric_id, m.metric_id.partition(".")[2]) for m in METRICS)
_DWELLINGS: Final = (0, 1)
_PUBLIC: Final = (2,)
_ALL: Final = (0, 1, 2)
# name of the use, end use, segments, shape
_ELECTRICITY: Final = (
    ("space_heating_residential", "space_heating", _DWELLINGS, shapes.HEATING_RESIDENTIAL),
    ("space_heating_public", "space_heating", _PUBLIC, shapes.HEATING_PUBLIC),
    ("cooling_residential", "cooling", _DWELLINGS, shapes.COOLING_RESIDENTIAL),
    ("cooling_public", "cooling", _PUBLIC, shapes.COOLING_PUBLIC),
    ("hot_water", "hot_water", _ALL, shapes.HOT_WATER),
    ("cooking_residential", "cooking", _DWELLINGS, shapes.COOKING_RESIDENTIAL),
    ("cooking_public", "cooking", _PUBLIC, shapes.COOKING_PUBLIC),
    (
        "lighting_appliances_residential",
        "lighting_appliances",
        _DWELLINGS,
        shapes.APPLIANCES_RESIDENTIAL,
    ),
    ("lighting_appliances_public", "lighting_appliances", _PUBLIC, shapes.APPLIANCES_PUBLIC),
    ("district_heating", "district_heating", _ALL, shapes.DISTRICT_HEAT),
)


def make_outcome(projection: Projection, frame: Frame) -> Outcome:
    """Outcome of the frame's years, sealed."""
    region = projection.base.region
    cut = slice(frame.first_year - BASE_YEAR, frame.last_year - BASE_YEAR + 1)
    roofs = projection.roofs
    return sealed(
        Outcome(
            sector=SECTOR,
            places=region.city_ids,
            years=frame.years,
            electricity_uses=_electricity(projection, cut),
            fuel_uses=_fuels(projection, cut),
            process_emissions=(),
            heat_supplies=(),
            on_site_generations=(
                OnSiteGeneration(
                    "rooftop_pv",
                    shapes.ROOFTOP_PV,
                    _cut(roofs.capacity_mw, cut),
                    _cut(roofs.energy_mwh, cut),
                ),
            ),
            flexible_loads=flexible_loads(projection, cut),
            indicators=_indicators(projection, cut),
            digest="",
            revision=revision_of(region),
        )
    )


def _cut(values: FloatArray, cut: slice) -> FloatArray:
    return np.ascontiguousarray(values[..., cut])


def _electricity(projection: Projection, cut: slice) -> tuple[ElectricityUse, ...]:
    return tuple(
        ElectricityUse(name, shape, _cut(_of_segments(projection, use, segments), cut))
        for name, use, segments, shape in _ELECTRICITY
    )


def _of_segments(projection: Projection, use: str, segments: tuple[int, ...]) -> FloatArray:
    """Electricity of a use in some segments, MWh [p, y]."""
    if segments == _ALL:
        return projection.used[use, "electricity"]
    energy = projection.energy[use, "electricity"]
    return np.asarray(sum(energy[s] for s in segments))


def _fuels(projection: Projection, cut: slice) -> tuple[FuelUse, ...]:
    factors = factors_tco2_per_gj(projection.base.region)
    found = []
    for (use, carrier), total in projection.used.items():
        if carrier != "electricity":
            found.append(FuelUse(use, carrier, _cut(total, cut), _cut(total * factors[carrier], cut)))
    return tuple(found)


def _indicators(projection: Projection, cut: slice) -> tuple[Indicator, ...]:
    """Every metric once, in the order of the rows."""
    of_places = values_by_place(projection)
    amounts, whole_region = _one_above_the_other(of_places.values())
    shared = parts_and_wholes(projection, dict(zip(of_places, amounts, strict=True)))
    parts, wholes = zip(*shared.values(), strict=True)
    (part, part_of_region), (whole, whole_of_region) = (
        _one_above_the_other(parts),
        _one_above_the_other(wholes),
    )
    places = np.concatenate([amounts, _share(part, whole)])
    values = np.concatenate([whole_region, _share(part_of_region, whole_of_region)])
    names = (*of_places, *shared)
    region = dict(zip(names, values, strict=True))
    region |= region_only(projection)
    region |= from_region_values(projection, region)
    every = dict(zip(region, _cut(np.array(tuple(region.values())), cut), strict=True))
    cut_places = dict(zip(names, _cut(places, cut), strict=True))
    none = empty_place_values()
    return tuple(
        Indicator(metric_id, every[name], cut_places.get(name, none)) for metric_id, name in _METRIC_NAMES
    )


def _one_above_the_other(values: Iterable[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Values [p, y] as one array [k, p, y], and their sums over the places, [k, y]."""
    found = np.array(tuple(values))
    return found, found.sum(axis=1)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
