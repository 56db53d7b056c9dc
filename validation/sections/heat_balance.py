"""The hourly heat balance beside hand-worked values, the same network in continuous time, and rooms of Standard 140."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from services.common.words import Label
from tests.services.buildings import steady_states
from tests.services.buildings.bestest import CASES
from tests.services.buildings.network import Hours, Network, run_exact, run_kernel, run_ode
from tests.services.buildings.steady_states import HAND_HOURS, run_hour
from tests.services.buildings.test_heat_balance_bestest import found
from tests.services.buildings.test_heat_balance_ode import (
    OFFICE,
    START,
    WARM_UP,
    apart,
    drives,
    office,
    zones,
)
from tests.services.buildings.test_kernels import ANY_ZONE, open_share_of
from tests.services.buildings.test_zone_ode import ENERGY_SHARE, ROOMS, compared
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, near
from validation.context import Context
from validation.sections.deviation import deviation
from validation.sections.heat_balance_rooms import rebuilt, standard_140

_BY_HAND = "ISO 13790:2008, annex C, worked by hand"
_EXACT = "the same network solved piecewise by exponentials, no time step"
_SOLVER = "SciPy solve_ivp, DOP853, relative tolerance 1e-10, same input"
_HOURS = {
    "heated": Label("供暖的一小时", "an hour of heating"),
    "cooled": Label("供冷的一小时", "an hour of cooling"),
    "free": Label("不供暖也不供冷的一小时", "an hour without plant"),
    "heated-too-little": Label("供暖能力不足的一小时", "an hour with too small a heater"),
    "without-heating": Label("冷天无供暖的一小时", "a cold hour without heating"),
    "without-cooling": Label("热天无供冷的一小时", "a hot hour without cooling"),
}
_PLANTS = {
    "free": Label("自由运行", "free"),
    "held": Label("全天保持设定温度", "held all day"),
    "evening": Label("仅晚间运行且设备偏小", "held in the evening by a plant too small"),
}


def run(context: Context) -> Iterator[Piece]:
    """From what follows by hand to what other programs found."""
    yield Paragraph(
        Label(
            "房间用五个热导、一个热容的逐时网络（5R1C）计算，逐小时 Crank-Nicolson 步进。先看能手算的，再看同一网络的连续时间解"
            "（检查步进误差），最后看 ASHRAE 140 各房间（检查方法本身）。",
            "A room is a network of five conductances and one heat capacity (5R1C), stepped hour by hour after Crank and "
            "Nicolson. First what can be worked out by hand, then the same network in continuous time (the error of the step), "
            "last the rooms of ASHRAE Standard 140 (the method itself).",
        )
    )
    yield from _by_hand()
    yield from _conservation(20 if context.quick else 400)
    yield from _adaptive(context.quick)
    yield from _steps(context.quick)
    yield from _years()
    yield from _random(_any_zones(2 if context.quick else 40))
    yield from _continuous_rooms(("heavy",) if context.quick else tuple(ROOMS))
    yield from rebuilt(("900",) if context.quick else ("600", "900", "600FF", "900FF"))
    yield from standard_140()


def _by_hand() -> Iterator[Comparison]:
    for name, expected in HAND_HOURS.items():
        hour, label = run_hour(expected), _HOURS[name]
        yield Comparison(
            f"heat_balance.hour.{name}.power",
            Label(f"{label.zh}：设备功率", f"{label.en}: power of the plant"),
            unit="W", source=_BY_HAND, grade="exact",
            **near(float(hour.power[0]), expected.power, absolute=1e-5),
        )  # fmt: skip
        apart_k = max(
            abs(float(getattr(hour, n)[0]) - getattr(expected, n)) for n in ("air", "surface", "mass")
        )
        yield Comparison(
            f"heat_balance.hour.{name}.temperatures",
            Label(
                f"{label.zh}：空气、表面、蓄热三个温度的最大偏差",
                f"{label.en}: largest difference of the temperatures of air, surface and mass",
            ),
            unit="K", source=_BY_HAND, grade="exact",
            **deviation(apart_k, 1e-6),
        )  # fmt: skip
    without = steady_states.without_air_change()
    rows = (
        ("warmed_air", steady_states.warmed_air(), 1e-9, 0.0, "°C",
         Label("稳态：空气得热 900 W 时的室温", "steady state: air that is given 900 W")),
        ("idle", steady_states.idle_zone(), 1e-9, 0.0, "°C",
         Label("稳态：无得热的房间取室外温度", "steady state: a zone without gains takes the temperature outside")),
        ("held_power", steady_states.held_power(), 0.0, 1e-9, "W",
         Label("稳态：保持 20 °C、室外 0 °C 的供暖功率", "steady state: power that holds 20 °C at 0 °C outside")),
        ("surface", without[0], 1e-8, 0.0, "°C",
         Label("稳态：无换气时的表面温度", "steady state: surface without air change")),
        ("air_above_surface", without[1], 1e-9, 0.0, "K",
         Label("稳态：无换气时空气高于表面", "steady state: air above the surface without air change")),
        ("cold_year", steady_states.cold_year_kwh(), 0.0, 1e-9, "kWh",
         Label("全年 −5 °C：SimulateZone 的需热量", "a year of −5 °C: heating by SimulateZone")),
        ("free_year", steady_states.free_year_degc(), 1e-5, 0.0, "°C",
         Label("全年 10 °C、无设备：SimulateZone 的室温", "a year of 10 °C without plant: air by SimulateZone")),
    )  # fmt: skip
    for name, (figure, by_hand), absolute, share, unit, label in rows:
        yield Comparison(
            f"heat_balance.steady.{name}", label, unit=unit, source="thermal resistances in series, by hand",
            grade="exact", **near(figure, by_hand, absolute=absolute, share=share),
        )  # fmt: skip


def _conservation(count: int) -> Iterator[Comparison]:
    shares: list[float] = []

    @_drawn(count)
    @given(*ANY_ZONE)
    def gather(seed: int, windows: float, outside: float, area: float, capacity: float, limit: float) -> None:
        shares.append(open_share_of(seed, windows, outside, area, capacity, limit))

    gather()
    yield Comparison(
        "heat_balance.conservation.any_zone",
        Label(
            f"能量守恒：{len(shares)} 个随机房间各 200 小时，任一节点热流之和与最大热流之比的最大值",
            f"energy: largest open share of the heat flows at any node, {len(shares)} random zones of 200 hours",
        ),
        unit="", source="first law at every node and hour", grade="exact", **deviation(max(shares), 1e-9),
    )  # fmt: skip
    yield Comparison(
        "heat_balance.conservation.standard_140",
        Label(
            f"能量守恒：ASHRAE 140 的 {len(CASES)} 个房间全年各小时的最大不闭合份额",
            f"energy: largest open share of any hour of the year in the {len(CASES)} rooms of ASHRAE 140",
        ),
        unit="", source="first law in every hour", grade="exact",
        **deviation(max(found(case).largest_residual_share for case in CASES), 1e-9),
    )  # fmt: skip


def _adaptive(quick: bool) -> Iterator[Comparison]:
    """The two ways to solve in continuous time beside each other, then the kernel beside the adaptive one."""
    days = (2, 4) if quick else (10, 28)
    for plant, label in _PLANTS.items():
        drive = office(5, plant, 24 * days[0])
        exact, solved = run_exact(OFFICE, drive, START), run_ode(OFFICE, drive, START)
        apart_k = max(
            float(np.abs(getattr(exact, n) - getattr(solved, n)).max()) for n in ("air", "surface", "mass")
        )
        yield Comparison(
            f"heat_balance.solvers.{plant}",
            Label(
                f"两种连续时间解之间的最大温差（{label.zh}，{days[0]} 天）",
                f"largest temperature difference between the two solutions in continuous time ({label.en}, {days[0]} days)",
            ),
            unit="K", source=f"{_EXACT}, beside {_SOLVER}", grade="method", **deviation(apart_k, 1e-5),
        )  # fmt: skip
        drive = office(8, plant, 24 * days[1])
        kernel, solved = run_kernel(OFFICE, drive, START), run_ode(OFFICE, drive, START)
        for node, name in (("air", Label("空气", "air")), ("mass", Label("蓄热体", "mass"))):
            yield Comparison(
                f"heat_balance.adaptive.{plant}.{node}",
                Label(
                    f"办公室 {days[1]} 天（{label.zh}）：{name.zh}温度的平均偏差",
                    f"office, {days[1]} days ({label.en}): mean difference of the {name.en}",
                ),
                unit="K", source=_SOLVER, grade="method",
                **deviation(float(np.abs(getattr(kernel, node) - getattr(solved, node)).mean()), 0.01),
            )  # fmt: skip
        yield Comparison(
            f"heat_balance.adaptive.{plant}.power",
            Label(
                f"办公室 {days[1]} 天（{label.zh}）：供暖减供冷",
                f"office, {days[1]} days ({label.en}): heating less cooling",
            ),
            unit="kWh", source=_SOLVER, grade="method",
            **near(kernel.power.sum() / 1e3, solved.power.sum() / 1e3, share=2e-3, absolute=1e-12),
        )  # fmt: skip


def _steps(quick: bool) -> Iterator[Piece]:
    """The order of the step: differences fall with its square."""
    steps = np.array([1, 2, 4, 8, 16, 32])
    lines = []
    for plant, label in _PLANTS.items():
        if quick and plant != "free":
            continue
        drive = office(1, plant)
        exact = run_exact(OFFICE, drive, START, WARM_UP)
        off = [apart(run_kernel(OFFICE, drive, START, WARM_UP, int(k)), exact) for k in steps]
        lines.append(Series(label, np.log2(steps).tolist(), np.log10(off).tolist()))
        yield Comparison(
            f"heat_balance.order.{plant}",
            Label(f"步进收敛阶（{label.zh}）", f"order of the step ({label.en})"),
            unit="", source="Crank-Nicolson is of second order", grade="exact",
            **near(float(-np.polyfit(np.log(steps), np.log(off), 1)[0]), 2.0, absolute=0.1),
        )  # fmt: skip
    yield Chart(
        "heat-balance-steps",
        "lines",
        Label("室温平均偏差随步长缩短而减小", "Mean difference of the air as the step shortens"),
        Label("每小时步数，以 2 为底的对数", "steps an hour, logarithm to base 2"),
        Label(
            "与无步长解之差，K，以 10 为底的对数", "from the solution without step, K, logarithm to base 10"
        ),
        lines,
    )


def _years() -> Iterator[Comparison]:
    for plant, share in (("held", 2e-4), ("evening", 2e-3)):
        drive = office(1, plant)
        exact, kernel = run_exact(OFFICE, drive, START, WARM_UP), run_kernel(OFFICE, drive, START, WARM_UP)
        for kind, name in (("heat", Label("需热量", "heating")), ("cool", Label("需冷量", "cooling"))):
            label = _PLANTS[plant]
            yield Comparison(
                f"heat_balance.year.{plant}.{kind}",
                Label(f"办公室全年{name.zh}（{label.zh}）", f"office, {name.en} of a year ({label.en})"),
                unit="kWh", source=_EXACT, grade="method",
                **near(getattr(kernel, f"{kind}_kwh")(), getattr(exact, f"{kind}_kwh")(), share=share),
            )  # fmt: skip


class _AnyZone(NamedTuple):
    """A random zone for a year: mean difference of the air free and held, K; (kernel, exact) kWh."""

    free_k: float
    held_k: float
    heat: tuple[float, float]
    cool: tuple[float, float]


def _any_zones(count: int) -> list[_AnyZone]:
    gathered: list[_AnyZone] = []

    @_drawn(count)
    @given(zones(), drives())
    def gather(zone: tuple[Network, int], drive: tuple[Hours, Hours]) -> None:
        network, steps = zone
        (held, held_exact), (free, free_exact) = (
            (run_kernel(network, d, START, WARM_UP, steps), run_exact(network, d, START, WARM_UP))
            for d in drive
        )
        heat_kwh = held.heat_kwh(), held_exact.heat_kwh()
        cool_kwh = held.cool_kwh(), held_exact.cool_kwh()
        gathered.append(_AnyZone(apart(free, free_exact), apart(held, held_exact), heat_kwh, cool_kwh))

    gather()
    return gathered


def _random(any_zones: list[_AnyZone]) -> Iterator[Piece]:
    count = len(any_zones)
    for kind, label in (
        ("free", _PLANTS["free"]),
        ("held", Label("分时供暖供冷", "held in part of the day")),
    ):
        off = [getattr(z, f"{kind}_k") for z in any_zones]
        for name, what, value in (
            ("worst", Label("最差", "worst"), max(off)),
            ("median", Label("中位", "median"), float(np.median(off))),
        ):
            yield Comparison(
                f"heat_balance.random.{kind}.{name}",
                Label(
                    f"{count} 个随机房间全年（{label.zh}）：室温平均偏差，{what.zh}",
                    f"{count} random zones, a year ({label.en}): mean difference of the air, {what.en}",
                ),
                unit="K", source=_EXACT, grade="method", **deviation(value, 0.03),
            )  # fmt: skip
    energies = (("heat", Label("需热量", "heating")), ("cool", Label("需冷量", "cooling")))
    for kind, label in energies:
        # Below 100 kWh on 100 m2 a share of energy says nothing.
        shares = [abs(k - e) / max(e, 100.0) for k, e in (getattr(z, kind) for z in any_zones)]
        for name, what, value in (
            ("worst", Label("最差", "worst"), max(shares)),
            ("median", Label("中位", "median"), float(np.median(shares))),
        ):
            yield Comparison(
                f"heat_balance.random.{kind}.{name}",
                Label(
                    f"{count} 个随机房间：全年{label.zh}偏差占比，{what.zh}",
                    f"{count} random zones: difference of a year's {label.en} as a share, {what.en}",
                ),
                unit="", source=_EXACT, grade="method", **deviation(value, 1e-2),
            )  # fmt: skip
    yield Chart(
        "heat-balance-random",
        "match",
        Label("随机房间全年需热量与需冷量", "Heating and cooling of random zones in a year"),
        Label("无步长解，kWh", "solution without step, kWh"),
        Label("逐时核，kWh", "hourly kernel, kWh"),
        [
            Series(name, [getattr(z, k)[1] for z in any_zones], [getattr(z, k)[0] for z in any_zones])
            for k, name in energies
        ],
    )


def _continuous_rooms(kinds: tuple[str, ...]) -> Iterator[Comparison]:
    names = {"heavy": Label("重型房间", "heavy room"), "light": Label("轻型房间", "light room")}
    for kind in kinds:
        for held, state in ((False, _PLANTS["free"]), (True, _PLANTS["held"])):
            apart_of, name = compared(kind, held), names[kind]
            key = f"{kind}_{'held' if held else 'free'}"
            for node, what, value in (
                ("air", Label("空气", "air"), apart_of.air_k),
                ("mass", Label("蓄热体", "mass"), apart_of.mass_k),
            ):
                yield Comparison(
                    f"heat_balance.room.{key}.{node}",
                    Label(
                        f"{name.zh}春季两周（{state.zh}）：{what.zh}温度均方根偏差",
                        f"{name.en}, two weeks of spring ({state.en}): root mean square difference of the {what.en}",
                    ),
                    unit="K", source="SciPy solve_ivp, RK45, same input", grade="method", **deviation(value, ROOMS[kind][1]),
                )  # fmt: skip
            if not held:
                continue
            width = ENERGY_SHARE * max(*apart_of.kernel_kwh, *apart_of.solver_kwh)
            for i, what in enumerate((Label("需热量", "heating"), Label("需冷量", "cooling"))):
                yield Comparison(
                    f"heat_balance.room.{key}.{('heat', 'cool')[i]}",
                    Label(f"{name.zh}春季两周{what.zh}", f"{name.en}, two weeks of spring: {what.en}"),
                    unit="kWh", source="SciPy solve_ivp, RK45, same input", grade="method",
                    **near(apart_of.kernel_kwh[i], apart_of.solver_kwh[i], absolute=width),
                )  # fmt: skip


def _drawn(count: int) -> settings:
    """The same random cases every time."""
    return settings(
        max_examples=count, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


SECTION = Section(
    "heat_balance",
    Label("建筑热平衡", "Heat balance of buildings"),
    Label(
        "逐时 5R1C 房间模型与手算值、同一网络的连续时间解、ASHRAE 140（BESTEST）房间对照。",
        "The hourly 5R1C model of a room beside values worked by hand, the same network in continuous time and the rooms of "
        "ASHRAE Standard 140 (BESTEST).",
    ),
    run,
    minutes=1.0,
)
