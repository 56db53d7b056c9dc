"""Ships, berths, ports, rail, air: what goes in comes out, and each measure does what physics says."""

import numpy as np
import pytest

from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.regions import load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.units import GJ_PER_MWH, GJ_PER_TCE
from services.transport.calibration import calibration_factors
from services.transport.indicators.project import Projection
from services.transport.model import MODEL
from services.transport.project import project_transport
from services.transport.systems.ports import container_gj_per_teu
from services.transport.systems.ships import ELECTRICITY, INLAND, OIL, tonne_km_shares

FRAME = Frame(region="jiangsu")
BASELINES = ("frozen", "planned", "reference", "accelerated")


def setting(lever: str, value: float, year: int = 2026) -> LeverSetting:
    return LeverSetting(lever_id=f"transport.{lever}", years=(year,), values=(value,))


def project(*settings: LeverSetting, baseline: str = "frozen") -> Projection:
    return project_transport(FRAME, Scenario(baseline=baseline, settings=settings))  # type: ignore[arg-type]


def fuel_gj(p: Projection, use: str) -> FloatArray:
    found = [gj for (u, _), gj in p.energy.fuel_gj.items() if u == use]
    return np.asarray(np.sum(found, axis=0))


@pytest.fixture(scope="module")
def planned() -> Projection:
    return project(baseline="planned")


@pytest.mark.parametrize("baseline", BASELINES)
def test_energy_of_every_system_is_what_its_parts_use(baseline: str) -> None:
    p = project(baseline=baseline)
    s, factor = p.activity.systems, calibration_factors("jiangsu")
    sea, grid = factor["ship_fuel_oil"], factor["rail_port_electricity"]
    ships = s.ship_gj[INLAND, :ELECTRICITY].sum(axis=0) + s.ship_gj[1:, :ELECTRICITY].sum(axis=(0, 1)) * sea
    electricity = p.energy.electricity_mwh
    expected = {
        "ships": (ships + s.berth_diesel_gj, s.ship_gj[:, ELECTRICITY].sum(axis=0) / GJ_PER_MWH),
        "rail": (s.rail.diesel_gj, s.rail.electric_mwh * grid),
        "ports": (s.ports.diesel_gj + s.ports.gas_gj, s.ports.electric_mwh * grid),
        "aviation": (s.air.jet_gj * factor["aviation_kerosene"], None),
    }
    for use, (gj, mwh) in expected.items():
        np.testing.assert_allclose(fuel_gj(p, use), gj, rtol=1e-12)
        if mwh is not None:
            np.testing.assert_allclose(electricity[use], mwh, rtol=1e-12)


def test_fuels_and_electricity_add_up_to_final_energy(planned: Projection) -> None:
    outcome = MODEL.project(FRAME, Scenario(baseline="planned"), ())
    total = sum(f.energy_gj.sum(axis=0) for f in outcome.fuel_uses)
    total = total + sum(u.energy_mwh.sum(axis=0) for u in outcome.electricity_uses) * GJ_PER_MWH
    final = next(i for i in outcome.indicators if i.metric_id == "transport.final_energy_gj")
    np.testing.assert_allclose(final.region_values, total, rtol=1e-12)


@pytest.mark.parametrize("baseline", BASELINES)
def test_fuels_of_ships_sum_to_one_on_every_water(baseline: str) -> None:
    p = project(
        setting("ship_battery_share", 0.4), setting("ship_lng_methanol_share", 0.5), baseline=baseline
    )
    shares = tonne_km_shares(p.base, p.paths)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-14)
    assert shares.min() >= 0


def test_battery_ships_replace_diesel_by_less_energy() -> None:
    few, many = (project(setting("ship_battery_share", s)) for s in (0.0, 0.3))
    at = few.paths.years.index(2040)
    tkm = few.activity.freight.inland_tkm[:, at].sum()
    saved = (few.activity.systems.ship_gj - many.activity.systems.ship_gj)[INLAND, OIL, :, at].sum()
    added = (many.activity.systems.ship_gj - few.activity.systems.ship_gj)[INLAND, ELECTRICITY, :, at].sum()
    fall = few.paths.by_place("transport.ship_efficiency_improvement")[0, 1 : at + 1]
    improvement = np.prod(1 - fall)
    assert fall[:5].tolist() == [0.011] * 5
    assert saved == pytest.approx(0.3 * tkm * 0.120e-3 * improvement, rel=1e-9)
    assert added == pytest.approx(0.3 * tkm * 0.018 * 3.6e-3 * improvement, rel=1e-9)


def test_berth_electricity_is_calls_times_hours_times_kw() -> None:
    rows = load_region("jiangsu").table("transport/shore_power").rows()
    twh = sum(r["calls_count"] * r["hours_per_call"] * r["mean_berth_kw"] for r in rows) / 1e9
    assert twh == pytest.approx(0.600, rel=1e-3)
    tonnes = sum(r["calls_count"] * r["tonnes_per_call"] for r in rows)
    assert tonnes == pytest.approx(2.97e9, rel=0.05)
    p = project()
    assert p.activity.systems.berths.need_mwh[:, 0].sum() / 1e6 == pytest.approx(twh, rel=1e-12)


def test_shore_power_replaces_the_engines_kwh_for_kwh() -> None:
    none, half, full = (project(setting("shore_power_share", s)) for s in (0.0, 0.5, 1.0))
    at = none.paths.years.index(2040)
    for some in (half, full):
        one, other = none.activity.systems.berths, some.activity.systems.berths
        kwh = (some.energy.electricity_mwh["shore_power"] - none.energy.electricity_mwh["shore_power"])[:, at]
        fuel_t = (one.engine_fuel_t - other.engine_fuel_t)[:, at]
        g_per_kwh = fuel_t / kwh * 1e3
        assert ((g_per_kwh > 215) & (g_per_kwh < 235)).all()
        np.testing.assert_allclose(fuel_t, (other.avoided_fuel_t - one.avoided_fuel_t)[:, at], rtol=1e-12)
        np.testing.assert_allclose(one.need_mwh, other.need_mwh, rtol=1e-15)
    np.testing.assert_allclose(
        full.activity.systems.berths.shore_mwh[:, at],
        full.activity.systems.berths.need_mwh[:, at],
        rtol=1e-12,
    )
    # engine fuel + avoided fuel is the same whatever is connected
    sums = [p.activity.systems.berths for p in (none, half, full)]
    for b in sums[1:]:
        np.testing.assert_allclose(
            b.engine_fuel_t + b.avoided_fuel_t, sums[0].engine_fuel_t + sums[0].avoided_fuel_t, rtol=1e-12
        )


def test_taizhou_reach_measured_in_2022_is_the_group_of_inland_bulk() -> None:
    row = load_region("jiangsu").table("transport/shore_power").by("ship_group")["inland_bulk"]
    # 71,000 calls, 829,000 h, 2.17 GWh in ten months
    assert row["hours_per_call"] == pytest.approx(829 / 71, rel=0.01)
    assert row["mean_berth_kw"] == pytest.approx(2.17e6 / 829e3, rel=0.01)


def test_rail_electrification_moves_diesel_to_a_third_of_the_energy() -> None:
    less, more = (project(setting("rail_electrified_share", s)) for s in (0.8, 1.0))
    at = less.paths.years.index(2040)
    moved_tkm = 0.2 * less.activity.freight.rail_tkm[:, at]
    improvement = (1 - 0.005) ** 20
    diesel = (less.activity.systems.rail.diesel_gj - more.activity.systems.rail.diesel_gj)[:, at]
    electric = (more.activity.systems.rail.electric_mwh - less.activity.systems.rail.electric_mwh)[:, at]
    np.testing.assert_allclose(diesel, moved_tkm * 0.180e-3 * improvement, rtol=1e-9)
    np.testing.assert_allclose(electric * GJ_PER_MWH, moved_tkm * 0.062e-3 * improvement, rtol=1e-9)


def test_port_energy_of_2020_is_throughput_times_the_figure_of_sea_and_river_ports() -> None:
    p = project()
    ports, freight = p.activity.systems.ports, p.activity.freight
    gj = (ports.diesel_gj + ports.gas_gj + ports.electric_mwh * GJ_PER_MWH)[:, 0]
    tce_per_10kt = gj / GJ_PER_TCE / (freight.throughput_t[:, 0] / 1e4)
    sea = p.activity.systems.data.sea_port > 0
    np.testing.assert_allclose(tce_per_10kt[sea], 2.5, rtol=1e-12)
    np.testing.assert_allclose(tce_per_10kt[~sea], 1.2, rtol=1e-12)


def test_electric_port_machines_do_the_same_work_with_less_energy() -> None:
    few, many = (project(setting("port_clean_energy_share", s)) for s in (0.55, 1.0))

    def work(p: Projection) -> FloatArray:
        ports = p.activity.systems.ports
        burned = ports.diesel_gj + ports.gas_gj
        return burned * 0.35 + ports.electric_mwh * GJ_PER_MWH * 0.85

    np.testing.assert_allclose(work(few), work(many), rtol=1e-12)
    at = few.paths.years.index(2040)
    energy = [
        p.activity.systems.ports.diesel_gj + p.activity.systems.ports.electric_mwh * GJ_PER_MWH
        for p in (few, many)
    ]
    assert (energy[1][:, at] < energy[0][:, at]).all()


def test_container_handling_by_hand(planned: Projection) -> None:
    data = planned.activity.systems.data
    none, half, full = container_gj_per_teu(data, np.array([0.0, 0.5, 1.0])).sum(axis=0) / GJ_PER_TCE * 1e3
    kgce_per_kwh = 3.6e-3 / GJ_PER_TCE * 1e3
    diesel = (1.1 + 0.55) * 1.4571
    assert none == pytest.approx(4.5 * kgce_per_kwh + diesel, rel=1e-5)
    assert full == pytest.approx((4.5 + 2.6 + 1.6) * kgce_per_kwh, rel=1e-5)
    assert half == pytest.approx((none + full) / 2, rel=1e-12)
    assert 1.5 < half < 3.5  # range of the figure for the whole handling


def test_the_equivalent_value_of_electricity_raises_the_clean_share_of_ports(planned: Projection) -> None:
    outcome = MODEL.project(FRAME, Scenario(baseline="planned"), ())
    named = {i.metric_id: i.region_values for i in outcome.indicators}
    calorific = named["transport.port_clean_energy_share"]
    equivalent = named["transport.port_clean_energy_equivalent_share"]
    lower = calorific < 1
    assert (equivalent[lower] > calorific[lower]).all()
    s = 0.75
    by_hand = (0.1 * s + 0.9 * s * 0.30 / 0.122835) / (0.1 * s + 0.9 * s * 0.30 / 0.122835 + 1 - s)
    assert equivalent[5] == pytest.approx(by_hand, rel=1e-4)


def test_short_flights_that_go_by_rail_save_26_g_and_need_45_wh_a_passenger_km() -> None:
    fly, ride = (project(setting("hsr_shift", s)) for s in (0.05, 0.5))
    at = fly.paths.years.index(2040)
    pkm = (ride.activity.intercity.shifted_pkm - fly.activity.intercity.shifted_pkm)[:, at]
    jet_gj = (fly.activity.systems.air.jet_gj - ride.activity.systems.air.jet_gj)[:, at]
    jet_kg = jet_gj / ride.base.number("jet_gj_per_kg") / (1 - 0.01) ** 20
    flying = pkm > 0
    np.testing.assert_allclose(jet_kg[flying] / pkm[flying], 0.09 * 0.29, rtol=1e-9)
    mwh = (ride.activity.systems.rail.electric_mwh - fly.activity.systems.rail.electric_mwh)[:, at]
    np.testing.assert_allclose(mwh[flying] * 1e3 / pkm[flying], 0.045 * (1 - 0.005) ** 20, rtol=1e-9)


def test_hydrogen_needs_compression_and_its_green_part_electrolysis() -> None:
    stage = (setting("fcev_share_heavy_truck", 0.4),)
    grey, green = (project(*stage, setting("hydrogen_green_share", s)) for s in (0.0, 1.0))
    at = grey.paths.years.index(2040)
    kg = sum(gj[:, at].sum() for (_, c), gj in grey.energy.fuel_gj.items() if c == "hydrogen") / 0.120
    kwh = [p.energy.electricity_mwh["hydrogen_supply"][:, at].sum() * 1e3 for p in (grey, green)]
    assert kwh[0] / kg == pytest.approx(3.0, rel=1e-9)
    assert kwh[1] / kg == pytest.approx(3.0 + 55.0, rel=1e-9)


@pytest.mark.parametrize("baseline", BASELINES)
@pytest.mark.parametrize(
    ("lever", "low", "high"),
    [
        ("shore_power_share", 0.2, 0.9),
        ("port_clean_energy_share", 0.6, 0.95),
        ("ship_battery_share", 0.0, 0.35),
        ("ship_lng_methanol_share", 0.0, 0.5),
        ("ship_efficiency_improvement", 0.0, 0.02),
        ("rail_electrified_share", 0.85, 1.0),
        ("saf_share", 0.0, 0.3),
        ("hsr_shift", 0.05, 0.5),
    ],
)
def test_more_of_a_measure_of_systems_means_less_direct_co2_on_every_baseline(
    baseline: str, lever: str, low: float, high: float
) -> None:
    less, middle, more = (
        project(setting(lever, v), baseline=baseline) for v in (low, (low + high) / 2, high)
    )
    tco2 = [sum(v.sum(axis=0) for v in p.energy.fuel_tco2.values())[10:] for p in (less, middle, more)]
    assert (tco2[1] < tco2[0]).all()
    assert (tco2[2] < tco2[1]).all()


def test_direct_co2_is_fuel_times_the_one_factor(planned: Projection) -> None:
    factor = factors_tco2_per_gj(planned.base.region)
    assert planned.energy.class_tco2.sum() == pytest.approx(
        sum(
            (gj * factor[carrier]).sum()
            for (use, carrier), gj in planned.energy.fuel_gj.items()
            if use in ("passenger_cars", "buses_coaches", "trucks", "two_wheelers") and carrier != "lpg"
        ),
        rel=1e-12,
    )
    assert planned.energy.class_gj.min() >= 0
