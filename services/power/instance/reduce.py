"""An instance reduced to what the kernels know: a residual load, pieces of generation with a cost, stores.

Power in MW; energies of stores in MW-steps, so that a step counts as one; costs in CNY per MWh.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.power.instance.limits import available_mw, minimum_mw
from services.power.instance.words import DispatchInstance, FlexibleLoad, Generator, ImportLine, Storage

Index = NDArray[np.int64]
# Sizes far beyond use are cut to a multiple of what can be used: they would only blur prices and certificates.
MANY = 10.0
ROOM = 1.5


@dataclass(frozen=True)
class Piece:
    """A part of a generator at one cost: owner is its index, cap_mw and cost [1] or [n]."""

    owner: int
    cost: FloatArray
    cap_mw: FloatArray
    eligible: bool = False  # counts as operating reserve
    short: bool = False  # what runs here is taken from the reserve


@dataclass(frozen=True)
class Stores:
    """Stores as the joint kernels read them: index m, steps t."""

    ids: tuple[str, ...]
    scalars: FloatArray  # [m, 4] charge eff, discharge eff, throughput cost, kept share a step
    charge: FloatArray  # [m, n] MW
    discharge: FloatArray  # [m, n] MW
    low: FloatArray  # [m, n] MW-steps at the end of a step
    high: FloatArray  # [m, n]
    inflow: FloatArray  # [m, n] MW
    waste: FloatArray  # [m, n] MW that may be spilled at most
    cyclic: Index  # [m]
    start: FloatArray  # [m] MW-steps
    plain: NDArray[np.bool_]  # [m] constant limits, no inflow, no loss, ends fixed or cyclic

    @property
    def count(self) -> int:
        """Number of stores."""
        return len(self.ids)

    def only(self, kept: Sequence[int]) -> "Stores":
        """These stores alone, in the order given."""
        at = list(kept)
        parts = {f.name: getattr(self, f.name)[at] for f in fields(self) if f.name != "ids"}
        return Stores(ids=tuple(self.ids[i] for i in at), **parts)


@dataclass(frozen=True)
class Reduced:
    """An instance without its names; g generators, x lines."""

    steps: int
    hours: float
    load_mw: FloatArray  # [n]
    residual_mw: FloatArray  # [n] load less minimum output and contracts
    available_mw: tuple[FloatArray, ...]  # by generator [n]
    minimum_mw: tuple[FloatArray, ...]  # by generator [n]
    contract_mw: tuple[FloatArray, ...]  # by line [n]
    variable_mw: FloatArray  # [n] available output of variable generators
    pieces: tuple[Piece, ...]  # generators that run freely
    committed: tuple[int, ...]  # generators that are committed by period
    stores: Stores
    reserve_mw: FloatArray  # [n] asked for
    reserve_cost: float
    voll: float


def reduce_instance(instance: DispatchInstance) -> Reduced:
    """Numbers of a checked instance."""
    n = instance.load_mw.size
    series = {s.series_id: s.values for s in instance.series}

    def full(values: FloatArray) -> FloatArray:
        return np.ascontiguousarray(np.broadcast_to(values, n), dtype=np.float64)

    available = tuple(full(available_mw(g, series.get)) for g in instance.generators)
    minimum = tuple(full(minimum_mw(g, series.get)) for g in instance.generators)
    contract = tuple(full(series[x.contract_series]) for x in instance.lines)
    residual = instance.load_mw - sum(minimum, np.zeros(n)) - sum(contract, np.zeros(n))
    variable = sum(
        (a for g, a in zip(instance.generators, available, strict=True) if g.variable), np.zeros(n)
    )
    pieces: list[Piece] = []
    for i, g in enumerate(instance.generators):
        if g.commitment is None and g.budget_mwh is None:
            pieces += _pieces(g, i, available[i], minimum[i], series)
    reserve = instance.reserve
    asked = np.zeros(n)
    if reserve is not None:
        asked = (
            reserve.load_share * instance.load_mw + reserve.variable_share * variable + reserve.constant_mw
        )
    return Reduced(
        steps=n,
        hours=instance.hours,
        load_mw=full(instance.load_mw),
        residual_mw=np.ascontiguousarray(residual),
        available_mw=available,
        minimum_mw=minimum,
        contract_mw=contract,
        variable_mw=variable,
        pieces=tuple(pieces),
        committed=tuple(i for i, g in enumerate(instance.generators) if g.commitment is not None),
        stores=_stores(instance, available, minimum, series),
        reserve_mw=np.ascontiguousarray(asked),
        reserve_cost=0.0 if reserve is None else reserve.shortage_cost_cny_per_mwh,
        voll=instance.value_of_lost_load,
    )


def _pieces(
    g: Generator, owner: int, available: FloatArray, minimum: FloatArray, series: dict[str, FloatArray]
) -> list[Piece]:
    """Free output of a generator above its minimum, cheapest first; the minimum takes the cheapest steps."""
    if not g.cost_steps:
        cost = series[g.cost_series] if g.cost_series else np.array([g.cost_cny_per_mwh])
        return [Piece(owner, cost, available - minimum, g.reserve_eligible)]
    found, at = [], np.zeros(available.size)
    for step in g.cost_steps:
        end = at + step.capacity_share * available
        free = np.maximum(end - np.maximum(at, minimum), 0.0)
        found.append(Piece(owner, np.array([step.cost_cny_per_mwh]), free, g.reserve_eligible))
        at = end
    return found


@dataclass(frozen=True)
class _One:
    """One store before they are stacked."""

    name: str
    scalars: tuple[float, float, float, float]
    charge: FloatArray
    discharge: FloatArray
    low: FloatArray
    high: FloatArray
    inflow: FloatArray
    waste: FloatArray = field(default_factory=lambda: np.zeros(1))
    cyclic: bool = False
    start: float = 0.0
    plain: bool = False


def _stores(
    instance: DispatchInstance,
    available: Sequence[FloatArray],
    minimum: Sequence[FloatArray],
    series: dict[str, FloatArray],
) -> Stores:
    n, hours = instance.load_mw.size, instance.hours
    # No store takes or gives more than many times what the whole system has.
    whole = MANY * (float(instance.load_mw.max()) + sum(g.capacity_mw for g in instance.generators) + 1.0)
    made = [_storage(_sized(s, whole), n, hours, series.get) for s in instance.storages]
    made += [_flexible(f, n, hours, series) for f in instance.flexible_loads]
    made += [_band(x, n, series) for x in instance.lines if x.band_share > 0]
    for i, g in enumerate(instance.generators):
        if g.budget_mwh is not None:
            made.append(_budget(g, available[i], minimum[i], hours))

    def rows(name: str) -> FloatArray:
        if not made:
            return np.zeros((0, n))
        return np.ascontiguousarray([np.broadcast_to(getattr(o, name), n) for o in made], dtype=np.float64)

    return Stores(
        ids=tuple(o.name for o in made),
        scalars=np.array([o.scalars for o in made]).reshape(-1, 4),
        charge=rows("charge"),
        discharge=rows("discharge"),
        low=rows("low"),
        high=rows("high"),
        inflow=rows("inflow"),
        waste=rows("waste"),
        cyclic=np.array([o.cyclic for o in made], dtype=np.int64),
        start=np.array([o.start for o in made], dtype=np.float64),
        plain=np.array([o.plain for o in made], dtype=np.bool_),
    )


def _sized(s: Storage, most_mw: float) -> Storage:
    return replace(s, charge_mw=min(s.charge_mw, most_mw), discharge_mw=min(s.discharge_mw, most_mw))


def _storage(s: Storage, n: int, hours: float, get: Callable[[str], FloatArray | None]) -> _One:
    inflow = get(s.inflow_series) if s.inflow_series else None
    keep = (1.0 - s.loss_share_per_h) ** hours
    start = 0.0 if s.start_mwh is None else s.start_mwh / hours
    # Never more than could be put in: a size without meaning would only blur the certificate.
    reach = (
        start + n * s.charge_mw * s.charge_efficiency_share + (0.0 if inflow is None else float(inflow.sum()))
    )
    low, high = np.zeros(n), np.full(n, min(s.energy_mwh / hours, reach))
    if s.end_mwh is not None:
        low[-1] = high[-1] = s.end_mwh / hours
    cyclic = s.start_mwh is None
    fixed = cyclic or s.end_mwh is not None
    return _One(
        s.storage_id,
        (s.charge_efficiency_share, s.discharge_efficiency_share, s.throughput_cost_cny_per_mwh, keep),
        np.array([s.charge_mw]),
        np.array([s.discharge_mw]),
        low,
        high,
        np.zeros(1) if inflow is None else inflow,
        waste=np.zeros(1) if inflow is None else inflow,
        cyclic=cyclic,
        start=start,
        plain=inflow is None and keep == 1.0 and fixed,
    )


def _windows(n: int, length: int) -> Index:
    """Last step of every window."""
    ends = np.arange(length - 1, n, length)
    return np.unique(np.append(ends, n - 1)).astype(np.int64)


def _flexible(f: FlexibleLoad, n: int, hours: float, series: dict[str, FloatArray]) -> _One:
    """Energy taken ahead of the baseline (content > 0) or owed (< 0); made good at the end of every window."""
    baseline = series[f.baseline_series]
    one_way = float(np.sqrt(1.0 if f.efficiency_share is None else f.efficiency_share))
    most = f.window_step_count * max(f.power_mw, f.feed_in_mw + float(baseline.max())) / one_way
    shift = min(f.shift_mwh / hours, most)
    low, high = np.full(n, -shift), np.full(n, shift)
    ends = _windows(n, f.window_step_count)
    low[ends] = high[ends] = 0.0
    return _One(
        f.flexible_id,
        (one_way, one_way, f.cost_cny_per_mwh, 1.0),
        np.maximum(f.power_mw - baseline, 0.0),
        baseline + f.feed_in_mw,
        low,
        high,
        np.zeros(1),
    )


def _band(x: ImportLine, n: int, series: dict[str, FloatArray]) -> _One:
    """Delivery below the contract charges, above it discharges; even at the end of every period."""
    contract = series[x.contract_series]
    band = contract * x.band_share
    most = float(band.sum())
    low, high = np.full(n, -most), np.full(n, most)
    ends = _windows(n, x.band_step_count)
    low[ends] = high[ends] = 0.0
    up = np.maximum(np.minimum(band, x.capacity_mw - contract), 0.0)
    return _One(x.line_id, (1.0, 1.0, 0.0, 1.0), band, up, low, high, np.zeros(1))


def _budget(g: Generator, available: FloatArray, minimum: FloatArray, hours: float) -> _One:
    """A reservoir that is filled at the start of every period and emptied at its end; what is left is lost."""
    n = available.size
    length = g.budget_step_count
    assert g.budget_mwh is not None
    inflow, high, waste = np.zeros(n), np.zeros(n), np.zeros(n)
    free = available - minimum
    for first in range(0, n, length):
        last = min(first + length, n)
        have = g.budget_mwh / hours * (last - first) / length - float(minimum[first:last].sum())
        have = min(max(have, 0.0), ROOM * float(free[first:last].sum()))
        inflow[first] = waste[last - 1] = have
        high[first : last - 1] = have
    return _One(
        g.generator_id,
        (1.0, 1.0, g.cost_cny_per_mwh, 1.0),
        np.zeros(1),
        available - minimum,
        np.zeros(n),
        high,
        inflow,
        waste=waste,
    )
