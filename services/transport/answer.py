"""The contract's answer: electricity by use and shape, fuels, flexible loads, indicators, the years asked for."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.outcome import (
    ElectricityUse,
    FlexibleLoad,
    FuelUse,
    Indicator,
    Outcome,
    empty_place_values,
    sealed,
)
from services.common.revision import revision_of
from services.common.scenario import Frame
from services.transport.activity import Activity
from services.transport.base import SECTOR, TransportBase
from services.transport.charging import charging_by_shape, flexible_loads
from services.transport.energy import USES, Energy
from services.transport.indicators import parts, quotient, region_constants, sums_by_place
from services.transport.metrics import METRICS

_RAIL_SHAPE = f"{SECTOR}.rail_metro"
_PORT_SHAPE = f"{SECTOR}.port_shore"
_SHAPES = {
    "rail": _RAIL_SHAPE,
    "metro": _RAIL_SHAPE,
    "ports": _PORT_SHAPE,
    "shore_power": _PORT_SHAPE,
    "ships": _PORT_SHAPE,
    "hydrogen_supply": f"{SECTOR}.hydrogen_supply",
}


def make_outcome(
    base: TransportBase, paths: LeverPaths, activity: Activity, energy: Energy, frame: Frame
) -> Outcome:
    """Outcome of the frame's years, sealed."""
    cut = slice(frame.first_year - BASE_YEAR, frame.last_year - BASE_YEAR + 1)
    charging = charging_by_shape(base, paths, energy)
    return sealed(
        Outcome(
            sector=SECTOR,
            places=base.region.city_ids,
            years=frame.years,
            electricity_uses=_charging(charging, cut) + _systems(energy, cut),
            fuel_uses=_fuels(base, energy, cut),
            process_emissions=(),
            heat_supplies=(),
            on_site_generations=(),
            flexible_loads=tuple(
                _cut_load(load, cut) for load in flexible_loads(base, paths, activity, charging)
            ),
            indicators=_indicators(base, paths, activity, energy, cut),
            digest="",
            revision=revision_of(base.region),
        )
    )


def _cut(values: FloatArray, cut: slice) -> FloatArray:
    return np.ascontiguousarray(values[..., cut])


def _charging(charging: dict[tuple[str, str], FloatArray], cut: slice) -> tuple[ElectricityUse, ...]:
    groups: dict[tuple[str, str], FloatArray] = {}
    for (vehicle_class, shape), mwh in charging.items():
        key = (USES[vehicle_class], f"{SECTOR}.{shape}")
        groups[key] = groups[key] + mwh if key in groups else mwh
    return tuple(ElectricityUse(use, shape, _cut(mwh, cut)) for (use, shape), mwh in groups.items())


def _systems(energy: Energy, cut: slice) -> tuple[ElectricityUse, ...]:
    return tuple(
        ElectricityUse(use, _SHAPES[use], _cut(mwh, cut)) for use, mwh in energy.electricity_mwh.items()
    )


def _fuels(base: TransportBase, energy: Energy, cut: slice) -> tuple[FuelUse, ...]:
    tco2 = energy.tco2(base)
    return tuple(
        FuelUse(use, carrier, _cut(gj, cut), _cut(tco2[use, carrier], cut))
        for (use, carrier), gj in energy.fuel_gj.items()
    )


def _cut_load(load: FlexibleLoad, cut: slice) -> FlexibleLoad:
    return FlexibleLoad(
        load.flexible_load_id,
        load.shape_id,
        load.window_hours,
        load.efficiency_share,
        _cut(load.energy_mwh, cut),
        _cut(load.power_mw, cut),
        _cut(load.feed_in_mw, cut),
    )


def _indicators(
    base: TransportBase, paths: LeverPaths, activity: Activity, energy: Energy, cut: slice
) -> tuple[Indicator, ...]:
    """Every metric once, in the order of the rows."""
    places = sums_by_place(base, activity, energy)
    region = {name: values.sum(axis=0) for name, values in places.items()}
    shares = parts(base, paths, activity, energy, places)
    region |= {name: quotient(part.sum(axis=0), whole.sum(axis=0)) for name, (part, whole) in shares.items()}
    region |= region_constants(base, len(paths.years))
    places |= {name: quotient(part, whole) for name, (part, whole) in shares.items()}
    # cities without a sea port answer with the lever; the region weights its sea ports
    places["port_bulk_rail_water_share"] = activity.freight.port_bulk_share
    found = []
    for metric in METRICS:
        name = metric.metric_id.partition(".")[2]
        own = _cut(places[name], cut) if name in places else empty_place_values()
        found.append(Indicator(metric.metric_id, _cut(region[name], cut), own))
    return tuple(found)
