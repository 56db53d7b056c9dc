"""Levers of ports and ships."""

from typing import Final

from services.common.levers import LeverRow
from services.common.words import Grade, Label

LEVERS: Final[tuple[LeverRow, ...]] = (
    LeverRow(
        lever_id="transport.shore_power_share",
        group="port",
        label=Label("岸电使用率", "connected share of berth hours"),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
    LeverRow(
        lever_id="transport.port_clean_energy_share",
        group="port",
        label=Label("港口生产新能源清洁能源占比", "new and clean energy share of port production energy"),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2020,
        policy_refs=("JSS-16",),
    ),
    LeverRow(
        lever_id="transport.ship_battery_share",
        group="port",
        label=Label("电动船舶占比", "battery share of inland tonne-km"),
        unit="share",
        low=0.0,
        high=0.4,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=("JSS-12",),
    ),
    LeverRow(
        lever_id="transport.ship_lng_methanol_share",
        group="port",
        label=Label("液化天然气及甲醇船舶占比", "LNG and methanol share of ships' tonne-km"),
        unit="share",
        low=0.0,
        high=0.5,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=("JSS-12",),
    ),
    LeverRow(
        lever_id="transport.ship_efficiency_improvement",
        group="port",
        label=Label("船舶单位能耗下降率", "yearly fall of ships' energy per tonne-km"),
        unit="1/yr",
        low=0.0,
        high=0.03,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=("JSP-33", "JSS-12", "NTP-13"),
        note="larger and standard ships, refits, slower steaming; on all waters alike",
    ),
)
