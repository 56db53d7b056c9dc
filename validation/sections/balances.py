"""Conservation over whole projections: what goes in comes out, parts make the whole."""

from collections.abc import Iterator

import numpy as np

from dafeng.projection.v1 import projection_pb2
from services.common.words import Label
from validation.balance.of_calls import city_metrics, of_cities, of_fleet, of_flow, of_hours, of_stock
from validation.balance.of_projection import balances
from validation.balance.words import Balance
from validation.comparison import Chart, Comparison, Paragraph, Piece, Section, Series, at_most
from validation.context import Context
from validation.regions import REGIONS

BASELINES = {"planned": Label("规划", "planned"), "accelerated": Label("加速", "accelerated")}
YEARS = (2020, 2030, 2045, 2060)
QUICK_YEARS = (2030,)
_DIGITS_SHOWN = 17.0  # a difference of 0: all digits of a double


def run(context: Context) -> Iterator[Piece]:
    """Every balance of every projection, the largest residual over all its years."""
    digits: dict[str, dict[str, float]] = {}
    for region, baseline in _asked(context):
        name = Label(
            f"{REGIONS[region].zh}{BASELINES[baseline].zh}", f"{REGIONS[region].en} {BASELINES[baseline].en}"
        )
        for balance in _balances(context, region, baseline):
            digits.setdefault(f"{region} {baseline}", {})[balance.balance_id] = _digits(balance)
            yield comparison(balance, f"{region}.{baseline}", name)
        yield from _not_parts(context, region, baseline, name)
    yield _chart(digits)
    yield Paragraph(
        Label(
            "残差为两边之差占右边的比例（装机为 MW），取全部年份（以及城市、车型、电源等）中的最大值；"
            "双精度算术本身约为 1e-16，求和后约为 1e-15。",
            "A residual is the difference of both sides as a share of the right side (for capacity MW), the largest of all "
            "years (and cities, classes, sources). Arithmetic in double precision itself leaves about 1e-16, sums 1e-15.",
        )
    )


def comparison(balance: Balance, case: str, name: Label) -> Comparison:
    """The row of a balance of a projection."""
    return Comparison(
        f"balances.{case}.{balance.balance_id}",
        Label(f"{name.zh}：{balance.label.zh}", f"{name.en}: {balance.label.en}"),
        unit="MW" if balance.in_mw else "share",
        source=f"Arithmetic: {balance.rule}",
        grade="exact",
        **at_most(balance.residual, balance.limit),
    )


def _asked(context: Context) -> list[tuple[str, str]]:
    if context.quick:
        return [("jiangsu", "planned")]
    return [(region, baseline) for region in REGIONS for baseline in BASELINES]


def _balances(context: Context, region: str, baseline: str) -> Iterator[Balance]:
    client, projection = context.client, context.projection(region, baseline)
    yield from balances(projection)
    yield from of_cities(_with_cities(context, region, baseline))
    yield from of_stock(client, region, baseline)
    yield from of_fleet(client, region, baseline)
    yield from of_flow(client, projection)
    for year in QUICK_YEARS if context.quick else YEARS:
        yield from of_hours(client, projection, year)


def _with_cities(context: Context, region: str, baseline: str) -> projection_pb2.Projection:
    return context.client.project(region, baseline, with_city_metrics=True)


def _not_parts(context: Context, region: str, baseline: str, name: Label) -> Iterator[Comparison]:
    """City values that are no parts of the region's, so that nobody takes them for such."""
    found = city_metrics(_with_cities(context, region, baseline))
    for metric, limits, source, label, remark in (
        (
            "power.total_capacity_mw",
            {"high": 1 + 1e-9},
            "Arithmetic: cities hold the plants that are listed by city, never more than the province",
            Label("各市总装机之和占全省的比例（最大年份）", "Total capacity of the cities over the province's, largest year"),
            Label(
                "生物质、余热余气和常规水电没有分市数据，不在各市合计中",
                "Biomass, off-gas and conventional hydro have no city data and are not in the cities' totals",
            ),
        ),
        (
            "power.renewable_capacity_mw",
            {"high": 1 + 1e-9},
            "Arithmetic: cities hold wind and PV only, never more than the province",
            Label("各市可再生装机之和占全省的比例（最大年份）", "Renewable capacity of the cities over the province's, largest year"),
            Label("各市只有风电与光伏", "Cities hold wind and PV alone"),
        ),
        (
            "account.peak_load_mw",
            {},
            "No reference: highest hours of cities do not coincide, and plants' own use is the province's",
            Label("各市尖峰负荷之和与全省之比（最大年份）", "Peak loads of the cities, summed, over the province's, largest year"),
            Label(
                "各市尖峰不同时出现（使和偏大），全省另含电厂自用电（使和偏小）：没有可用的限值",
                "The cities' highest hours do not coincide, which makes the sum larger; the province counts the plants' own use, "
                "which makes it smaller: no limit can be given",
            ),
        ),
    ):  # fmt: skip
        if metric not in found:  # no list of plants by city
            continue
        cities, whole = found[metric]
        yield Comparison(
            f"balances.{region}.{baseline}.not_parts.{metric.partition('.')[2]}",
            Label(f"{name.zh}：{label.zh}", f"{name.en}: {label.en}"),
            figure=float((cities / whole).max()),
            reference=1.0,
            unit="ratio",
            source=source,
            grade="exact",
            remark=remark,
            **limits,
        )


def _digits(balance: Balance) -> float:
    """Decimal digits to which both sides agree; a residual in MW is held against the largest capacity."""
    residual = balance.residual
    if balance.in_mw:
        residual /= float(np.abs(balance.right).max())
    return _DIGITS_SHOWN if residual == 0 else min(_DIGITS_SHOWN, -float(np.log10(residual)))


def _chart(digits: dict[str, dict[str, float]]) -> Chart:
    """Worst digits of every balance over the projections."""
    names = list(dict.fromkeys(name for found in digits.values() for name in found))
    worst = [min(found[n] for found in digits.values() if n in found) for n in names]
    return Chart(
        "balances-digits",
        "bars",
        Label(
            "两边一致的十进制位数（各方案中最少者，限值为 9 位）",
            "Digits to which both sides agree (fewest of all; limit 9)",
        ),
        Label("位数", "digits"),
        Label("平衡", "balance"),
        (Series(Label("一致的位数", "digits that agree"), names, worst),),
    )


SECTION = Section(
    "balances",
    Label("守恒与加总", "Balances and sums"),
    Label(
        "经网关投影两省各方案全部年份，检查每一项平衡：电量、逐小时、排放、城市、尖峰负荷成因、装机、建筑面积、车辆和能流。",
        "Both provinces projected through the gateway over all years: electricity, hours, CO2, cities, causes of the peak load, "
        "capacity, floor area, vehicles and the energy flow must each close.",
    ),
    run,
    minutes=0.8,
)
