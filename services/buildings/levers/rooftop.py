"""Levers of rooftop PV."""

from typing import Final

from services.common.levers import LeverRow
from services.common.words import Grade, Label

ROOFTOP: Final[tuple[LeverRow, ...]] = (
    LeverRow(
        lever_id="buildings.distributed_pv_capacity",
        group="rooftop_pv",
        label=Label("分布式光伏装机", "distributed (rooftop) PV capacity, end of year"),
        unit="GW",
        low=0.0,
        high=280.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        policy_refs=(
            "JSP-05",
            "JSP-11",
            "NTP-05",
        ),
        note="coverage of new roofs acts first; the rest goes on other roofs by what they can hold (coverage of "
        "existing roofs is an outcome), what no roof holds is told as rooftop_pv_beyond_roofs_mw. Modules at the end "
        "of their life are renewed within it. PV target counts this + power.utility_pv_capacity",
        by_city=False,
    ),
    LeverRow(
        lever_id="buildings.rooftop_pv_coverage_new_public",
        group="rooftop_pv",
        label=Label("新建公共机构屋顶光伏覆盖率", "rooftop PV coverage of new public-institution buildings"),
        unit="share",
        low=0.0,
        high=0.8,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2020,
        policy_refs=("JSP-28",),
        note="module area over roof area, of public institutions only; the policy leaves the ratio open (module over "
        "usable roof, or share of buildings, are metrics). No more is built than a roof planned for PV can hold",
    ),
    LeverRow(
        lever_id="buildings.rooftop_pv_coverage_new_factory",
        group="rooftop_pv",
        label=Label("新建厂房屋顶光伏覆盖率", "rooftop PV coverage of new factory buildings"),
        unit="share",
        low=0.0,
        high=0.85,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2020,
        policy_refs=("JSP-28",),
        note="module area over roof area; see coverage of public institutions",
    ),
    LeverRow(
        lever_id="buildings.rooftop_pv_coverage_new_residential",
        group="rooftop_pv",
        label=Label("新建住宅屋顶光伏覆盖率", "rooftop PV coverage of new residential buildings"),
        unit="share",
        low=0.0,
        high=0.6,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2020,
    ),
    LeverRow(
        lever_id="buildings.pv_module_power_density",
        group="rooftop_pv",
        label=Label("组件功率密度", "power per module area of new PV"),
        unit="W/m2",
        low=180.0,
        high=260.0,
        source="lever_register",
        grade=Grade.C,
        last_observed_year=2025,
        note="technology trend: same in every scenario; acts on coverage-to-capacity",
    ),
)
