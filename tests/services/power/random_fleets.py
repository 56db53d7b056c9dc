"""Random fleets drawn from a seed, by kind: what the dispatch is tried on beside the instances of folders."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st

from services.common.arrays import FloatArray
from services.power.instance.words import (
    CostStep,
    DispatchInstance,
    FlexibleLoad,
    Generator,
    ImportLine,
    Reserve,
    StepSeries,
    Storage,
    UnitCommitment,
)


@dataclass
class Draw:
    """A fleet being drawn: 1,000 MW of mean load, more or less."""

    rng: np.random.Generator
    hours: float
    n: int
    load: FloatArray
    generators: list[Generator] = field(default_factory=list)
    storages: list[Storage] = field(default_factory=list)
    lines: list[ImportLine] = field(default_factory=list)
    flexible_loads: list[FlexibleLoad] = field(default_factory=list)
    series: list[StepSeries] = field(default_factory=list)
    reserve: Reserve | None = None
    period: int = 0

    def name_series(self, series_id: str, values: FloatArray) -> str:
        """Keep a series and return its id."""
        self.series.append(StepSeries(series_id, values))
        return series_id

    @property
    def clock(self) -> FloatArray:
        """Hours since the first step."""
        return self.hours * np.arange(self.n)


def _load(rng: np.random.Generator, hours: float, n: int) -> FloatArray:
    clock = hours * np.arange(n)
    daily = np.sin(2 * np.pi * (clock - rng.uniform(6, 12)) / 24)
    noise = np.convolve(rng.normal(0, 60, n + 5), np.ones(6) / 6, "valid")
    return (1000 + rng.uniform(80, 250) * daily + noise).astype(np.float64)


def _wind_and_sun(draw: Draw, share: float) -> None:
    """Wind and PV that would give `share` of the load."""
    sun = np.maximum(np.sin(2 * np.pi * (draw.clock - 6) / 24), 0.0) ** 1.3
    sky = np.repeat(draw.rng.uniform(0.3, 1.0, draw.n // 4 + 1), 4)[: draw.n]
    gust = np.convolve(draw.rng.normal(0, 1, draw.n + 23), np.ones(24) / np.sqrt(24), "valid")
    wind = np.clip(0.35 + 0.25 * gust, 0.0, 1.0)
    mean = float(draw.load.mean())
    for name, shape, part in (("pv", sun * sky, 0.6), ("wind", wind, 0.4)):
        capacity = part * share * mean / max(float(shape.mean()), 0.05)
        draw.generators.append(
            Generator(name, "vre", capacity, 0.98, draw.name_series(name, shape), variable=True)
        )


def _thermal(draw: Draw, margin: float, count: int = 10) -> None:
    """Plants in rising cost whose capacity is `margin` times the highest load; one has steps, one must-run."""
    size = draw.rng.uniform(0.5, 1.5, count)
    size *= margin * float(draw.load.max()) / size.sum()
    cost = np.sort(draw.rng.uniform(150, 900, count))
    for i in range(count):
        draw.generators.append(
            Generator(f"g{i}", "thermal", size[i], cost_cny_per_mwh=cost[i], reserve_eligible=True)
        )
    spread = cost[-1] * np.array([0.9, 1.0, 1.15])
    steps = tuple(CostStep(s, c) for s, c in zip((0.5, 0.3, 0.2), spread.tolist(), strict=True))
    draw.generators[-1] = replace(draw.generators[-1], cost_steps=steps)
    heat = np.full(draw.n, 0.3) + 0.2 * (draw.clock % 24 < 12)
    first = draw.generators[-count]
    draw.generators[-count] = replace(
        first, minimum_series=draw.name_series("heat", heat * first.capacity_mw)
    )


def _stores(draw: Draw, count: int, share: float = 0.12) -> None:
    """Stores of 2, 6, 20 ... hours; their power is `share` of the mean load each."""
    for i in range(count):
        power = share * float(draw.load.mean()) * draw.rng.uniform(0.5, 1.5)
        efficiency = (0.95, 0.88, 0.75)[min(i, 2)] * draw.rng.uniform(0.97, 1.03)
        hours = (2.0, 6.0, 20.0)[i % 3] * draw.rng.uniform(0.7, 1.3)
        cost = float(draw.rng.choice([0.0, 2.0]))
        draw.storages.append(
            Storage(
                f"s{i}",
                power,
                power * draw.rng.uniform(0.8, 1.2),
                power * hours,
                efficiency,
                efficiency,
                cost,
            )
        )


def _free_ends(draw: Draw) -> None:
    """Start and end states anywhere between empty and full, within reach of each other; some ends free."""
    span = 0.9 * draw.n * draw.hours
    for i, store in enumerate(draw.storages):
        drawn = draw.rng.uniform(0, store.energy_mwh, 2)
        start, end = (float(draw.rng.choice([0.0, v, store.energy_mwh])) for v in drawn)
        end = min(end, start + span * store.charge_mw * store.charge_efficiency_share)
        end = max(end, start - span * store.discharge_mw / store.discharge_efficiency_share)
        draw.storages[i] = replace(store, start_mwh=start, end_mwh=None if draw.rng.random() < 0.25 else end)


def _commit(draw: Draw, min_load: float) -> None:
    """The thermal plants without must-run or steps are committed by day."""
    for i, plant in enumerate(draw.generators):
        if plant.group != "thermal" or plant.minimum_series or plant.cost_steps:
            continue
        if plant.cost_cny_per_mwh > 500:
            continue
        words = UnitCommitment(min_load, 0.06 * plant.cost_cny_per_mwh, float(draw.rng.uniform(60, 120)))
        draw.generators[i] = replace(plant, commitment=words)


def _hydro(draw: Draw) -> None:
    """Reservoir hydro whose budget (a week, or two days in a short instance) allows about a third of its hours."""
    count = round((168 if draw.n * draw.hours > 168 else 48) / draw.hours)
    for i in range(int(draw.rng.integers(1, 3))):
        capacity = float(draw.rng.uniform(60, 150))
        budget = draw.rng.uniform(0.2, 0.5) * capacity * count * draw.hours
        draw.generators.append(
            Generator(f"hydro{i}", "hydro", capacity, budget_mwh=budget, budget_step_count=count)
        )


def _lines(draw: Draw) -> None:
    """A line that keeps its contract and one with a band."""
    shape = 80 * (1 + 0.3 * np.sin(2 * np.pi * (draw.clock - 9) / 24))
    contract = draw.name_series("contract", shape)
    draw.lines.append(ImportLine("fixed", 120.0, contract, cost_cny_per_mwh=300.0))
    draw.lines.append(
        ImportLine("band", 108.0, contract, draw.rng.uniform(0.05, 0.2), round(24 / draw.hours), 320.0)
    )


def _flexible(draw: Draw) -> None:
    """Charging of vehicles that may feed back, and shiftable industry."""
    base = 30 * (1 + 0.8 * np.sin(2 * np.pi * (draw.clock - 15) / 24))
    series = draw.name_series("charging", base)
    day = round(24 / draw.hours)
    draw.flexible_loads.append(FlexibleLoad("cars", series, 90.0, 20.0, 150.0, day, 0.85, 30.0))
    flat = draw.name_series("industry", np.full(draw.n, 40.0))
    draw.flexible_loads.append(FlexibleLoad("industry", flat, 60.0, 0.0, 60.0, max(day // 3, 2), None, 5.0))


def _reserve_part(draw: Draw) -> None:
    draw.reserve = Reserve(0.05, 0.05, 10.0, 2500.0)


def _prices(draw: Draw) -> None:
    """Fuel prices that change every step, and maintenance by series."""
    for i, plant in enumerate(draw.generators):
        if plant.group != "thermal" or plant.cost_steps:
            continue
        factor = 1 + 0.15 * np.sin(2 * np.pi * draw.clock / 24 + i) + draw.rng.normal(0, 0.02, draw.n)
        name = draw.name_series(f"fuel{i}", plant.cost_cny_per_mwh * factor)
        share = np.repeat(draw.rng.uniform(0.6, 1.0, draw.n // 24 + 1), 24)[: draw.n]
        outage = "" if plant.minimum_series else draw.name_series(f"outage{i}", share)
        draw.generators[i] = replace(plant, cost_series=name, availability_series=outage)


def _leaky(draw: Draw) -> None:
    """Losses and inflow of stores."""
    for i, store in enumerate(draw.storages):
        loss = float(draw.rng.uniform(0.0002, 0.01))
        inflow = draw.name_series(f"inflow{i}", draw.rng.uniform(0, 0.3, draw.n) * store.discharge_mw)
        draw.storages[i] = replace(store, loss_share_per_h=loss, inflow_series=inflow if i % 2 else "")


def _ramps(draw: Draw) -> None:
    for i, plant in enumerate(draw.generators):
        if plant.group == "thermal":
            draw.generators[i] = replace(plant, ramp_mw_per_h=0.12 * plant.capacity_mw)


def _negative(draw: Draw) -> None:
    """Must-run above the load in many steps."""
    draw.generators.append(Generator("must", "must", 900.0, minimum_mw=850.0, cost_cny_per_mwh=50.0))


def _few_prices(draw: Draw) -> None:
    """Three price levels only."""
    for i, plant in enumerate(draw.generators):
        if plant.group == "thermal":
            cost = (300.0, 450.0, 900.0)[i % 3]
            draw.generators[i] = replace(plant, cost_cny_per_mwh=cost, cost_steps=())


Part = Callable[[Draw], None]


def _with(share: float, margin: float, *parts: Part, plants: int = 10) -> tuple[Part, ...]:
    return (lambda d: _wind_and_sun(d, share), lambda d: _thermal(d, margin, plants), *parts)


def _store_part(count: int, share: float = 0.12) -> Part:
    return lambda d: _stores(d, count, share)


KINDS: dict[str, tuple[Part, ...]] = {
    "no store": _with(0.3, 1.05),
    "one store": _with(0.4, 1.0, _store_part(1)),
    "one store, any ends": _with(0.4, 1.0, _store_part(1), _free_ends),
    "two stores": _with(0.4, 1.0, _store_part(2)),
    "two stores, any ends": _with(0.4, 1.0, _store_part(2), _free_ends),
    "two stores, high renewables": _with(1.1, 0.8, _store_part(2, 0.35)),
    "two stores, tight": _with(0.3, 0.75, _store_part(2)),
    "two stores, negative residual": _with(0.5, 0.6, _store_part(2, 0.2), _negative),
    "two stores, reserve": _with(0.4, 0.95, _store_part(2), _reserve_part),
    "two stores, leaky": _with(0.6, 0.95, _store_part(2), _leaky),
    "three stores": _with(0.6, 0.9, _store_part(3)),
    "three stores, high renewables": _with(1.2, 0.7, _store_part(3, 0.3)),
    "five stores, any ends": _with(0.8, 0.9, _store_part(5, 0.1), _free_ends),
    "few prices": _with(0.8, 0.8, _store_part(3, 0.2), _few_prices),
    "hydro": _with(0.4, 0.9, _store_part(2), _hydro),
    "hydro without stores": _with(0.3, 0.9, _hydro),
    "flexible loads": _with(0.6, 0.9, _store_part(1), _flexible),
    "lines with a band": _with(0.5, 0.9, _store_part(2), _lines),
    "hourly prices": _with(0.4, 1.3, _store_part(2), _prices),
    "hundreds of units": _with(0.4, 1.0, _store_part(2), plants=300),
    "commitment": _with(0.4, 1.0, _store_part(2), lambda d: _commit(d, 0.4)),
    "commitment, high renewables": _with(0.9, 0.9, _store_part(2, 0.3), lambda d: _commit(d, 0.35)),
    "ramps": _with(0.7, 1.0, _store_part(2), _ramps),
    "all together": _with(
        0.6, 0.9, _store_part(3), _hydro, _lines, _flexible, _reserve_part, lambda d: _commit(d, 0.35)
    ),
}


def random_instance(kind: str, seed: int, span_hours: float = 0.0) -> DispatchInstance:
    """A fleet of the kind, drawn from the seed: 1 h or 3 h steps, one day to two weeks unless the span is given."""
    rng = np.random.default_rng([seed, *kind.encode()])
    hours = float(rng.choice([1.0, 1.0, 3.0]))
    days = float(rng.choice([1, 2, 4, 7, 10, 14]))
    n = round((span_hours or 24 * days) / hours)
    draw = Draw(rng, hours, n, _load(rng, hours, n))
    for part in KINDS[kind]:
        part(draw)
    return DispatchInstance(
        f"{kind} {seed}",
        draw.load,
        tuple(draw.generators),
        tuple(draw.storages),
        tuple(draw.lines),
        tuple(draw.flexible_loads),
        tuple(draw.series),
        draw.reserve,
        draw.hours,
        commitment_step_count=draw.period,
    )


def instances(*kinds: str) -> st.SearchStrategy[DispatchInstance]:
    """Random fleets of the kinds named, of all kinds when none is."""
    return st.builds(
        random_instance, st.sampled_from(kinds or tuple(KINDS)), st.integers(0, 2**31), st.just(0.0)
    )
