"""The contract's answer: electricity by use and shape, fuels, flexible loads, indicators, the years asked for."""

from collections.abc import Iterable

import numpy as np

from services.common.arrays import FloatArray, in_years
from services.common.axes import BASE_YEAR
from services.common.outcome import (
    ElectricityUse,
    FlexibleLoad,
    FuelUse,
    Indicator,
    Outcome,
    checked,
    empty_place_values,
    sealed,
)
from services.common.revision import revision_of
from services.common.scenario import Frame
from services.transport.base import SECTOR
from services.transport.energy import USES, Energy
from services.transport.indicators import IN_CITIES, METRIC_NAMES, OF_REGION, SHARES, SUMS
from services.transport.indicators.project import Projection, Sums, quotient

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
    p: Projection, frame: Frame, only: frozenset[str] | None = None, *, with_digest: bool = True
) -> Outcome:
    """Outcome of the frame's years, checked; its metrics all, or `only` those named."""
    base, energy = p.base, p.energy
    cut = slice(frame.first_year - BASE_YEAR, frame.last_year - BASE_YEAR + 1)
    outcome = Outcome(
        sector=SECTOR,
        places=base.region.city_ids,
        years=frame.years,
        electricity_uses=_charging(p.charging, cut) + _systems(energy, cut),
        fuel_uses=_fuels(energy, cut),
        process_emissions=(),
        heat_supplies=(),
        on_site_generations=(),
        flexible_loads=tuple(_cut_load(load, cut) for load in p.flexible_loads),
        indicators=_indicators(p, cut, only),
        digest="",
        revision=revision_of(base.region),
    )
    return sealed(outcome) if with_digest else checked(outcome)


def _charging(charging: dict[tuple[str, str], FloatArray], cut: slice) -> tuple[ElectricityUse, ...]:
    groups: dict[tuple[str, str], FloatArray] = {}
    for (vehicle_class, shape), mwh in charging.items():
        key = (USES[vehicle_class], f"{SECTOR}.{shape}")
        groups[key] = groups[key] + mwh if key in groups else mwh
    return tuple(ElectricityUse(use, shape, in_years(mwh, cut)) for (use, shape), mwh in groups.items())


def _systems(energy: Energy, cut: slice) -> tuple[ElectricityUse, ...]:
    return tuple(
        ElectricityUse(use, _SHAPES[use], in_years(mwh, cut)) for use, mwh in energy.electricity_mwh.items()
    )


def _fuels(energy: Energy, cut: slice) -> tuple[FuelUse, ...]:
    return tuple(
        FuelUse(use, carrier, in_years(gj, cut), in_years(energy.fuel_tco2[use, carrier], cut))
        for (use, carrier), gj in energy.fuel_gj.items()
    )


def _cut_load(load: FlexibleLoad, cut: slice) -> FlexibleLoad:
    return FlexibleLoad(
        load.flexible_load_id,
        load.shape_id,
        load.window_hours,
        load.efficiency_share,
        in_years(load.energy_mwh, cut),
        in_years(load.power_mw, cut),
        in_years(load.feed_in_mw, cut),
    )


def _indicators(p: Projection, cut: slice, only: frozenset[str] | None) -> tuple[Indicator, ...]:
    """Every metric once, or those named, in the order of the rows.

    Sums and shares are stacked, so that hundreds of small arrays are cut, summed and divided in one go.
    """
    asked = METRIC_NAMES if only is None else {i: n for i, n in METRIC_NAMES.items() if i in only}
    named = frozenset(asked.values())
    sums = Sums(SUMS, p)
    added = {name: sums[name] for name in SUMS if name in named}
    shares = {name: make(p, sums) for name, make in SHARES.items() if name in named}
    places = _stacked(added.values(), p, cut)
    parts, wholes = (_stacked((pair[i] for pair in shares.values()), p, cut) for i in (0, 1))
    region = dict(zip(added, places.sum(axis=1), strict=True))
    region |= zip(shares, quotient(parts.sum(axis=1), wholes.sum(axis=1)), strict=True)
    region |= {name: in_years(make(p), cut) for name, make in OF_REGION.items() if name in named}
    cities = dict(zip(added, places, strict=True))
    cities |= zip(shares, quotient(parts, wholes), strict=True)
    cities |= {name: in_years(make(p), cut) for name, make in IN_CITIES.items() if name in named}
    nowhere = empty_place_values()
    return tuple(
        [Indicator(metric_id, region[name], cities.get(name, nowhere)) for metric_id, name in asked.items()]
    )


def _stacked(values: Iterable[FloatArray], p: Projection, cut: slice) -> FloatArray:
    """Arrays [p, y] on top of each other in the years asked for, [n, p, y]."""
    arrays = tuple(values)
    if not arrays:
        return np.empty((0, *p.activity.population[:, cut].shape))
    return in_years(np.stack(arrays), cut)
