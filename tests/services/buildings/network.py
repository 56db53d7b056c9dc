"""The 5R1C network written down a second time, to judge the kernel by: nodes by linear algebra, time exactly.

The state is the mass temperature T_m; the air and surface nodes carry no heat and follow from it:

    C dT_m/dt = H_em (T_behind - T_m) + H_ms (T_s - T_m) + to_mass * radiant
    0 = H_ms (T_m - T_s) + H_w (T_e - T_s) + H_is (T_air - T_s) + to_surface * radiant
    0 = H_ve (T_supply - T_air) + H_is (T_s - T_air) + at_air + P

An ideal thermostat holds the air at the set-point at every instant, up to the capacity of the plant. Inputs are
constant within an hour. Nothing here comes from the kernel: it takes Crank-Nicolson steps and holds the hour's mean.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.integrate import solve_ivp

from services.buildings.zone_kernels import simulate_zone
from services.common.arrays import FloatArray


@dataclass(frozen=True)
class Network:
    """Conductances W/K, areas m2, capacity J/K."""

    windows: float = 30.0
    mass_outside: float = 1 / (1 / 80.0 - 1 / (9.1 * 250.0))
    mass_area: float = 250.0
    surface_area: float = 450.0
    capacity: float = 16.5e6

    @property
    def mass_surface(self) -> float:
        """H_ms."""
        return 9.1 * self.mass_area

    @property
    def surface_air(self) -> float:
        """H_is."""
        return 3.45 * self.surface_area

    @property
    def to_mass(self) -> float:
        """Share of radiant gains on the mass."""
        return self.mass_area / self.surface_area

    @property
    def to_surface(self) -> float:
        """Share of radiant gains on the surface node; the rest leaves by the windows."""
        return 1 - self.to_mass - self.windows / (9.1 * self.surface_area)


@dataclass(frozen=True)
class Hours:
    """What drives a zone, [h]."""

    outdoor: FloatArray
    behind: FloatArray
    supply: FloatArray
    ventilation: FloatArray
    gain_air: FloatArray
    gain_radiant: FloatArray
    heat_setpoint: FloatArray
    cool_setpoint: FloatArray
    heat_limit: FloatArray
    cool_limit: FloatArray


def hours(
    outdoor: FloatArray,
    *,
    ventilation: float | FloatArray = 40.0,
    at_air: float | FloatArray = 0.0,
    radiant: float | FloatArray = 0.0,
    heat_at: float | FloatArray = -math.inf,
    cool_at: float | FloatArray = math.inf,
    limit: float | FloatArray = math.inf,
    behind: FloatArray | None = None,
    supply: FloatArray | None = None,
) -> Hours:
    """Hours with what is not told constant; no gains and no plant by default."""
    wide = [np.ascontiguousarray(np.broadcast_to(v, outdoor.shape), dtype=np.float64) for v in
            (ventilation, at_air, radiant, heat_at, cool_at, limit, limit)]  # fmt: skip
    return Hours(outdoor, outdoor if behind is None else behind, outdoor if supply is None else supply, *wide)


@dataclass(frozen=True)
class Course:
    """Air and surface: means of the hour; mass: end of the hour, degC; power W, mean of the hour."""

    air: FloatArray
    surface: FloatArray
    mass: FloatArray
    power: FloatArray

    def heat_kwh(self) -> float:
        """Useful heat."""
        return float(np.maximum(self.power, 0).sum() / 1e3)

    def cool_kwh(self) -> float:
        """Sensible cooling."""
        return float(-np.minimum(self.power, 0).sum() / 1e3)


def run_kernel(
    network: Network, given: Hours, start: float = 16.0, warm_up: int = 0, sub_steps: int = 1
) -> Course:
    """The kernel under judgement."""
    out = [np.zeros_like(given.outdoor) for _ in range(4)]
    simulate_zone(
        given.outdoor, given.behind, given.supply, given.ventilation, given.gain_air, given.gain_radiant,
        given.heat_setpoint, given.cool_setpoint, given.heat_limit, given.cool_limit,
        network.windows, network.mass_outside, network.mass_area, network.surface_area, network.capacity,
        start, warm_up, sub_steps, *out,
    )  # fmt: skip
    return Course(*out)


class Line(NamedTuple):
    """A quantity that is linear in T_m."""

    per_k: float
    at_zero: float

    def __call__(self, mass: float) -> float:
        return self.per_k * mass + self.at_zero


@dataclass(frozen=True)
class Hour:
    """The nodes of one hour as lines in T_m: without plant, and per watt of it."""

    air: Line
    surface: Line
    air_per_watt: float
    surface_per_watt: float


def nodes(n: Network, g: Hours, h: int) -> Hour:
    """Air and surface nodes by solving their 2 x 2 balance."""
    ve = g.ventilation[h]
    matrix = np.array(
        [
            [n.mass_surface + n.windows + n.surface_air, -n.surface_air],
            [-n.surface_air, ve + n.surface_air],
        ]
    )
    fixed = [
        n.windows * g.outdoor[h] + n.to_surface * g.gain_radiant[h],
        ve * g.supply[h] + g.gain_air[h],
    ]
    found = np.linalg.solve(matrix, np.array([[n.mass_surface, fixed[0], 0.0], [0.0, fixed[1], 1.0]]))
    (s_mass, s_fixed, s_watt), (a_mass, a_fixed, a_watt) = found.tolist()
    return Hour(Line(a_mass, a_fixed), Line(s_mass, s_fixed), a_watt, s_watt)


def plant_watt(hour: Hour, g: Hours, h: int, mass: float) -> float:
    """What an ideal thermostat delivers at this instant."""
    free = hour.air(mass)
    if free < g.heat_setpoint[h]:
        return min((g.heat_setpoint[h] - free) / hour.air_per_watt, g.heat_limit[h])
    if free > g.cool_setpoint[h]:
        return max((g.cool_setpoint[h] - free) / hour.air_per_watt, -g.cool_limit[h])
    return 0.0


def run_ode(n: Network, g: Hours, start: float) -> Course:
    """The network by scipy's adaptive Runge-Kutta of eighth order, hour by hour, with the means as further states."""
    out = [np.zeros_like(g.outdoor) for _ in range(4)]
    state = start
    for h in range(g.outdoor.size):
        hour = nodes(n, g, h)

        def change(_: float, y: FloatArray, h: int = h, hour: Hour = hour) -> list[float]:
            watt = plant_watt(hour, g, h, y[0])
            surface = hour.surface(y[0]) + hour.surface_per_watt * watt
            air = hour.air(y[0]) + hour.air_per_watt * watt
            into = n.mass_outside * (g.behind[h] - y[0]) + n.mass_surface * (surface - y[0])
            return [3600 * (into + n.to_mass * g.gain_radiant[h]) / n.capacity, air, surface, watt]

        end = solve_ivp(
            change, (0.0, 1.0), [state, 0.0, 0.0, 0.0], "DOP853", rtol=1e-10, atol=1e-10, max_step=0.25
        ).y[:, -1]
        state = float(end[0])
        for values, value in zip(out, (end[1], end[2], end[0], end[3]), strict=True):
            values[h] = value
    return Course(*out)


@dataclass(frozen=True)
class _Piece:
    """A range of T_m, up to `top`, in which the plant's power is one line in T_m."""

    top: float
    power: Line = field(default=Line(0.0, 0.0))


def _pieces(hour: Hour, g: Hours, h: int) -> list[_Piece]:
    """Full heat, held by heat, idle, held by cooling, full cooling: from low to high T_m."""
    per_k, per_watt = hour.air.per_k, hour.air_per_watt
    low, high = float(g.heat_setpoint[h]), float(g.cool_setpoint[h])
    most_heat, most_cool = float(g.heat_limit[h]), float(g.cool_limit[h])
    found = []
    if low > -math.inf:
        idle_above = (low - hour.air.at_zero) / per_k
        if most_heat < math.inf:
            found.append(_Piece(idle_above - most_heat * per_watt / per_k, Line(0.0, most_heat)))
        found.append(_Piece(idle_above, Line(-per_k / per_watt, (low - hour.air.at_zero) / per_watt)))
    idle_below = (high - hour.air.at_zero) / per_k if high < math.inf else math.inf
    found.append(_Piece(idle_below))
    if high < math.inf:
        full = idle_below + most_cool * per_watt / per_k
        found.append(_Piece(full, Line(-per_k / per_watt, (high - hour.air.at_zero) / per_watt)))
        if most_cool < math.inf:
            found.append(_Piece(math.inf, Line(0.0, -most_cool)))
    return found


def run_exact(n: Network, g: Hours, start: float, warm_up: int = 0) -> Course:
    """The network without any step: in each piece of T_m an exponential, from crossing to crossing."""
    out = [np.zeros_like(g.outdoor) for _ in range(4)]
    state = start
    size = g.outdoor.size
    for step in range(-warm_up, size):
        h = step % size
        hour = nodes(n, g, h)
        pieces = _pieces(hour, g, h)
        sums = [0.0, 0.0, 0.0]
        left = 3600.0
        for _ in range(20):
            index, rate, goal = _motion(n, g, h, hour, pieces, state)
            piece = pieces[index]
            bottom = pieces[index - 1].top if index else -math.inf
            edge = piece.top if goal > state else bottom
            time = left
            if min(state, goal) < edge < max(state, goal):
                time = min(left, math.log((state - goal) / (edge - goal)) / rate)
            fade = math.exp(-rate * time)
            mean = goal * time + (state - goal) * (1 - fade) / rate
            watt = piece.power.per_k * mean + piece.power.at_zero * time
            sums[0] += hour.air.per_k * mean + hour.air.at_zero * time + hour.air_per_watt * watt
            sums[1] += hour.surface.per_k * mean + hour.surface.at_zero * time + hour.surface_per_watt * watt
            sums[2] += watt
            state = edge if time < left else goal + (state - goal) * fade
            left -= time
            if left <= 0.0:
                break
        else:
            raise AssertionError("the thermostat chatters")
        if step >= 0:
            out[0][h], out[1][h], out[3][h] = (value / 3600 for value in sums)
            out[2][h] = state
    return Course(*out)


def _motion(
    n: Network, g: Hours, h: int, hour: Hour, pieces: list[_Piece], state: float
) -> tuple[int, float, float]:
    """The piece T_m moves in, its rate 1/s and where it tends to; at an edge the piece it moves into."""
    for index, piece in enumerate(pieces):
        if state > piece.top:
            continue
        surface = Line(
            hour.surface.per_k + hour.surface_per_watt * piece.power.per_k,
            hour.surface.at_zero + hour.surface_per_watt * piece.power.at_zero,
        )
        out = n.mass_outside + n.mass_surface * (1 - surface.per_k)
        into = n.mass_outside * g.behind[h] + n.mass_surface * surface.at_zero + n.to_mass * g.gain_radiant[h]
        goal = into / out
        if state == piece.top and goal > state:
            continue
        return index, out / n.capacity, goal
    raise AssertionError("no piece holds the state")


def largest_open_share(n: Network, g: Hours, found: Course, start: float) -> float:
    """Largest hourly sum of the flows into zone and nodes over the largest flow of that hour; one step an hour."""
    before = np.concatenate([[start], found.mass[:-1]])
    mean = 0.5 * (before + found.mass)
    across = n.surface_air * (found.surface - found.air)
    inward = n.mass_surface * (mean - found.surface)
    glass = n.windows * (g.outdoor - found.surface)
    wall = n.mass_outside * (g.behind - mean)
    fresh = g.ventilation * (g.supply - found.air)
    stored = n.capacity / 3600 * (found.mass - before)
    kept = (n.to_mass + n.to_surface) * g.gain_radiant
    flows = np.array([glass, wall, fresh, kept, g.gain_air, found.power, -stored])
    scale = np.abs(flows).max(axis=0) + 1.0
    air = fresh + across + g.gain_air + found.power
    surface = glass + inward - across + n.to_surface * g.gain_radiant
    mass = wall - inward + n.to_mass * g.gain_radiant - stored
    nodes_scale = np.maximum(scale, np.abs(np.array([across, inward])).max(axis=0))
    whole = np.abs(flows.sum(axis=0)) / scale
    parts = np.abs(np.array([air, surface, mass])).max(axis=0) / nodes_scale
    return float(max(whole.max(), parts.max()))
