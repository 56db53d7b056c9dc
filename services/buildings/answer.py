"""The contract's answer from a projection: uses by carrier and shape, rooftop PV, indicators, the years asked for."""

from typing import Final

import numpy as np

from services.buildings import shapes
from services.buildings.flexible import flexible_loads
from services.buildings.indicators import METRICS
from services.buildings.indicators.values import metric_values
from services.buildings.project import Projection
from services.common.arrays import FloatArray, in_years
from services.common.axes import BASE_YEAR
from services.common.factors import factors_tco2_per_gj
from services.common.outcome import (
    ElectricityUse,
    FuelUse,
    Indicator,
    OnSiteGeneration,
    Outcome,
    checked,
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


def make_outcome(
    projection: Projection, frame: Frame, only: frozenset[str] | None = None, *, with_digest: bool = True
) -> Outcome:
    """Outcome of the frame's years, sealed; with `only` these metrics alone; without the digest checked only."""
    region = projection.base.region
    cut = slice(frame.first_year - BASE_YEAR, frame.last_year - BASE_YEAR + 1)
    roofs = projection.roofs
    finish = sealed if with_digest else checked
    return finish(
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
                    in_years(roofs.capacity_mw, cut),
                    in_years(roofs.energy_mwh, cut),
                ),
            ),
            flexible_loads=flexible_loads(projection, cut),
            indicators=_indicators(projection, cut, only),
            digest="",
            revision=revision_of(region),
        )
    )


def _electricity(projection: Projection, cut: slice) -> tuple[ElectricityUse, ...]:
    return tuple(
        ElectricityUse(name, shape, in_years(_of_segments(projection, use, segments), cut))
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
            found.append(FuelUse(use, carrier, in_years(total, cut), in_years(total * factors[carrier], cut)))
    return tuple(found)


def _indicators(projection: Projection, cut: slice, only: frozenset[str] | None) -> tuple[Indicator, ...]:
    """Every metric once, in the order of the rows; with `only` these alone."""
    wanted = {i: name for i, name in _METRIC_NAMES if only is None or i in only}
    if not wanted:
        return ()
    region, places = metric_values(projection, tuple(wanted.values()))
    rows = in_years(np.array([region[name] for name in wanted.values()]), cut)
    there = {name: k for k, name in enumerate(n for n in wanted.values() if n in places)}
    own = in_years(np.array([places[name] for name in there]), cut)
    none = empty_place_values()
    return tuple(
        Indicator(metric_id, values, own[there[name]] if name in there else none)
        for (metric_id, name), values in zip(wanted.items(), rows, strict=True)
    )
