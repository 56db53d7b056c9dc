"""2020: rows of the balance, branches, process CO2 by method, inventories."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from services.common.factors import factors_tco2_per_gj
from services.common.outcome import Outcome
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario
from services.common.units import GJ_PER_MTCE
from services.common.words import Label
from services.industry.base import industry_base
from services.industry.model import MODEL, project_branches
from tests.services.industry import test_base
from validation.comparison import Chart, Comparison, Paragraph, Piece, Series, near
from validation.regions import REGIONS, region_ids

BALANCE = "Energy balance 2020 reconciled from statistics (regions/{region}/energy_balance_2020.csv)"
# Half of the last digit that a balance prints for CO2, Mt.
PRINTED = {"jiangsu": 0.005, "jiangxi": 0.00005}
FLOWS = {
    "agriculture": Label("农业", "agriculture"),
    "industry_steel": Label("钢铁", "steel"),
    "industry_non_metallic": Label("非金属矿物", "non-metallic minerals"),
    "industry_chemicals_energy": Label("化工（能源）", "chemicals (energy)"),
    "industry_other": Label("其他工业", "other industry"),
    "industry_non_energy": Label("原料", "feedstock"),
    "construction": Label("建筑业", "construction"),
}
CARRIERS = {
    "coal": Label("煤", "coal"),
    "coke": Label("焦炭", "coke"),
    "byproduct_gas": Label("副产煤气", "by-product gas"),
    "oil_products": Label("油品", "oil products"),
    "gasoline": Label("汽油", "gasoline"),
    "diesel": Label("柴油", "diesel"),
    "fuel_oil": Label("燃料油", "fuel oil"),
    "natural_gas": Label("天然气", "natural gas"),
    "bitumen": Label("沥青", "bitumen"),
    "heat": Label("热力", "heat"),
    "electricity": Label("电力", "electricity"),
    "oil": Label("石油", "oil"),
    "byproduct_gas_to_power": Label("发电用副产煤气", "by-product gas to power"),
}
OUTPUTS = {
    "hot_metal_t": (Label("铁水产量", "Hot metal"), "t", "National Bureau of Statistics, pig iron 2020"),
    "crude_steel_t": (Label("粗钢产量", "Crude steel"), "t", "National Bureau of Statistics, crude steel 2020"),
    "cement_process_by_cement_tco2": (
        Label("水泥过程排放（按水泥产量法）", "Process CO2 of cement, by cement"),
        "t",
        "152.8 Mt of cement (National Bureau of Statistics) at 0.2906 t/t (Liu and others 2015, as CEADs)",
    ),
    "cement_process_by_clinker_tco2": (
        Label("水泥过程排放（按熟料产量法）", "Process CO2 of cement, by clinker"),
        "t",
        "Clinker made in the province at 0.525 t/t (IPCC 2006, volume 3, chapter 2)",
    ),
    "industrial_electricity_mwh": (
        Label("工业用电", "Electricity of industry"),
        "MWh",
        "Official 452.3 TWh less 45.2 TWh of losses, own use and pumping",
    ),
}  # fmt: skip
GROUPS = {
    "steel": ("steel", "coking"),
    "non_metallic_minerals": ("cement", "other_minerals"),
    "chemicals": ("chemicals",),
    "other_industry": ("other_industry",),
    "construction": ("construction",),
}
GROUP_NAMES = {
    "steel": Label("钢铁（含炼焦）", "steel with coking"),
    "non_metallic_minerals": Label("非金属矿物", "non-metallic minerals"),
    "chemicals": Label("化工", "chemicals"),
    "other_industry": Label("其他工业与炼化", "other industry and refining"),
    "construction": Label("建筑业", "construction"),
}
# What a row of the inventory table prints: Mt of the inventory of 2019, "to", Mt of the reconciled balance.
_BOTH = re.compile(r"(\d+\.\d) to (\d+\.\d)")


def rows(quick: bool) -> Iterator[Piece]:
    """Rows of the balance and branches of both provinces, then what Jiangsu alone is held against."""
    yield Paragraph(
        Label(
            "能源平衡表由统计数衔接而成（等级 C），模型由它建立：逐行返回说明没有遗漏或重复，不是独立证据。"
            "独立的参照是产量统计、CEADs 清单和手算结果。",
            "The energy balance is reconciled from statistics (grade C) and the model is built on it: that every row returns shows "
            "that nothing is lost or counted twice, it is no independent evidence. Independent are statistics of output, the CEADs "
            "inventory, and what is worked by hand.",
        )
    )
    for region_id in region_ids(quick):
        region = load_region(region_id)
        outcome = MODEL.project(Frame(region=region_id, last_year=2021), Scenario(baseline="frozen"), ())
        yield from _balance(region, outcome)
        yield from _branches(region)
        yield from _process(region, outcome)
    yield from _owned()
    yield from _inventory()


def _balance(region: Region, outcome: Outcome) -> Iterator[Comparison]:
    name, balance = REGIONS[region.region_id], region.table("energy_balance_2020").rows()
    source = BALANCE.format(region=region.region_id)
    printed = {(r["flow"], r["carrier"]): r["energy_mtco2"] for r in balance}
    for flow, carrier, found, expected in test_base.returned(outcome, balance):
        of, what = FLOWS[flow], CARRIERS[carrier]
        unit, size = ("TWh", 1e6) if carrier == "electricity" else ("Mtce", GJ_PER_MTCE)
        yield Comparison(
            f"industry.{region.region_id}.energy.{flow}.{carrier}",
            Label(f"{name.zh} 2020 年{of.zh}的{what.zh}", f"{name.en} 2020, {of.en}: {what.en}"),
            unit=unit,
            source=source,
            grade="C",
            **near(found / size, expected / size, share=1e-9),
        )
        mt = printed[flow, carrier]
        if np.isfinite(mt) and mt > 0:
            # 1e-9 on top: a figure that ends in 5 lies on the limit itself.
            width = PRINTED[region.region_id] + 1e-9
            co2 = test_base.co2_2020(test_base.USE_OF_FLOW[flow], carrier, outcome) / 1e6
            yield Comparison(
                f"industry.{region.region_id}.co2.{flow}.{carrier}",
                Label(
                    f"{name.zh} 2020 年{of.zh}的{what.zh}排放", f"{name.en} 2020, {of.en}: CO2 of {what.en}"
                ),
                unit="Mt",
                source=f"{source}; limit: half of the last digit printed",
                grade="C",
                **near(co2, mt, absolute=width),
            )


def _branches(region: Region) -> Iterator[Piece]:
    """Every branch: energy of its rows times the factors, and its electricity."""
    name, factors = REGIONS[region.region_id], factors_tco2_per_gj(region)
    table = region.table("industry/branch_energy_2020").rows()
    frame = Frame(region=region.region_id)
    names, ours, by_hand = [], [], []
    for branch in project_branches(frame, Scenario(baseline="frozen")).branches:
        own = [r for r in table if r["branch"] == branch.branch and r["flow"] != "industry_non_energy"]
        if not own:  # heat supply and coking: rows of the balance of their own
            continue
        co2 = sum(_burned(r, factors) for r in own) / 1e6
        twh = sum(r["electricity_twh"] for r in own if r["carrier"] == "electricity")
        for what, unit, figure, reference in (
            ("co2", "Mt", float(branch.energy_tco2[0]) / 1e6, co2),
            ("electricity", "TWh", float(branch.electricity_mwh[0]) / 1e6, twh),
        ):
            zh, en = ("能源排放", "energy CO2") if what == "co2" else ("用电", "electricity")
            yield Comparison(
                f"industry.{region.region_id}.branch.{branch.branch}.{what}",
                Label(f"{name.zh} 2020 年{branch.label.zh}{zh}", f"{name.en} 2020, {branch.label.en}: {en}"),
                unit=unit,
                source="Energy of the branch (regions/*/industry/branch_energy_2020.csv) times the factor of each fuel",
                grade="exact",
                **near(figure, reference, share=1e-9),
            )
        names.append(f"{branch.label.zh} {branch.label.en}")
        ours.append(float(branch.energy_tco2[0]) / 1e6)
        by_hand.append(co2)
    yield Chart(
        f"industry-branches-{region.region_id}",
        "bars",
        Label(f"{name.zh} 2020 年分行业能源排放", f"{name.en} 2020: energy CO2 by branch"),
        Label("Mt", "Mt"),
        Label("行业", "branch"),
        (
            Series(Label("本软件", "Dafeng"), names, ours),
            Series(Label("分品种能源 × 因子", "energy by fuel times factor"), names, by_hand),
        ),
    )


def _burned(row: dict[str, Any], factors: Any) -> float:
    if row["carrier"] == "electricity":
        return 0.0
    return float(row["energy_mtce"] * GJ_PER_MTCE * factors.get(row["carrier"], 0.0))


def _process(region: Region, outcome: Outcome) -> Iterator[Comparison]:
    """Cement by cement beside the inventory, by clinker beside what follows from the levers."""
    name = REGIONS[region.region_id]
    first = {i.metric_id.partition(".")[2]: float(i.region_values[0]) for i in outcome.indicators}
    inventory, output = region.observed("co2_cement_process_ceads"), region.observed("cement_output")
    yield Comparison(
        f"industry.{region.region_id}.process.inventory",
        Label(
            f"{name.zh} 2020 年水泥过程排放（按水泥），与 CEADs 2019 年按产量推到 2020 年之值",
            f"{name.en} 2020: process CO2 of cement, by cement, beside the CEADs inventory of 2019 moved by output",
        ),
        unit="Mt",
        source="CEADs emission inventories of provinces, cement 2019; outputs of 2019 and 2020",
        grade="B",
        **near(
            first["cement_process_by_cement_tco2"] / 1e6,
            inventory[2019] * output[2020] / output[2019],
            share=1e-3,
        ),
    )
    base = industry_base(region.region_id)
    start = base.lever_start
    clinker = first["cement_t"] * start["industry.clinker_ratio"] * start["industry.local_clinker_share"]
    yield Comparison(
        f"industry.{region.region_id}.process.clinker",
        Label(
            f"{name.zh} 2020 年水泥过程排放（按熟料）", f"{name.en} 2020: process CO2 of cement, by clinker"
        ),
        unit="Mt",
        source="Cement x clinker ratio x share made in the province x 0.525 t/t",
        grade="exact",
        **near(first["cement_process_by_clinker_tco2"] / 1e6, clinker * 0.525 / 1e6, share=1e-9),
    )


def _owned() -> Iterator[Comparison]:
    """Sums of Jiangsu: what industry owns, primary energy, outputs, factors."""
    source = BALANCE.format(region="jiangsu")
    outcome = test_base.OUTCOME
    co2 = sum(float(f.energy_tco2[:, 0].sum()) for f in outcome.fuel_uses) / 1e6
    owned = sum(
        r["energy_mtco2"] for r in test_base.BALANCE if r["owner"] == "industry" and r["energy_mtco2"] > 0
    )
    coking = next(f for f in outcome.fuel_uses if f.use == "coking")
    for case, zh, en, figure, reference, limits in (
        ("co2_owned", "工业口径能源排放合计", "CO2 of all rows that industry owns", co2, owned, {"absolute": 0.05}),
        ("co2_coking", "炼焦排放", "CO2 of coking", float(coking.energy_tco2[:, 0].sum()) / 1e6, 2.18, {"share": 1e-9}),
    ):  # fmt: skip
        yield Comparison(
            f"industry.jiangsu.{case}",
            Label(f"江苏 2020 年{zh}", f"Jiangsu 2020: {en}"),
            unit="Mt",
            source=f"{source}; rows are printed to 0.01 Mt",
            grade="C",
            **near(figure, reference, **limits),
        )
    for carrier, mtce in (("coal", 25.0), ("natural_gas", 1.5)):
        what = CARRIERS[carrier]
        yield Comparison(
            f"industry.jiangsu.heat_supply.{carrier}",
            Label(f"江苏 2020 年供热用{what.zh}", f"Jiangsu 2020: {what.en} for heat supply"),
            unit="Mtce",
            source=source,
            grade="C",
            **near(test_base.fuel_2020(("heat_supply",), carrier) / GJ_PER_MTCE, mtce, share=1e-9),
        )
    for carrier, found, expected, width in test_base.primary_supply():
        what = CARRIERS[carrier]
        yield Comparison(
            f"industry.jiangsu.primary.{carrier}",
            Label(f"江苏 2020 年一次能源供应：{what.zh}", f"Jiangsu 2020, primary supply: {what.en}"),
            unit="Mtce",
            source=source,
            grade="C",
            **near(float(found), expected, absolute=width),
        )
    first = {i.metric_id: float(i.region_values[0]) for i in outcome.indicators}
    for metric, statistic, share in test_base.OUTPUTS_2020:
        label, unit, where = OUTPUTS[metric]
        yield Comparison(
            f"industry.jiangsu.output.{metric}",
            Label(f"江苏 2020 年{label.zh}", f"Jiangsu 2020: {label.en}"),
            unit=unit,
            source=where,
            grade="B",
            **near(first[f"industry.{metric}"], statistic, share=share),
        )
    factors = [factors_tco2_per_gj(test_base.REGION, *names)["coal"] for names in ((), ("power_coal_2_77",))]
    yield Comparison(
        "industry.coal_factor_of_power_plants",
        Label("电厂用煤因子组使煤排放增加", "Rise of CO2 of coal by the factor set of power-plant coal"),
        unit="share",
        source="2.77 over 2.64 t/tce",
        grade="B",
        **near(factors[1] / factors[0] - 1, 0.0492, absolute=1e-4),
    )


def _inventory() -> Iterator[Comparison]:
    """Groups of branches beside the inventory of 2019 and the balance that its rows were reconciled to."""
    table = {r["step"]: r for r in load_region("jiangsu").table("accounts/reconciliation").rows()}
    for group, uses in GROUPS.items():
        row, name = table[group], GROUP_NAMES[group]
        both = _BOTH.search(row["en"])
        figure = (
            sum(float(f.energy_tco2[:, 0].sum()) for f in test_base.OUTCOME.fuel_uses if f.use in uses) / 1e6
        )
        if both is not None:
            inventory, reconciled = (float(text) for text in both.groups())
            yield Comparison(
                f"industry.jiangsu.reconciled.{group}",
                Label(f"江苏 2020 年{name.zh}能源排放", f"Jiangsu 2020: energy CO2 of {name.en}"),
                unit="Mt",
                source="Inventory reconciled to the balance (regions/jiangsu/accounts/reconciliation.csv)",
                grade="C",
                **near(figure, reconciled, absolute=0.05),
            )
        else:
            inventory = figure - float(row["value_mt"])
        yield Comparison(
            f"industry.jiangsu.inventory.{group}",
            Label(
                f"江苏 {name.zh}能源排放：2020 年与 CEADs 清单 2019 年",
                f"Jiangsu, energy CO2 of {name.en}: 2020 beside CEADs 2019",
            ),
            figure=figure,
            reference=inventory,
            unit="Mt",
            source="CEADs emission inventories of provinces, Jiangsu 2019",
            grade="B",
            remark=Label(row["zh"], row["en"]),
        )
