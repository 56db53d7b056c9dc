"""Rooftop PV beside pvlib and yields of typical years, heat pumps beside their regressions, weather beside statistics."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from services.buildings.base import TYPES
from services.buildings.climate.place import place_weather
from services.buildings.climate.sky import plane_irradiance, sun
from services.buildings.roofs.places import city_yields
from services.buildings.roofs.pv_yield import Plane, output_per_kw
from services.common.region_files import sources
from services.common.regions import load_region
from services.common.words import Label
from tests.services.buildings.pvlib_direct import chain_output, diffuse_unhindered, on_plane, sun_position
from tests.services.buildings.test_roof_stock import OWN_USE, OWN_USE_YEARS, RATIOS, own_use, own_use_of_types
from tests.services.buildings.test_roofs import CHAIN, KINDS, YIELDS, ask, yearly
from tests.services.buildings.test_sky import PLANES, WEATHER
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, near
from validation.context import Context
from validation.sections.building_words import BUILDING_TYPES, CITIES, joined
from validation.sections.deviation import deviation
from validation.sections.heat_pump_rows import heat_pump_rows
from validation.sections.weather_rows import weather_rows

REGION = load_region("jiangsu")
_ID = "roofs_and_heat_pumps"
_NREL = "pvlib, solar position algorithm of NREL (Reda and Andreas)"
_PVLIB = "pvlib get_total_irradiance, Perez, same input"
_CHAIN = "pvlib ModelChain, PVWatts, same input"
_YIELD = "Perez and PVWatts on the radiation of the stations' typical years, losses 14 %, inverter 96 %"


def run(context: Context) -> Iterator[Piece]:
    """Sun, planes, chain, yields, own use; then heat pumps; then the weather both stand on."""
    cities = ("nanjing", "xuzhou") if context.quick else REGION.city_ids
    yield Paragraph(
        Label(
            "天空模型和发电链的各环节取自 pvlib，因此与 pvlib 的对照检查的是组装和取值，不是另一种物理模型；发电小时另与典型年计算"
            "对照。",
            "Sky model and links of the chain are pvlib's own, so the rows beside pvlib check how they are put together and "
            "what they are given, not another physics; yields stand beside a calculation on typical years as well.",
        )
    )
    yield from _sun()
    yield from _chain(cities[:1] if context.quick else ("nanjing", "xuzhou", "suzhou"))
    yield from _yields(cities)
    yield from _roofs()
    if not context.quick:
        yield from _own_use()
    yield from heat_pump_rows(cities)
    yield Paragraph(
        Label(
            "气象年由站点月统计合成；度日、辐射和月均温逐市与统计对照。",
            "Weather years are made from monthly statistics of stations; degree days, radiation and monthly means stand "
            "beside the statistics city by city.",
        )
    )
    yield from weather_rows(cities)


def _sun() -> Iterator[Comparison]:
    zenith, azimuth = sun_position(WEATHER.latitude_deg, WEATHER.longitude_deg)
    where = sun(WEATHER)
    up = where.zenith_cosine > 0
    turn = (where.azimuth_deg - azimuth + 180) % 360 - 180
    for name, what, off, most in (
        (
            "zenith",
            Label("太阳天顶角", "zenith of the sun"),
            np.degrees(np.arccos(where.zenith_cosine)) - zenith,
            0.02,
        ),
        ("azimuth", Label("太阳方位角（日出后）", "azimuth of the sun (when it is up)"), turn[up], 0.2),
    ):
        yield Comparison(
            f"{_ID}.sun.{name}",
            Label(f"南京全年各小时{what.zh}的最大偏差", f"Nanjing, all hours of a year: largest difference of the {what.en}"),
            unit="°", source=_NREL, grade="method", **deviation(float(np.abs(off).max()), most),
        )  # fmt: skip
    high = where.zenith_cosine > 0.02
    for turned, tilt in PLANES:
        theirs, ours = on_plane(WEATHER, turned, tilt, 0.2), plane_irradiance(WEATHER, turned, tilt, 0.2)
        for name, what, off in (
            ("beam", Label("直射", "beam"), ours.beam - theirs["poa_direct"]),
            ("total", Label("总辐射", "all light"), ours.total - theirs["poa_global"]),
        ):
            yield Comparison(
                f"{_ID}.plane.{turned:.0f}_{tilt:.0f}.{name}",
                Label(
                    f"方位 {turned:.0f}°、倾角 {tilt:.0f}° 的面：{what.zh}的最大偏差",
                    f"plane at azimuth {turned:.0f}°, tilt {tilt:.0f}°: largest difference of {what.en}",
                ),
                unit="W/m²", source=_PVLIB, grade="method", **deviation(float(np.abs(off[high]).max()), 1e-6),
            )  # fmt: skip


def _chain(cities: tuple[str, ...]) -> Iterator[Comparison]:
    plane = Plane(180, 25, False)
    for city in cities:
        weather = place_weather(REGION, city, "normal", 0.0)
        theirs = chain_output(plane, CHAIN, weather)
        usual = output_per_kw(weather, plane, CHAIN) / weather.pv_light_share
        with diffuse_unhindered():
            same = output_per_kw(replace(weather, pv_light_share=1.0), plane, CHAIN)
        yield Comparison(
            f"{_ID}.chain.{city}.yield",
            joined(CITIES[city], Label("朝南 25°：全年发电（同样的玻璃）", "south at 25°: yield of a year (the same glass)")),
            unit="kWh/kW", source=_CHAIN, grade="method", **near(float(same.sum()), float(theirs.sum()), share=0.003),
        )  # fmt: skip
        yield Comparison(
            f"{_ID}.chain.{city}.hour",
            joined(CITIES[city], Label("任一小时的最大偏差（同样的玻璃）", "largest difference of an hour (the same glass)")),
            unit="kW/kW", source=_CHAIN, grade="method", **deviation(float(np.abs(same - theirs).max()), 0.01),
        )  # fmt: skip
        yield Comparison(
            f"{_ID}.chain.{city}.glass",
            joined(
                CITIES[city],
                Label("玻璃对天空和地面散射光的反射后，占 ModelChain 的份额", "after what glass reflects of light from sky and ground"),
            ),
            figure=float(usual.sum() / theirs.sum()), reference=1.0, low=0.94, high=0.985, unit="", grade="method",
            source=f"{_CHAIN}, which lets diffuse light through whole; Marion 2017 takes 1.5 to 6 %",
        )  # fmt: skip


def _yields(cities: tuple[str, ...]) -> Iterator[Piece]:
    points: list[tuple[float, float]] = []
    names = (
        ("flat", Label("水平", "flat"), 0.06),
        ("south_10", Label("朝南 10°", "south at 10°"), 0.06),
        ("south_25", Label("朝南 25°", "south at 25°"), 0.05),
        ("east_west", Label("东西 10°", "east and west at 10°"), 0.06),
    )
    for city in (c for c in YIELDS if c in cities):
        both = (yearly(city, 90, 10) + yearly(city, 270, 10)) / 2
        found = (yearly(city, 180, 0), yearly(city, 180, 10), yearly(city, 180, 25), both)
        for (name, what, share), figure, reference in zip(names, found, YIELDS[city], strict=True):
            points.append((reference, figure))
            yield Comparison(
                f"{_ID}.yield.{city}.{name}",
                joined(CITIES[city], what, Label("全年发电", "yield of a year")),
                unit="kWh/kW", source=_YIELD, grade="C", **near(figure, reference, share=share),
            )  # fmt: skip
    known = dict(zip(REGION.city_ids, city_yields("jiangsu"), strict=True))
    for city in cities:
        leaf = REGION.leaf("buildings", "rooftop_pv_yield_kwh_per_kw", city)
        points.append((leaf.number(), float(known[city])))
        yield Comparison(
            f"{_ID}.yield.{city}.statistic",
            joined(CITIES[city], Label("模型所用的屋顶光伏年发电小时", "yearly hours of rooftop PV that the model uses")),
            unit="kWh/kW", source=sources()[leaf.provenance.source].title, grade=leaf.provenance.grade.value,
            **near(float(known[city]), leaf.number(), share=0.05),
        )  # fmt: skip
    yield Chart(
        "roofs-yields",
        "match",
        Label("屋顶光伏年发电小时", "Yearly hours of rooftop PV"),
        Label("典型年计算，kWh/kW", "from typical years, kWh/kW"),
        Label("本软件，kWh/kW", "Dafeng, kWh/kW"),
        [Series(Label("城市与朝向", "cities and planes"), [x for x, _ in points], [y for _, y in points])],
    )


def _roofs() -> Iterator[Comparison]:
    names = {
        "factory_metal": Label("彩钢厂房屋顶", "metal roof of a factory"),
        "factory_concrete": Label("混凝土厂房屋顶", "concrete roof of a factory"),
        "public": Label("公共建筑屋顶", "roof of a public building"),
        "high_rise": Label("高层住宅屋顶", "roof of a tower"),
        "rural": Label("农村住宅屋顶", "roof of a rural house"),
    }
    for kind in KINDS:
        yield Comparison(
            f"{_ID}.performance_ratio.{kind}",
            joined(names[kind], Label("性能比", "performance ratio")),
            figure=ask({"roof_kind": kind}).total.performance_ratio, reference=0.73, low=0.70, high=0.76, unit="",
            source="rooftop plants with losses of 14 % and inverter of 96 %, estimate", grade="C",
        )  # fmt: skip


def _own_use() -> Iterator[Piece]:
    """Output used in the building: the curve beside the hours, and the planned scenario beside ranges for China."""
    for ratio in RATIOS:
        off = max(float(np.abs(np.subtract(*own_use(ratio, p))).max()) for p in (0, 5))
        yield Comparison(
            f"{_ID}.own_use.ratio_{ratio:g}",
            Label(
                f"发电为用电 {ratio:g} 倍时自用率的最大偏差（两市、各类建筑）",
                f"own use where output is {ratio:g} of the load: largest difference (two cities, all types)",
            ),
            unit="", source="hour by hour, no table", grade="exact", **deviation(off, 0.004),
        )  # fmt: skip
    for year in OWN_USE_YEARS:
        share = own_use_of_types(year)
        for t, (low, high) in OWN_USE.items():
            name = BUILDING_TYPES[TYPES[t]]
            yield Comparison(
                f"{_ID}.own_use.{TYPES[t]}.{year}",
                Label(f"{year} 年{name.zh}屋顶光伏自用率", f"own use of rooftop PV in {year}, {name.en}"),
                figure=float(share[t]), reference=0.5 * (low + high), low=low - 0.05, high=high + 0.05, unit="",
                source=f"ranges told for China, {low:g} to {high:g}; five points beyond still count", grade="C",
            )  # fmt: skip


SECTION = Section(
    "roofs_and_heat_pumps",
    Label("屋顶光伏、热泵与气象", "Rooftop PV, heat pumps and weather"),
    Label(
        "太阳位置、斜面辐射和发电与 pvlib 对照，发电小时与典型年对照；热泵与制冷能效与回归式、热力学上限和典型年对照；气象年与站点统计"
        "对照。",
        "Sun, light on planes and PV output beside pvlib, yields beside typical years; efficiency of heat pumps and coolers "
        "beside their regressions, the bound of thermodynamics and typical years; weather years beside statistics of stations.",
    ),
    run,
    minutes=0.1,
)
