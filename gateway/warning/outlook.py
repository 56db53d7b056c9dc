"""An ensemble run: members at the years that are read, cut to the values that are read.

Weather is drawn for the years to come. Years already known are told in normal weather for every member, or a member of
a hot future would be weighed as if all the past had been hot: there a member's values are multiplied by what the
scenario itself says in normal weather over what it says in the member's.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.calls import SectorCalls
from gateway.carbon_peak import peak_index
from gateway.ensemble.design import World, draws, members, used_inputs, weather_years
from gateway.ensemble.inputs import UncertainInput, check_bounds, inputs_of
from gateway.runs import Run, Runs
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress

TERRITORIAL = "account.territorial_tco2"
PEAK_LOAD = "account.peak_load_mw"
RUNNING = Label("运行集合成员", "running members of the ensemble")
Key = tuple[str, str]
Kept = Mapping[Key, Mapping[int, float]]
NORMAL = "normal"


@dataclass(frozen=True)
class Outlook:
    """What the members say: values by metric and place, in the order of members."""

    members: tuple[Kept, ...]
    years: tuple[int, ...]
    weather_years: tuple[str, ...]
    inputs: tuple[tuple[UncertainInput, bool], ...]

    def values(self, member: int, metric_id: str, place: str = "") -> Mapping[int, float]:
        """A member's values of a metric by year; empty when they were not kept."""
        return self.members[member].get((metric_id, place), {})

    def carbon_peaks(self) -> list[tuple[int, float]]:
        """Year (0: none in the span) and level of every member's territorial carbon peak, t."""
        found = []
        for i in range(len(self.members)):
            values = self.values(i, TERRITORIAL)
            years = sorted(values)
            series = np.array([values[y] for y in years])
            at = peak_index(series)
            found.append((0 if at == len(years) - 1 else years[at], float(series[at])))
        return found


@dataclass(frozen=True)
class Plan:
    """What an ensemble is asked for."""

    count: int
    seed: int
    years: tuple[int, ...]
    keys: tuple[Key, ...]
    issued_year: int = 0
    policies: tuple[str, ...] = ()
    weather: tuple[str, ...] = ()
    # Up to this year the weather was what it was: normal, for every member.
    known_year: int = 0


async def outlook(
    runs: Runs, calls: SectorCalls, frame: Frame, scenario: Scenario, plan: Plan
) -> AsyncIterator[Progress | Outlook]:
    """Progress on the way, the outlook at the end. Members of one weather year run together."""
    region = load_region(frame.region, plan.issued_year)
    levers = await calls.levers(frame.region)
    inputs = inputs_of(region)
    check_bounds(inputs, levers, frame.region)
    last = max(plan.years)
    world = World(region, levers, last, plan.issued_year)
    scenarios = await asyncio.to_thread(
        members, scenario, inputs, plan.count, plan.seed, world, plan.policies
    )
    shares = await asyncio.to_thread(draws, inputs, plan.count, plan.seed)
    weather = weather_years(region, shares, plan.weather)
    found: list[Kept] = [{} for _ in scenarios]
    central: dict[str, Kept] = {}
    names = list(dict.fromkeys(weather))
    if NORMAL not in names:
        names.append(NORMAL)
    done = 0
    for name in names:
        own = [i for i, w in enumerate(weather) if w == name]
        whole = frame.model_copy(
            update={"weather_year": name, "last_year": last, "as_of_year": plan.issued_year}
        )
        position = -1
        async for run in runs.each(whole, [scenario, *(scenarios[i] for i in own)], plan.years):
            kept = _kept(run, plan.keys)
            if position < 0:
                central[name] = kept
            else:
                found[own[position]] = kept
                done += 1
                yield Progress(done, plan.count, RUNNING)
            position += 1
    found = [
        kept if name == NORMAL else in_normal_weather(kept, central[name], central[NORMAL], plan.known_year)
        for name, kept in zip(weather, found, strict=True)
    ]
    used = {k for k, _ in used_inputs(scenario, inputs, plan.policies)}
    yield Outlook(tuple(found), plan.years, weather, tuple((i, k in used) for k, i in enumerate(inputs)))


def in_normal_weather(member: Kept, own: Kept, normal: Kept, known_year: int) -> Kept:
    """A member whose values up to `known_year` are those of normal weather; later ones are as they were.

    `own` and `normal` are the scenario itself in the member's weather and in normal weather; where either says 0 the
    weather does nothing.
    """
    return {
        key: {
            year: value * normal[key][year] / own[key][year]
            if year <= known_year and own[key][year] and normal[key][year]
            else value
            for year, value in values.items()
        }
        for key, values in member.items()
    }


def _kept(run: Run, keys: Sequence[Key]) -> Kept:
    return {key: run.values(*key) for key in keys}
