"""Settings of the accounts as data: how carriers count, thresholds of the carbon peak, the region's base figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.common.arrays import FloatArray
from services.common.errors import DomainError
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import GJ_PER_TCE

_METHOD = "accounts/method"
_SETTINGS = "accounts/settings"
_PERCENT = 100.0
BASE_OF_INTENSITY = 2005


@dataclass(frozen=True)
class PeakRules:
    """Thresholds that say what a carbon peak is (regions/national/accounts/method.yaml)."""

    plateau_share: float
    clear_span_count: int
    run_count: int
    window_years: int


@dataclass(frozen=True)
class CarrierRule:
    """How a carrier counts in primary energy."""

    group: str
    primary_share: float
    non_fossil_share: float


def peak_rules(region: Region) -> PeakRules:
    """The thresholds of the carbon peak."""
    return PeakRules(
        region.number(_METHOD, "plateau_share"),
        int(region.number(_METHOD, "clear_peak_span_count")),
        int(region.number(_METHOD, "steady_fall_run_count")),
        int(region.number(_METHOD, "turn_window_years")),
    )


def method(region: Region, name: str) -> float:
    """One number of the accounting method."""
    return region.number(_METHOD, name)


def setting(region: Region, name: str) -> float:
    """One number of the region's accounts."""
    return region.number(_SETTINGS, name)


def supply_loss_share(region: Region, group: str) -> float:
    """Energy lost between supply and use over the use, for a group of carriers; 0 where nothing is known."""
    leaf = region.leaves(_SETTINGS).get(f"{group}_supply_loss_share")
    return leaf.number() if leaf else 0.0


def coal_rate_gj_per_mwh(region: Region, years: tuple[int, ...]) -> FloatArray:
    """Fuel that values a MWh of primary electricity in the coal-equivalent method, GJ/MWh, [year]."""
    rate = region.leaf(_SETTINGS, "coal_rate_kgce_per_kwh").path(years)
    # kgce/kWh = tce/MWh
    return rate * GJ_PER_TCE


def base_intensity_tco2(region: Region) -> float:
    """CO2 with imports of 2005 per unit of the GDP index (2020 = 1), t."""
    gdp = region.observed("gdp_index_constant_price")[BASE_OF_INTENSITY] / _PERCENT
    return setting(region, "co2_2005") / gdp


def carrier_rule(region: Region, carrier: str) -> CarrierRule:
    """The carrier's row; DomainError(BALANCE) when it has none, so that no energy is lost silently."""
    rules = _carrier_rules(region.region_id, region)
    if carrier not in rules:
        raise DomainError(
            "BALANCE",
            detail=f"carrier {carrier} has no row in accounts/carriers.csv: add how it counts in primary energy",
        )
    return rules[carrier]


@kept(maxsize=16)
def _carrier_rules(region_id: str, region: Region) -> Mapping[str, CarrierRule]:
    rows = region.table("accounts/carriers").rows()
    return {r["carrier"]: CarrierRule(r["group"], r["primary_share"], r["non_fossil_share"]) for r in rows}
