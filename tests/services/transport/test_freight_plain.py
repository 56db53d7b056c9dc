"""Freight of one city and year beside plain Python that reads the tables by itself."""

import csv
import math
from pathlib import Path

import pytest

from services.common.regions import load_region
from services.transport.freight.data import freight_data
from tests.services.transport.test_freight import freight

REGIONS = Path(__file__).resolve().parents[3] / "regions"
MODES = ("road", "rail", "inland_water", "coastal", "ocean")
TOTALS = {"road": 3525e8, "rail": 335e8, "inland_water": 2814e8, "coastal": 3517.5e8, "ocean": 703.5e8}


def rows(path: str) -> list[dict[str, str]]:
    with (REGIONS / path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def balanced_cells() -> dict[tuple[str, str, str], float]:
    """RAS by dictionaries: rows to the segments' shares, columns to the modes' totals, 500 times."""
    seed = rows("jiangsu/transport/freight_seed.csv")
    cells = {(r["cargo"], r["band"], m): float(r[m]) for r in seed for m in MODES}
    wanted = {(r["cargo"], r["band"]): float(r["turnover_share"]) for r in seed}
    whole = sum(TOTALS.values()) / sum(wanted.values())
    for _ in range(500):
        for cargo, band in wanted:
            have = sum(cells[cargo, band, m] for m in MODES)
            for m in MODES:
                cells[cargo, band, m] *= wanted[cargo, band] * whole / have
        for m in MODES:
            have = sum(v for (_, _, mode), v in cells.items() if mode == m)
            for cargo, band in wanted:
                cells[cargo, band, m] *= TOTALS[m] / have
    return cells


def suzhou_beside_plain(baseline: str) -> dict[str, tuple[float, float]]:
    """Turnover of Suzhou in 2035 after dearer roads, cheaper rail and shorter waits: (ours, plain), t km, by mode."""
    city, year = load_region("jiangsu").city_ids.index("suzhou"), 15
    plain = freight(baseline)
    levers = ("transport.road_freight_cost_change", "transport.rail_tariff_change")
    hours = "transport.terminal_time_reduction"
    settled = {name: settled_value(baseline, name, 2035) for name in (*levers, hours)}
    made = freight(
        baseline,
        (levers[0], settled[levers[0]] + 0.06),
        (levers[1], settled[levers[1]] - 0.03),
        (hours, settled[hours] + 10.0),
    )
    modes = {r["mode"]: r for r in rows("national/transport/freight_modes.csv")}
    value = {
        r["cargo"]: float(r["value_of_time_cny_per_t_h"])
        for r in rows("national/transport/freight_cargo.csv")
    }
    cells = balanced_cells()
    after = dict.fromkeys(MODES, 0.0)
    for segment in rows("national/transport/freight_segments.csv"):
        cargo, km = segment["cargo"], float(segment["road_km"])
        free = float(segment["contestable_share"])
        tkm = {
            m: cells[cargo, segment["band"], m] / TOTALS[m] * plain.mode_tkm[i, city, year]
            for i, m in enumerate(MODES)
        }
        change = {"road": 0.06}
        for m in MODES[1:-1]:
            change[m] = -10.0 * value[cargo] / (km * float(modes[m]["distance_ratio"]))
        change["rail"] -= 0.03
        weight = {m: tkm[m] * math.exp(-3.3 * change[m]) for m in change}
        movable = sum(tkm[m] for m in change)
        for m in MODES:
            new = movable * weight[m] / sum(weight.values()) if m in change else tkm[m]
            after[m] += (1.0 - free) * tkm[m] + free * new
    return {m: (float(made.mode_tkm[i, city, year]), after[m]) for i, m in enumerate(MODES)}


@pytest.mark.parametrize("baseline", ["frozen", "accelerated"])
def test_the_choice_of_one_city_and_year_is_that_of_plain_python(baseline: str) -> None:
    for mode, (made, after) in suzhou_beside_plain(baseline).items():
        assert made == pytest.approx(after, rel=1e-9), mode
    assert freight_data("jiangsu").number("sensitivity_per_cny_per_tkm") == 3.3


def settled_value(baseline: str, lever: str, year: int) -> float:
    """What the baseline's own file has in an anchor year."""
    for row in rows(f"jiangsu/scenarios/{baseline}.csv"):
        if row["lever_id"] == lever and int(row["year"]) == year:
            return float(row["value"])
    raise KeyError((baseline, lever, year))
