"""One year's dispatch: hourly load and supply composed, the stack dispatched, hours settled and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS
from services.common.errors import DomainError
from services.common.power_outcome import FlexibleDemand, LoadComponent, OnSiteSupply
from services.power.accurate import refine_year
from services.power.capacity import STORES, Capacity, Imports
from services.power.fleet import Fleet
from services.power.flexible import FlexibleStores
from services.power.kernels import (
    add_contracts,
    dispatch_year,
    fill_valleys,
    settle_hours,
    sum_loads,
)
from services.power.stack import BLOCKS, Stack
from services.power.supply import DAY_MONTH, DAY_START, HOUR_MONTH, MONTH_START, Series

Index = NDArray[np.int64]
MUST_RUN = ("nuclear", "hydro", "biomass_waste", "offgas")
WIND_AND_PV = ("onshore_wind", "offshore_wind", "utility_pv")
BALANCE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Request:
    """What does not change from year to year of one projection. Arrays over years are those of the frame."""

    fleet: Fleet
    series: Series
    stack: Stack
    movable: FlexibleStores
    capacity: Capacity
    imports: Imports
    loads: Sequence[LoadComponent]
    on_site: Sequence[OnSiteSupply]
    flexible: Sequence[FlexibleDemand]
    shapes: Mapping[str, FloatArray]
    load_energy_mwh: FloatArray  # [c, year]
    load_shares: FloatArray  # [c, h]
    must_run_mwh: Mapping[str, FloatArray]  # gross, by technology [year]
    wind_and_pv_gross_mw: Mapping[str, FloatArray]  # by technology [year], multiplies the share series
    own_use: Mapping[str, float]  # share of gross by technology, calibrated
    value_of_lost_load: float
    loss_share: float
    smooth_rounds: int
    passes: int
    accurate: bool
    slices: int
    window: int


@dataclass(frozen=True)
class Year:
    """Hourly and annual results of one year. v: onshore, offshore, utility PV, then on-site supplies."""

    index: int
    meter_mwh: float
    load_mw: FloatArray  # [h] with losses, without own use
    own_use_mw: FloatArray  # [h]
    moved_mw: tuple[FloatArray, ...]  # [h] each flexible demand after it was moved
    vre_gross_mw: FloatArray  # [v, h]
    vre_net_mw: FloatArray  # [v, h]
    curtailed_mw: FloatArray  # [h] net
    curtailed_mwh: FloatArray  # [v] net
    slack_mw: FloatArray  # [h]
    import_mw: FloatArray  # [h]
    must_run_net_mw: Mapping[str, FloatArray]  # [h] or a constant
    minimum_net_mw: FloatArray  # [month, k] heat-led
    energy_mwh: FloatArray  # [k+2] stack segments in the order of BLOCKS
    online_mw: FloatArray  # [k, d]
    stack_x_mw: FloatArray  # [h]
    price_cny_per_mwh: FloatArray  # [h]
    store_net_mw: FloatArray  # [i, h]
    store_content_mwh: FloatArray  # [i, h+1]
    cost_cny: float
    bound_cny: float
    start_cost_cny: float
    residual_share: float
    order: Index  # [k] blocks by rising cost


def run_year(request: Request, y: int) -> Year:
    """Dispatch year y of the frame. Raises DomainError(BALANCE) when an hour does not close to 1e-9."""
    stack = request.stack
    meter, moved, vre_gross, vre_net = _load_and_sun(request, y)
    load = meter * (1 + request.loss_share)
    imports = np.zeros(HOURS)
    names = [line.technology for line in request.fleet.lines]
    add_contracts(
        request.series.imports,
        np.array([request.imports.energy_mwh[n][y] for n in names]),
        np.array([request.capacity.end_mw[n][y] for n in names]),
        imports,
    )
    must_run, fixed_own_use = _must_run(request, y)
    minimum, minimum_own_use = _minimum(request, y)
    must_total = sum((must_run[n] for n in MUST_RUN), 0.0) + minimum
    residual = load - vre_net.sum(axis=0) - imports - must_total
    residual, moved = _move(request, y, residual, moved)
    load = load + sum((m * (1 + request.loss_share) for m in moved), np.zeros(HOURS))
    order: Index = np.argsort(stack.price_cny_per_mwh[y], kind="stable")
    solved = _solve(request, y, residual, order)
    k_count = len(BLOCKS)
    delivered, own, cut, slack = (np.empty(HOURS) for _ in range(4))
    curtailed = np.empty(vre_net.shape[0])
    vre_own = np.array([request.own_use[t] / (1 - request.own_use[t]) for t in vre_technologies(request)])
    blocks = _ordered(stack, y, order)
    settle_hours(
        solved["x"],
        DAY_MONTH,
        blocks[0],
        blocks[1],
        blocks[2],
        blocks[3],
        blocks[4],
        solved["online"],
        request.passes > 0,
        np.ascontiguousarray(stack.own_use_per_mwh[order]),
        np.ascontiguousarray(fixed_own_use + minimum_own_use),
        vre_net,
        vre_own,
        delivered,
        own,
        cut,
        slack,
        curtailed,
    )
    net = solved["net"]
    supply = must_total + vre_net.sum(axis=0) - cut + delivered + imports + np.maximum(slack, 0.0)
    demand = load + np.maximum(-slack, 0.0)
    gap = supply - np.minimum(net, 0.0).sum(axis=0) - demand - np.maximum(net, 0.0).sum(axis=0)
    residual_share = float(np.abs(gap / load).max())
    energy = np.empty(k_count + 2)
    energy[0], energy[-1] = solved["energy"][0], solved["energy"][-1]
    energy[1:-1][order] = solved["energy"][1:-1]
    online = np.empty_like(solved["online"])
    online[order] = solved["online"]
    _check(request, y, residual_share, energy, delivered, solved["soc"])
    return Year(
        index=y,
        meter_mwh=float(request.load_energy_mwh[:, y].sum()),
        load_mw=load,
        own_use_mw=own,
        moved_mw=tuple(moved),
        vre_gross_mw=vre_gross,
        vre_net_mw=vre_net,
        curtailed_mw=cut,
        curtailed_mwh=curtailed,
        slack_mw=slack,
        import_mw=imports,
        must_run_net_mw=must_run,
        minimum_net_mw=stack.minimum_mw[y],
        energy_mwh=energy,
        online_mw=online,
        stack_x_mw=solved["x"],
        price_cny_per_mwh=solved["price"],
        store_net_mw=net,
        store_content_mwh=solved["soc"],
        cost_cny=float(solved["result"][0]),
        bound_cny=float(solved["result"][1]),
        start_cost_cny=float(solved["result"][2]),
        residual_share=residual_share,
        order=order,
    )


def vre_technologies(request: Request) -> list[str]:
    """Technology whose own use holds for each row of v."""
    return [*WIND_AND_PV, *("rooftop_pv" for _ in request.on_site)]


def _load_and_sun(request: Request, y: int) -> tuple[FloatArray, list[FloatArray], FloatArray, FloatArray]:
    """Load at the meter without what may be moved, the movable parts, wind and PV available gross and net."""
    meter = np.empty(HOURS)
    sum_loads(np.ascontiguousarray(request.load_energy_mwh[:, y]), request.load_shares, meter)
    movable = []
    for flexible in request.flexible:
        part = request.shapes[flexible.shape_digest] * flexible.energy_mwh[y]
        meter = meter - part
        movable.append(part)
    gross = np.empty((len(WIND_AND_PV) + len(request.on_site), HOURS))
    scale = request.wind_and_pv_gross_mw
    s = request.series
    gross[0] = s.onshore_wind * scale["onshore_wind"][y]
    gross[1] = (
        s.offshore_wind * scale["offshore_wind"][y] + s.far_offshore_wind * scale["far_offshore_wind"][y]
    )
    gross[2] = s.utility_pv * scale["utility_pv"][y]
    for i, supply in enumerate(request.on_site):
        gross[3 + i] = request.shapes[supply.shape_digest] * supply.energy_mwh[y]
    net = gross * (1 - np.array([request.own_use[t] for t in vre_technologies(request)]))[:, None]
    return meter, movable, gross, net


def _must_run(request: Request, y: int) -> tuple[dict[str, FloatArray], float]:
    """Net output of plants without freedom, MW, and their own use."""
    net, own = {}, 0.0
    for name in MUST_RUN:
        gross = request.must_run_mwh[name][y] / HOURS
        net[name] = np.full(HOURS, gross * (1 - request.own_use[name]))
        own += gross * request.own_use[name]
    return net, own


def _minimum(request: Request, y: int) -> tuple[FloatArray, FloatArray]:
    """Heat-led output of all blocks, MW net [h], and its own use [h]."""
    minimum = request.stack.minimum_mw[y]
    own = (minimum * request.stack.own_use_per_mwh).sum(axis=1)
    return minimum.sum(axis=1)[HOUR_MONTH], own[HOUR_MONTH]


# A night of charging belongs together: the days of what is moved run from noon to noon.
NOON = 12


def _move(
    request: Request, y: int, residual: FloatArray, movable: list[FloatArray]
) -> tuple[FloatArray, list[FloatArray]]:
    """Flexible demand by valley filling on the residual load, one after another; energy kept from noon to noon."""
    moved = []
    for flexible, part in zip(request.flexible, movable, strict=True):
        out = np.empty(HOURS)
        by_day = np.ascontiguousarray(np.roll(part, -NOON).reshape(DAYS, 24).sum(axis=1))
        fill_valleys(np.roll(residual, -NOON), by_day, float(flexible.power_mw[y]), out)
        out = np.roll(out, NOON)
        residual = residual + out * (1 + request.loss_share)
        moved.append(out)
    return residual, moved


def _ordered(stack: Stack, y: int, order: Index) -> tuple[Any, ...]:
    """Block arrays of year y in rising cost."""
    return (
        np.ascontiguousarray(stack.price_cny_per_mwh[y][order]),
        np.ascontiguousarray(stack.capacity_mw[y][:, order]),
        np.ascontiguousarray(stack.committed[order]),
        np.ascontiguousarray(stack.min_load_share[y][order]),
        np.ascontiguousarray(stack.no_load_share[order]),
    )


def _solve(request: Request, y: int, residual: FloatArray, order: Index) -> dict[str, FloatArray]:
    stack = request.stack
    k_count = len(BLOCKS)
    rows, reach = store_rows(request, y), store_reach(request, y)
    count = len(rows)
    # Best round trip first: the walks in turn come closest to the optimum so.
    first = np.argsort(-rows[:, 3] * rows[:, 4], kind="stable")
    out = {
        "energy": np.empty(k_count + 2),
        "online": np.zeros((k_count, DAYS)),
        "net": np.zeros((count, HOURS)),
        "soc": np.zeros((count, HOURS + 1)),
        "x": np.empty(HOURS),
        "price": np.empty(HOURS),
        "result": np.zeros(3),
    }
    blocks = _ordered(stack, y, order)
    dispatch_year(
        np.ascontiguousarray(residual),
        HOUR_MONTH,
        MONTH_START,
        DAY_MONTH,
        DAY_START,
        blocks[0],
        blocks[1],
        blocks[2],
        blocks[3],
        blocks[4],
        np.ascontiguousarray(stack.start_cost_cny_per_mw[order]),
        request.value_of_lost_load,
        np.ascontiguousarray(rows[first]),
        np.ascontiguousarray(reach[first]),
        request.smooth_rounds,
        request.passes,
        request.slices,
        request.window,
        out["energy"],
        out["online"],
        out["net"],
        out["soc"],
        out["x"],
        out["price"],
        out["result"],
    )
    if request.accurate:
        committed = blocks[2] if request.passes else np.zeros_like(blocks[2])
        units = (committed, blocks[3], blocks[4], np.ascontiguousarray(stack.start_cost_cny_per_mw[order]))
        refine_year(
            np.ascontiguousarray(residual),
            blocks[0],
            blocks[1],
            units,
            request.value_of_lost_load,
            np.ascontiguousarray(rows[first]),
            np.ascontiguousarray(reach[first]),
            out,
        )
    back = np.argsort(first)
    out["net"], out["soc"] = out["net"][back], out["soc"][back]
    return out


def store_rows(request: Request, y: int) -> FloatArray:
    """Stores of year y, then what can be moved: rows [i, 6]."""
    return np.concatenate([request.stack.stores[y], request.movable.rows[y]])


def store_reach(request: Request, y: int) -> FloatArray:
    """Share of their power that is there in each hour, [i, h]."""
    return np.concatenate([np.ones((len(STORES), HOURS)), request.movable.reach(y)])


def _check(
    request: Request,
    y: int,
    residual_share: float,
    energy: FloatArray,
    delivered: FloatArray,
    soc: FloatArray,
) -> None:
    """Every hour closes; block energies sum to what was delivered hour by hour; stores stay within their size."""
    problems = []
    if not residual_share <= BALANCE_TOLERANCE:
        problems.append(f"an hour is open by {residual_share:.2e} of the load")
    total = float(delivered.sum())
    if abs(float(energy[1:-1].sum()) - total) > BALANCE_TOLERANCE * max(total, 1.0):
        problems.append("block energies do not sum to what was delivered")
    size = store_rows(request, y)[:, 2:3]
    if (soc < -1e-6).any() or (soc > size + 1e-6).any():
        problems.append("a store left its bounds")
    if problems:
        raise DomainError("BALANCE", detail="; ".join(problems))
