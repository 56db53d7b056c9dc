"""Choices of powertrain and mode beside the textbook's logit, worked again in loops."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import exp
from typing import Any

import numpy as np

from services.common.words import Label
from services.transport.freight.balance import balanced
from services.transport.freight.choice import generalised_cost, pivot_split
from services.transport.travel.choice import pivot_nested_logit
from services.transport.uptake.logit import nested_shares
from tests.services.transport.judge import test_split_modes, test_uptake
from tests.services.transport.test_freight_plain import suzhou_beside_plain
from tests.services.transport.test_uptake_logit import NESTS, plain_nested, utilities
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.from_tests import cases, deviation, digits, examples, spread

NEAR = 1e-9
SUM_LIMIT = 1e-12
LOGIT = "Nested logit of the textbook in plain Python loops (tests/services/transport), same input"
LEVERS = {
    "nev_purchase_subsidy": Label("购车补贴 1 万元", "purchase subsidy of 10,000 CNY"),
    "ice_licence_cost": Label("燃油车牌照 5 万元", "licence of 50,000 CNY for engines"),
    "public_charger_density": Label("公共充电密度 40", "public charger density of 40"),
}
MODES = {
    "road": Label("公路", "road"),
    "rail": Label("铁路", "rail"),
    "inland_water": Label("内河", "inland water"),
    "coastal": Label("沿海", "coastal"),
    "ocean": Label("远洋", "ocean"),
}


def rows(quick: bool) -> Iterator[Piece]:
    """Worked answers, random choices, the region's own choices."""
    yield from _worked()
    yield from _random(quick)
    yield from _uptake()
    for baseline in ("frozen",) if quick else ("frozen", "accelerated"):
        for mode, (ours, plain) in suzhou_beside_plain(baseline).items():
            name = MODES[mode]
            yield Comparison(
                f"fleets.choice.suzhou_2035.{baseline}.{mode}",
                Label(
                    f"苏州 2035 年{name.zh}货运周转量（{baseline}，公路更贵、铁路更便宜、等待更短）",
                    f"Freight of Suzhou in 2035 by {name.en} ({baseline}; dearer roads, cheaper rail, shorter waits)",
                ),
                unit="t km",
                source="Table balanced and split in plain dictionaries from the data files (tests/services/transport)",
                grade="method",
                **near(ours, plain, share=NEAR),
            )


def _worked() -> Iterator[Comparison]:
    road = 0.6 * exp(-0.33)
    travel = pivot_nested_logit(np.array([0.3, 0.1, 0.6]), ((0, 1), (2,)), np.array([-0.5, 0.0, 0.0]), 0.5)
    table = balanced(np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([30.0, 70.0]), np.array([40.0, 60.0]))
    cost = generalised_cost(np.array(0.17), np.array(35.0), np.array(25.0), np.array(48.0), 500.0, 0.15)
    split = pivot_split(np.array([60.0, 40.0]), np.array([0.1, 0.0]), 3.3, 0.5)
    for case, label, figure, limits, unit, source in (
        (
            "two_modes",
            Label("60 比 40 的两种方式，公路贵 0.1 元、敏感度 3.3、一半可转移", "Two modes, 60 to 40, road 0.1 CNY dearer, half can move"),
            split[0],
            {"reference": 60 * 0.5 + 50 * road / (road + 0.4), "share": 1e-9},
            "t km",
            "half of 60 stays, half of 100 is split 0.6 e^-0.33 to 0.4",
        ),
        (
            "three_modes",
            Label("小汽车与出租同巢、公交另列，小汽车效用减 0.5：公交份额", "Car and taxi in a nest, bus alone, cars lose 0.5: share of the bus"),
            travel[2],
            {"reference": 0.6740978, "absolute": 2e-7},
            "share",
            "nested logit of three modes, dissimilarity 0.5, worked by hand to seven digits",
        ),
        (
            "balanced_table",
            Label("两行两列表按边际平衡：左上格", "Two-by-two table balanced to its margins: first cell"),
            table[0, 0],
            {"reference": 12.0, "share": 1e-12},
            "",
            "the seed has odds of one, so the cell is 30 x 40 / 100",
        ),
        (
            "generalised_cost",
            Label("铁路散货 500 km 的广义成本", "Generalised cost of bulk by rail over 500 km"),
            cost,
            {"reference": 0.2604, "share": 1e-12},
            "CNY/t km",
            "0.17 + 35/500 + 0.15 (1/25 + 48/500)",
        ),
    ):  # fmt: skip
        yield Comparison(
            f"fleets.choice.{case}",
            label,
            unit=unit,
            source=f"Arithmetic: {source}",
            grade="exact",
            **near(float(figure), **limits),
        )


def _random(quick: bool) -> Iterator[Piece]:
    count = 15 if quick else 300
    drawn: tuple[tuple[str, Label, Iterable[Any], Callable[[Any], tuple[float, float]]], ...] = (
        ("freight", Label("货运方式划分", "freight split"), examples(test_split_modes.freight_markets(), count), _freight),
        (
            "passengers",
            Label("客运方式划分", "passenger split"),
            examples(test_split_modes.passenger_markets(), count),
            _passengers,
        ),
        ("powertrains", Label("动力选择的巢式 Logit", "nested logit of powertrains"), examples(utilities, count), _nested),
    )  # fmt: skip
    shown: list[Series] = []
    for case, name, bodies, worst in drawn:
        values, sums = zip(*(worst(body) for body in bodies), strict=True)
        for which, fields in spread(values, NEAR).items():
            zh = "最大" if which == "worst" else "中位"
            yield Comparison(
                f"fleets.choice.random.{case}.{which}",
                Label(
                    f"{len(values)} 个随机算例，{name.zh}：{zh}相对偏差",
                    f"{len(values)} random cases, {name.en}: {which} relative deviation",
                ),
                unit="share",
                source=LOGIT,
                grade="method",
                **fields,
            )
        yield Comparison(
            f"fleets.choice.random.{case}.sum",
            Label(
                f"{len(sums)} 个随机算例，{name.zh}：份额之和与 1 之差（最大）",
                f"{len(sums)} random cases, {name.en}: sum of the shares less one (largest)",
            ),
            unit="share",
            source="Arithmetic: shares sum to one",
            grade="exact",
            **at_most(max(sums), SUM_LIMIT),
        )
        shown.append(Series(name, *digits(values)))
    yield Chart(
        "fleets-choice",
        "lines",
        Label(
            "随机选择算例与教科书公式一致的位数",
            "Digits that random choices agree to with the textbook's formula",
        ),
        Label("算例所占比例（从最差起），%", "share of the cases, the worst first, %"),
        Label("一致的十进制位数（限值为 9）", "decimal digits that agree (limit 9)"),
        shown,
    )


def _freight(market: dict[str, Any]) -> tuple[float, float]:
    return _worst(test_split_modes.freight_beside_plain(market))


def _passengers(market: dict[str, Any]) -> tuple[float, float]:
    return _worst(test_split_modes.passengers_beside_plain(market))


def _worst(found: Iterable[tuple[Any, ...]]) -> tuple[float, float]:
    """(largest relative deviation, how far the shares' sum is from one) of a market."""
    held = list(found)
    sums = [abs(a - b) for _, _, a, b, rtol, _ in held if rtol == 0]
    return max(deviation(a, b, rtol, atol) for _, _, a, b, rtol, atol in held if rtol > 0), max(sums)


def _nested(v: Any) -> tuple[float, float]:
    shares = nested_shares(v, NESTS)
    plain = np.array([plain_nested(list(v[:, y]), *NESTS) for y in range(v.shape[1])]).T
    return deviation(shares, plain, NEAR, 1e-300), float(np.abs(shares.sum(axis=0) - 1).max())


def _uptake() -> Iterator[Comparison]:
    """Private cars of the region after a setting, and the elasticity to their own price."""
    test = test_uptake.test_a_setting_moves_private_cars_as_a_plain_nested_logit
    found: dict[str, list[float]] = defaultdict(list)
    for lever, value, worth in cases(test, "lever, value, worth"):
        for (year,) in cases(test, "year"):
            both = test_uptake.moved_beside_pivot(lever, value, worth, year)
            if both is not None:
                found[lever].append(deviation(*both, NEAR, 1e-12))
    for lever, values in found.items():
        name = LEVERS[lever]
        yield Comparison(
            f"fleets.choice.uptake.{lever}",
            Label(
                f"{name.zh}后私人乘用车的动力份额（{len(values)} 个年份）：最大相对偏差",
                f"Powertrains of private cars after a {name.en} ({len(values)} years): largest relative deviation",
            ),
            unit="share",
            source=LOGIT,
            grade="method",
            **at_most(max(values), NEAR),
        )
    for year, price in test_uptake.PRICES:
        ours, by_choice = test_uptake.own_price_elasticity(year, price)
        yield Comparison(
            f"fleets.choice.own_price_elasticity.{year}",
            Label(f"{year} 年新能源车的自价格弹性", f"Own-price elasticity of new-energy cars in {year}"),
            unit="ratio",
            source="Slope of the logit, beta p (1 - s); limit 5 % for a step of 1,000 CNY",
            grade="exact",
            **near(ours, by_choice, share=0.05),
        )
