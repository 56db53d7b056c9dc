"""Levers of new vehicles: powertrains of sales."""

from typing import Final

from services.common.levers import LeverRow
from services.common.words import Grade, Label, LeverKind

_ALL_VEHICLES: Final = ("JSP-32", "JSS-14")
_CLASSES: Final = (
    ("private_car", "小微型客车", "private car", _ALL_VEHICLES),
    ("taxi", "巡游出租车", "taxi", _ALL_VEHICLES),
    ("ride_hailing", "网约车", "ride hailing", _ALL_VEHICLES),
    ("urban_bus", "公共汽电车", "urban bus", ("JSS-15", *_ALL_VEHICLES)),
    ("coach", "公路客车", "coach", _ALL_VEHICLES),
    ("light_truck", "轻微型货车", "light truck", _ALL_VEHICLES),
    ("medium_truck", "中型货车", "medium truck", _ALL_VEHICLES),
    ("heavy_truck", "重型货车", "heavy truck", _ALL_VEHICLES),
    ("special_vehicle", "专项作业车", "special vehicle", _ALL_VEHICLES),
    ("motorcycle", "摩托车", "motorcycle", ()),
)
_PATH_ONLY: Final = ("urban_bus", "motorcycle")  # no choice on cost
_MOVED: Final = "the base: prices, charging and licences that are set move it, floors and bans come after"


def _sales_share(name: str, zh: str, en: str, policy_refs: tuple[str, ...]) -> LeverRow:
    return LeverRow(
        lever_id=f"transport.nev_sales_share_{name}",
        group="uptake",
        label=Label(f"{zh}新能源销量占比", f"{en}: new-energy share of new registrations"),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=policy_refs,
        note="" if name in _PATH_ONLY else _MOVED,
    )


LEVERS: Final[tuple[LeverRow, ...]] = (
    *(_sales_share(*row) for row in _CLASSES),
    LeverRow(
        lever_id="transport.fcev_share_heavy_truck",
        group="uptake",
        label=Label("重卡燃料电池占新能源比", "fuel-cell share of heavy NEV sales"),
        unit="share",
        low=0.0,
        high=0.4,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
    LeverRow(
        lever_id="transport.uptake_by_choice",
        group="uptake",
        label=Label("新能源占比由选择模型决定的权重", "weight of the choice model in new-energy shares"),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        kind=LeverKind.CONSTANT,
        note="0: the paths of sales shares alone; 1: the model alone after the last observed year, at the prices of the "
        "baseline; prices that are set move either",
        by_city=False,
    ),
    LeverRow(
        lever_id="transport.nev_purchase_subsidy",
        group="uptake",
        label=Label("新能源汽车购置补贴", "purchase subsidy of a new-energy vehicle"),
        unit="CNY",
        low=-30000.0,
        high=60000.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="negative: a charge; the base shares hold what the baseline pays, only the difference acts",
    ),
    LeverRow(
        lever_id="transport.nev_purchase_tax",
        group="uptake",
        label=Label("新能源汽车购置税率", "purchase tax of a new-energy vehicle"),
        unit="share",
        low=0.0,
        high=0.1,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="share of the price; engines pay the rate of the law",
    ),
    LeverRow(
        lever_id="transport.nev_price_change",
        group="uptake",
        label=Label("新能源汽车价格变化", "change of the price of new-energy vehicles against the table"),
        unit="share",
        low=-0.4,
        high=0.4,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="battery cost, competition; share of the price without tax; like every price it does not move a base share "
        "of exactly 0 or 1",
    ),
    LeverRow(
        lever_id="transport.ice_licence_cost",
        group="uptake",
        label=Label("燃油小客车牌照费用", "licence cost of a private car with an engine"),
        unit="CNY",
        low=0.0,
        high=100000.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="price of a plate, or the worth of a quota",
    ),
    LeverRow(
        lever_id="transport.public_charger_density",
        group="uptake",
        label=Label("公共充电桩密度", "public charging points per 1000 automobiles"),
        unit="points per 1000",
        low=0.5,
        high=60.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
    LeverRow(
        lever_id="transport.public_fleet_nev_mandate",
        group="uptake",
        label=Label(
            "公共领域新车新能源占比下限",
            "least new-energy share of new urban buses, taxis and special vehicles",
        ),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=("JSS-15",),
        note="a floor: it never pulls a share down",
    ),
    LeverRow(
        lever_id="transport.ice_car_sales_end_year",
        group="uptake",
        label=Label(
            "燃油轿车停售年份", "first year without engines in new cars, taxis and ride-hailing cars"
        ),
        unit="year",
        low=2029.0,
        high=2100.0,
        source="lever_register",
        grade=Grade.C,
        kind=LeverKind.CONSTANT,
        note="2100: none; sales of engines and hybrids fall linearly over the three years before",
        by_city=False,
    ),
    LeverRow(
        lever_id="transport.ice_truck_sales_end_year",
        group="uptake",
        label=Label(
            "燃油货车客车停售年份", "first year without engines in new trucks, coaches and special vehicles"
        ),
        unit="year",
        low=2029.0,
        high=2100.0,
        source="lever_register",
        grade=Grade.C,
        kind=LeverKind.CONSTANT,
        note="2100: none; sales of engines and hybrids fall linearly over the three years before",
        by_city=False,
    ),
)
