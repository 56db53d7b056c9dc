"""The base year: branches close to the balance, owners' rows return, calibration within bounds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from services.common.factors import factors_tco2_per_gj
from services.common.outcome import Outcome
from services.common.region_files import RegionDataError, Table
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.units import GJ_PER_MTCE
from services.industry import calibration
from services.industry.base import industry_base
from services.industry.calibration import calibration_factors
from services.industry.model import MODEL

REGION = load_region("jiangsu")
BALANCE = REGION.table("energy_balance_2020").rows()
OUTCOME = MODEL.project(Frame(region="jiangsu", last_year=2021), Scenario(baseline="frozen"), ())
USE_OF_FLOW = {
    "agriculture": ("agriculture",),
    "industry_steel": ("steel",),
    "industry_non_metallic": ("cement", "other_minerals"),
    "industry_chemicals_energy": ("chemicals",),
    "industry_other": ("other_industry",),
    "industry_non_energy": ("chemical_feedstock",),
    "construction": ("construction",),
}


def fuel_2020(uses: tuple[str, ...], carrier: str, outcome: Outcome = OUTCOME) -> float:
    return sum(
        float(f.energy_gj[:, 0].sum()) for f in outcome.fuel_uses if f.use in uses and f.carrier == carrier
    )


def co2_2020(uses: tuple[str, ...], carrier: str, outcome: Outcome = OUTCOME) -> float:
    return sum(
        float(f.energy_tco2[:, 0].sum()) for f in outcome.fuel_uses if f.use in uses and f.carrier == carrier
    )


def returned(
    outcome: Outcome, balance: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, float, float]]:
    """(flow, carrier, energy found, energy of the balance) of every row that industry owns; GJ, electricity MWh."""
    for row in balance:
        flow, carrier = row["flow"], row["carrier"]
        if flow not in USE_OF_FLOW:
            continue
        uses = USE_OF_FLOW[flow]
        if carrier == "electricity":
            found = sum(float(u.energy_mwh[:, 0].sum()) for u in outcome.electricity_uses if u.use in uses)
            yield flow, carrier, found, row["electricity_twh"] * 1e6
        else:
            yield flow, carrier, fuel_2020(uses, carrier, outcome), row["energy_mtce"] * GJ_PER_MTCE


@pytest.mark.parametrize("region_id", ["jiangsu", "jiangxi"])
def test_every_row_that_industry_owns_returns_in_2020(region_id: str) -> None:
    outcome = MODEL.project(Frame(region=region_id, last_year=2021), Scenario(baseline="frozen"), ())
    rows = list(returned(outcome, load_region(region_id).table("energy_balance_2020").rows()))
    assert len(rows) > 30
    for flow, carrier, found, expected in rows:
        assert found == pytest.approx(expected, rel=1e-9), f"{flow} {carrier}"


def test_heat_supply_and_coking_return_the_balance() -> None:
    assert fuel_2020(("heat_supply",), "coal") == pytest.approx(25 * GJ_PER_MTCE, rel=1e-9)
    assert fuel_2020(("heat_supply",), "natural_gas") == pytest.approx(1.5 * GJ_PER_MTCE, rel=1e-9)
    coking = next(f for f in OUTCOME.fuel_uses if f.use == "coking")
    assert coking.energy_tco2[:, 0].sum() == pytest.approx(2.18e6, rel=1e-9)


def test_direct_co2_of_2020_is_the_sum_of_the_rows_that_industry_owns() -> None:
    owned = sum(
        row["energy_mtco2"] for row in BALANCE if row["owner"] == "industry" and row["energy_mtco2"] > 0
    )
    found = sum(float(f.energy_tco2[:, 0].sum()) for f in OUTCOME.fuel_uses)
    # Printed rows are rounded to 0.01 Mt each.
    assert found / 1e6 == pytest.approx(owned, abs=0.05)
    assert found / 1e6 == pytest.approx(278.2, abs=0.1)


def primary_supply() -> Iterator[tuple[str, float, float, float]]:
    """(carrier, ours with what other sectors take, primary supply of the balance, abs), Mtce."""
    supply = {r["carrier"]: r["energy_mtce"] for r in BALANCE if r["flow"] == "primary_supply"}
    others = {"coal": 106.0 + 0.06, "oil": 26.26 + 0.95, "natural_gas": 14.6 + 2.4 + 6.8 + 0.4}
    metrics = {i.metric_id: i.region_values[0] / GJ_PER_MTCE for i in OUTCOME.indicators}
    yield "coal", metrics["industry.primary_coal_gj"] + others["coal"], supply["coal_raw_equiv"], 0.01
    yield "coke", metrics["industry.primary_coke_net_inflow_gj"], supply["coke_net_inflow"], 0.01
    yield "oil", metrics["industry.primary_oil_gj"] + others["oil"], supply["oil"], 0.01
    gas = metrics["industry.primary_natural_gas_gj"] + others["natural_gas"]
    yield "natural_gas", gas, supply["natural_gas"], 0.01
    yield "byproduct_gas_to_power", metrics["industry.byproduct_gas_to_power_gj"], 8.3, 1e-6


def test_primary_energy_of_2020_plus_other_owners_is_the_primary_supply() -> None:
    for carrier, found, expected, near in primary_supply():
        assert found == pytest.approx(expected, abs=near), carrier


# Metric, statistic of 2020, relative tolerance
OUTPUTS_2020 = (
    ("hot_metal_t", 100.2e6, 1e-9),  # pig iron
    ("crude_steel_t", 121.08e6, 1e-3),
    ("cement_process_by_cement_tco2", 44.4e6, 1e-3),
    ("cement_process_by_clinker_tco2", 28.9e6, 1e-3),
    # 452.3 TWh official less 45.2 TWh of losses, own use and pumping
    ("industrial_electricity_mwh", 407.1e6, 1e-6),
)


def test_base_year_outputs_meet_the_statistics() -> None:
    first = {i.metric_id: i.region_values[0] for i in OUTCOME.indicators}
    for name, statistic, near in OUTPUTS_2020:
        assert first[f"industry.{name}"] == pytest.approx(statistic, rel=near), name


def test_power_plant_coal_factor_raises_co2_of_coal_by_five_per_cent() -> None:
    default = factors_tco2_per_gj(REGION)["coal"]
    other = factors_tco2_per_gj(REGION, "power_coal_2_77")["coal"]
    assert other / default - 1 == pytest.approx(0.0492, abs=1e-4)


def test_calibration_factors_are_published_and_within_their_bounds() -> None:
    factors = calibration_factors("jiangsu")
    published = {i.metric_id: i.region_values for i in OUTCOME.indicators}
    for name, value in factors.items():
        assert (published[f"industry.calibration_{name}_ratio"] == value).all()
    assert factors["cement_kiln_fuel"] == pytest.approx(0.81, abs=0.01)


def test_a_factor_out_of_bounds_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Table.by

    def tight(self: Table, key: str) -> dict[object, Mapping[str, object]]:
        rows = real(self, key)
        if key == "factor":
            rows["cement_kiln_fuel"] = {**rows["cement_kiln_fuel"], "low": 0.95}
        return rows

    monkeypatch.setattr(Table, "by", tight)
    with pytest.raises(RegionDataError, match="cement_kiln_fuel"):
        calibration.calibration_factors.__wrapped__("jiangsu")


def test_branches_of_the_base_year_are_twenty_two_and_not_negative() -> None:
    base = industry_base("jiangsu")
    assert len(base.branches) == 22
    for values in (base.fuel_gj, base.feedstock_gj, base.electricity_mwh):
        assert (values >= 0).all() and np.isfinite(values).all()
