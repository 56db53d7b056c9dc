"""A plan told unit by unit: energy, cost, emissions, prices, curtailment by cause, the steps when asked for."""

from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.power_outcome import DispatchMode
from services.common.revision import MODEL_VERSION
from services.common.words import Revision
from services.power.instance.merit import make_stack, outputs
from services.power.instance.plan import Plan
from services.power.instance.reduce import Reduced
from services.power.instance.result import Curtailment, DispatchResult, StorageResult, UnitResult
from services.power.instance.words import DispatchInstance, Generator, StepSeries
from services.power.step_kernels import steps_price

BALANCE_TOLERANCE = 1e-9
# A cost below this share of all load at the value of lost load is nothing.
ROUNDING_SHARE = 1e-12


@dataclass(frozen=True)
class Steps:
    """Everything by step, MW."""

    output: FloatArray  # [g, n]
    delivered: FloatArray  # [x, n]
    unserved: FloatArray  # [n]
    surplus: FloatArray  # [n]
    curtailed: FloatArray  # [g, n]
    price: FloatArray  # [n]
    reserve_short: FloatArray  # [n]
    variable_cost: FloatArray  # [g] CNY


def answer(
    instance: DispatchInstance, reduced: Reduced, plan: Plan, mode: DispatchMode, with_steps: bool
) -> DispatchResult:
    """The result of a plan. Raises DomainError(BALANCE) when a step does not close."""
    steps = steps_of(instance, reduced, plan)
    stores = reduced.stores
    net = plan.schedule.net_mw
    lines = {x.line_id for x in instance.lines}
    stored = [i for i, name in enumerate(stores.ids) if name not in lines and not _is_budget(instance, name)]
    flow = net[stored].sum(axis=0)
    gap = steps.output.sum(axis=0) + steps.delivered.sum(axis=0) + steps.unserved
    gap = gap - reduced.load_mw - flow - steps.surplus
    scale = max(float(reduced.load_mw.max()), 1.0)
    residual = float(np.abs(gap).max() / scale)
    if not residual <= BALANCE_TOLERANCE:
        raise DomainError("BALANCE", detail=f"a step is open by {residual:.2e} of the highest load")
    h = reduced.hours
    fixed = _fixed_cost(instance, reduced)
    cost, bound = (plan.cost + fixed) * h, max(plan.bound + fixed, 0.0) * h
    idle = (plan.cost_without_stores + fixed) * h
    saving = max(idle - bound, 0.0)
    nothing = ROUNDING_SHARE * reduced.voll * float(reduced.load_mw.sum() + 1.0) * h
    net_load = reduced.load_mw - reduced.variable_mw
    change = np.diff(net_load) / h if net_load.size > 1 else np.zeros(1)
    unserved = float(steps.unserved.sum()) * h
    units = _units(instance, reduced, plan, steps)
    sizes = _sizes(instance)
    result = DispatchResult(
        name=instance.name,
        mode=mode,
        method=plan.schedule.method,
        method_reason=plan.schedule.reason,
        cost_cny=cost,
        lower_bound_cny=min(bound, cost),
        gap_share=max(cost - bound, 0.0) / cost if cost > nothing else 0.0,
        cost_without_stores_cny=idle,
        captured_saving_share=min(max((idle - cost) / saving, 0.0), 1.0)
        if saving > 1e-9 * abs(idle)
        else 1.0,
        units=units,
        storages=tuple(_storage(reduced, plan, i, sizes[stores.ids[i]]) for i in stored),
        curtailment=_curtailment(reduced, steps, flow),
        load_mwh=float(reduced.load_mw.sum()) * h,
        unserved_mwh=unserved,
        surplus_mwh=float(steps.surplus.sum()) * h,
        reserve_short_mwh=float(steps.reserve_short.sum()) * h,
        energy_tco2=sum(u.energy_tco2 for u in units),
        mean_price_cny_per_mwh=_mean_price(steps.price, reduced.load_mw),
        net_peak_load_mw=float(net_load.max()),
        net_peak_step=int(np.argmax(net_load)),
        net_ramp_up_mw_per_h=float(max(change.max(), 0.0)),
        net_ramp_down_mw_per_h=float(max(-change.min(), 0.0)),
        balance_residual_share=residual,
        series=_series(instance, reduced, plan, steps, stored) if with_steps else (),
        digest="",
        revision=Revision(MODEL_VERSION, ""),
    )
    return replace(result, digest=digest_of(result))


def _mean_price(price: FloatArray, load_mw: FloatArray) -> float:
    total = float(load_mw.sum())
    return float((price * load_mw).sum()) / total if total > 0 else float(price.mean())


def _is_budget(instance: DispatchInstance, name: str) -> bool:
    return any(g.generator_id == name and g.budget_mwh is not None for g in instance.generators)


def _fixed_cost(instance: DispatchInstance, reduced: Reduced) -> float:
    """Cost of what runs in any schedule, CNY per step hour: minimum output and contracts."""
    total = 0.0
    for i, g in enumerate(instance.generators):
        total += float((_minimum_cost(instance, reduced, g, i)).sum())
    for line, contract in zip(instance.lines, reduced.contract_mw, strict=True):
        total += line.cost_cny_per_mwh * float(contract.sum())
    return total


def _minimum_cost(instance: DispatchInstance, reduced: Reduced, g: Generator, i: int) -> FloatArray:
    """CNY per step hour of the minimum output [n]; it takes the cheapest steps."""
    minimum = reduced.minimum_mw[i]
    if g.cost_steps:
        cost, at = np.zeros(reduced.steps), np.zeros(reduced.steps)
        for step in g.cost_steps:
            end = at + step.capacity_share * reduced.available_mw[i]
            cost = cost + step.cost_cny_per_mwh * np.clip(minimum - at, 0.0, end - at)
            at = end
        return cost
    if g.cost_series:
        series = next(s.values for s in instance.series if s.series_id == g.cost_series)
        return np.asarray(series * minimum)
    return g.cost_cny_per_mwh * minimum


def steps_of(instance: DispatchInstance, reduced: Reduced, plan: Plan) -> Steps:
    """A plan unit by unit and step by step."""
    n, schedule = reduced.steps, plan.schedule
    load = reduced.residual_mw - plan.floor_mw + schedule.net_mw.sum(axis=0)
    if plan.output_mw is None:
        out, left = outputs(plan.pieces, load)
        stack, price = make_stack(plan.pieces, n), np.empty(n)
        steps_price(schedule.x_mw, stack.per, stack.price, stack.cap, reduced.voll, price)
    else:
        out, left, price = plan.output_mw, load - plan.output_mw.sum(axis=0), schedule.price
    g_count = len(instance.generators)
    output = np.array(reduced.minimum_mw).reshape(g_count, n).copy()
    cost = np.array(
        [float(_minimum_cost(instance, reduced, g, i).sum()) for i, g in enumerate(instance.generators)]
    )
    short = plan.reserve_missing_mw.copy()
    for piece, part in zip(plan.pieces, out, strict=True):
        output[piece.owner] += part
        own = piece.cost - reduced.reserve_cost if piece.short else piece.cost
        cost[piece.owner] += float((own * part).sum())
        if piece.short:
            short = short + part
    for c, i in enumerate(reduced.committed):
        g = instance.generators[i]
        assert g.commitment is not None
        floor = g.commitment.min_load_share * plan.online_mw[c]
        output[i] += floor
        running = floor * g.cost_cny_per_mwh + plan.online_mw[c] * g.commitment.no_load_cost_cny_per_mw_h
        started = plan.started_mw[c] * g.commitment.start_cost_cny_per_mw / reduced.hours
        cost[i] += float(running.sum()) + started
    position = {name: i for i, name in enumerate(reduced.stores.ids)}
    delivered = np.array(reduced.contract_mw).reshape(len(instance.lines), n).copy()
    for k, line in enumerate(instance.lines):
        if line.line_id in position:
            delivered[k] -= schedule.net_mw[position[line.line_id]]
    for i, g in enumerate(instance.generators):
        if g.budget_mwh is not None:
            given = -schedule.net_mw[position[g.generator_id]]
            output[i] += given
            cost[i] += g.cost_cny_per_mwh * float(given.sum())
    variable = [i for i, g in enumerate(instance.generators) if g.variable]
    curtailed = np.zeros((g_count, n))
    for i in variable:
        curtailed[i] = np.maximum(reduced.available_mw[i] - output[i], 0.0)
    return Steps(
        output, delivered, np.maximum(left, 0.0), np.maximum(-left, 0.0), curtailed, price, short, cost
    )


def _units(instance: DispatchInstance, reduced: Reduced, plan: Plan, steps: Steps) -> tuple[UnitResult, ...]:
    h = reduced.hours
    found = []
    started = dict(zip(reduced.committed, plan.started_mw, strict=True))
    for i, g in enumerate(instance.generators):
        energy = float(steps.output[i].sum()) * h
        found.append(
            UnitResult(
                unit_id=g.generator_id,
                group=g.group,
                energy_mwh=energy,
                curtailed_mwh=float(steps.curtailed[i].sum()) * h,
                cost_cny=float(steps.variable_cost[i]) * h,
                fuel_gj=energy * g.fuel_gj_per_mwh,
                energy_tco2=energy * g.tco2_per_mwh,
                so2_kg=energy * g.so2_kg_per_mwh,
                nox_kg=energy * g.nox_kg_per_mwh,
                pm_kg=energy * g.pm_kg_per_mwh,
                started_mw=float(started.get(i, 0.0)),
                full_load_hours=energy / g.capacity_mw if g.capacity_mw > 0 else 0.0,
                revenue_cny=float((steps.output[i] * steps.price).sum()) * h,
                largest_ramp_mw_per_h=_ramp(steps.output[i], h),
            )
        )
    for k, line in enumerate(instance.lines):
        energy = float(steps.delivered[k].sum()) * h
        found.append(
            UnitResult(
                unit_id=line.line_id,
                group="import",
                energy_mwh=energy,
                curtailed_mwh=0.0,
                cost_cny=energy * line.cost_cny_per_mwh,
                fuel_gj=0.0,
                energy_tco2=energy * line.tco2_per_mwh,
                so2_kg=0.0,
                nox_kg=0.0,
                pm_kg=0.0,
                started_mw=0.0,
                full_load_hours=energy / line.capacity_mw if line.capacity_mw > 0 else 0.0,
                revenue_cny=float((steps.delivered[k] * steps.price).sum()) * h,
                largest_ramp_mw_per_h=_ramp(steps.delivered[k], h),
            )
        )
    return tuple(found)


def _ramp(output: FloatArray, hours: float) -> float:
    return float(np.abs(np.diff(output)).max()) / hours if output.size > 1 else 0.0


def _sizes(instance: DispatchInstance) -> dict[str, float]:
    """Energy that fits by store, MWh; of a flexible load ahead of its baseline and behind it."""
    found = {s.storage_id: s.energy_mwh for s in instance.storages}
    return found | {f.flexible_id: 2 * f.shift_mwh for f in instance.flexible_loads}


def _storage(reduced: Reduced, plan: Plan, i: int, fits: float) -> StorageResult:
    h, schedule = reduced.hours, plan.schedule
    net = schedule.net_mw[i]
    discharged = float(np.maximum(-net, 0.0).sum()) * h
    return StorageResult(
        storage_id=reduced.stores.ids[i],
        charged_mwh=float(np.maximum(net, 0.0).sum()) * h,
        discharged_mwh=discharged,
        cycles_count=discharged / fits if fits > 0 else 0.0,
        start_mwh=float(schedule.first[i]) * h,
        end_mwh=float(schedule.content[i, -1]) * h,
        spilled_mwh=float(schedule.spilled[i].sum()) * h,
    )


def _curtailment(reduced: Reduced, steps: Steps, flow: FloatArray) -> Curtailment:
    """Every curtailed MW has one cause: more than the load can take, else contracts, else minimum output."""
    h = reduced.hours
    cut = steps.curtailed.sum(axis=0)
    taken = reduced.load_mw + flow
    over = np.minimum(cut, np.maximum(reduced.variable_mw - taken, 0.0))
    imports = np.minimum(cut - over, steps.delivered.sum(axis=0))
    return Curtailment(
        oversupply_mwh=float(over.sum()) * h,
        imports_mwh=float(imports.sum()) * h,
        minimum_output_mwh=float((cut - over - imports).sum()) * h,
    )


def _series(
    instance: DispatchInstance, reduced: Reduced, plan: Plan, steps: Steps, stored: list[int]
) -> tuple[StepSeries, ...]:
    h, schedule = reduced.hours, plan.schedule
    found = [
        StepSeries("price_cny_per_mwh", steps.price),
        StepSeries("unserved_mw", steps.unserved),
        StepSeries("surplus_mw", steps.surplus),
        StepSeries("reserve_short_mw", steps.reserve_short),
    ]
    found += [
        StepSeries(f"{g.generator_id}.output_mw", steps.output[i]) for i, g in enumerate(instance.generators)
    ]
    found += [
        StepSeries(f"{instance.generators[i].generator_id}.online_mw", plan.online_mw[c])
        for c, i in enumerate(reduced.committed)
    ]
    found += [StepSeries(f"{x.line_id}.output_mw", steps.delivered[k]) for k, x in enumerate(instance.lines)]
    for i in stored:
        name = reduced.stores.ids[i]
        found += [
            StepSeries(f"{name}.charge_mw", np.maximum(schedule.net_mw[i], 0.0)),
            StepSeries(f"{name}.discharge_mw", np.maximum(-schedule.net_mw[i], 0.0)),
            StepSeries(f"{name}.content_mwh", schedule.content[i] * h),
        ]
    return tuple(found)
