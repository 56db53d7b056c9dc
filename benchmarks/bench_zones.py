"""The hourly heat balance beside the same algorithm in C (zone_twin.c, gcc), on the same homes, in one run.

    python -m benchmarks.bench_zones

Homes are those of the model: a city's year, three standards, three ways of use. Prints archetype-hours a second on one
core and C's time over numba's (aim: at least 0.90). Both keep IEEE order without fused operations; results must agree
to 1e-12. A Python library of the same standard (rcbsim) joins where it is installed (pip install -e .[bench]).
"""

import ctypes
import importlib.util
import tempfile
import time
from typing import NamedTuple

import numpy as np

from benchmarks.bench_dispatch import median_s
from benchmarks.c_twin import IEEE_ORDER, Call, build, call_of, no_compiler
from services.buildings.envelopes import envelopes
from services.buildings.equipment import COOLING_SYSTEMS, HEATING_SYSTEMS
from services.buildings.states import state_index
from services.buildings.use import mode_setpoints
from services.buildings.zone_kernels import simulate_zone, weigh_loads
from services.buildings.zones import Climate, Zone, climate, make_zone, physics
from services.common.axes import HOURS
from services.common.regions import load_region
from services.common.weather import weather_year

AIM = 0.90
AGREE = 1e-12
WARM_UP = 480
REPEATS = 41


class Home(NamedTuple):
    """A zone of the model in a city's year."""

    place: Climate
    zone: Zone
    heat_setpoint: np.ndarray
    cool_setpoint: np.ndarray


def homes() -> list[Home]:
    """Nanjing's year: before any standard, 65 and 75 %; one room, when at home, and all day."""
    region = load_region("jiangsu")
    place = climate(region, weather_year(region, "normal"), region.city_ids.index("nanjing"))
    archetype = region.table("buildings/archetypes").by("archetype")["urban_residential_mid"]
    built = envelopes(region, "residential", "hscw")
    modes = region.table("buildings/usage_modes").by("mode")
    return [
        Home(
            place,
            make_zone(region, archetype, built[state_index(standard)], "res", place),
            *mode_setpoints(region, modes[mode], place.daily_mean),
        )
        for standard in ("pre_standard", "saving_65", "saving_75")
        for mode in ("m1", "m3", "m4")
    ]


class Work(NamedTuple):
    """Results of a kernel for one home."""

    air: np.ndarray
    surface: np.ndarray
    mass: np.ndarray
    power: np.ndarray
    heat: np.ndarray
    cool: np.ndarray
    sums: np.ndarray


def work() -> Work:
    """Empty results."""
    return Work(
        *(np.zeros(HOURS) for _ in range(6)), np.zeros(2 + len(HEATING_SYSTEMS) + len(COOLING_SYSTEMS))
    )


Series = tuple[np.ndarray, ...]
Numbers = tuple[float, ...]


def arguments(home: Home, warm_up: int, steps: int) -> tuple[Series, Numbers]:
    """What `simulate_zone` is given for a home: ten series [h], then its numbers."""
    per = physics(load_region("jiangsu"))
    place, zone = home.place, home.zone
    limits = [np.full(HOURS, per[f"residential_{k}_limit_w_per_m2"]) for k in ("heat", "cool")]
    mass_area = per["mass_area_m2_per_m2"]
    series = (
        place.outdoor, place.outdoor, place.outdoor, zone.ventilation, zone.gain_air, zone.gain_radiant,
        home.heat_setpoint, home.cool_setpoint, *limits,
    )  # fmt: skip
    numbers = (
        zone.windows, 1 / (1 / zone.opaque - 1 / (9.1 * mass_area)), mass_area, per["surface_area_m2_per_m2"],
        per["heat_capacity_j_per_m2_k"], 16.0, warm_up, steps,
    )  # fmt: skip
    return series, numbers


def calls(home: Home, twin: ctypes.CDLL, steps: int, ours: Work, theirs: Work) -> list[Call]:
    """The balance by numba and C, then the balance with its loads weighed by both."""
    per = physics(load_region("jiangsu"))
    place, zone = home.place, home.zone
    series, numbers = arguments(home, WARM_UP, steps)
    capacity = np.ascontiguousarray(60.0 * place.heating.capacity_share)
    loads = (zone.latent, per["residential_sensible_share"], place.heating.inverse_cop, capacity,
             place.cooling_residential)  # fmt: skip

    def numba_zone() -> None:
        simulate_zone(*series, *numbers, *ours[:4])

    def numba_both() -> None:
        simulate_zone(*series, *numbers, *ours[:4])
        weigh_loads(ours.power, *loads, *ours[4:])

    c_zone = call_of(twin.simulate_zone, HOURS, *series, *numbers, *theirs[:4])
    c_loads = call_of(
        twin.weigh_loads, HOURS, len(HEATING_SYSTEMS), len(COOLING_SYSTEMS), theirs.power, *loads, *theirs[4:]
    )

    def c_both() -> None:
        c_zone()
        c_loads()

    return [numba_zone, c_zone, numba_both, c_both]


def beside_c(twin: ctypes.CDLL, steps: int) -> None:
    """Print the rows of one length of step."""
    ours, theirs = work(), work()
    sets = [calls(home, twin, steps, ours, theirs) for home in homes()]
    worst = 0.0
    for one in sets:
        one[2]()
        one[3]()
        for a, b in zip(ours, theirs, strict=True):
            worst = max(worst, float((np.abs(a - b) / np.maximum(np.abs(b), 1.0)).max()))
    assert worst <= AGREE, f"the C twin differs by {worst:.2g}"

    def all_of(i: int) -> Call:
        def call() -> None:
            for one in sets:
                one[i]()

        return call

    seconds = median_s(*(all_of(i) for i in range(4)), repeats=REPEATS)
    hours = len(sets) * (HOURS + WARM_UP)
    for name, a, b in zip(("balance", "balance and loads"), seconds[::2], seconds[1::2], strict=True):
        print(
            f"{name}, {steps} step{'s' if steps > 1 else ''} an hour: {hours / a / 1e6:.1f} million archetype-hours "
            f"a second, {1e3 * a / len(sets):.3f} ms a year; C / numba = {b / a:.2f} (aim {AIM:.2f}); "
            f"largest difference {worst:.1g}"
        )


def office() -> tuple[Series, Numbers]:
    """An office of 100 m2 in a made-up year, as `simulate_zone` takes it: no warm-up, one step an hour."""
    hour, ones = np.arange(HOURS), np.ones(HOURS)
    outdoor = 16 - 13 * np.cos(2 * np.pi * hour / HOURS) + 4.5 * np.cos(2 * np.pi * (hour - 15) / 24)
    sun = 4000 * np.maximum(0.0, np.sin(2 * np.pi * (hour - 6) / 24))
    series = (
        outdoor, outdoor, outdoor, 45 * ones, 200 * ones, 200 + sun, 18 * ones, 26 * ones, 4000 * ones, 4000 * ones,
    )  # fmt: skip
    return series, (30.0, 83.0, 250.0, 450.0, 16.5e6, 12.0, 0, 1)


class PeerYear(NamedTuple):
    """A year in rcbsim: W (heating > 0 > cooling) and degC [h], and its CPU time, s."""

    power: np.ndarray
    air: np.ndarray
    seconds: float


def rcbsim_year(series: Series, numbers: Numbers) -> PeerYear:
    """The same year in a Python library of the same standard, from the arguments of `simulate_zone`.

    It knows one temperature outside, 2.5 m2 of mass area a m2 of floor, no warm-up and one step an hour.
    """
    from rcbsim import emission_system, supply_system
    from rcbsim.building_physics import Zone as Peer

    outdoor, behind, supply, ventilation, gain_air, gain_radiant, heat_at, cool_at, most_heat, most_cool = (
        series
    )
    windows, mass_outside, mass_area, surface_area, capacity, state, warm_up, steps = numbers
    assert (behind == outdoor).all() and (supply == outdoor).all()
    assert (warm_up, steps) == (0, 1)
    floor = mass_area / 2.5
    peer = Peer(
        window_area=1.0, u_windows=windows, walls_area=1.0, u_walls=mass_outside, floor_area=floor,
        total_internal_area=surface_area, thermal_capacitance_per_floor_area=capacity / floor,
        heating_supply_system=supply_system.DirectHeater, cooling_supply_system=supply_system.DirectCooler,
        heating_emission_system=emission_system.AirConditioning,
        cooling_emission_system=emission_system.AirConditioning,
    )  # fmt: skip
    power, air = np.empty(HOURS), np.empty(HOURS)
    start = time.thread_time()
    for h in range(HOURS):
        peer.h_ve_adj = ventilation[h]
        peer.t_set_heating, peer.t_set_cooling = heat_at[h], cool_at[h]
        peer.max_heating_energy, peer.max_cooling_energy = most_heat[h], -most_cool[h]
        peer.solve_energy(2 * gain_air[h], gain_radiant[h] - gain_air[h], outdoor[h], state)
        state, power[h], air[h] = peer.t_m_next, peer.energy_demand, peer.t_air
    return PeerYear(power, air, time.thread_time() - start)


def beside_rcbsim() -> None:
    """Print the office's year in both."""
    series, numbers = office()
    theirs = rcbsim_year(series, numbers)
    out = [np.zeros(HOURS) for _ in range(4)]
    (ours,) = median_s(lambda: simulate_zone(*series, *numbers, *out))
    worst = float(np.abs(out[3] - theirs.power).max())
    print(
        f"rcbsim: {HOURS / theirs.seconds / 1e6:.3f} million hours a second; ours {theirs.seconds / ours:.0f} times as "
        f"fast; largest difference of power {worst:.1g} W of {np.abs(theirs.power).max():.0f}"
    )


def main() -> None:
    """Print the table."""
    if not no_compiler():
        with tempfile.TemporaryDirectory() as folder:
            twin = build("zone_twin", folder, IEEE_ORDER)
            for steps in (1, 4):
                beside_c(twin, steps)
    if importlib.util.find_spec("rcbsim") is None:
        print("rcbsim is not installed: left out")
    else:
        beside_rcbsim()


if __name__ == "__main__":
    main()
