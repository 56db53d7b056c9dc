"""Homes built to a standard, under the standard's own conditions, beside what the standards print."""

from collections.abc import Iterator
from itertools import pairwise
from math import inf

from services.buildings.intensity import COOL, HEAT
from services.buildings.states import STANDARDS as STATE_STANDARDS
from services.common.words import Label
from tests.services.buildings.standard_conditions import COLD_CITIES, HSCW_CITIES, PER, demand
from tests.services.buildings.test_heat_balance_modes import (
    MODES,
    PROTOTYPE,
    at_warming,
    urban,
)
from tests.services.buildings.test_standard_ladder import (
    COLD_LEVELS,
    FORMS,
    LEVELS,
    SAVING,
    STATION_CITIES,
    TYPICAL_COLD,
    saved,
    typical,
)
from tests.services.buildings.test_standard_limits import (
    OF_2001,
    OF_2021,
    THREE_CITIES,
    cooling_limits,
    electricity,
    limit_of_2001,
)
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, at_most, near
from validation.context import Context
from validation.sections.building_words import CITIES, ENERGIES, STANDARDS, joined
from validation.sections.building_words import FORMS as FORM_NAMES

_UNIT = "kWh/m²"
_JGJ_134 = "JGJ 134-2001, table 5.0.5, by HDD18 and CDD26 of the city's normal year"
_GB_55015 = "GB 55015-2021, averages of zones 3A and 2B"
_GB_T_51350 = "GB/T 51350-2019, limits of residential buildings"
_PROTOTYPE = "independent prototype of the same method on typical years (CSWD) of the stations"
# Standard, its COP and EER, lowest and highest electricity over the limit of 2001
_OF_LIMIT_2001 = (
    (
        "pre_standard", (1.0, 2.2), 1.4, inf,
        Label("标准前住宅应至少为限值的 1.4 倍", "homes before standards need at least 1.4 times the limit"),
    ),
    (
        "saving_50", OF_2001, 0.5, 1.0,
        Label("不超过限值，也不低于其一半", "within the limit and not below half of it"),
    ),
    (
        "saving_75", (2.2, 3.0), -inf, 0.5,
        Label("从 50 % 到 75 %，设计用能减半", "from 50 to 75 % the design use halves"),
    ),
)  # fmt: skip
_ZONES = {"hscw": Label("夏热冬冷地区", "hot summer and cold winter"), "cold": Label("寒冷地区", "cold zone")}

_ALL_CITIES = (*HSCW_CITIES, *COLD_CITIES)


def run(context: Context) -> Iterator[Piece]:
    """Limits, what each level saves, other calculations of the same homes, and homes used in part."""
    yield Paragraph(
        Label(
            "以标准自己的计算条件（设定温度、换气次数、内部得热、供暖期）计算江苏各市住宅；围护结构取模型中各标准的参数，气象为"
            "各市常年。标准的限值和平均值由标准文本转录（等级 B）。",
            "Homes of the cities of Jiangsu under the calculation conditions of the standards themselves (set-points, air "
            "changes, gains, season), with the model's envelope of each standard and the normal year of each city. Limits and "
            "averages are transcribed from the standards (grade B).",
        )
    )
    cities = ("nanjing", "xuzhou") if context.quick else None
    yield from _limits_of_2001(_of(THREE_CITIES, cities))
    yield from _averages_of_2021()
    yield from _near_zero(cities)
    yield from _ladder(cities)
    yield from _every_step(cities)
    yield from _prototype(cities)
    if not context.quick:  # needs the heat balance of all archetypes
        yield from _modes()


def _of(all_cities: tuple[str, ...], chosen: tuple[str, ...] | None) -> tuple[str, ...]:
    return all_cities if chosen is None else tuple(c for c in all_cities if c in chosen)


def _limits_of_2001(cities: tuple[str, ...]) -> Iterator[Piece]:
    for city in cities:
        limit, first = limit_of_2001(city), electricity(demand(city, "hscw", "pre_standard"), (1.0, 2.2))
        yield Comparison(
            f"standards.limit_2001.{city}.half_of_first",
            joined(CITIES[city], Label("标准前住宅供暖供冷用电的一半", "half of the electricity of homes before standards")),
            unit=_UNIT, source=f"{_JGJ_134}; the 50 % limit is half of the dwelling of the 1980s", grade="B",
            **near(first / 2, limit, share=0.25),
        )  # fmt: skip
        for form in FORMS:
            for standard, rated, low, high, remark in _OF_LIMIT_2001:
                yield Comparison(
                    f"standards.limit_2001.{city}.{standard}.{form}",
                    joined(
                        CITIES[city],
                        FORM_NAMES[form],
                        STANDARDS[standard],
                        Label("供暖供冷用电，对照 2001 年限值", "electricity of heating and cooling beside the limit of 2001"),
                    ),
                    figure=electricity(demand(city, "hscw", standard, form), rated), reference=limit, unit=_UNIT,
                    source=_JGJ_134, grade="B", low=low * limit, high=high * limit, remark=remark,
                )  # fmt: skip
    yield Chart(
        "standards-limit-2001",
        "bars",
        Label(
            "供暖供冷用电与 2001 年标准限值（六层板楼）",
            "Electricity of heating and cooling, limit of 2001 (slab)",
        ),
        Label("kWh/m²", "kWh/m²"),
        Label("城市", "city"),
        [
            Series(Label("限值", "limit"), cities, [limit_of_2001(c) for c in cities]),
            *(
                Series(STANDARDS[s], cities, [electricity(demand(c, "hscw", s), rated) for c in cities])
                for s, rated, *_ in _OF_LIMIT_2001[1:]
            ),
        ],
    )


def _averages_of_2021() -> Iterator[Comparison]:
    for city in ("nanjing", "suzhou"):
        home = demand(city, "hscw", "saving_75", "high")
        yield Comparison(
            f"standards.average_2021.{city}.electricity",
            joined(CITIES[city], Label("75 % 节能塔楼供暖供冷用电", "75 % tower, electricity of heating and cooling")),
            unit=_UNIT, source=f"{_GB_55015}: 6.9 + 10.0 kWh/m2 of zone 3A", grade="B",
            **near(electricity(home, OF_2021), 6.9 + 10.0, share=0.15),
        )  # fmt: skip
        # Both cities lie at the cold end of zone 3A: more heat than its average, less cooling.
        for kind, value, average, bound in (
            ("heat", home.heat / OF_2021[0], 6.9, "low"),
            ("cool", home.cool / OF_2021[1], 10.0, "high"),
        ):
            what = Label(f"其中{ENERGIES[kind].zh}用电", f"of it for {ENERGIES[kind].en}")
            yield Comparison(
                f"standards.average_2021.{city}.{kind}", joined(CITIES[city], what), figure=value, reference=average,
                unit=_UNIT, source=_GB_55015, grade="B", **{bound: average},
                remark=Label("该市位于 3A 区的冷端", "the city lies at the cold end of zone 3A"),
            )  # fmt: skip
    for form, share in (("high", 0.10), ("mid", 0.25)):
        yield Comparison(
            f"standards.average_2021.xuzhou.{form}",
            joined(CITIES["xuzhou"], FORM_NAMES[form], Label("75 % 节能标准需热量", "heating of the 75 % standard")),
            unit=_UNIT, source=f"{_GB_55015}: 67 MJ/m2 of zone 2B", grade="B",
            **near(demand("xuzhou", "cold", "saving_75", form).heat, 67 / 3.6, share=share),
        )  # fmt: skip


def _near_zero(cities: tuple[str, ...] | None) -> Iterator[Comparison]:
    for zone, all_cities, limits in (("hscw", HSCW_CITIES, (10.0, 8.0)), ("cold", COLD_CITIES, (20.0, 15.0))):
        for city in _of(all_cities, cities):
            for form in FORMS:
                for standard, limit in zip(("ultra_low", "near_zero"), limits, strict=True):
                    yield Comparison(
                        f"standards.near_zero.{city}.{zone}.{standard}.{form}.heat",
                        joined(CITIES[city], FORM_NAMES[form], STANDARDS[standard], ENERGIES["heat"]),
                        unit=_UNIT, source=_GB_T_51350, grade="B",
                        **at_most(demand(city, zone, standard, form).heat, limit),
                    )  # fmt: skip
    shade = PER["summer_shading_factor"]
    for city in _of(HSCW_CITIES, cities):
        for standard, limit in cooling_limits(city).items():
            yield Comparison(
                f"standards.near_zero.{city}.hscw.{standard}.mid.cool",
                joined(CITIES[city], FORM_NAMES["mid"], STANDARDS[standard], ENERGIES["cool"]),
                unit=_UNIT, source=f"{_GB_T_51350}, by WDH20 and DDH28 of the normal year", grade="B",
                **at_most(demand(city, "hscw", standard, shade=shade).cool, limit),
            )  # fmt: skip


def _ladder(cities: tuple[str, ...] | None) -> Iterator[Piece]:
    """Savings of each level; the reference is what its name says."""
    for zone, all_cities in (("hscw", HSCW_CITIES), ("cold", COLD_CITIES)):
        of = Label("用电", "electricity") if zone == "hscw" else Label("热量", "heat")
        for city in _of(all_cities, cities):
            for form in FORMS:
                for standard, (low, high) in SAVING[zone].items():
                    what = Label(
                        f"{STANDARDS[standard].zh}节省的{of.zh}",
                        f"{of.en} saved by the {STANDARDS[standard].en}",
                    )
                    yield Comparison(
                        f"standards.saving.{zone}.{city}.{form}.{standard}",
                        joined(_ZONES[zone], CITIES[city], FORM_NAMES[form], what),
                        figure=100 * saved(city, zone, form, standard), reference=float(standard[-2:]), unit="%",
                        source="the name of the standard; JGJ 26 and JGJ 134 with each standard's own equipment",
                        grade="B", low=100 * low, high=100 * high,
                    )  # fmt: skip
        drawn = _of(all_cities, cities)
        yield Chart(
            f"standards-saving-{zone}",
            "bars",
            Label(
                f"{_ZONES[zone].zh}：各标准节省的{of.zh}（六层板楼）",
                f"Saved by each standard, {_ZONES[zone].en} (slab)",
            ),
            Label("%", "%"),
            Label("城市", "city"),
            [
                Series(STANDARDS[s], drawn, [100 * saved(c, zone, "mid", s) for c in drawn])
                for s in SAVING[zone]
            ],
        )


def _every_step(cities: tuple[str, ...] | None) -> Iterator[Comparison]:
    """The step of the ladder that saves least, of all cities."""
    for zone in _ZONES:
        for form in FORMS:
            heat = [
                [demand(c, zone, s, form).heat for s in STATE_STANDARDS] for c in _of(_ALL_CITIES, cities)
            ]
            worst = max(after / before for row in heat for before, after in pairwise(row))
            yield Comparison(
                f"standards.step.{zone}.{form}",
                joined(
                    _ZONES[zone],
                    FORM_NAMES[form],
                    Label(
                        "后一档标准与前一档需热量之比的最大值（七档、各市）",
                        "largest ratio of heating from one of seven standards to the next, all cities",
                    ),
                ),
                unit="", source="a later standard needs less", grade="exact", **at_most(worst, 1.0),
            )  # fmt: skip


def _prototype(cities: tuple[str, ...] | None) -> Iterator[Piece]:
    points: dict[str, list[tuple[float, float]]] = {"heat": [], "cool": []}
    rows = [
        (city, "hscw", form, standard, kind, getattr(typical(city, form, standard), kind))
        for city in _of(STATION_CITIES, cities)
        for form in FORMS
        for standard in LEVELS
        for kind in ENERGIES
    ] + [
        (city, "cold", form, standard, "heat", heat)
        for city in _of(COLD_CITIES, cities)
        for form in FORMS
        for standard, heat in zip(COLD_LEVELS, TYPICAL_COLD[city, form], strict=True)
    ]
    for city, zone, form, standard, kind, reference in rows:
        figure = getattr(demand(city, zone, standard, form), kind)
        points[kind].append((reference, figure))
        width = {"share": 0.08, "absolute": 2.0} if kind == "heat" else {"share": 0.15}
        yield Comparison(
            f"standards.typical_year.{zone}.{city}.{form}.{standard}.{kind}",
            joined(_ZONES[zone], CITIES[city], FORM_NAMES[form], STANDARDS[standard], ENERGIES[kind]),
            unit=_UNIT, source=_PROTOTYPE, grade="method", **near(figure, reference, **width),
        )  # fmt: skip
    yield Chart(
        "standards-typical-year",
        "match",
        Label("标准条件下的需热量与需冷量", "Heating and cooling under the conditions of the standards"),
        Label("典型年原型计算，kWh/m²", "prototype on typical years, kWh/m²"),
        Label("本软件（常年），kWh/m²", "Dafeng (normal year), kWh/m²"),
        [Series(ENERGIES[k], [x for x, _ in p], [y for _, y in p]) for k, p in points.items()],
    )


def _modes() -> Iterator[Piece]:
    """Homes of Nanjing used in part, at the degree days of the typical year."""
    names = (
        Label("一间房", "one room"),
        Label("部分房间", "some rooms"),
        Label("在家时", "when at home"),
        Label("全天", "all day"),
    )
    drawn = []
    for standard, by_kind in PROTOTYPE.items():
        for kind, column, kelvin, reference in (
            ("heat", HEAT, -0.40, by_kind[0]),
            ("cool", COOL, 0.67, by_kind[1]),
        ):
            figures = at_warming(urban(standard, column), kelvin)
            drawn += [(float(r), float(f)) for r, f in zip(reference, figures, strict=True)]
            for mode, name, figure, expected in zip(MODES, names, figures, reference, strict=True):
                yield Comparison(
                    f"standards.mode.{standard}.{mode}.{kind}",
                    joined(Label("南京住宅", "homes of Nanjing"), STANDARDS[standard], name, ENERGIES[kind]),
                    unit=_UNIT, source=f"{_PROTOTYPE}; moved to its degree days, HDD18 1,936 and CDD26 187", grade="method",
                    **near(float(figure), expected, share=0.16),
                )  # fmt: skip
    yield Chart(
        "standards-modes",
        "match",
        Label("南京住宅按使用方式的需热量与需冷量", "Heating and cooling of homes of Nanjing by way of use"),
        Label("典型年原型计算，kWh/m²", "prototype on the typical year, kWh/m²"),
        Label("本软件，kWh/m²", "Dafeng, kWh/m²"),
        [
            Series(
                Label("标准与使用方式", "standards and ways of use"),
                [x for x, _ in drawn],
                [y for _, y in drawn],
            )
        ],
    )


SECTION = Section(
    "standards",
    Label("节能标准", "Efficiency standards of buildings"),
    Label(
        "各节能标准的住宅在标准条件下的冷热需求，与标准限值、节能率和独立计算对照。",
        "Heating and cooling of homes of each efficiency standard under the standards' conditions, beside the limits, the "
        "savings that their names promise and an independent calculation.",
    ),
    run,
    minutes=0.2,
)
