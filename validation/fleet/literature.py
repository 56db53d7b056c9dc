"""Figures of standards and studies, with the ranges they give, beside what the transport service computes."""

from collections.abc import Iterator

import numpy as np

from services.common.factors import factors_tco2_per_gj
from services.common.words import Label
from tests.services.transport.judge import (
    plain_files,
    plain_fleet,
    test_intensity_and_chain,
    test_literature,
    test_project_fleet,
    test_split_modes,
)
from validation.comparison import Comparison, at_most, near
from validation.from_tests import cases

HAO = "Hao, Wang, Ouyang, Cheng, Vehicle survival patterns in China, Sci. China Tech. Sci. 54(3), 2011"
COUNTED = "National Bureau of Statistics, private vehicles of Jiangsu 2005 to 2023; curve of Dargay, Gately, Sommer 2007"
GUIDELINE = (
    "NDRC guideline for greenhouse gas accounts of land transport; carbon content, heat value, oxidation"
)
WEVJ = "World Electric Vehicle Journal 12(4) 169, 2021, averages of two cities; above 0.85 rarely charging owners"
MEP = "MEP guideline for inventories of air pollutants of road vehicles, 2014, without speed correction; limits 0.6 to 1.6"
OUM = (
    "Oum and others, review of price elasticities of freight demand; Christidis and Leduc, cross elasticities"
)
RANGES = "Chinese surveys and the JEC and IMO intensities, range of the literature"
CLASSES = {
    "private_car": Label("私人乘用车", "private cars"),
    "heavy_truck": Label("重型货车", "heavy trucks"),
    "light_truck": Label("轻型货车", "light trucks"),
    "urban_bus": Label("公交车", "urban buses"),
}
FUELS = {
    "gasoline": Label("汽油", "gasoline"),
    "diesel": Label("柴油", "diesel"),
    "fuel_oil": Label("燃料油", "fuel oil"),
    "kerosene": Label("煤油", "kerosene"),
    "natural_gas": Label("天然气", "natural gas"),
    "cng": Label("压缩天然气", "CNG"),
    "lng": Label("液化天然气", "LNG"),
    "hydrogen": Label("氢", "hydrogen"),
    "electricity": Label("电", "electricity"),
}
SHIPS = {
    "inland_water_mj_per_tkm": Label("内河船能耗", "Energy of inland ships"),
    "coastal_mj_per_tkm": Label("沿海船能耗", "Energy of coastal ships"),
    "ocean_mj_per_tkm": Label("远洋船能耗", "Energy of ocean ships"),
    "rail_diesel_mj_per_tkm": Label("内燃铁路能耗", "Energy of diesel rail"),
    "battery_ship_kwh_per_tkm": Label("电池船电耗", "Electricity of battery ships"),
}
RESPONSES = {
    "parking_price": Label("小汽车出行对停车价格的弹性", "Elasticity of car trips to the parking price"),
    "bus_service": Label("公交出行对公交服务的弹性", "Elasticity of bus trips to the service"),
    "cycling_network": Label(
        "自行车出行对骑行网络的弹性", "Elasticity of bicycle trips to the cycling network"
    ),
    "metro_length": Label("地铁出行对地铁里程的弹性", "Elasticity of metro trips to the length of the metro"),
}
USE_OF_2020 = {
    "rail_tce_per_million_tkm": (Label("铁路单位换算周转量能耗", "Energy of rail per converted turnover"), "tce/10^6 t km"),
    "ship_kgce_per_100tkm": (Label("船舶单位周转量能耗", "Energy of ships per turnover"), "kgce/100 t km"),
    "truck_kgce_per_100tkm": (Label("货车单位周转量能耗", "Energy of trucks per turnover"), "kgce/100 t km"),
}  # fmt: skip
BASELINES = ("frozen", "planned", "reference", "accelerated")


def rows(quick: bool) -> Iterator[Comparison]:
    """Survival and ownership, energy and chain, exhaust, responses."""
    yield from _survival()
    yield from _ownership()
    yield from _energy()
    yield from _chain()
    if not quick:
        yield from _responses()
        yield from _effects()


def _row(
    case: str,
    label: Label,
    unit: str,
    source: str,
    grade: str = "B",
    remark: Label | None = None,
    **fields: float,
) -> Comparison:
    """A comparison; `fields` as near() gives them."""
    fields = {name: float(value) for name, value in fields.items()}
    return Comparison(
        f"fleets.literature.{case}", label, unit=unit, source=source, grade=grade, remark=remark, **fields
    )  # type: ignore[arg-type]


def _between(figure: float, low: float, high: float) -> dict[str, float]:
    """Fields of a comparison with a range: the reference is its middle."""
    return {"figure": figure, "reference": (low + high) / 2, "low": low, "high": high}


def _survival() -> Iterator[Comparison]:
    test = test_literature.test_half_of_a_model_year_is_gone_at_the_median_life
    for name, median in cases(test, "name, median"):
        of = CLASSES[name]
        remark = Label(
            "江苏寿命系数 1.10 按登记数校准",
            "with the multiplier 1.10 of Jiangsu, calibrated on registrations",
        )
        yield _row(
            f"median_life.{name}",
            Label(f"{of.zh}的中位寿命", f"Median life of {of.en}"),
            "yr",
            HAO,
            remark=remark if name == "private_car" else None,
            **near(test_literature.median_life_years(name), median, absolute=0.05),
        )
    curve = test_literature.survival("heavy_truck")
    kept, quarter, half = test_literature.old_trucks_left(0.0, 0.25, 0.5)
    for case, zh, en, figure, reference, width in (
        ("trucks_of_2013", "2013 年销售的重型货车到 2025 年的存活份额", "Heavy trucks sold in 2013 alive in 2025", curve[12], 0.48, 0.005),
        ("trucks_of_2013_since_2020", "2013 年销售、2020 年仍在的重型货车到 2025 年的存活份额", "Heavy trucks sold in 2013 and alive in 2020, alive in 2025", curve[12] / curve[7], 0.51, 0.005),
        ("retired_a_quarter", "每年淘汰 25%，五年后国三柴油重货所剩", "China III heavy trucks left after five years at 25 % a year", quarter[5] / kept[5], 0.2373, 1e-4),
        ("retired_half", "每年淘汰 50%，五年后国三柴油重货所剩", "China III heavy trucks left after five years at 50 % a year", half[5] / kept[5], 0.03125, 1e-5),
    ):  # fmt: skip
        source = HAO if "2013" in case else "Arithmetic: (1 - rate)^5"
        grade = "B" if "2013" in case else "exact"
        yield _row(case, Label(zh, en), "share", source, grade, **near(figure, reference, absolute=width))


def _ownership() -> Iterator[Comparison]:
    test = test_literature.test_the_ownership_curve_follows_the_private_vehicles_of_2005_to_2023
    for saturation, rmse in cases(test, "saturation, rmse"):
        yield _row(
            f"ownership_rmse.{saturation}",
            Label(
                f"千人保有量曲线（饱和值 {saturation}）与 19 年统计值的均方根差",
                f"Ownership curve with saturation {saturation}, root mean square error over 19 years",
            ),
            "per 1,000",
            COUNTED,
            "A",
            **near(test_literature.ownership_rmse(saturation), rmse, absolute=0.02),
        )
    yield _row(
        "ownership_elasticity_2020",
        Label(
            "2020 年收入处的保有量弹性（饱和值 350）",
            "Elasticity of ownership at the income of 2020 (saturation 350)",
        ),
        "ratio",
        "Gompertz curve: alpha beta x exp(beta x) at 121,174 CNY a head",
        "exact",
        **near(test_literature.ownership_elasticity_of_2020(), 1.34, absolute=0.01),
    )


def _energy() -> Iterator[Comparison]:
    names = ("range_km, share", "carrier, g_per_mj", "fuel, mj_per_unit, near", "name, low, high")
    t = test_literature
    for km, share in cases(t.test_plug_in_hybrids_drive_on_electricity_as_observed, names[0]):
        yield _row(
            f"utility_factor.{km}",
            Label(
                f"插混续航 {km} km 的纯电里程份额", f"Share of distance on electricity at a range of {km} km"
            ),
            "share",
            WEVJ,
            **near(plain_fleet.utility_factor(km), share, absolute=0.006),
        )
    factors = factors_tco2_per_gj(t.REGION)
    for carrier, grams in cases(t.test_direct_co2_of_fuels_is_that_of_the_guideline, names[1]):
        of = FUELS[carrier]
        yield _row(
            f"co2.{carrier}",
            Label(f"{of.zh}的直接排放因子", f"Direct CO2 of {of.en}"),
            "g/MJ",
            GUIDELINE,
            "A",
            **near(factors[carrier] * 1e3, grams, share=0.02),
        )
    fuels = t.REGION.table("transport/fuels").by("fuel")
    for fuel, mj, width in cases(t.test_heating_values_are_those_of_the_guideline, names[2]):
        of = FUELS[fuel]
        unit = {"gasoline": "MJ/L", "diesel": "MJ/L", "cng": "MJ/m3", "electricity": "MJ/kWh"}.get(
            fuel, "MJ/kg"
        )
        yield _row(
            f"heat_value.{fuel}",
            Label(f"{of.zh}的热值", f"Heat value of {of.en}"),
            unit,
            GUIDELINE,
            "A",
            **near(fuels[fuel]["gj_per_unit"] * 1e3, mj, share=width),
        )
    for name, low, high in cases(
        t.test_energy_of_ships_and_rail_lies_within_the_range_of_the_literature, names[3]
    ):
        unit = "kWh/t km" if "kwh" in name else "MJ/t km"
        yield _row(
            f"energy.{name}", SHIPS[name], unit, RANGES, **_between(plain_files.parameter(name), low, high)
        )
    shaft, ratio = t.battery_ship_over_shaft_work()
    yield _row(
        "battery_ship_shaft_work",
        Label("柴油船的轴功", "Shaft work of a diesel ship"),
        "kWh/t km",
        "Arithmetic: 0.40 of the fuel at the shaft, 0.85 from battery to shaft",
        "exact",
        **near(shaft, 0.0157, absolute=1e-4),
    )
    yield _row(
        "battery_ship_ratio",
        Label("电池船电耗与轴功之比（含生活负荷）", "Battery ship over shaft work (hotel load on top)"),
        "ratio",
        "Physics: shaft work and hotel load",
        "C",
        **_between(ratio, 1.0, 1.3),
    )
    yield _row(
        "truck_energy_over_need",
        Label(
            "货车用能与周转量所需之比（2020 年）", "Energy of trucks over what their turnover needs (2020)"
        ),
        "ratio",
        "0.528 MJ per t km; own-account and light trucks are not in the turnover",
        "C",
        **_between(t.truck_energy_over_need()[0], 0.8, 1.8),
    )
    yield from _intensities()


def _intensities() -> Iterator[Comparison]:
    """Use of 2020 in the statistics' units."""
    metrics = test_intensity_and_chain.run()
    for name, low, high in test_intensity_and_chain.USE_OF_2020:
        label, unit = USE_OF_2020[name]
        yield _row(f"use_2020.{name}", Label(f"{label.zh}（2020 年）", f"{label.en} (2020)"), unit, RANGES, **_between(metrics[name][0], low, high))  # fmt: skip
    for what, ours, by_hand, width in test_intensity_and_chain.chain_of_2020(metrics):
        zh, en = {
            "well_to_tank": ("燃料上游排放", "Emissions before the tank"),
            "electricity": ("用电排放", "CO2 of electricity"),
        }[what]
        yield _row(
            f"chain_2020.{what}",
            Label(f"{zh}（2020 年）", f"{en} (2020)"),
            "t",
            "Worked by hand: 16 g/MJ gasoline, 17 diesel, 14 jet, 13.5 fuel oil, 15 gas (JEC WTT v5); grid factor of the year",
            **near(ours, by_hand, share=width),
        )  # fmt: skip


def _chain() -> Iterator[Comparison]:
    """Well-to-wheel, hydrogen by route, exhaust of new vehicles."""
    petrol, power = test_project_fleet.well_to_wheel()
    whole = (petrol["direct_tco2"][0] + petrol["well_to_tank_tco2e"][0]) * 1e6 / 1e6
    for case, zh, en, figure, reference, width, unit, source in (
        ("gasoline_to_tank", "汽油上游排放", "Gasoline to the tank", petrol["well_to_tank_tco2e"][0] / petrol["energy_gj"][0] * 1e3, 16, 0.15, "g/MJ", "JEC WTT v5"),
        ("gasoline_car", "汽油车全链排放（8 L/100km）", "Gasoline car of 8 L/100 km, well to wheel", whole, 216, 0.03, "g/km", "174 g at the tailpipe and 41 g before it"),
        ("battery_car", "纯电动车全链排放（15 kWh/100km）", "Battery car of 15 kWh/100 km, well to wheel", power["well_to_tank_tco2e"][0], 95, 0.10, "g/km", "grid of 0.6 kg/kWh with 5 % losses"),
    ):  # fmt: skip
        yield _row(
            f"well_to_wheel.{case}", Label(zh, en), unit, source, **near(figure, reference, share=width)
        )
    routes = {
        "coal": Label("煤制氢", "Hydrogen of coal"),
        "natural_gas": Label("天然气制氢", "Hydrogen of natural gas"),
        "by_product": Label("副产氢", "By-product hydrogen"),
        "electrolysis": Label("电解水制氢", "Hydrogen by electrolysis"),
    }
    for route, grams in cases(test_project_fleet.test_hydrogen_by_route, "route, g_per_mj"):
        yield _row(
            f"hydrogen.{route}",
            Label(f"{routes[route].zh}的上游排放", f"{routes[route].en}, to the tank"),
            "g/MJ",
            "Life-cycle studies of hydrogen; electrolysis: 55 kWh/kg at 0.6 kg/kWh; compression may come on top",
            **near(test_project_fleet.hydrogen_g_per_mj(route)[0], grams, share=0.12),
        )
    test = test_project_fleet.test_nox_of_new_vehicles_is_of_the_order_of_the_guideline
    for like, kind, year, grams in cases(test, "like, kind, year, g_per_km"):
        of = CLASSES[like]
        yield _row(
            f"nox.{like}.{year}",
            Label(
                f"{year} 年新{of.zh}（{FUELS[kind].zh}）的氮氧化物",
                f"NOx of {of.en} on {kind} sold in {year}",
            ),
            "g/km",
            MEP,
            remark=Label(
                "参照未含指南自身的车速修正，模型含修正（重型柴油车 40–80 km/h 为 0.60–0.74，汽油车为 0.86–0.9）",
                "the reference lacks the guideline's own correction for speed, which the model applies (diesel at 40 to 80 km/h "
                "0.60 to 0.74, gasoline about 0.9)",
            ),
            figure=test_project_fleet.nox_g_per_km(like, kind, year),
            reference=grams,
            low=0.6 * grams,
            high=1.6 * grams,
        )
    ranges = test_split_modes.INTENSITY_RANGES
    for mode, found in test_split_modes.default_intensities().items():
        for value, (low, high), unit in zip(
            found, (ranges[mode][:2], ranges[mode][2:]), ("MJ/t km", "g/t km"), strict=True
        ):
            what = Label("能耗", "energy") if unit.startswith("MJ") else Label("直接排放", "direct CO2")
            yield _row(
                f"freight_default.{mode}.{'energy' if unit.startswith('MJ') else 'co2'}",
                Label(f"货运方式默认{what.zh}（{mode}）", f"Default {what.en} of freight by {mode.replace('_', ' ')}"),
                unit,
                RANGES,
                **_between(value, low, high),
            )  # fmt: skip


def _responses() -> Iterator[Comparison]:
    t = test_literature
    yield _row(
        "fuel_price_elasticity",
        Label(
            "私人乘用车里程对油价的弹性（四年后）",
            "Elasticity of car travel to the price of fuel (after four years)",
        ),
        "ratio",
        "Goodwin, Dargay, Hanly 2004: -0.10 in the short run, -0.30 in the long",
        **_between(t.fuel_price_elasticity(), -0.5, -0.05),
    )
    for lever, mode, low, high in cases(t.test_trips_respond_as_reviews_say, "lever, mode, low, high"):
        source = "Balcombe and others 2004, TRL 593, and reviews of urban travel"
        yield _row(f"trips.{lever}", RESPONSES[lever], "ratio", source, **_between(t.trip_elasticity(lever, mode), low, high))  # fmt: skip
    test = test_intensity_and_chain.test_elasticities_told_by_the_region_lie_in_the_reviews
    for metric, low, high in cases(test, "metric, low, high"):
        zh, en = (
            ("公路运价自弹性", "own rate elasticity of road")
            if "road" in metric
            else ("铁路对公路运价的交叉弹性", "cross elasticity of rail")
        )
        for baseline in BASELINES:
            values = test_intensity_and_chain.run(baseline=baseline)[metric]
            for which, value in (("lowest", values.min()), ("highest", values.max())):
                yield _row(
                    f"{metric}.{baseline}.{which}",
                    Label(f"货运{zh}（{baseline}，各年{'最小' if which == 'lowest' else '最大'}）", f"Freight, {en} ({baseline}, {which} of all years)"),
                    "ratio",
                    OUM,
                    **_between(value, low, high),
                )  # fmt: skip


def _effects() -> Iterator[Comparison]:
    """The three effects are the change of the intensity."""
    ci, effects = test_intensity_and_chain.CI, test_intensity_and_chain.EFFECTS
    for baseline in BASELINES:
        m = test_intensity_and_chain.run(baseline=baseline)
        intensity = m[f"{ci}_gco2_per_tkm"]
        summed = np.sum([m[f"{ci}_{e}_effect_gco2_per_tkm"] for e in effects], axis=0)
        yield Comparison(
            f"fleets.intensity_effects.{baseline}",
            Label(
                f"营运换算周转量强度的三项分解之和与变化之差（{baseline}，最大）",
                f"Three effects of CO2 per converted turnover less its change ({baseline}, largest)",
            ),
            unit="g/t km",
            source="Arithmetic: the effects of a logarithmic mean index sum to the change",
            grade="exact",
            **at_most(float(np.abs(summed - intensity + intensity[0]).max()), 1e-9),
        )
