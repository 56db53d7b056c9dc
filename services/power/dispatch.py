"""One year's dispatch: hourly load and supply composed, the stack dispatched, hours settled and checked."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from services.power.kernels import dispatch_year, year_scratch
from services.power.load_kernels import (
    add_contracts,
    fill_valleys,
    place_part,
    residual_load,
    return_days,
    sum_loads,
    take_out,
    turn_days,
)
from services.power.settle_kernels import open_share, settle_hours
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
    moved_mw: tuple[
        FloatArray | None, ...
    ]  # [h] each flexible demand after it was moved, None where there is none
    vre_gross_mw: FloatArray  # [v, h]
    vre_net_mw: FloatArray  # [v, h]
    curtailed_mw: FloatArray  # [h] net
    curtailed_mwh: FloatArray  # [v] net
    slack_mw: FloatArray  # [h]
    import_mw: FloatArray  # [h]
    must_run_net_mw: Mapping[str, float]
    minimum_net_mw: FloatArray  # [month, k] heat-led
    energy_mwh: FloatArray  # [k+2] stack segments in the order of BLOCKS
    online_mw: FloatArray  # [k, d]
    stack_x_mw: FloatArray  # [h]
    price_cny_per_mwh: FloatArray  # [h]
    store_net_mw: FloatArray  # [a, h] stores that have power, best round trip first
    store_content_mwh: FloatArray  # [a, h+1]
    store_row: Index  # [i] row of store i above, -1 where it has no power
    cost_cny: float
    bound_cny: float
    bounded: bool  # False: the bound was left out
    start_cost_cny: float
    residual_share: float
    order: Index  # [k] blocks by rising cost


_own = threading.local()


def scratch(size: int) -> FloatArray:
    """So many doubles of any content, kept by the thread: fresh pages cost more than what is written there."""
    kept: FloatArray | None = getattr(_own, "scratch", None)
    if kept is None or kept.size < size:
        kept = _own.scratch = np.empty(size)
    return kept


def run_year(request: Request, y: int, *, with_bound: bool = True) -> Year:
    """Dispatch year y of the frame; the certified bound may be left out and is then zero.

    Raises DomainError(BALANCE) when an hour does not close to 1e-9.
    """
    stack = request.stack
    meter, taken = _meter(request, y)
    vre_gross, vre_net = _sun_and_wind(request, y)
    imports = np.zeros(HOURS)
    names = [line.technology for line in request.fleet.lines]
    add_contracts(
        request.series.imports,
        np.array([request.imports.energy_mwh[n][y] for n in names]),
        np.array([request.capacity.end_mw[n][y] for n in names]),
        imports,
    )
    must_run, fixed_own_use = _must_run(request, y)
    minimum = stack.minimum_mw[y]
    load, fixed, residual = np.empty(HOURS), np.empty(HOURS), np.empty(HOURS)
    residual_load(
        meter,
        request.loss_share,
        vre_net,
        imports,
        np.array([must_run[n] for n in MUST_RUN]),
        minimum.sum(axis=1),
        HOUR_MONTH,
        load,
        fixed,
        residual,
    )
    moved = _move(request, y, taken, residual, load)
    order: Index = np.argsort(stack.price_cny_per_mwh[y], kind="stable")
    blocks = _ordered(stack, y, order)
    solved = _solve(request, y, residual, blocks, with_bound)
    k_count = len(BLOCKS)
    delivered, own, cut, slack = (np.empty(HOURS) for _ in range(4))
    curtailed = np.empty(vre_net.shape[0])
    settle_hours(
        solved.x,
        DAY_MONTH,
        blocks.price,
        blocks.cap,
        blocks.committed,
        blocks.min_load,
        blocks.no_load,
        solved.online,
        request.passes > 0,
        blocks.own_use,
        fixed_own_use + (minimum * stack.own_use_per_mwh).sum(axis=1),
        vre_net,
        np.array([request.own_use[t] / (1 - request.own_use[t]) for t in vre_technologies(request)]),
        delivered,
        own,
        cut,
        slack,
        curtailed,
    )
    residual_share = float(
        open_share(fixed, vre_net, cut, delivered, imports, slack, solved.net, solved.row_of, load)
    )
    energy = np.empty(k_count + 2)
    energy[0], energy[-1] = solved.energy[0], solved.energy[-1]
    energy[1:-1][order] = solved.energy[1:-1]
    online = np.empty_like(solved.online)
    online[order] = solved.online
    _check(residual_share, energy, delivered, solved)
    return Year(
        index=y,
        meter_mwh=float(request.load_energy_mwh[:, y].sum()),
        load_mw=load,
        own_use_mw=own,
        moved_mw=moved,
        vre_gross_mw=vre_gross,
        vre_net_mw=vre_net,
        curtailed_mw=cut,
        curtailed_mwh=curtailed,
        slack_mw=slack,
        import_mw=imports,
        must_run_net_mw=must_run,
        minimum_net_mw=minimum,
        energy_mwh=energy,
        online_mw=online,
        stack_x_mw=solved.x,
        price_cny_per_mwh=solved.price,
        store_net_mw=solved.net,
        store_content_mwh=solved.soc,
        store_row=solved.row_of,
        cost_cny=float(solved.result[0]),
        bound_cny=float(solved.result[1]),
        bounded=with_bound or request.accurate,
        start_cost_cny=float(solved.result[2]),
        residual_share=residual_share,
        order=order,
    )


def vre_technologies(request: Request) -> list[str]:
    """Technology whose own use holds for each row of v."""
    return [*WIND_AND_PV, *("rooftop_pv" for _ in request.on_site)]


# A night of charging belongs together: the days of what is moved run from noon to noon.
NOON = 12


def _meter(request: Request, y: int) -> tuple[FloatArray, list[FloatArray | None]]:
    """Load at the meter without what may be moved [h], and what was taken out by day; None where there is nothing."""
    meter = np.empty(HOURS)
    sum_loads(np.ascontiguousarray(request.load_energy_mwh[:, y]), request.load_shares, meter)
    taken: list[FloatArray | None] = []
    for flexible in request.flexible:
        energy = float(flexible.energy_mwh[y])
        by_day = None
        if energy != 0.0:
            by_day = np.empty(DAYS)
            take_out(request.shapes[flexible.shape_digest], energy, NOON, meter, by_day)
        taken.append(by_day)
    return meter, taken


def _sun_and_wind(request: Request, y: int) -> tuple[FloatArray, FloatArray]:
    """Wind and PV available, gross and net [v, h]."""
    gross = np.empty((len(WIND_AND_PV) + len(request.on_site), HOURS))
    scale = request.wind_and_pv_gross_mw
    s = request.series
    np.multiply(s.onshore_wind, scale["onshore_wind"][y], out=gross[0])
    np.multiply(s.offshore_wind, scale["offshore_wind"][y], out=gross[1])
    gross[1] += s.far_offshore_wind * scale["far_offshore_wind"][y]
    np.multiply(s.utility_pv, scale["utility_pv"][y], out=gross[2])
    for i, supply in enumerate(request.on_site):
        np.multiply(request.shapes[supply.shape_digest], supply.energy_mwh[y], out=gross[3 + i])
    net = gross * (1 - np.array([request.own_use[t] for t in vre_technologies(request)]))[:, None]
    return gross, net


def _must_run(request: Request, y: int) -> tuple[dict[str, float], float]:
    """Net output of plants without freedom, MW, and their own use."""
    net, own = {}, 0.0
    for name in MUST_RUN:
        gross = request.must_run_mwh[name][y] / HOURS
        net[name] = float(gross * (1 - request.own_use[name]))
        own += gross * request.own_use[name]
    return net, own


def _move(
    request: Request, y: int, taken: Sequence[FloatArray | None], residual: FloatArray, load: FloatArray
) -> tuple[FloatArray | None, ...]:
    """Flexible demand by valley filling on the residual load, one after another; energy kept from noon to noon.

    Residual load and load grow in place; returns each demand [h] where it was moved to.
    """
    moved: list[FloatArray | None] = []
    left, placed, raised = np.empty((24, DAYS)), np.empty((24, DAYS)), np.zeros(HOURS)
    turn_days(residual, NOON, left)
    for flexible, by_day in zip(request.flexible, taken, strict=True):
        out = None
        if by_day is not None:
            out = np.empty(HOURS)
            fill_valleys(left, by_day, float(flexible.power_mw[y]), placed)
            place_part(placed, NOON, 1 + request.loss_share, left, out, raised)
        moved.append(out)
    return_days(left, NOON, residual)
    load += raised
    return tuple(moved)


@dataclass(frozen=True)
class Blocks:
    """Blocks of one year in rising cost."""

    price: FloatArray  # [k] CNY/MWh at full load
    cap: FloatArray  # [month, k]
    committed: Index  # [k]
    min_load: FloatArray  # [k]
    no_load: FloatArray  # [k]
    start_cost: FloatArray  # [k]
    own_use: FloatArray  # [k]


def _ordered(stack: Stack, y: int, order: Index) -> Blocks:
    return Blocks(
        stack.price_cny_per_mwh[y][order],
        np.ascontiguousarray(stack.capacity_mw[y][:, order]),
        stack.committed[order],
        stack.min_load_share[y][order],
        stack.no_load_share[order],
        stack.start_cost_cny_per_mw[order],
        stack.own_use_per_mwh[order],
    )


@dataclass(frozen=True)
class Solved:
    """What the kernel finds of a year. a: stores that have power, best round trip first; k: blocks in rising cost."""

    rows: FloatArray  # [a, 6]
    row_of: Index  # [i] the row of store i, -1 where it has no power
    energy: FloatArray  # [k+2]
    online: FloatArray  # [k, d]
    net: FloatArray  # [a, h]
    soc: FloatArray  # [a, h+1]
    x: FloatArray  # [h]
    price: FloatArray  # [h]
    result: FloatArray  # cost, certified bound, start cost


def _solve(request: Request, y: int, residual: FloatArray, blocks: Blocks, with_bound: bool) -> Solved:
    k_count = len(BLOCKS)
    every = store_rows(request, y)
    # Best round trip first: the walks in turn come closest to the optimum so. Stores without power are left out.
    first = np.argsort(-every[:, 3] * every[:, 4], kind="stable")
    first = first[every[first, :3].min(axis=1) > 0.0]
    row_of = np.full(len(every), -1, dtype=np.int64)
    row_of[first] = np.arange(first.size)
    rows = every[first]
    reach = np.ones((first.size, HOURS))
    for a, i in enumerate(first):
        if i >= len(STORES):
            reach[a] = request.movable.reaches[i - len(STORES)](y)
    solved = Solved(
        rows,
        row_of,
        np.empty(k_count + 2),
        np.zeros((k_count, DAYS)),
        np.empty((first.size, HOURS)),
        np.empty((first.size, HOURS + 1)),
        np.empty(HOURS),
        np.empty(HOURS),
        np.zeros(3),
    )
    dispatch_year(
        residual,
        HOUR_MONTH,
        MONTH_START,
        DAY_MONTH,
        DAY_START,
        blocks.price,
        blocks.cap,
        blocks.committed,
        blocks.min_load,
        blocks.no_load,
        blocks.start_cost,
        request.value_of_lost_load,
        rows,
        reach,
        request.smooth_rounds,
        request.passes,
        request.slices,
        request.window,
        solved.energy,
        solved.online,
        solved.net,
        solved.soc,
        solved.x,
        solved.price,
        solved.result,
        scratch(year_scratch(HOURS, blocks.cap.shape[0], k_count, first.size)),
        with_bound or request.accurate,
    )
    if request.accurate:
        committed = blocks.committed if request.passes else np.zeros_like(blocks.committed)
        refine_year(
            residual,
            blocks.price,
            blocks.cap,
            (committed, blocks.min_load, blocks.no_load, blocks.start_cost),
            request.value_of_lost_load,
            rows,
            reach,
            solved.energy,
            solved.online,
            solved.net,
            solved.soc,
            solved.x,
            solved.price,
            solved.result,
        )
    return solved


def store_rows(request: Request, y: int) -> FloatArray:
    """Stores of year y, then what can be moved: rows [i, 6]."""
    return np.concatenate([request.stack.stores[y], request.movable.rows[y]])


def _check(residual_share: float, energy: FloatArray, delivered: FloatArray, solved: Solved) -> None:
    """Every hour closes; block energies sum to what was delivered hour by hour; stores stay within their size."""
    problems = []
    if not residual_share <= BALANCE_TOLERANCE:
        problems.append(f"an hour is open by {residual_share:.2e} of the load")
    total = float(delivered.sum())
    if abs(float(energy[1:-1].sum()) - total) > BALANCE_TOLERANCE * max(total, 1.0):
        problems.append("block energies do not sum to what was delivered")
    if solved.soc.size:
        over = solved.soc.max(axis=1) > solved.rows[:, 2] + 1e-6
        if over.any() or solved.soc.min() < -1e-6:
            problems.append("a store left its bounds")
    if problems:
        raise DomainError("BALANCE", detail="; ".join(problems))
