"""`dafeng dispatch` and `dafeng adequacy` as processes of their own: tables, files, exit codes, what is wrong."""

import csv
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.services.power import rts79

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
WEEK_HOURS = 168
# Where compiled kernels are, when not in the usual place: without them the command would compile all of them.
CACHES = {name: value for name, value in os.environ.items() if name == "DAFENG_CACHE_DIR"}


def dafeng(*words, address="", code=0):
    """Standard output of a command that ends with the code; standard error of one that fails."""
    at = ["--address", address] if address else []
    done = subprocess.run(
        [sys.executable, "-m", "dafeng.cli", *map(str, words), *at],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=ROOT,
        env={"PATH": "", "HOME": str(Path.home()), "COLUMNS": "200", **CACHES},
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if code else done.stdout


def table(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(row for row in file if not row.startswith("#")))


@pytest.fixture(scope="module")
def week(served, tmp_path_factory):
    """(what is printed, folder of tables, result as JSON) of the example week."""
    folder = tmp_path_factory.mktemp("week")
    printed = dafeng(
        "dispatch", EXAMPLES / "city_week.json", "--series", EXAMPLES / "city_week.csv",
        "--csv", folder, "--json", folder / "week.json", address=served[0],
    )  # fmt: skip
    return printed, folder, json.loads((folder / "week.json").read_text("utf-8"))


def test_the_headline_tells_cost_bound_gap_method_price_and_peak(week):
    printed, _, result = week
    for words in (
        "虚构",
        "certified lower bound",
        "gap",
        "method",
        "saving by stores",
        "unserved",
        "mean price",
        "net peak load",
        "curtailed",
        f"{result['cost_cny']:,.0f} CNY",
        f"step {result.get('net_peak_step', 0)},",
        "pumped_hydro",
        "coal_4x330",
    ):
        assert words in printed, words
    assert result["lower_bound_cny"] <= result["cost_cny"]


def test_tables_of_the_week_sum_to_its_result(week):
    _, folder, result = week
    units, steps = table(folder / "units.csv"), table(folder / "steps.csv")
    assert [u["unit_id"] for u in units] == [u["unit_id"] for u in result["units"]]
    assert len(steps) == WEEK_HOURS
    for unit in units:
        output = sum(float(s[f"{unit['unit_id']}.output_mw"]) for s in steps)
        assert output == pytest.approx(float(unit["energy_mwh"]))
    for store in table(folder / "stores.csv"):
        charged = sum(float(s[f"{store['storage_id']}.charge_mw"]) for s in steps)
        assert charged == pytest.approx(float(store["charged_mwh"]))
    for s in steps:
        given = sum(float(v) for k, v in s.items() if k.endswith((".output_mw", ".discharge_mw")))
        taken = sum(float(v) for k, v in s.items() if k.endswith(".charge_mw"))
        load = float(s["load_mw"]) + float(s["surplus_mw"]) - float(s["unserved_mw"])
        assert given - taken == pytest.approx(load)


def test_fast_is_never_cheaper_than_the_certified_bound(served, week, tmp_path):
    file = tmp_path / "fast.json"
    dafeng(
        "dispatch", EXAMPLES / "city_week.json", "--series", EXAMPLES / "city_week.csv",
        "--mode", "fast", "--gap", "0.05", "--json", file, address=served[0],
    )  # fmt: skip
    result = json.loads(file.read_text("utf-8"))
    assert result["mode"] == "DISPATCH_MODE_FAST"
    assert result["cost_cny"] >= week[2]["lower_bound_cny"]


def test_the_series_of_the_week_follow_the_formulas_told():
    def wave(x, top, period):
        return math.cos(2 * math.pi * (x - top) / period)

    rows = table(EXAMPLES / "city_week.csv")
    assert len(rows) == WEEK_HOURS
    for t, row in enumerate(rows):
        d, h = divmod(t, 24)
        told = {
            "load_mw": (1500 + 280 * wave(h, 16, 24) + 130 * wave(h, 8, 12)) * (0.88 if d >= 5 else 1),
            "sun": max(0, math.sin(math.pi * (h - 6) / 12)) * (0.5 + 0.4 * wave(d, 1, 3)),
            "wind": 0.38 + 0.26 * wave(t, 60, 67) + 0.1 * wave(t, 3, 11),
            "contract_mw": 220 if 8 <= h < 22 else 120,
            "heat_mw": 180 + 40 * wave(h, 4, 24),
            "cars_mw": max(0, 90 * wave(h, 20, 24)),
        }
        for name, value in told.items():
            assert float(row[name]) == pytest.approx(value, abs=0.051 if name.endswith("_mw") else 6e-5)


def test_without_an_address_the_test_system_prints_its_published_indices(tmp_path):
    printed = dafeng(
        "adequacy", EXAMPLES / "rts79.json", "--series", EXAMPLES / "rts79_load.csv",
        "--json", tmp_path / "r.json", "--csv", tmp_path,
    )  # fmt: skip
    for words in ("9.3942 h", "1.3689 days", "1,176.3 MWh", "2,850 MW", "3,405 MW", "missed"):
        assert words in printed, words
    reply = json.loads((tmp_path / "r.json").read_text("utf-8"))
    risk = table(tmp_path / "risk.csv")
    assert [int(row.pop("month")) for row in risk] == list(range(1, 13))
    assert sum(float(v) for row in risk for v in row.values()) == pytest.approx(reply["lole_hours"])


def test_the_test_system_in_the_examples_is_the_published_one():
    load = [float(row["load_mw"]) for row in table(EXAMPLES / "rts79_load.csv")]
    np.testing.assert_allclose(load, rts79.load_mw(), rtol=1e-12)
    units = json.loads((EXAMPLES / "rts79.json").read_text("utf-8"))["units"]
    assert {u["capacity_mw"]: (u["count"], u["forced_outage_share"]) for u in units} == rts79.UNITS


def test_credits_of_resources_from_columns_and_of_stores_are_printed(served, tmp_path):
    fleet = {
        "units": [{"unit_id": "u", "capacity_mw": 6, "forced_outage_share": 0.05, "count": 100}],
        "resources": [{"resource_id": "pv", "capacity_mw": 200}],
        "stores": [{"store_id": "battery", "power_mw": 50, "energy_mwh": 200, "round_trip_share": 0.85}],
        "standard_hours": 0.1,
    }
    (tmp_path / "fleet.json").write_text(json.dumps(fleet))
    rows = [f"{400 + (150 if 17 <= h < 21 else 0)},{100 if 9 <= h < 16 else 0}" for h in range(24)]
    (tmp_path / "s.csv").write_text("\n".join(["load_mw,pv", *rows]))
    printed = dafeng(
        "adequacy",
        tmp_path / "fleet.json",
        "--series",
        tmp_path / "s.csv",
        "--csv",
        tmp_path,
        address=served[0],
    )
    credits_ = {row["resource_id"]: float(row["credit_share"]) for row in table(tmp_path / "credits.csv")}
    assert "capacity credits" in printed
    assert 0 <= credits_["pv"] < credits_["battery"] <= 1


@pytest.mark.parametrize("command", ["dispatch", "adequacy"])
def test_help_shows_an_example(command):
    assert f"Example: dafeng {command} docs/examples/" in " ".join(dafeng(command, "--help").split())


def test_everything_that_cannot_be_read_is_told_at_once(tmp_path):
    text = """{"load_mw": [1, 2], "generator": [], "generators": [
        {"generator_id": "a", "capacity_mw": "much", "commitment": {"min_load": 0.5}}, 7],
        "storages": {}, "step_hours": null, "commitmentStepCount": 1.5}"""
    (tmp_path / "bad.json").write_text(text)
    (tmp_path / "bad.csv").write_text("load_mw,sun,sun,wind\n1,0,0,x\n2,0,0\n")
    told = dafeng("dispatch", tmp_path / "bad.json", "--series", tmp_path / "bad.csv", code=2)
    for words in (
        "invalid input",
        "instance.generator: no such field of DispatchInstance; did you mean generators?",
        'instance.generators[0].capacity_mw: "much" is not a number',
        "instance.generators[0].commitment.min_load: no such field of UnitCommitment; did you mean min_load_share?",
        "instance.generators[1]: must be an object of Generator, not 7",
        "instance.storages: must be a list",
        "instance.commitmentStepCount: 1.5 is not a whole number",
        "bad.csv, row 3: has 3 cells; the header has 4",
        "the name 'sun' is used twice",
        "bad.csv, column wind: 1 cells are not numbers, first 'x' in row 2",
        "load_mw: is given in",
    ):
        assert words in told, words


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"name": "a", "name": "b"}', "null", '{"load_mw": [NaN]}'])
@pytest.mark.parametrize("command", ["dispatch", "adequacy"])
def test_a_file_that_is_no_fleet_is_invalid_input(tmp_path, text, command):
    (tmp_path / "bad.json").write_text(text)
    assert "invalid input" in dafeng(command, tmp_path / "bad.json", code=2)


def test_every_fault_of_a_fleet_that_can_be_read_is_told(served, tmp_path):
    fleet = {
        "load_mw": [10, 20],
        "generators": [
            {"generator_id": f"g{k}", "capacity_mw": -1, "availability_series": "sum"} for k in range(60)
        ],
        "series": [{"series_id": "sun", "values": [1, 1]}],
    }
    (tmp_path / "bad.json").write_text(json.dumps(fleet))
    told = dafeng("dispatch", tmp_path / "bad.json", address=served[0], code=2)
    for k in range(60):
        assert f"instance.generators[{k}].capacity_mw: out of range (given: -1)" in told
        assert (
            f"instance.generators[{k}].availability_series: no series with this id; did you mean sun?" in told
        )
    (tmp_path / "bad.json").write_text('{"load_mw": [1, 2, 3], "units": [{"count": 0, "capacity_mw": -2}]}')
    told = dafeng("adequacy", tmp_path / "bad.json", address=served[0], code=2)
    for words in ("must cover whole days", "units[0].capacity_mw", "units[0].count"):
        assert words in told


def test_missing_files_unknown_resources_and_no_server_have_their_exit_codes(tmp_path):
    assert "cannot be read" in dafeng(
        "dispatch", tmp_path / "none.json", "--series", tmp_path / "none.csv", code=2
    )
    (tmp_path / "s.csv").write_text("load_mw,pw\n1,1\n")
    (tmp_path / "f.json").write_text('{"resources": [{"resource_id": "pv", "capacity_mw": 1}]}')
    told = dafeng("adequacy", tmp_path / "f.json", "--series", tmp_path / "s.csv", code=2)
    assert "column pw: is no resource" in told
    (tmp_path / "ok.json").write_text(
        '{"load_mw": [1], "generators": [{"generator_id": "a", "capacity_mw": 2}]}'
    )
    dafeng("dispatch", tmp_path / "ok.json", address=f"unix:{tmp_path}/nobody", code=3)


def test_a_large_fleet_is_shown_by_its_largest_units(served, tmp_path):
    fleet = {
        "load_mw": [5000],
        "generators": [
            {"generator_id": f"g{k}", "capacity_mw": 100 + k, "cost_cny_per_mwh": 300} for k in range(60)
        ],
    }
    (tmp_path / "many.json").write_text(json.dumps(fleet))
    printed = dafeng("dispatch", tmp_path / "many.json", address=served[0])
    assert "20 台 others" in printed
    assert "5,000" in printed
