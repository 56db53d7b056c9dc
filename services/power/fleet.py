"""What is known of a region's power sector: technologies, lines, parameters. Read once a region and as-of year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.units import GJ_PER_TCE
from services.common.words import Label

FLEET = "power/fleet"
PARAMETERS = "power/parameters"
KGCE_PER_TCE = 1e3


@dataclass(frozen=True)
class Tech:
    """A technology's parameters; fuel_gj_per_mwh is net, at full load, before calibration (0: no own rate)."""

    technology: str
    group: str
    carrier: str
    label: Label
    non_fossil: bool
    net_rate: float
    fuel_gj_per_mwh: float
    own_use_share: float
    min_load_before_share: float
    min_load_after_share: float
    start_cost_cny_per_mw: float
    no_load_share: float
    vom_cny_per_mwh: float
    availability_share: float
    capacity_credit_share: float


@dataclass(frozen=True)
class CoalClass:
    """A class of the coal fleet: its share of the first fleet, and what becomes of it."""

    technology: str
    share_2020: float
    retire_order: int
    committed: bool
    built_new: bool


@dataclass(frozen=True)
class ImportLine:
    """An import line; capacity_mw is infinite for the last, which stands for lines not yet named."""

    technology: str
    label: Label
    capacity_mw: float
    commissioned_year: int
    hours_per_year: float
    season_amplitude: float
    tco2_per_mwh: float
    non_fossil: bool
    cost_cny_per_mwh: float


@dataclass(frozen=True)
class Fleet:
    """All static data of a region's power sector."""

    region: Region
    techs: Mapping[str, Tech]
    coal_classes: tuple[CoalClass, ...]
    lines: tuple[ImportLine, ...]

    def number(self, name: str) -> float:
        """A single figure of the region's fleet."""
        return self.region.number(FLEET, name)

    def parameter(self, name: str) -> float:
        """A single figure of the dispatch parameters."""
        return self.region.number(PARAMETERS, name)


@kept(maxsize=8)
def fleet_of(region_id: str, as_of_year: int = 0) -> Fleet:
    """The region's fleet as known at the end of as_of_year."""
    region = load_region(region_id, as_of_year)
    techs = {row["technology"]: _tech(row) for row in region.table("power/technologies").rows()}
    classes = region.table("power/coal_classes").rows()
    total = sum(row["capacity_mid_2023_mw"] for row in classes)
    return Fleet(
        region,
        techs,
        tuple(
            CoalClass(
                row["technology"],
                row["capacity_mid_2023_mw"] / total,
                row["retire_order"],
                bool(row["committed"]),
                bool(row["built_new"]),
            )
            for row in classes
        ),
        tuple(_line(row) for row in region.table("power/import_lines").rows()),
    )


def _tech(row: Mapping[str, Any]) -> Tech:
    def f(name: str) -> float:
        return float(row[name])

    carrier = str(row["carrier"])
    rate = f("net_rate")
    rate = 0.0 if rate != rate else rate
    return Tech(
        technology=str(row["technology"]),
        group=str(row["group"]),
        carrier=carrier,
        label=Label(str(row["zh"]), str(row["en"])),
        non_fossil=bool(row["non_fossil"]),
        net_rate=rate,
        fuel_gj_per_mwh=rate / KGCE_PER_TCE * GJ_PER_TCE if carrier == "coal" else rate,
        own_use_share=f("own_use_share"),
        min_load_before_share=f("min_load_before_share"),
        min_load_after_share=f("min_load_after_share"),
        start_cost_cny_per_mw=f("start_cost_cny_per_mw"),
        no_load_share=f("no_load_share"),
        vom_cny_per_mwh=f("vom_cny_per_mwh"),
        availability_share=f("availability_share"),
        capacity_credit_share=f("capacity_credit_share"),
    )


def _line(row: Mapping[str, Any]) -> ImportLine:
    def f(name: str) -> float:
        return float(row[name])

    capacity = f("capacity_mw")
    return ImportLine(
        technology=str(row["technology"]),
        label=Label(str(row["zh"]), str(row["en"])),
        capacity_mw=float("inf") if capacity != capacity else capacity,
        commissioned_year=int(f("commissioned_year")),
        hours_per_year=f("hours_per_year"),
        season_amplitude=f("season_amplitude"),
        tco2_per_mwh=f("tco2_per_mwh"),
        non_fossil=bool(row["non_fossil"]),
        cost_cny_per_mwh=f("cost_cny_per_mwh"),
    )
