"""Years of a region as power dispatches them, told as a linear programme and as a schedule that can be checked."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from gateway.assemble import assemble
from gateway.direct import DirectCalls
from gateway.runs import Runs
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, HOURS
from services.common.power_outcome import DispatchMode
from services.common.scenario import Frame, Scenario
from services.power.capacity import STORES
from services.power.dispatch import Request, Year, run_year, store_rows
from services.power.instance.words import DispatchInstance, Generator, StepSeries, Storage, UnitCommitment
from services.power.model import Parts, PowerModel
from services.power.stack import BLOCKS
from services.power.supply import HOUR_MONTH
from services.runtime.sectors import sectors
from tests.services.power.made_up_load import made_up_parts, made_up_shapes

HOUR_DAY = np.arange(HOURS) // 24
REGION = "jiangsu"


@dataclass(frozen=True)
class PowerInput:
    """A model of power that holds the shapes, and what it is given of a frame."""

    model: PowerModel
    frame: Frame
    parts: Parts

    def year(self, calendar: int, mode: DispatchMode) -> "RegionYear":
        """One year dispatched, its hours kept."""
        work = self.model.prepare(self.frame, Scenario(), self.parts, mode, (calendar,), with_adequacy=False)
        return RegionYear(work.request, run_year(work.request, work.at[0]))


@cache
def projected(region: str = REGION) -> PowerInput:
    """What the other sectors give power in the baseline `planned`, 2020 to 2060."""
    frame, model = Frame(region=region), PowerModel()
    with ThreadPoolExecutor(1) as pool:
        runs = Runs(DirectCalls(sectors()), pool)
        (outcomes,) = asyncio.run(runs.sector_outcomes(frame, [Scenario()]))
        shapes = asyncio.run(runs.shapes(frame))
    model.put_shapes(tuple(shapes.values()), lasting=False)
    given = assemble(outcomes, shapes)
    parts = (given.loads, given.on_site_supplies, given.chp_heats, given.flexible_demands)
    return PowerInput(model, frame, parts)


@cache
def made_up(first: int, last: int) -> PowerInput:
    """The same with the made-up load of the tests of power, without the other sectors."""
    model, shapes = PowerModel(), made_up_shapes()
    model.put_shapes(tuple(shapes.values()), lasting=False)
    frame = Frame(region=REGION, first_year=first, last_year=last)
    return PowerInput(model, frame, made_up_parts(shapes, first, last))


@dataclass(frozen=True)
class RegionYear:
    """A dispatched year with what was asked of it."""

    request: Request
    year: Year

    @property
    def calendar(self) -> int:
        """The calendar year."""
        return BASE_YEAR + self.year.index

    @property
    def committed(self) -> bool:
        """Whether units were committed by day."""
        return self.request.passes > 0

    @cached_property
    def residual_mw(self) -> FloatArray:
        """What blocks and stores have to meet [h]: load less wind and PV, imports, must-run and heat-led minimum."""
        year = self.year
        fixed = sum(year.must_run_net_mw.values()) + year.minimum_net_mw.sum(axis=1)[HOUR_MONTH]
        return np.asarray(year.load_mw - year.vre_net_mw.sum(axis=0) - year.import_mw - fixed)

    @cached_property
    def stores(self) -> tuple[Storage, ...]:
        """Stores with power, in the order of the dispatched rows."""
        ids = (*STORES, *self.request.movable.ids)
        rows, row_of = store_rows(self.request, self.year.index), self.year.store_row
        kept = sorted((i for i in range(len(ids)) if row_of[i] >= 0), key=lambda i: row_of[i])
        return tuple(Storage(ids[i], *rows[i].tolist()) for i in kept)

    @cached_property
    def reach(self) -> Mapping[str, FloatArray]:
        """Share of its power that a store of users or neighbours has in each hour."""
        return dict(zip(self.request.movable.ids, self.request.movable.reach(self.year.index), strict=True))

    @cached_property
    def instance(self) -> DispatchInstance:
        """The year as an instance; blocks that are committed by day have one capacity the year round."""
        stack, y = self.request.stack, self.year.index
        plants, series = [], []
        for k, name in enumerate(BLOCKS):
            cap, cost = stack.capacity_mw[y][:, k], float(stack.price_cny_per_mwh[y][k])
            words, top = None, float(cap.max())
            if self._is_committed(k):
                assert np.ptp(cap) == 0.0, "a committed block has another capacity in another month"
                no_load = float(stack.no_load_share[k])
                start = float(stack.start_cost_cny_per_mw[k])
                words = UnitCommitment(float(stack.min_load_share[y][k]), no_load * cost, start)
                cost *= 1 - no_load
            share = cap / top if top > 0 else np.zeros_like(cap)
            series.append(StepSeries(name, share[HOUR_MONTH]))
            plants.append(
                Generator(name, "", top, availability_series=name, cost_cny_per_mwh=cost, commitment=words)
            )
        return DispatchInstance(
            f"{self.request.fleet.region.region_id} {self.calendar}",
            self.residual_mw,
            tuple(plants),
            self.stores,
            series=tuple(series),
            value_of_lost_load_cny_per_mwh=self.request.value_of_lost_load,
        )

    @cached_property
    def schedule(self) -> dict[str, FloatArray]:
        """Series of every block and store, as a check reads them; blocks are filled up by hand, cheapest first."""
        net = self.year.store_net_mw
        series = {}
        for a, store in enumerate(self.stores):
            series[f"{store.storage_id}.charge_mw"] = np.maximum(net[a], 0.0)
            series[f"{store.storage_id}.discharge_mw"] = np.maximum(-net[a], 0.0)
            series[f"{store.storage_id}.content_mwh"] = self.year.store_content_mwh[a, 1:]
        rest = self.on_blocks_mw
        free = {}
        for k, plant in enumerate(self.instance.generators):
            available = plant.capacity_mw * self.instance.series[k].values
            least = np.zeros(HOURS)
            if plant.commitment is not None:
                available = self.year.online_mw[k][HOUR_DAY]
                least = plant.commitment.min_load_share * available
                series[f"{plant.generator_id}.online_mw"] = available
            series[f"{plant.generator_id}.output_mw"] = least
            free[plant.generator_id] = available - least
            rest = rest - least
        series["surplus_mw"] = np.maximum(-rest, 0.0)
        rest = np.maximum(rest, 0.0)
        for plant in sorted(self.instance.generators, key=lambda p: p.cost_cny_per_mwh):
            part = np.minimum(rest, free[plant.generator_id])
            series[f"{plant.generator_id}.output_mw"] = series[f"{plant.generator_id}.output_mw"] + part
            rest = rest - part
        series["unserved_mw"] = rest
        return series

    @property
    def on_blocks_mw(self) -> FloatArray:
        """What the blocks have to meet with the stores as they were scheduled [h]."""
        return np.asarray(self.residual_mw + self.year.store_net_mw.sum(axis=0))

    @property
    def start_mwh(self) -> dict[str, float]:
        """Contents at the start of the year."""
        first = self.year.store_content_mwh[:, 0]
        return {s.storage_id: float(first[a]) for a, s in enumerate(self.stores)}

    def over_reach_mw(self) -> float:
        """By how much any store exceeds its power of an hour at most, MW."""
        worst = 0.0
        for a, store in enumerate(self.stores):
            power = store.charge_mw * self.reach.get(store.storage_id, np.ones(HOURS))
            worst = max(worst, float((np.abs(self.year.store_net_mw[a]) - power).max()))
        return worst

    def _is_committed(self, k: int) -> bool:
        return self.committed and bool(self.request.stack.committed[k])
