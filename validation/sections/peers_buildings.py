"""Side by side with peers: the hourly heat balance with RC_BuildingSimulator (rcbsim), rooftop PV with pvlib."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

import numpy as np

from benchmarks.bench_dispatch import median_s
from benchmarks.bench_zones import Numbers, Series, arguments, homes, office, rcbsim_year
from services.buildings.climate.place import place_weather
from services.buildings.roofs.pv_yield import Plane, output_per_kw
from services.buildings.zone_kernels import simulate_zone
from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.words import Label
from tests.services.buildings.pvlib_direct import (
    chain_output,
    diffuse_unhindered,
    model_chain,
    weather_frame,
)
from tests.services.buildings.test_roofs import CHAIN, REGION
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, at_least, near
from validation.comparison import Series as Drawn
from validation.context import Context
from validation.sections.building_words import CITIES, ENERGIES, STANDARDS, joined
from validation.sections.deviation import deviation

_RCBSIM = "rcbsim 0.3b0 (RC_BuildingSimulator), ISO 13790 in Python, same input"
_PVLIB = "pvlib ModelChain, PVWatts, same input"
_ROUNDING = 1e-9  # share: the same equations in another order
_MACHINE = Label(
    "同一进程、单核、CPU 时间；比值随机器而变，不设限",
    "one process, one core, CPU time; the ratio differs from machine to machine and has no limit",
)
_PLANES = (
    ("south", Label("朝南 25°", "south at 25°"), Plane(180, 25, False)),
    ("flat", Label("水平", "flat"), Plane(180, 0, False)),
    ("east", Label("朝东 10°", "east at 10°"), Plane(90, 10, False)),
    ("west", Label("朝西 10°", "west at 10°"), Plane(270, 10, False)),
)


def run(context: Context) -> Iterator[Piece]:
    """Heat balance where rcbsim is installed, then PV."""
    if importlib.util.find_spec("rcbsim") is None:
        yield Paragraph(
            Label(
                "未安装 rcbsim，热平衡的并列从略（pip install -e .[bench] 后重新运行）。",
                "rcbsim is not installed: the heat balance beside it is left out (pip install -e .[bench], then run again).",
            )
        )
    else:
        yield from _zones(context.quick)
    yield from _pv(("nanjing",) if context.quick else ("nanjing", "xuzhou", "suzhou"))
    yield from _pv_speed(5 if context.quick else 15)


def _cases(quick: bool) -> Iterator[tuple[str, Label, Series, Numbers]]:
    """The benchmark's office, then its nine homes in Nanjing's year, without warm-up and with one step an hour."""
    yield "office", Label("自造年的办公室（100 m²）", "office of 100 m2 in a made-up year"), *office()
    modes = {
        "m1": Label("一间房", "one room"),
        "m3": Label("在家时", "when at home"),
        "m4": Label("全天", "all day"),
    }
    names = [(s, m) for s in ("pre_standard", "saving_65", "saving_75") for m in modes]
    for (standard, mode), home in zip(names, homes(), strict=True):
        if quick and (standard, mode) != ("saving_65", "m3"):
            continue
        label = joined(Label("南京住宅（1 m²）", "home in Nanjing (1 m2)"), STANDARDS[standard], modes[mode])
        yield f"{standard}.{mode}", label, *arguments(home, 0, 1)


def _zones(quick: bool) -> Iterator[Piece]:
    points: dict[str, list[tuple[float, float]]] = {"heat": [], "cool": []}
    ratios: dict[str, float] = {}
    for name, label, series, numbers in _cases(quick):
        theirs = rcbsim_year(series, numbers)
        air, surface, mass, power = (np.zeros(HOURS) for _ in range(4))

        def ours(
            series: Series = series,
            numbers: Numbers = numbers,
            out: tuple[FloatArray, ...] = (air, surface, mass, power),
        ) -> None:
            simulate_zone(*series, *numbers, *out)

        (seconds,) = median_s(ours)
        ratios[name] = theirs.seconds / seconds
        for kind, sign in (("heat", 1.0), ("cool", -1.0)):
            figure, reference = (float(np.maximum(sign * p, 0).sum() / 1e3) for p in (power, theirs.power))
            points[kind].append((reference, figure))
            yield Comparison(
                f"peers_buildings.zone.{name}.{kind}",
                joined(label, Label(f"全年{ENERGIES[kind].zh}", f"{ENERGIES[kind].en} of a year")),
                unit="kWh", source=_RCBSIM, grade="method", **near(figure, reference, share=_ROUNDING),
            )  # fmt: skip
        yield Comparison(
            f"peers_buildings.zone.{name}.hour",
            joined(label, Label("任一小时功率的最大偏差，占最大功率", "largest difference of an hour's power over the largest power")),
            unit="", source=_RCBSIM, grade="method",
            **deviation(float(np.abs(power - theirs.power).max() / np.abs(theirs.power).max()), _ROUNDING),
        )  # fmt: skip
        yield Comparison(
            f"peers_buildings.zone.{name}.air",
            joined(label, Label("任一小时室温的最大偏差", "largest difference of an hour's air")),
            unit="K", source=_RCBSIM, grade="method", **deviation(float(np.abs(air - theirs.air).max()), 1e-8),
        )  # fmt: skip
        yield Comparison(
            f"peers_buildings.zone.{name}.correlation",
            joined(label, Label("逐时功率的相关系数", "correlation of the hourly power")),
            unit="", source=_RCBSIM, grade="method",
            **at_least(float(np.corrcoef(power, theirs.power)[0, 1]), 1 - _ROUNDING),
        )  # fmt: skip
        yield _speed(
            f"zone.{name}",
            joined(label, Label("rcbsim 用时为本软件的倍数", "time of rcbsim over ours")),
            ratios[name],
            _RCBSIM,
        )
    yield Chart(
        "peers-zones",
        "match",
        Label("全年需热量与需冷量", "Heating and cooling of a year"),
        Label("rcbsim，kWh", "rcbsim, kWh"),
        Label("本软件，kWh", "Dafeng, kWh"),
        [Drawn(ENERGIES[k], [x for x, _ in p], [y for _, y in p]) for k, p in points.items()],
    )


def _pv(cities: tuple[str, ...]) -> Iterator[Piece]:
    points: list[tuple[float, float]] = []
    for city in cities:
        weather = place_weather(REGION, city, "normal", 0.0)
        for name, what, plane in _PLANES:
            theirs = chain_output(plane, CHAIN, weather)
            usual = output_per_kw(weather, plane, CHAIN) / weather.pv_light_share
            with diffuse_unhindered():
                same = output_per_kw(replace(weather, pv_light_share=1.0), plane, CHAIN)
            label, key = joined(CITIES[city], what), f"peers_buildings.pv.{city}.{name}"
            points.append((float(theirs.sum()), float(usual.sum())))
            yield Comparison(
                f"{key}.same_glass", joined(label, Label("全年发电（同样的玻璃）", "yield of a year (the same glass)")),
                unit="kWh/kW", source=_PVLIB, grade="method", **near(float(same.sum()), float(theirs.sum()), share=0.003),
            )  # fmt: skip
            yield Comparison(
                f"{key}.hour",
                joined(label, Label("任一小时的最大偏差（同样的玻璃）", "largest difference of an hour (the same glass)")),
                unit="kW/kW", source=_PVLIB, grade="method", **deviation(float(np.abs(same - theirs).max()), 0.01),
            )  # fmt: skip
            yield Comparison(
                f"{key}.correlation",
                joined(label, Label("逐时发电的相关系数", "correlation of the hourly output")),
                figure=float(np.corrcoef(usual, theirs)[0, 1]), reference=1.0, low=0.999, unit="", source=_PVLIB,
                grade="method",
            )  # fmt: skip
            yield Comparison(
                f"{key}.usual",
                joined(
                    label,
                    Label("全年发电（本软件另计玻璃对散射光的反射）", "yield of a year (ours with what glass reflects of diffuse light)"),
                ),
                figure=float(usual.sum()), reference=float(theirs.sum()), low=0.94 * float(theirs.sum()),
                high=0.985 * float(theirs.sum()), unit="kWh/kW", source=_PVLIB, grade="method",
            )  # fmt: skip
    yield Chart(
        "peers-pv",
        "match",
        Label("全年发电（玻璃散射反射计入）", "Yield of a year (with what glass reflects of diffuse light)"),
        Label("pvlib ModelChain，kWh/kW", "pvlib ModelChain, kWh/kW"),
        Label("本软件，kWh/kW", "Dafeng, kWh/kW"),
        [Drawn(Label("城市与朝向", "cities and planes"), [x for x, _ in points], [y for _, y in points])],
    )


def _pv_speed(repeats: int) -> Iterator[Comparison]:
    """A year of a plane: from nothing kept, and with sun and light on the plane kept, as in the runs of a scenario."""
    weather, plane = place_weather(REGION, "nanjing", "normal", 0.0), _PLANES[0][2]
    chain, frame = model_chain(plane, CHAIN, weather), weather_frame(weather)
    # Other places: what is kept by place or radiation does not help.
    others = cycle(
        [replace(weather, longitude_deg=weather.longitude_deg + 1e-6 * i) for i in range(1, repeats + 2)]
    )

    def timed(ours: Callable[[], object]) -> float:
        own, theirs = median_s(ours, lambda: chain.run_model(frame), repeats=repeats)
        return theirs / own

    def anew() -> FloatArray:
        return output_per_kw(next(others), plane, CHAIN)

    for name, what, ours in (
        ("anew", Label("太阳位置与辐射重新计算", "sun and light anew"), anew),
        (
            "kept",
            Label("太阳位置与辐射已保留", "sun and light kept"),
            lambda: output_per_kw(weather, plane, CHAIN),
        ),
    ):
        label = Label(
            f"光伏一年：ModelChain 用时为本软件的倍数（{what.zh}）",
            f"a year of PV: time of ModelChain over ours ({what.en})",
        )
        yield _speed(f"pv.{name}", label, timed(ours), _PVLIB)


def _speed(name: str, label: Label, ratio: float, source: str) -> Comparison:
    return Comparison(
        f"peers_buildings.speed.{name}", label, figure=ratio, reference=1.0, unit="×", source=source, grade="method",
        remark=_MACHINE,
    )  # fmt: skip


SECTION = Section(
    "peers_buildings",
    Label("与同类软件并列：建筑", "Side by side with peers, buildings"),
    Label(
        "同样的输入下，逐时热平衡与 RC_BuildingSimulator、屋顶光伏与 pvlib 的结果和同一次运行中测得的用时之比。",
        "The same input through the hourly heat balance and RC_BuildingSimulator, and through rooftop PV and pvlib: results, "
        "and ratios of time measured in one run.",
    ),
    run,
    minutes=0.3,
)
