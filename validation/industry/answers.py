"""What settings must give: branches by a plain loop, steel, heat, data centres and sums worked by hand."""

from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from services.common.scenario import Scenario
from services.common.units import GJ_PER_MTCE
from services.common.words import Label
from services.industry.known_answers import known_answers
from services.industry.model import project_branches
from tests.services.industry import test_kernels, test_model
from validation.comparison import Chart, Comparison, Piece, Series, at_most, near
from validation.from_tests import deviation, digits, examples, spread

KERNEL_LIMIT = 1e-12
KNOWN = {
    "coal left, GJ": Label("一个行业手算：余下的煤", "One branch by hand: coal left"),
    "gas in its place, GJ": Label("一个行业手算：替代的气", "One branch by hand: gas in its place"),
    "electricity, MWh": Label("一个行业手算：用电", "One branch by hand: electricity"),
}


def rows(quick: bool) -> Iterator[Piece]:
    """Kernel, steel, heat and electricity, sums."""
    yield from _kernel(quick)
    yield from _steel()
    yield from _others()
    yield from _sums()


def _kernel(quick: bool) -> Iterator[Piece]:
    for answer in known_answers():
        label = KNOWN[answer.name]
        unit = answer.name.rpartition(" ")[2]
        yield Comparison(
            f"industry.branch_by_hand.{answer.name.partition(',')[0].replace(' ', '_')}",
            label,
            unit=unit,
            source="Arithmetic: 1,000 GJ of coal, 10 % saved, 20 % to electricity at 0.4, half of the rest to gas at 0.95",
            grade="exact",
            **near(answer.found, answer.known, share=1e-12),
        )
    drawn = examples(st.fixed_dictionaries(test_kernels.RANDOM), 30 if quick else 300)
    found: dict[str, list[float]] = {"fuel": [], "electricity": []}
    for one in drawn:
        fuel, plain_fuel, electricity, plain_electricity = test_kernels.beside_plain(**one)
        found["fuel"].append(deviation(fuel, plain_fuel, KERNEL_LIMIT, 1e-6))
        found["electricity"].append(deviation(electricity, plain_electricity, KERNEL_LIMIT))
    for what, values in found.items():
        for which, fields in spread(values, KERNEL_LIMIT).items():
            zh = f"{'燃料' if what == 'fuel' else '用电'}，{'最大' if which == 'worst' else '中位'}相对偏差"
            yield Comparison(
                f"industry.random.{what}.{which}",
                Label(f"{len(drawn)} 组随机行业的{zh}", f"{len(drawn)} random sets of branches, {what}: {which} relative deviation"),
                unit="share",
                source="The same equations in plain Python loops (tests/services/industry/test_kernels.py)",
                grade="method",
                **fields,
            )  # fmt: skip
    worst = [max(pair) for pair in zip(*found.values(), strict=True)]
    yield Chart(
        "industry-random",
        "lines",
        Label(f"{len(drawn)} 组随机行业与普通循环一致的位数", f"Digits that {len(drawn)} random sets of branches agree to with plain loops"),
        Label("算例所占比例（从最差起），%", "share of the cases, the worst first, %"),
        Label("一致的十进制位数（限值为 12）", "decimal digits that agree (limit 12)"),
        (Series(Label("燃料与用电中较差者", "worse of fuel and electricity"), *digits(worst)),),
    )  # fmt: skip


def _steel() -> Iterator[Comparison]:
    """121.08 Mt of steel at 10.5 and at 20 % by furnace."""
    t = test_model
    base, more = (
        t.project(t.setting("crude_steel_output", 121.08), t.setting("steel_short_process_share", share))
        for share in (0.105, 0.20)
    )
    coke = next(f for f in base.fuel_uses if f.use == "steel" and f.carrier == "coke")
    mwh = sum(u.energy_mwh[:, 1].sum() for u in base.electricity_uses if u.use == "steel")
    co2 = [t.use_tco2(o, "steel", "coking")[1] / 1e6 for o in (base, more)]
    extra = (t.electricity_mwh(more)[1] - t.electricity_mwh(base)[1]) / 1e6
    planned = t.metric(t.project(baseline="planned"), "steel_short_process_share")
    for case, zh, en, unit, figure, fields in (
        ("hot_metal_10", "短流程 10.5% 时的铁水", "Hot metal at 10.5 % by furnace", "Mt", t.metric(base, "hot_metal_t")[1] / 1e6, {"reference": 100.2, "share": 1e-3}),
        ("hot_metal_20", "短流程 20% 时的铁水", "Hot metal at 20 % by furnace", "Mt", t.metric(more, "hot_metal_t")[1] / 1e6, {"reference": 89.6, "share": 1e-3}),
        ("co2", "钢铁与炼焦排放", "CO2 of steel and coking", "Mt", co2[0], {"reference": 145.5, "share": 1e-3}),
        ("co2_saved", "短流程从 10.5% 到 20% 的减排", "CO2 saved from 10.5 to 20 % by furnace", "Mt", co2[0] - co2[1], {"reference": 14.4, "share": 0.01}),
        ("electricity_more", "同上增加的用电", "Electricity that this takes", "TWh", extra, {"reference": 0.5, "absolute": 0.05}),
        ("coke", "钢铁用焦", "Coke of steel", "Mtce", coke.energy_gj[:, 1].sum() / GJ_PER_MTCE, {"reference": 36.3, "share": 1e-3}),
        ("electricity", "钢铁用电", "Electricity of steel", "TWh", mwh / 1e6, {"reference": 68.0, "share": 1e-3}),
    ):  # fmt: skip
        yield Comparison(
            f"industry.steel.{case}",
            Label(f"粗钢 1.2108 亿吨：{zh}", f"121.08 Mt of crude steel: {en}"),
            unit=unit,
            source="Material flow worked by hand: 0.924 t hot metal per t, 0.3623 tce of coke per t of hot metal, statistics of 2020",
            grade="C",
            **near(float(figure), **fields),
        )
    for year, share in ((2025, 0.15), (2030, 0.20)):
        yield Comparison(
            f"industry.steel.short_process_{year}",
            Label(f"规划情景 {year} 年短流程比例", f"Short-process share of steel planned for {year}"),
            figure=float(planned[year - 2020]),
            reference=share,
            unit="share",
            source="Target of the province's plan",
            grade="A",
            low=share - 1e-12,
        )


def _others() -> Iterator[Comparison]:
    """Heat, feedstock, data centres, construction, load that can be called off."""
    t = test_model
    base, planned = t.project(), t.project(baseline="planned")
    cleaner = t.project(t.setting("low_carbon_heat_share", 0.5))
    year = t.YEAR_2030
    heat = t.metric(cleaner, "low_carbon_heat_gj")[year]
    chp = [o.heat_supplies[0].chp_heat_gj[:, year].sum() for o in (base, cleaner)]
    extra = (t.electricity_mwh(cleaner) - t.electricity_mwh(base))[year] * 3.6
    bought = sum(f.energy_gj.sum(axis=0) for f in planned.fuel_uses if f.carrier == "heat")
    feed = sum(f.energy_gj[:, 0].sum() for f in base.fuel_uses if f.feedstock)
    twh = {
        (name, y): sum(u.energy_mwh[:, y].sum() for u in o.electricity_uses if u.use == "data_centres") / 1e6
        for name, o in (("planned", planned), ("frozen", base))
        for y in (0, 10)
    }
    own = t.metric(planned, "industrial_electricity_mwh")[5] / 1e6
    for case, zh, en, unit, figure, fields, source, grade in (
        ("heat_of_buildings", "工业供给建筑的热（规划，2030 年）", "Heat that buildings buy (planned, 2030)", "Mtce", (t.metric(planned, "heat_used_gj") - bought)[year] / GJ_PER_MTCE, {"reference": 0.4, "share": 1e-9}, "Balance of 2020: 0.15 and 0.25 Mtce", "C"),
        ("low_carbon_heat", "低碳供热占一半时的低碳热", "Low-carbon heat at half of all", "GJ", heat, {"reference": 0.5 * t.metric(cleaner, "heat_used_gj")[year], "share": 1e-9}, "Arithmetic: half of the heat used", "exact"),
        ("low_carbon_electricity", "低碳供热增加的用电", "Electricity of low-carbon heat", "GJ", extra, {"reference": heat * 0.35 / 3.0, "share": 1e-6}, "Arithmetic: 35 % by heat pumps at 3.0", "exact"),
        ("chp_heat", "低碳供热一半时的热电联产供热", "Co-generated heat when half is low-carbon", "GJ", chp[1], {"reference": chp[0] / 2, "share": 1e-9}, "Arithmetic: half of it", "exact"),
        ("feedstock", "原料用能（2020 年）", "Feedstock of 2020", "Mtce", feed / GJ_PER_MTCE, {"reference": 12.3, "share": 1e-9}, "Balance of 2020", "C"),
        ("interruptible", "可中断负荷潜力（2020 年）", "Load that can be interrupted in 2020", "MW", t.metric(base, "interruptible_potential_mw")[0], {"reference": 9300, "share": 0.01}, "Sum over branches of their potentials, by hand", "C"),
        ("shiftable", "可转移负荷潜力（2020 年）", "Load that can be shifted in 2020", "MW", t.metric(base, "shiftable_potential_mw")[0], {"reference": 5400, "share": 0.01}, "Sum over branches of their potentials, by hand", "C"),
        ("data_centres_2020", "数据中心用电（2020 年）", "Data centres in 2020", "TWh", twh["planned", 0], {"reference": 7.0, "share": 1e-9}, "Stated path", "C"),
        ("data_centres_2030", "数据中心用电（规划，2030 年）", "Data centres planned for 2030", "TWh", twh["planned", 10], {"reference": 30.0, "share": 1e-9}, "Stated path at the effectiveness 1.25", "C"),
        ("data_centres_frozen", "数据中心用电（能效冻结，2030 年）", "Data centres of 2030 at the effectiveness of 2020", "TWh", twh["frozen", 10], {"reference": 30.0 * 1.45 / 1.25, "share": 1e-9}, "Arithmetic: 1.45 over 1.25", "exact"),
        ("electricity_2025", "工业用电与分摊的网损、厂用（2025 年）", "Electricity of industry with losses and own use in 2025", "TWh", own + 45.2 * 889.5 / 637.4, {"reference": 595.5, "share": 0.04}, "Statistics of Jiangsu 2025; losses and own use grow with use", "A"),
    ):  # fmt: skip
        yield Comparison(
            f"industry.answer.{case}",
            Label(f"江苏：{zh}", f"Jiangsu: {en}"),
            unit=unit,
            source=source,
            grade=grade,
            **near(float(figure), **fields),
        )


def _sums() -> Iterator[Comparison]:
    """Branches and cities of the planned baseline over all years."""
    t = test_model
    outcome = t.project(baseline="planned")
    branches = project_branches(t.FRAME, Scenario(baseline="planned")).branches
    sums = [
        ("branches_co2", "各行业排放之和 = 部门直接排放", "CO2 of the branches, summed = the sector", sum(b.energy_tco2 for b in branches), t.direct_tco2(outcome)),
        ("branches_electricity", "各行业用电之和 = 部门用电", "Electricity of the branches, summed = the sector", sum(b.electricity_mwh for b in branches), t.electricity_mwh(outcome)),
    ]  # fmt: skip
    ratios = ("_share", "_ratio")
    shown = [i for i in outcome.indicators if i.place_values.size and not i.metric_id.endswith(ratios)]
    sums.append(
        (
            "cities",
            f"{len(shown)} 个指标各市之和 = 全省",
            f"{len(shown)} metrics, sum of the cities = the province",
            np.concatenate([i.place_values.sum(axis=0) for i in shown]),
            np.concatenate([i.region_values for i in shown]),
        )
    )
    for case, zh, en, parts, whole in sums:
        yield Comparison(
            f"industry.sums.{case}",
            Label(f"江苏规划情景 41 年：{zh}（最大相对偏差）", f"Jiangsu planned, 41 years: {en} (largest relative deviation)"),
            unit="share",
            source="Arithmetic: parts make the whole",
            grade="exact",
            **at_most(deviation(parts, whole, 1e-12), 1e-12),
        )  # fmt: skip
