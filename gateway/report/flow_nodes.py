"""Nodes of the energy flow, by column and from the top down, and the node that a carrier comes from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gateway.account_settings import carrier_rule
from gateway.report.results import FlowNode
from services.common.regions import Region
from services.common.words import Label

IMPORTS: Final = "imports"
COAL: Final = "coal"
OIL: Final = "oil"
HEAT_BOUGHT: Final = "heat_bought"
HYDROGEN_BOUGHT: Final = "hydrogen_bought"
OTHER: Final = "other_carriers"
GENERATION: Final = "generation"
HEAT_SUPPLY: Final = "heat_supply"
ELECTRICITY: Final = "electricity"
HEAT: Final = "heat"
HYDROGEN: Final = "hydrogen"
OIL_PRODUCTS: Final = "oil_products"
FUELS: Final = "fuels"
LOSSES: Final = "losses"
# Counted by the electricity that it gives.
WITHOUT_FUEL: Final = ("wind", "solar", "hydro", "nuclear")

_SUPPLIES: Final[Mapping[str, Label]] = {
    IMPORTS: Label("外来电", "Imported electricity"),
    "wind": Label("风能", "Wind"),
    "solar": Label("太阳能", "Solar"),
    "hydro": Label("水能", "Hydro"),
    "nuclear": Label("核能", "Nuclear"),
    COAL: Label("煤炭与焦炭", "Coal and coke"),
    "gas": Label("天然气", "Natural gas"),
    OIL: Label("石油", "Oil"),
    "biomass": Label("生物质", "Biomass"),
    "waste": Label("垃圾", "Waste"),
    "byproduct_gas": Label("副产煤气", "By-product gas"),
    HEAT_BOUGHT: Label("环境热与核能等供热", "Ambient, nuclear and other heat"),
    HYDROGEN_BOUGHT: Label("外购氢", "Hydrogen bought"),
    OTHER: Label("其他燃料", "Other fuels"),
}
_CONVERSIONS: Final[Mapping[str, Label]] = {
    GENERATION: Label("发电与受电", "Generation and imports"),
    HEAT_SUPPLY: Label("供热", "Heat supply"),
}
_DELIVERED: Final[Mapping[str, Label]] = {
    ELECTRICITY: Label("电力", "Electricity"),
    HEAT: Label("热力", "Heat"),
    HYDROGEN: Label("氢", "Hydrogen"),
    OIL_PRODUCTS: Label("油品", "Oil products"),
    FUELS: Label("煤、气等燃料", "Coal, gas and other fuels"),
}
# The order in which users stand; those not named follow in their own.
_USERS: Final = ("industry", "buildings", "transport")
# Carriers whose node does not follow from their group in primary energy, then the groups.
_OF_CARRIER: Final = {
    "coking_coal": COAL,
    "byproduct_gas": "byproduct_gas",
    "waste": "waste",
    HEAT: HEAT_BOUGHT,
    HYDROGEN: HYDROGEN_BOUGHT,
}
_OF_GROUP: Final = {"coal": COAL, "coke": COAL, "gas": "gas", "oil": OIL, "biomass": "biomass"}
_DELIVERED_AS: Final = {OIL: OIL_PRODUCTS, HYDROGEN_BOUGHT: HYDROGEN, HEAT_BOUGHT: HEAT}


def supply_node(region: Region, carrier: str) -> str:
    """The node of the first column that a carrier comes from. DomainError(BALANCE) for a carrier without a row."""
    group = carrier_rule(region, carrier).group
    return _OF_CARRIER.get(carrier) or _OF_GROUP.get(group, OTHER)


def direct_node(supply: str) -> str:
    """The node that a fuel used directly passes through, so that no ribbon runs behind others."""
    return f"direct_{supply}"


def delivered_node(supply: str) -> str:
    """What a fuel is delivered as."""
    return _DELIVERED_AS.get(supply, FUELS)


def nodes_of(used: Iterable[str], users: Sequence[tuple[str, Label]]) -> tuple[FlowNode, ...]:
    """The nodes used, by column and from the top down; `users` are the sectors with their names."""
    names = {u: Label(label.zh, label.en[:1].upper() + label.en[1:]) for u, label in users}
    order = [u for u in _USERS if u in names] + [u for u in names if u not in _USERS]
    direct = {
        direct_node(s): Label(f"{label.zh}直接燃用", f"{label.en}, used directly")
        for s, label in _SUPPLIES.items()
    }
    columns: Sequence[Mapping[str, Label]] = (
        _SUPPLIES,
        {**_CONVERSIONS, **direct},
        _DELIVERED,
        {**{u: names[u] for u in order}, LOSSES: Label("损失与自用", "Losses and own use")},
    )
    present = set(used)
    return tuple(
        FlowNode(node_id, label, column)
        for column, nodes in enumerate(columns)
        for node_id, label in nodes.items()
        if node_id in present
    )
