"""Rooms of ANSI/ASHRAE Standard 140 (BESTEST): rebuilt from their description, and beside the printed results."""

from collections.abc import Iterator

import numpy as np

from services.common.words import Label
from tests.services.buildings.bestest import RANGES
from tests.services.buildings.test_heat_balance_bestest import (
    COOL_PAIRS,
    HEAT_PAIRS,
    band,
    cool,
    found,
    heat,
)
from tests.services.buildings.test_heat_balance_rebuilt import both
from validation.comparison import Chart, Comparison, Paragraph, Piece, Series, at_most, near
from validation.sections.deviation import deviation

_STANDARD_140 = "ANSI/ASHRAE Standard 140, printed results of the programs, lowest and highest"
_REBUILT = "the room's network rebuilt from its description with pvlib, solved without time step"
_MADE_YEAR = Label("自造气象年：绝对值不设限", "made-up year: no limit on absolute values")


def rebuilt(cases: tuple[str, ...]) -> Iterator[Comparison]:
    """Rooms of the standard beside their networks rebuilt from the description, solved without time step."""
    for case in cases:
        reply, exact = both(case)
        assert reply.hours is not None
        operative = 0.3 * exact.air + 0.7 * exact.surface
        for node, what, value in (
            ("air", Label("室温", "air"), reply.hours.air_degc - exact.air),
            ("operative", Label("操作温度", "operative temperature"), reply.hours.operative_degc - operative),
        ):
            yield Comparison(
                f"heat_balance.rebuilt.{case.lower()}.{node}",
                Label(
                    f"ASHRAE 140 房间 {case} 按说明重建：{what.zh}全年平均偏差",
                    f"ASHRAE 140 room {case} rebuilt from its description: mean difference of the {what.en}",
                ),
                unit="K", source=_REBUILT, grade="method", **deviation(float(np.abs(value).mean()), 0.05),
            )  # fmt: skip
        if case.endswith("FF"):
            continue
        for kind, what, figure, reference, unit, width in (
            ("heat", Label("需热量", "heating"), reply.heating_kwh, exact.heat_kwh(), "kWh", {"share": 0.005}),
            ("cool", Label("需冷量", "cooling"), reply.sensible_cooling_kwh, exact.cool_kwh(), "kWh", {"share": 0.005}),
            ("opaque", Label("不透明围护结构热导", "conductance of opaque parts"), reply.parameters.opaque_w_per_k, 49.9,
             "W/K", {"absolute": 0.2}),
        ):  # fmt: skip
            source = "U of walls 0.51, roof 0.32, floor 0.04 W/(m2 K), ANSI/ASHRAE Standard 140"
            yield Comparison(
                f"heat_balance.rebuilt.{case.lower()}.{kind}",
                Label(f"ASHRAE 140 房间 {case}：{what.zh}", f"ASHRAE 140 room {case}: {what.en}"),
                unit=unit, source=source if kind == "opaque" else _REBUILT, grade="method",
                **near(figure, reference, **width),
            )  # fmt: skip


def standard_140() -> Iterator[Piece]:
    """Ratios between rooms, free rooms, and the absolute values of every room."""
    yield Paragraph(
        Label(
            "ASHRAE 140 各房间之间的比值与各程序印刷结果的比值对照，上下限为印刷值最低、最高之比，再放宽 0.02 和效应的四分之一。",
            "Ratios between rooms of ASHRAE 140 beside those of the programs' printed results; the limits are the ratios of the "
            "lowest and of the highest printed values, opened by 0.02 and a quarter of the effect.",
        )
    )
    for which, kind, what, of, pairs in (
        (0, "heat", Label("需热量", "heating"), heat, HEAT_PAIRS),
        (1, "cool", Label("需冷量", "cooling"), cool, (*COOL_PAIRS, ("920", "900"))),
    ):
        for case, base in pairs:
            low, high = band(case, base, which)
            yield Comparison(
                f"heat_balance.ratio.{kind}.{case}_{base}",
                Label(f"{what.zh}：房间 {case} 与 {base} 之比", f"{what.en}: room {case} over room {base}"),
                figure=of(case) / of(base), reference=0.5 * (low + high), unit="", source=_STANDARD_140, grade="method",
                low=low, high=high,
            )  # fmt: skip
    yield from _free_rooms()
    yield from _absolute()


def _free_rooms() -> Iterator[Comparison]:
    light, heavy = found("600FF"), found("900FF")
    rows = (
        ("highest", Label("自由运行：轻型比重型的最高室温高", "free rooms: highest air, light above heavy"),
         light.highest_air_degc - heavy.highest_air_degc, 25.9, 18.0, 34.0),
        ("lowest", Label("自由运行：重型比轻型的最低室温高", "free rooms: lowest air, heavy above light"),
         heavy.lowest_air_degc - light.lowest_air_degc, 13.2, 9.0, 18.0),
        ("mean", Label("自由运行：重型与轻型平均室温之差", "free rooms: mean air, heavy less light"),
         heavy.mean_air_degc - light.mean_air_degc, 0.0, -0.5, 0.5),
    )  # fmt: skip
    for name, label, figure, reference, low, high in rows:
        yield Comparison(
            f"heat_balance.free_room.{name}", label, figure=figure, reference=reference, unit="K",
            source=f"{_STANDARD_140}: highest 64.9-75.1 and 41.8-46.4, lowest -18.8 to -15.6 and -6.4 to -1.6 °C",
            grade="method", low=low, high=high,
        )  # fmt: skip


def _absolute() -> Iterator[Piece]:
    yield Paragraph(
        Label(
            "标准自带的丹佛气象年不随软件分发，这里用自造的高原晴寒年，因此下面的绝对值只与印刷值（最低与最高的中值）并列、不设限。"
            "重型房间 900 与轻型房间 600 之比，需热量和需冷量都低于印刷值之比的下端（仍在放宽后的限值内）：一个蓄热节点比多层结构"
            "更能抹平日照，向阳重型房间的冷热量因此偏低。",
            "The standard's own year (Denver) is not distributed with the software and a cold sunny year of a high place is made "
            "up here, so the absolute values below stand beside the printed ones (middle of lowest and highest) without a limit. "
            "Heavy room 900 over light room 600 lies below the lower end of the printed ratios both in heating and in cooling "
            "(still within the opened limits): one node of mass evens out the sun more than layers do, so sunny heavy rooms come "
            "out low.",
        )
    )
    for which, kind, what, of in (
        (0, "heat", Label("需热量", "heating"), heat),
        (1, "cool", Label("需冷量", "cooling"), cool),
    ):
        for case, printed in RANGES.items():
            low, high = printed[which]
            none = high == 0.0
            yield Comparison(
                f"heat_balance.room_140.{kind}.{case}",
                Label(
                    f"房间 {case} {what.zh}（印刷值 {low:g} 至 {high:g}）",
                    f"room {case}, {what.en} (printed {low:g} to {high:g})",
                ),
                unit="MWh", source=_STANDARD_140, grade="method", remark=None if none else _MADE_YEAR,
                **(at_most(of(case) / 1e3, 0.0) if none else {"figure": of(case) / 1e3, "reference": 0.5 * (low + high)}),
            )  # fmt: skip
        drawn = [case for case, printed in RANGES.items() if printed[which][1] > 0]
        yield Chart(
            f"heat-balance-140-{kind}",
            "bars",
            Label(
                f"ASHRAE 140 各房间{what.zh}（自造气象年）", f"Rooms of ASHRAE 140: {what.en} (year made up)"
            ),
            Label("MWh", "MWh"),
            Label("房间", "room"),
            [
                Series(Label("本软件", "Dafeng"), drawn, [of(case) / 1e3 for case in drawn]),
                Series(
                    Label("印刷值最低", "lowest printed"), drawn, [RANGES[case][which][0] for case in drawn]
                ),
                Series(
                    Label("印刷值最高", "highest printed"), drawn, [RANGES[case][which][1] for case in drawn]
                ),
            ],
        )
