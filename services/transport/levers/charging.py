"""Levers of charging."""

from typing import Final

from services.common.levers import LeverRow
from services.common.words import Grade, Label

LEVERS: Final[tuple[LeverRow, ...]] = (
    LeverRow(
        lever_id="transport.home_valley_charging_share",
        group="charging",
        label=Label("家充谷电比例", "share of home charging energy that follows the valley tariff"),
        unit="share",
        low=0.0,
        high=1.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
    LeverRow(
        lever_id="transport.smart_charging_share",
        group="charging",
        label=Label("有序充电参与率", "share of flexible charging energy under aggregator control (V1G)"),
        unit="share",
        low=0.0,
        high=0.9,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="adoption here, dispatch in power; power table default of 0.40 in 2030 not used",
    ),
    LeverRow(
        lever_id="transport.v2g_share",
        group="charging",
        label=Label(
            "车网互动参与率", "share of private EVs that offer discharge (V2G); other classes in proportion"
        ),
        unit="share",
        low=0.0,
        high=0.3,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="adoption here, dispatch in power",
    ),
    LeverRow(
        lever_id="transport.public_fast_charging_share",
        group="charging",
        label=Label("公共快充占比", "share of private charging energy at public fast chargers"),
        unit="share",
        low=0.1,
        high=0.8,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
    LeverRow(
        lever_id="transport.heavy_truck_swap_share",
        group="charging",
        label=Label("重卡换电占比", "share of heavy-truck charging energy by swapping"),
        unit="share",
        low=0.0,
        high=0.8,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
    ),
)
