"""The door of the power sector: hourly dispatch of the region's fleet over the years of a projection."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from services.cache_place import cache_dir
from services.common.arrays import FloatArray, check_shapes
from services.common.axes import BASE_YEAR, HOURS
from services.common.digest import array_digest, digest_of
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError, Violation, invalid
from services.common.factors import under_frame_set
from services.common.kept_values import Kept
from services.common.levers import LeverPaths, LeverRow, resolve
from services.common.power_outcome import (
    ADEQUACY_NAMES,
    ChpHeat,
    DispatchMode,
    FlexibleDemand,
    HoursChoice,
    LoadComponent,
    OnSiteSupply,
    PowerOutcome,
    YearHours,
)
from services.common.recording import Read, kept, recording
from services.common.regions import load_region, region_ids
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Lever, LoadShape, Metric
from services.power.calibration import base_year
from services.power.choice import AIR_NAMES, GRID_NAMES, Choice
from services.power.dispatch import Request, Year, run_year
from services.power.fleet import fleet_of
from services.power.flexible import BUILDINGS
from services.power.inputs import check_hours
from services.power.levers import LEVERS
from services.power.metrics import METRICS
from services.power.outcome import make_outcome
from services.power.path_answer import with_paths
from services.power.peaks import hours_of
from services.power.request import PASSES, make_request
from services.power.shape_store import ShapeStore
from services.power.sums import YearSums, sum_year
from services.power.year_store import YearKeys

SECTOR = "power"
DEFAULT_MODE = DispatchMode.FAST_COMMITMENT
Item = TypeVar("Item", LoadComponent, OnSiteSupply, ChpHeat, FlexibleDemand)
# A kept year holds some 10 KB, a table of shares 4 MB, a year with its hours 3 MB.
_KEPT_YEARS = 1024
_KEPT_TABLES = 4
_KEPT_HOURLY = 4
Parts = tuple[Sequence[LoadComponent], Sequence[OnSiteSupply], Sequence[ChpHeat], Sequence[FlexibleDemand]]


@dataclass(frozen=True)
class Work:
    """A projection before its years are dispatched: at are years from 2020."""

    request: Request
    paths: LeverPaths
    at: tuple[int, ...]
    mode: DispatchMode
    keys: YearKeys
    with_adequacy: bool
    choice: Choice
    hours: HoursChoice | None = None


class PowerModel:
    """Pure: the same input gives the same bits. Kernels release the GIL; a year runs in one thread."""

    sector: str = SECTOR
    label: Label = Label("电力", "power")
    levers: Sequence[LeverRow] = LEVERS
    metrics: Sequence[Metric] = METRICS
    needs: Sequence[str] = ()

    def __init__(self, folder: Path | None = None) -> None:
        self._shapes = ShapeStore(folder)
        self._years: Kept[YearSums] = Kept(_KEPT_YEARS)
        self._share_tables: Kept[FloatArray] = Kept(_KEPT_TABLES)
        # Years of which someone reads hours: the next day that is picked is there at once.
        self._hourly: Kept[Year] = Kept(_KEPT_HOURLY)

    def configure(self, folder: Path | None) -> None:
        """Keep load shapes in this folder across restarts; None keeps them in memory only."""
        self._shapes.configure(folder)

    def warm_up(self) -> None:
        """Compile or load the kernels and read the tables of every region with power data."""
        # Kernels are the same everywhere: one region rehearses every mode, the others read their tables.
        modes = tuple(PASSES)
        for region_id in region_ids():
            if load_region(region_id).has("power/coal_classes"):
                for mode in modes:
                    _rehearse(Frame(region=region_id, last_year=BASE_YEAR), Scenario(), mode)
                modes = (DEFAULT_MODE,)

    def put_shapes(self, shapes: Sequence[LoadShape], *, lasting: bool = True) -> int:
        """Keep shapes by content address, over a restart when `lasting`; returns how many were new."""
        return self._shapes.put(shapes, lasting=lasting)

    def project(
        self,
        frame: Frame,
        scenario: Scenario,
        loads: Sequence[LoadComponent],
        on_site_supplies: Sequence[OnSiteSupply],
        chp_heats: Sequence[ChpHeat],
        flexible_demands: Sequence[FlexibleDemand],
        mode: DispatchMode = DispatchMode.UNSPECIFIED,
        dispatched_years: Sequence[int] = (),
        *,
        with_adequacy: bool = True,
        only: frozenset[str] | None = None,
        hours: HoursChoice | None = None,
    ) -> PowerOutcome:
        """Dispatch the years asked, all of the frame when none is named. Annual arrays are those of `frame.years`.

        Without adequacy its metrics are left out. With `only` the outcome holds these metrics alone, with what
        technologies and stores do, and has no digest; its gap_share then says no more than that no cost is below zero.
        With `hours` the hours of one of these years stand beside it; the digest does not depend on them.
        Raises DomainError: all violations of the scenario; SHAPE_UNKNOWN
        naming every digest to put first; BALANCE.
        """
        work = self.prepare(
            frame,
            scenario,
            (loads, on_site_supplies, chp_heats, flexible_demands),
            mode,
            dispatched_years,
            with_adequacy=with_adequacy,
            only=only,
            hours=hours,
        )
        return self.finish(work, [self.one_year(work, y) for y in work.at])

    def prepare(
        self,
        frame: Frame,
        scenario: Scenario,
        parts: Parts,
        mode: DispatchMode,
        dispatched_years: Sequence[int],
        *,
        with_adequacy: bool,
        only: frozenset[str] | None = None,
        hours: HoursChoice | None = None,
    ) -> Work:
        """What stands before any year is dispatched; the years may then be dispatched in any order, or at once."""
        check_hours(hours, tuple(dispatched_years) or frame.years)
        loads, on_site_supplies, chp_heats, flexible_demands = parts
        region = under_frame_set(frame.region, frame.as_of_year, frame.factor_set)
        fleet = replace(fleet_of(frame.region, frame.as_of_year), region=region)
        years = tuple(range(BASE_YEAR, frame.last_year + 1))
        paths = resolve(_levers(frame.region), frame.region, scenario, years, frame.as_of_year)
        if not any((load.energy_mwh > 0).all() for load in loads):
            raise invalid([Violation("loads", "give at least one load with energy in every year")])
        chosen = DEFAULT_MODE if mode is DispatchMode.UNSPECIFIED else mode
        shapes = self._shapes.get(item.shape_digest for items in parts for item in items)
        before = frame.first_year - BASE_YEAR
        at = tuple(year - BASE_YEAR for year in dispatched_years or frame.years)
        request = make_request(
            fleet,
            frame,
            paths,
            [_padded(item, before, "energy_mwh") for item in loads],
            [_padded(item, before, "energy_mwh", "capacity_mw") for item in on_site_supplies],
            [_padded(item, before, "heat_gj") for item in chp_heats],
            [_padded(item, before, "energy_mwh", "power_mw", "feed_in_mw") for item in flexible_demands],
            shapes,
            chosen,
            self._share_tables,
            at,
        )
        words = f"{frame.region}|{frame.as_of_year}|{frame.factor_set}|{frame.weather_year}|{region.data_revision}"
        choice = Choice(only)
        risks = with_adequacy and choice.any(ADEQUACY_NAMES)
        return Work(request, paths, at, chosen, YearKeys(request, words), risks, choice, hours)

    def one_year(self, work: Work, y: int) -> YearSums:
        """Year y from 2020, dispatched and summed, or the same from what is kept."""
        key = work.keys.of(y)
        known = self._years.get(key)
        # Days of the peaks are for people; the margin is read by factors of CO2 and, at part load, by NOx.
        days, margin = not work.choice.narrow, work.choice.any((*AIR_NAMES, *GRID_NAMES))
        if (
            known is not None
            and (known.risk is not None or not work.with_adequacy)
            and (known.days or not days)
            and (known.bounded or work.choice.narrow)
            and (known.margin_or_none is not None or not margin)
        ):
            return known
        found = sum_year(
            work.request,
            self._dispatched(work, y, key),
            with_adequacy=work.with_adequacy,
            with_margin=margin,
            with_days=days,
        )
        self._years.put(key, found)
        return found

    def _dispatched(self, work: Work, y: int, key: bytes) -> Year:
        """Year y with its hours; kept when someone reads them."""
        known = self._hourly.get(key)
        if known is not None and (known.bounded or work.choice.narrow):
            return known
        year = run_year(work.request, y, with_bound=not work.choice.narrow)
        if work.hours is not None and work.hours.year == BASE_YEAR + y:
            self._hourly.put(key, year)
        return year

    def _hours(self, work: Work) -> YearHours | None:
        """The hours asked for. Kept sums have none, so that their year is dispatched again."""
        if work.hours is None:
            return None
        y = work.hours.year - BASE_YEAR
        return hours_of(work.request, self._dispatched(work, y, work.keys.of(y)), work.hours.days)

    def finish(self, work: Work, dispatched: Sequence[YearSums], *, sealed: bool = True) -> PowerOutcome:
        """The outcome from the dispatched years, in order; without `sealed` its digest is empty."""
        request, paths, choice = work.request, work.paths, work.choice
        outcome = make_outcome(
            request, paths, dispatched, work.mode, with_adequacy=work.with_adequacy, choice=choice
        )
        outcome = replace(with_paths(request, paths, outcome, choice), year_hours=self._hours(work))
        problems = check_shapes(outcome)
        if problems:
            raise DomainError("BALANCE", detail="; ".join(problems))
        return outcome if choice.narrow or not sealed else replace(outcome, digest=digest_of(outcome))

    def reads(self, frame: Frame, scenario: Scenario) -> set[Read]:
        """What a projection reads of region data and levers, recorded on a flat load as large as that of 2020."""
        with recording() as heard:
            _rehearse(frame, scenario, DEFAULT_MODE)
        return heard


def _rehearse(frame: Frame, scenario: Scenario, mode: DispatchMode) -> None:
    """A projection of stand-in loads that dispatches the first year and the last."""
    flat = np.full(HOURS, 1 / HOURS)
    model = PowerModel()
    shape = LoadShape("power.flat", array_digest(flat), "industry", Label("平", "flat"), flat)
    model.put_shapes([shape])
    years = np.ones(len(frame.years))
    final = base_year(frame.region).final_electricity_mwh
    load = LoadComponent("power.flat", "industry", shape.digest, final * years)
    # Vehicles and buildings that feed back, so that what their stores read is read.
    moved = [FlexibleDemand(i, shape.digest, 24.0, 1.0, *([years] * 3)) for i in ("power.flat", BUILDINGS)]
    model.project(frame, scenario, [load], [], [], moved, mode, sorted({frame.first_year, frame.last_year}))


@kept(maxsize=16)
def _levers(region_id: str) -> tuple[Lever, ...]:
    return tuple(row.in_region(region_id) for row in (*LEVERS, *DRIVERS))


def _padded(item: Item, before: int, *names: str) -> Item:
    """The same item with zeros for the years from 2020 to the first year asked."""
    if before == 0:
        return item
    longer: dict[str, Any] = {n: np.concatenate([np.zeros(before), getattr(item, n)]) for n in names}
    return replace(item, **longer)


MODEL = PowerModel(cache_dir() / "shapes")
